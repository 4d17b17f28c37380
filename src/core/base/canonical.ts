/**
 * JSON with sorted keys and without undefined: the same value always gives the same text, so that a content key
 * made from it is stable across sessions and engines.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  // A bare undefined has no JSON of its own.
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** New identifiers. */

/** A random identifier with a prefix that says what it names; sorts by nothing, collides never. */
export function newId<Id extends string>(prefix: string): Id {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${prefix}_${text}` as Id;
}

/** What engines, browsers and WebAssembly say when memory runs out: they have no common name for it. */
const SAYINGS =
  /out of memory|memory access out of bounds|cannot enlarge memory|\bOOM\b|cannot allocate memory|allocation failed|array buffer allocation/i;

/** Whether a message says that memory ran out. */
export function isOutOfMemory(message: string): boolean {
  return SAYINGS.test(message);
}

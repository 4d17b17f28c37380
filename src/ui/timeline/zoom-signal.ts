/** Lets the keyboard reach the zoom of the time line, which keeps its view to itself. */
export type Zoom = 'in' | 'out' | 'fit';

const listeners = new Set<(how: Zoom) => void>();

/** Zooms the time line that is on display. */
export function requestZoom(how: Zoom): void {
  for (const listener of listeners) listener(how);
}

/** Listens until the returned function is called. */
export function onZoom(listener: (how: Zoom) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

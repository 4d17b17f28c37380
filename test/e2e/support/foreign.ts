/** Nothing may leave the page's own origin: not a font, not a beacon, not a worker's import. */
import { expect, type Page } from '@playwright/test';

/** Watches every request of a page and its workers; the answer fails the test when one went elsewhere. */
export function watchRequests(page: Page): () => void {
  const foreign: string[] = [];
  const origins = new Set<string>();
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol === 'blob:' || url.protocol === 'data:') return;
    origins.add(url.origin);
    if (url.hostname !== 'localhost' && url.hostname !== '127.0.0.1') foreign.push(request.url());
  });
  return () => {
    expect(foreign, 'requests to other origins').toEqual([]);
    expect([...origins].length, 'all requests go to one origin').toBeLessThanOrEqual(1);
    expect(origins.size, 'the page asked for something at all').toBeGreaterThan(0);
  };
}

/* global self, caches, fetch, URL, __FILES__ */
/*
 * Keeps the built page in the browser. Made by the build from scripts/vite/service-worker.template.js: the list of
 * files and its version are filled in. A new version waits until all tabs of the old one are closed, so that no page
 * finds its workers replaced under a running export (docs/decisions/0007-kept-offline-by-a-service-worker.md).
 */
const VERSION = '__VERSION__';
const FILES = __FILES__;

// Several copies of the page may live in folders of one origin; they share the origin's caches.
const PREFIX = `reelkeep ${self.registration.scope} `;
const CACHE = PREFIX + VERSION;
const address = (path) => new URL(path, self.registration.scope).href;
const kept = new Set(FILES.map((path) => address(path)));

/** Names with a hash never change their content: what an older version holds is good. */
const isHashed = (path) => /^assets\/.+-[\w-]{8,}\.\w+$/.test(path);

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      for (const path of FILES) {
        const url = address(path);
        const known = isHashed(path) ? await caches.match(url) : undefined;
        const response = known ?? (await fetch(url, { cache: 'no-cache' }));
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        await cache.put(url, response);
      }
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      }
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // A player asks for parts of a file; those answers are the server's to make.
  if (request.method !== 'GET' || request.headers.has('range')) return;
  const url = new URL(request.url);
  const folder = url.href.split(/[?#]/)[0];
  const target = folder === self.registration.scope ? address('index.html') : folder;
  if (!kept.has(target)) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE);
      return (await cache.match(target)) ?? fetch(request);
    })(),
  );
});

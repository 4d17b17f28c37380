/** Keeps the built page in the browser, so that it opens and works without a network. */

/** Registers the service worker of the build, once the page itself is there. Does nothing where there is none. */
export function keepOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = (): void => {
    // Refused in some private modes and on insecure origins: the page then works as long as there is a network.
    navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI)).catch(() => undefined);
  };
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}

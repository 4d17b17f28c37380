/**
 * While something renders in this tab: the screen stays on (a machine that sleeps renders nothing), and whoever leaves the page
 * is asked once. Only the studio's own page does this: a page that embeds the library has its own ways.
 */

/** What of the browser is used. */
export interface AwakePorts {
  /** Absent in some browsers, and in pages without a secure context. */
  readonly wakeLock: Pick<WakeLock, 'request'> | null;
  readonly page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

/** Keeps the machine awake, and asks whoever leaves. */
export interface KeepAwake {
  /** Whether something renders here now. Saying the same again changes nothing. */
  set(busy: boolean): void;
  dispose(): void;
}

/** The browser's own. */
export function browserAwakePorts(): AwakePorts {
  return {
    wakeLock: (navigator as { readonly wakeLock?: WakeLock }).wakeLock ?? null,
    page: globalThis,
    document: globalThis.document,
  };
}

/** Makes it; nothing is held before something renders. */
export function createKeepAwake({ wakeLock, page, document }: AwakePorts): KeepAwake {
  let busy = false;
  let held: WakeLockSentinel | null = null;
  let asking = false;

  const release = (): void => {
    const lock = held;
    held = null;
    // Released already, by the browser: nothing is left to do.
    lock?.release().catch(() => undefined);
  };
  /** What was rendering may have ended while the lock was asked for. */
  const releaseIdle = (): void => {
    if (!busy) release();
  };
  const request = async (): Promise<void> => {
    if (wakeLock === null || asking || !busy || document.visibilityState !== 'visible') return;
    if (held?.released === false) return;
    asking = true;
    try {
      held = await wakeLock.request('screen');
    } catch {
      // Refused (battery saver, policy): rendering goes on all the same.
    }
    asking = false;
    releaseIdle();
  };
  // The browser takes the lock away from a page that is not seen, and does not give it back by itself.
  const seenAgain = (): void => void request();
  const leaving = (event: Event): void => {
    event.preventDefault();
    // What browsers of some years ago ask for instead.
    Reflect.set(event, 'returnValue', true);
  };

  return {
    set(next) {
      if (next === busy) return;
      busy = next;
      if (busy) {
        // Only while it is needed: a page with such a listener cannot be kept for going back.
        page.addEventListener('beforeunload', leaving);
        document.addEventListener('visibilitychange', seenAgain);
        void request();
      } else {
        page.removeEventListener('beforeunload', leaving);
        document.removeEventListener('visibilitychange', seenAgain);
        release();
      }
    },
    dispose() {
      this.set(false);
    },
  };
}

import { describe, expect, it } from 'vitest';
import { createKeepAwake, type AwakePorts } from '../../../src/app/studio/keep-awake.ts';

function browser(given: { readonly refuses?: boolean; readonly none?: boolean } = {}) {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const locks: { released: boolean; release: () => Promise<void> }[] = [];
  const wakeLock = {
    request: async () => {
      if (given.refuses === true) throw new DOMException('battery', 'NotAllowedError');
      const lock = {
        released: false,
        release: async () => {
          lock.released = true;
        },
      };
      locks.push(lock);
      return lock;
    },
  };
  const awake = createKeepAwake({
    wakeLock: given.none === true ? null : wakeLock,
    page,
    document,
  } as unknown as AwakePorts);
  return {
    awake,
    locks,
    held: () => locks.filter(({ released }) => !released).length,
    settle: () => new Promise((resolve) => setTimeout(resolve)),
    see: (state: 'visible' | 'hidden') => {
      document.visibilityState = state;
      if (state === 'hidden') for (const lock of locks) lock.released = true;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    /** Whether leaving would ask. */
    leave: () => {
      const event = new Event('beforeunload', { cancelable: true });
      Object.defineProperty(event, 'returnValue', { value: '', writable: true });
      page.dispatchEvent(event);
      return event.defaultPrevented;
    },
  };
}

describe('while something renders', () => {
  it('the screen stays on, and leaving is asked about; no longer than that', async () => {
    const { awake, held, settle, leave } = browser();
    expect(leave()).toBe(false);
    awake.set(true);
    awake.set(true);
    await settle();
    expect(held()).toBe(1);
    expect(leave()).toBe(true);
    awake.set(false);
    await settle();
    expect(held()).toBe(0);
    expect(leave()).toBe(false);
  });

  it('the lock is asked for again when the page is seen again', async () => {
    const { awake, locks, held, settle, see } = browser();
    awake.set(true);
    await settle();
    see('hidden');
    await settle();
    expect(held()).toBe(0);
    see('visible');
    await settle();
    expect(held()).toBe(1);
    expect(locks).toHaveLength(2);
    awake.set(false);
    see('visible');
    await settle();
    expect(held()).toBe(0);
  });

  it('a lock that comes when nothing renders any more is given back', async () => {
    const { awake, locks, held, settle } = browser();
    awake.set(true);
    awake.set(false);
    await settle();
    expect(locks).toHaveLength(1);
    expect(held()).toBe(0);
  });

  it.each([{ none: true }, { refuses: true }])('goes on without a lock: %o', async (given) => {
    const { awake, settle, leave } = browser(given);
    awake.set(true);
    await settle();
    expect(leave()).toBe(true);
    awake.dispose();
    expect(leave()).toBe(false);
  });
});

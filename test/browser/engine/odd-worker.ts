/** A worker with bad habits, for the tests of the pool. */
import { expose } from 'comlink';

const born = `${String(performance.timeOrigin)}-${String(Math.random())}`;

const api = {
  ping: () => Promise.resolve('pong' as const),
  /** The same for one worker, another for the next. */
  who: () => Promise.resolve({ ok: true as const, value: born }),
  sleep: (ms: number) =>
    new Promise<{ ok: true; value: number }>((resolve) =>
      setTimeout(() => {
        resolve({ ok: true, value: ms });
      }, ms),
    ),
  /** Dies with an error that no call answers for. */
  crash: (message = 'gone') =>
    new Promise<{ ok: true; value: null }>(() => {
      setTimeout(() => {
        throw new Error(message);
      }, 10);
    }),
  hang: () => new Promise<{ ok: true; value: null }>(() => undefined),
  reject: () => Promise.reject(new Error('a bug')),
};

export type OddApi = typeof api;
expose(api);

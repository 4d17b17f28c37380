/**
 * Starts, supervises and replaces workers. A call into a worker that dies stays pending for ever, so every call is
 * raced against the worker's own error, the caller's signal and a limit on silence; cancelling ends the worker, and
 * the next call starts a new one.
 */
import { wrap, type Remote } from 'comlink';
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, type Result } from '../../core/base/result.ts';
import { isOutOfMemory } from '../../core/base/out-of-memory.ts';
import type { BaseWorkerApi, Beat, CallOptions, Supervised } from '../contract/supervised.ts';

/** How a pool behaves. Times in milliseconds. */
export interface PoolOptions<Api> {
  /** For messages: what kind of worker it is. */
  readonly name: string;
  /** Most workers alive at a time. */
  readonly size: number;
  readonly spawn: () => Worker;
  /** Runs once on a new worker before its first call. */
  readonly prepare?: (api: Remote<Api>) => Promise<Result<null, Failure>>;
  /** A worker is replaced after this many calls (WebAssembly memory only grows). */
  readonly maxCalls?: number;
  /** An idle worker is ended after this long. */
  readonly idleMs?: number;
  /** A worker that does not answer within this time has not started. */
  readonly startMs?: number;
  /** Default limit on a call without progress. */
  readonly stallMs?: number;
}

interface Slot<Api> {
  readonly worker: Worker;
  readonly api: Remote<Api>;
  calls: number;
  busy: boolean;
  ready: Promise<Result<null, Failure>> | null;
  idleTimer: ReturnType<typeof setTimeout> | null;
  /** Fails the call under way. */
  fail: ((error: Failure) => void) | null;
  dead: boolean;
}

interface Waiter<Api> {
  readonly take: (slot: Slot<Api> | Failure) => void;
}

const aborted = (): Failure => failure('aborted', 'cancelled', 'The work was cancelled.');

/** A timer that comes this much late: the machine slept, or the page was frozen, and so was the worker. */
const OVERSLEPT_MS = 10_000;

/** One deadline, which can be put off. A machine that slept meanwhile gets the time again. */
function deadline(): { set(ms: number, reached: () => void): void; clear(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const clear = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const set = (ms: number, reached: () => void): void => {
    clear();
    const dueMs = performance.now() + ms;
    timer = setTimeout(() => {
      if (performance.now() - dueMs > OVERSLEPT_MS) set(ms, reached);
      else reached();
    }, ms);
  };
  return { set, clear };
}

/** A pool of equal workers. */
export class WorkerPool<Api extends BaseWorkerApi> implements Supervised<Api> {
  readonly #options: PoolOptions<Api>;
  readonly #slots = new Set<Slot<Api>>();
  readonly #waiting: Waiter<Api>[] = [];
  #closed = false;

  constructor(options: PoolOptions<Api>) {
    this.#options = options;
  }

  get alive(): number {
    return this.#slots.size;
  }

  async call<T>(
    work: (api: Remote<Api>, beat: Beat) => Promise<Result<T, Failure>>,
    options: CallOptions = {},
  ): Promise<Result<T, Failure>> {
    const { signal } = options;
    if (signal?.aborted === true) return err(aborted());
    const slot = await this.#acquire(signal);
    if ('code' in slot) return err(slot);
    const result = await this.#supervise(slot, work, options);
    this.#release(slot, options.endAfter === true);
    return result;
  }

  dispose(): void {
    this.#closed = true;
    const gone = failure('closed', 'instance_closed', 'The studio was closed.');
    for (const waiter of this.#waiting.splice(0)) waiter.take(gone);
    for (const slot of [...this.#slots]) this.#end(slot, gone);
  }

  #acquire(signal: AbortSignal | undefined): Promise<Slot<Api> | Failure> {
    if (this.#closed) return Promise.resolve(failure('closed', 'instance_closed', 'The studio was closed.'));
    const free = [...this.#slots].find((slot) => !slot.busy && !slot.dead);
    if (free !== undefined) return Promise.resolve(this.#occupy(free));
    if (this.#slots.size < this.#options.size) return Promise.resolve(this.#start());
    return new Promise((resolve) => {
      const waiter: Waiter<Api> = {
        take: (slot) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(slot);
        },
      };
      const onAbort = (): void => {
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve(aborted());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  #start(): Slot<Api> | Failure {
    let worker: Worker;
    try {
      worker = this.#options.spawn();
    } catch (cause) {
      return failure(
        'engine_failed',
        'worker_start_failed',
        `The ${this.#options.name} worker did not start.`,
        {
          cause: String(cause),
        },
      );
    }
    const slot: Slot<Api> = {
      worker,
      api: wrap<Api>(worker),
      calls: 0,
      busy: true,
      ready: null,
      idleTimer: null,
      fail: null,
      dead: false,
    };
    const onError = (event: Event): void => {
      event.preventDefault();
      const text = 'message' in event ? String(event.message) : event.type;
      const started = slot.calls > 0;
      const reason = isOutOfMemory(text) ? 'out_of_memory' : 'worker_crashed';
      this.#end(
        slot,
        failure(
          'engine_failed',
          started ? reason : 'worker_start_failed',
          `The ${this.#options.name} worker broke: ${text}`,
          { cause: text },
        ),
      );
    };
    worker.addEventListener('error', onError);
    worker.addEventListener('messageerror', onError);
    this.#slots.add(slot);
    return slot;
  }

  #occupy(slot: Slot<Api>): Slot<Api> {
    slot.busy = true;
    if (slot.idleTimer !== null) clearTimeout(slot.idleTimer);
    slot.idleTimer = null;
    return slot;
  }

  #supervise<T>(
    slot: Slot<Api>,
    work: (api: Remote<Api>, beat: Beat) => Promise<Result<T, Failure>>,
    options: CallOptions,
  ): Promise<Result<T, Failure>> {
    const { signal } = options;
    const { name } = this.#options;
    const stallMs = options.stallMs ?? this.#options.stallMs ?? 120_000;
    const startMs = this.#options.startMs ?? 60_000;
    return new Promise((resolve) => {
      const silence = deadline();
      const whole = deadline();
      let settled = false;
      const settle = (result: Result<T, Failure>): void => {
        settled = true;
        silence.clear();
        whole.clear();
        signal?.removeEventListener('abort', onAbort);
        slot.fail = null;
        resolve(result);
      };
      const stuck = (): void => {
        this.#end(
          slot,
          failure('engine_failed', 'worker_stuck', `The ${name} worker made no progress and was ended.`),
        );
      };
      const onAbort = (): void => {
        this.#end(slot, aborted());
      };
      slot.fail = (error) => {
        settle(err(error));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      let last: number | undefined;
      const beat: Beat = (progress) => {
        if (settled) return;
        // A worker that says the same again and again is alive, and stuck.
        if (progress !== undefined && progress === last) return;
        last = progress;
        silence.set(stallMs, stuck);
      };
      const run = async (): Promise<Result<T, Failure>> => {
        silence.set(startMs, () => {
          this.#end(
            slot,
            failure('engine_failed', 'worker_start_failed', `The ${name} worker did not start in time.`),
          );
        });
        slot.ready ??= this.#prepare(slot);
        const ready = await slot.ready;
        if (!ready.ok) {
          this.#end(slot, ready.error);
          return ready;
        }
        slot.calls += 1;
        silence.set(stallMs, stuck);
        if (options.totalMs !== undefined) whole.set(options.totalMs, stuck);
        return work(slot.api, beat);
      };
      run().then(settle, (cause: unknown) => {
        const text = cause instanceof Error ? cause.message : String(cause);
        const error = failure(
          'engine_failed',
          isOutOfMemory(text) ? 'out_of_memory' : 'worker_crashed',
          `The ${name} worker failed: ${text}`,
          { cause: text },
        );
        this.#end(slot, error);
        settle(err(error));
      });
    });
  }

  async #prepare(slot: Slot<Api>): Promise<Result<null, Failure>> {
    // Comlink's types cannot see through a generic API that its methods answer with promises.
    await (slot.api as unknown as { ping(): Promise<'pong'> }).ping();
    return this.#options.prepare === undefined ? { ok: true, value: null } : this.#options.prepare(slot.api);
  }

  #release(slot: Slot<Api>, endAfter: boolean): void {
    slot.busy = false;
    const spent = endAfter || slot.calls >= (this.#options.maxCalls ?? Infinity);
    if (!slot.dead && spent) this.#end(slot, aborted());
    const next = this.#waiting.shift();
    if (next !== undefined) {
      if (!slot.dead) next.take(this.#occupy(slot));
      else next.take(this.#start());
      return;
    }
    if (!slot.dead) {
      slot.idleTimer = setTimeout(() => {
        this.#end(slot, aborted());
      }, this.#options.idleMs ?? 15_000);
    }
  }

  /** Ends a worker at once and fails its call, if any. */
  #end(slot: Slot<Api>, error: Failure): void {
    if (slot.dead) return;
    slot.dead = true;
    if (slot.idleTimer !== null) clearTimeout(slot.idleTimer);
    slot.worker.terminate();
    this.#slots.delete(slot);
    slot.fail?.(error);
  }
}

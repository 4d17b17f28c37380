/**
 * The way to the playback worker. A supervisor runs one call of a worker at a time, but a player asks for frames and
 * sound side by side; so the player holds one long call, in which the source stays open, and asks within it. The
 * supervisor still sees the worker die; silence is watched here, request by request.
 */
import type { Remote } from 'comlink';
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { PlaybackSource, PlaybackWorkerApi } from '../contract/playback.ts';
import type { Supervised } from '../contract/supervised.ts';

/** The longest that a timer can wait: an open source that nobody asks anything of is not stuck. */
const NEVER_MS = 2_147_483_647;
/** A request without an answer for this long: the worker is stuck and is replaced. */
const REQUEST_LIMIT_MS = 120_000;

/** The worker's methods as the page sees them. Kept inside an object: Comlink's proxies must not be awaited. */
type Api = Remote<PlaybackWorkerApi>;

interface Session {
  readonly ready: Promise<Result<{ readonly api: Api }, Failure>>;
  /** Resolves when the worker is gone or the source was closed. */
  readonly ended: Promise<Failure>;
  readonly alive: () => boolean;
  readonly close: () => void;
  readonly kill: () => void;
}

/** Requests to one source; a worker that died is replaced and the source opened again. */
export class PlaybackLink {
  readonly #worker: Supervised<PlaybackWorkerApi>;
  readonly #source: PlaybackSource;
  #session: Session | null = null;
  #closed = false;

  constructor(worker: Supervised<PlaybackWorkerApi>, source: PlaybackSource) {
    this.#worker = worker;
    this.#source = source;
  }

  /** Asks the worker; once more with a new one when it died over the answer. */
  async request<T>(work: (api: Api) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const first = await this.#ask(work);
    if (first.ok || first.error.code !== 'engine_failed' || this.#closed) return first;
    return this.#ask(work);
  }

  /** Closes the source; the worker can serve another link then. */
  close(): void {
    this.#closed = true;
    this.#session?.close();
  }

  async #ask<T>(work: (api: Api) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    if (this.#closed) return err(closed());
    if (this.#session?.alive() !== true) this.#session = this.#start();
    const session = this.#session;
    const ready = await session.ready;
    if (!ready.ok) return ready;
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<Result<T, Failure>>((resolve) => {
      watchdog = setTimeout(() => {
        resolve(err(failure('engine_failed', 'worker_stuck', 'The playback worker does not answer.')));
        session.kill();
      }, REQUEST_LIMIT_MS);
    });
    const answer = work(ready.value.api).catch((cause: unknown): Result<T, Failure> => {
      const message = cause instanceof Error ? cause.message : String(cause);
      return err(failure('engine_failed', 'worker_crashed', `The playback worker failed: ${message}`));
    });
    const death = session.ended.then((reason): Result<T, Failure> => err(reason));
    const result = await Promise.race([answer, death, silence]);
    clearTimeout(watchdog);
    return result;
  }

  #start(): Session {
    const stop = new AbortController();
    let close: () => void = () => undefined;
    const closing = new Promise<void>((resolve) => {
      close = resolve;
    });
    let opened: (result: Result<{ readonly api: Api }, Failure>) => void = () => undefined;
    const ready = new Promise<Result<{ readonly api: Api }, Failure>>((resolve) => {
      opened = resolve;
    });
    let alive = true;
    const ended = this.#worker
      .call<null>(
        async (api) => {
          const result = await api.open(this.#source);
          opened(result.ok ? ok({ api }) : result);
          if (!result.ok) return result;
          await closing;
          await api.close();
          return ok(null);
        },
        { signal: stop.signal, stallMs: NEVER_MS },
      )
      .then((result) => {
        alive = false;
        const reason = result.ok ? closed() : result.error;
        opened(err(reason));
        return reason;
      });
    return { ready, ended, alive: () => alive, close, kill: () => stop.abort() };
  }
}

function closed(): Failure {
  return failure('closed', 'instance_closed', 'The player was closed.');
}

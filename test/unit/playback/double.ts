/** A playback worker, a clock and animation frames that a test moves by hand. */
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type {
  PlaybackFrame,
  PlaybackSource,
  PlaybackWorkerApi,
} from '../../../src/runtime/contract/playback.ts';
import type { Supervised } from '../../../src/runtime/contract/supervised.ts';
import { createPlayer } from '../../../src/runtime/playback/player.ts';
import type { PlayerPorts, PlayerSource } from '../../../src/runtime/playback/types.ts';

/** Frames of the pretended file. */
export interface Film {
  readonly timesUs: readonly number[];
  readonly endUs: number;
}

/** A constant rate of 25 frames a second. */
export const film = (frames: number): Film => ({
  timesUs: Array.from({ length: frames }, (_, at) => at * 40_000),
  endUs: frames * 40_000,
});

export const indexOf = ({ timesUs, endUs }: Film): FrameIndex => ({
  version: 1,
  timesUs: Float64Array.from(timesUs),
  flags: new Uint8Array(timesUs.length),
  endUs,
  complete: true,
});

export class FakeWorker implements Supervised<PlaybackWorkerApi> {
  readonly log: string[] = [];
  open = 0;
  alive = 0;
  /** Answers wait for this, if set. */
  gate: Promise<void> | null = null;
  /** What the next requests answer instead. */
  problems: Failure[] = [];
  openProblem: Failure | null = null;
  #film: Film;
  #streamUs: number | null | undefined = undefined;
  #life = 0;
  #endCall: ((reason: Failure) => void) | null = null;

  constructor(pretended: Film) {
    this.#film = pretended;
  }

  async call<T>(
    work: (api: never, beat: () => void) => Promise<Result<T, Failure>>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Result<T, Failure>> {
    this.alive = 1;
    const death = new Promise<Result<T, Failure>>((resolve) => {
      this.#endCall = (reason) => {
        resolve(err(reason));
      };
      options.signal?.addEventListener('abort', () => {
        this.crash();
      });
    });
    return Promise.race([work(this.#api() as never, () => undefined), death]);
  }

  dispose(): void {
    this.log.push('dispose');
    this.alive = 0;
    this.#endCall?.(failure('closed', 'instance_closed', 'closed'));
  }

  /** The worker dies. */
  crash(): void {
    this.alive = 0;
    this.#life += 1;
    this.#streamUs = undefined;
    this.#endCall?.(failure('engine_failed', 'worker_crashed', 'died'));
  }

  #api(): PlaybackWorkerApi {
    return {
      ping: () => Promise.resolve('pong'),
      open: (source) => {
        this.log.push(`open ${String(source.originUs)}`);
        return Promise.resolve(this.openProblem === null ? ok(null) : err(this.openProblem));
      },
      close: () => {
        this.log.push('close');
        return Promise.resolve();
      },
      frameAt: (us) =>
        this.#answer(`at ${String(us)}`, () => {
          const at = this.#film.timesUs.findLastIndex((time) => time <= us);
          return at < 0 ? null : this.#frame(at);
        }),
      startFrames: (us) =>
        this.#answer(`start ${String(us)}`, () => {
          this.#streamUs = us;
          return null;
        }),
      nextFrames: (count) =>
        this.#answer(null, () => {
          if (this.#streamUs === undefined)
            this.problems.unshift(failure('not_ready', 'unexpected', 'no stream'));
          const frames: PlaybackFrame[] = [];
          while (frames.length < count && this.#streamUs != null) {
            const from = this.#streamUs;
            const at = Math.max(
              0,
              this.#film.timesUs.findLastIndex((time) => time <= from),
            );
            const frame = this.#frame(at);
            frames.push(frame);
            this.#streamUs = at + 1 < this.#film.timesUs.length ? frame.timeUs + frame.durationUs : null;
          }
          return frames;
        }),
      startSound: () => Promise.resolve(err(failure('unsupported_media', 'no_decoder', 'no'))),
      nextSound: () => Promise.resolve(ok([])),
    };
  }

  async #answer<T>(entry: string | null, value: () => T): Promise<Result<T, Failure>> {
    if (entry !== null) this.log.push(entry);
    const life = this.#life;
    await this.gate;
    // The dead do not answer.
    if (life !== this.#life) return new Promise(() => undefined);
    const waiting = this.problems.shift();
    if (waiting !== undefined) return err(waiting);
    const answer = value();
    const problem = this.problems.shift();
    return problem === undefined ? ok(answer) : err(problem);
  }

  #frame(at: number): PlaybackFrame {
    const timeUs = this.#film.timesUs[at] ?? 0;
    const endUs = this.#film.timesUs[at + 1] ?? this.#film.endUs;
    this.open += 1;
    const frame = { close: () => void (this.open -= 1) } as VideoFrame;
    return { frame, timeUs, durationUs: endUs - timeUs, rotation: 0 };
  }
}

export const media: PlaybackSource = { file: new Blob([]), videoOrder: 0, audioOrder: null, originUs: 0 };

/** A player on a pretended file, and the hands that move its time. */
export function setUp(pretended: Film, source: Partial<PlayerSource> = {}) {
  const worker = new FakeWorker(pretended);
  const callbacks = new Map<number, () => void>();
  let nowMs = 0;
  let handles = 0;
  const ports: PlayerPorts = {
    worker,
    now: () => nowMs,
    requestFrame: (callback) => {
      callbacks.set((handles += 1), callback);
      return handles;
    },
    cancelFrame: (handle) => void callbacks.delete(handle),
    audioContext: () => null,
  };
  const player = createPlayer(ports, {
    durationUs: pretended.endUs,
    media,
    proxy: false,
    sampleRate: null,
    flip: false,
    ...source,
  });
  /** Lets answers arrive. */
  const settle = async () => {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  };
  /** One animation frame later. */
  const tick = async (ms: number) => {
    nowMs += ms;
    const due = [...callbacks.values()];
    callbacks.clear();
    for (const callback of due) callback();
    await settle();
  };
  const run = async (ms: number, step = 16) => {
    for (let at = 0; at < ms; at += step) await tick(step);
  };
  return { player, worker, settle, tick, run, pendingFrames: () => callbacks.size };
}

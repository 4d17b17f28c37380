/**
 * The player. Frames are found by time stamp and never by an element's `currentTime`: what the state says is on
 * display is what the canvas shows.
 */
import type { Failure } from '../../core/base/failure.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import type { PlaybackFrame, PlaybackSource } from '../contract/playback.ts';
import { Cursor, type Opened } from './cursor.ts';
import { SoundDevice } from './device.ts';
import { Stage } from './draw.ts';
import { PlaybackLink } from './link.ts';
import { ShuttleRun, StreamRun, type Run, type RunHost } from './runs.ts';
import { Seeker } from './seeker.ts';
import { FASTEST_STREAM, hasSoundAt } from './shuttle.ts';
import { Store } from './store.ts';
import { FrameStream } from './stream.ts';
import type { PlayerPorts, PlayerSource, PlayerState, RuntimePlayer } from './types.ts';

/** A stretch that is played; the end is exclusive. */
interface Range {
  readonly startUs: number;
  readonly endUs: number;
  readonly loop: boolean;
}

/** Makes a player. It opens its source by itself; what goes wrong is told by the state. */
export function createPlayer(ports: PlayerPorts, source: PlayerSource): RuntimePlayer {
  return new Player(ports, source);
}

class Player implements RuntimePlayer {
  readonly #ports: PlayerPorts;
  readonly #store: Store<PlayerState>;
  readonly #stage: Stage;
  readonly #cursor: Cursor;
  readonly #device: SoundDevice;
  #run: Run | null = null;
  #range: Range | null = null;
  #frameHandle: number | null = null;
  #disposed = false;

  constructor(ports: PlayerPorts, source: PlayerSource) {
    this.#ports = ports;
    this.#stage = new Stage(source.flip);
    this.#device = new SoundDevice(() => ports.audioContext(source.sampleRate));
    this.#store = new Store<PlayerState>({
      status: 'opening',
      preparing: null,
      failure: null,
      timeUs: 0,
      frameEndUs: 0,
      frame: null,
      durationUs: source.durationUs,
      playing: false,
      rate: 1,
      volume: 1,
      index: null,
      indexing: null,
      proxy: source.proxy,
    });
    this.#cursor = new Cursor(this.#store, this.#stage);
    if (source.media !== null) this.setSource(source.media, source.proxy);
  }

  get(): PlayerState {
    return this.#store.get();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  attach(canvas: HTMLCanvasElement | null): void {
    this.#stage.attach(canvas);
  }

  seek(timeUs: number): void {
    if (!Number.isFinite(timeUs)) return;
    const { playing, rate, durationUs } = this.get();
    const us = Math.min(Math.max(Math.round(timeUs), 0), durationUs);
    // Out of the stretch that is played, playing goes on without it.
    if (this.#range !== null && (us < this.#range.startUs || us >= this.#range.endUs)) this.#range = null;
    if (playing) this.#start(us, rate, this.#range);
    else this.#cursor.goTo(us);
  }

  step(frames: number): void {
    if (!Number.isFinite(frames)) return;
    this.pause();
    this.#cursor.step(Math.trunc(frames));
  }

  play(rate = 1): void {
    const { status, playing, timeUs } = this.get();
    if (status !== 'ready' || !Number.isFinite(rate)) return;
    if (rate === 0) {
      this.pause();
      return;
    }
    const us = playing ? timeUs : this.#cursor.here();
    this.#start(rate > 0 && this.#cursor.isLast(us) ? 0 : us, rate, null);
  }

  pause(): void {
    const { opened } = this.#cursor;
    if (!this.get().playing || opened === null) return;
    const missing = this.#run instanceof StreamRun && !this.#cursor.isShown(this.#cursor.wantedUs);
    this.#endRun();
    opened.seeker.cancel();
    this.#range = null;
    this.#patch({ playing: false, rate: 1 });
    // Stopped before the first frame of where it should have played from was drawn.
    if (missing) this.#cursor.goTo(this.#cursor.wantedUs);
    else this.#cursor.settle();
  }

  toggle(): void {
    if (this.get().playing) this.pause();
    else this.play();
  }

  playRange(startUs: number, endUs: number, loop = false): void {
    const { status, durationUs } = this.get();
    const range = { startUs: Math.max(0, startUs), endUs: Math.min(endUs, durationUs), loop };
    if (status === 'ready' && range.endUs > range.startUs) this.#start(range.startUs, 1, range);
  }

  setVolume(volume: number): void {
    if (!Number.isFinite(volume)) return;
    const level = Math.min(Math.max(volume, 0), 1);
    this.#device.setVolume(level);
    this.#patch({ volume: level });
  }

  setSource(media: PlaybackSource, proxy: boolean): void {
    if (this.#disposed) return;
    this.pause();
    this.#close();
    const link = new PlaybackLink(this.#ports.worker, media);
    const seeker = new Seeker(link, {
      now: this.#ports.now,
      requestFrame: this.#ports.requestFrame,
      found: (frame) => this.#found(frame),
      failed: (problem) => this.#failedSeek(problem),
    });
    const opened: Opened = { media, link, seeker, stream: new FrameStream(link) };
    this.#cursor.opened = opened;
    this.#cursor.reset();
    this.#patch({ status: 'opening', preparing: null, failure: null, proxy });
    if (media.videoOrder !== null) {
      this.#cursor.goTo(this.#cursor.wantedUs);
      return;
    }
    // No picture will say that the file is open.
    void link
      .request(() => Promise.resolve({ ok: true as const, value: null }))
      .then((result) => {
        if (opened !== this.#cursor.opened) return;
        if (result.ok) this.#patch({ status: 'ready' });
        else this.fail(result.error);
      });
  }

  setIndex(index: FrameIndex): void {
    this.#patch({ index, indexing: null });
    this.#cursor.indexed();
  }

  setIndexing(fraction: number | null): void {
    this.#patch({ indexing: fraction });
  }

  setPreparing(fraction: number): void {
    if (this.#cursor.opened === null)
      this.#patch({ status: 'preparing', preparing: fraction, failure: null });
  }

  fail(failure: Failure): void {
    this.pause();
    this.#close();
    this.#patch({ status: 'failed', failure, preparing: null });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#endRun();
    this.#close();
    this.#disposed = true;
    this.#stage.clear();
    this.#store.clear();
    this.#device.close();
    this.#ports.worker.dispose();
  }

  #patch(change: Partial<PlayerState>): void {
    if (!this.#disposed) this.#store.patch(change);
  }

  #close(): void {
    const { opened } = this.#cursor;
    this.#cursor.opened = null;
    opened?.seeker.cancel();
    opened?.stream.clear();
    opened?.link.close();
  }

  #found(frame: PlaybackFrame | null): void {
    const { opened } = this.#cursor;
    if (frame !== null) {
      this.#cursor.present(frame);
      if (this.get().playing) this.#cursor.settle();
      this.#patch({ status: 'ready', failure: null });
    } else if (opened !== null) {
      this.#showFirst(opened);
    }
  }

  /** Before the first frame nothing is on display; a review shows the first one rather than nothing. */
  #showFirst(opened: Opened): void {
    void opened.link
      .request(async (api) => {
        const started = await api.startFrames(0);
        return started.ok ? api.nextFrames(1) : started;
      })
      .then((result) => {
        const first = result.ok ? result.value[0] : undefined;
        if (opened !== this.#cursor.opened || this.#run instanceof StreamRun || opened.seeker.busy)
          first?.frame.close();
        else if (first !== undefined) this.#found(first);
        else if (!result.ok) this.#failedSeek(result.error);
        else this.#patch({ status: 'ready' });
      });
  }

  /** A frame that cannot be decoded does not end the player, except where it is the first thing that is asked. */
  #failedSeek(problem: Failure): void {
    if (this.get().status !== 'ready' || problem.reason === 'unreadable_file') this.fail(problem);
    else this.#failedRun(problem);
  }

  #failedRun(problem: Failure): void {
    this.pause();
    this.#patch({ failure: problem });
  }

  #start(fromUs: number, rate: number, range: Range | null): void {
    const { opened, hasVideo } = this.#cursor;
    if (opened === null) return;
    this.#endRun();
    opened.seeker.cancel();
    this.#range = range;
    this.#cursor.playFrom(fromUs);
    const span = { fromUs, endUs: range?.endUs ?? this.get().durationUs, rate };
    const host = this.#runHost(opened);
    if (rate > 0 && (rate <= FASTEST_STREAM || !hasVideo)) {
      const audible = opened.media.audioOrder !== null && hasSoundAt(rate);
      const wake = () => this.#run?.advance();
      const sound = audible ? this.#device.start(opened.link, fromUs, rate, wake) : null;
      // After a pause the next frames are decoded already.
      const goesOn = this.#cursor.isShown(fromUs) && opened.stream.continuesAt(this.get().frameEndUs);
      if (hasVideo && !goesOn) opened.stream.start(fromUs);
      this.#run = new StreamRun(host, { ...span, stream: hasVideo ? opened.stream : null, sound });
    } else {
      opened.stream.clear();
      this.#run = new ShuttleRun(host, { ...span, show: (us) => this.#cursor.shuttleTo(us) });
    }
    this.#patch({ playing: true, rate, failure: null });
    this.#loop();
  }

  #runHost(opened: Opened): RunHost {
    return {
      now: this.#ports.now,
      present: (frame) => {
        this.#cursor.present(frame);
        this.#cursor.settle();
      },
      tell: (us) => this.#cursor.tell(us),
      done: () => {
        const range = this.#range;
        const loops = range?.loop === true && opened === this.#cursor.opened;
        if (loops) this.#start(range.startUs, this.get().rate, range);
        else this.pause();
      },
      failed: (problem) => this.#failedRun(problem),
    };
  }

  #loop(): void {
    this.#frameHandle = this.#ports.requestFrame(() => {
      this.#frameHandle = null;
      const run = this.#run;
      run?.advance();
      if (run !== null && run === this.#run) this.#loop();
    });
  }

  #endRun(): void {
    this.#run?.stop();
    this.#run = null;
    if (this.#frameHandle !== null) this.#ports.cancelFrame(this.#frameHandle);
    this.#frameHandle = null;
    this.#device.sleep();
  }
}

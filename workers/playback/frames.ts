/**
 * Frames of one picture track by time: single ones (seeking, stepping) and in a row (playing). Both use one reader,
 * so that playing goes on where stepping was, and stepping where playing was.
 */
import { EncodedPacketSink, VideoSampleSink, type InputVideoTrack } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { PlaybackFrame } from '../../src/runtime/contract/playback.ts';
import { bytesOf, copyOf, FrameCache } from './cache.ts';
import { FrameReader, type ReadFrame } from './reader.ts';

/** Reading on is cheaper than a new decoder for jumps up to this long, whatever key frames lie between. */
const READ_ON_US = 250_000;
/** Frames before the one asked for that are kept when somebody jumps there: a step back often follows. */
const KEEP_BEFORE = 6;

/** A frame to hand out; whoever gets it closes it. */
type Handed = {
  readonly frame: VideoFrame;
  readonly timeUs: number;
  readonly endUs: number;
  readonly last: boolean;
};

const superseded = (): Failure => failure('aborted', 'cancelled', 'A newer request took its place.');

/** Frames of one track. Calls may overlap: they run one after another, and a newer `frameAt` ends older ones. */
export class Frames {
  readonly #sink: VideoSampleSink;
  readonly #packets: EncodedPacketSink;
  readonly #originUs: number;
  readonly #rotation: PlaybackFrame['rotation'];
  readonly #cache = new FrameCache();
  #reader: FrameReader | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #newest = 0;
  /** Where the stream goes on; null at its end, undefined before there was one. */
  #streamUs: number | null | undefined = undefined;
  #servedUs = 0;
  #frameUs = 40_000;
  #closed = false;

  constructor(track: InputVideoTrack, rotation: PlaybackFrame['rotation'], originUs: number) {
    this.#sink = new VideoSampleSink(track);
    this.#packets = new EncodedPacketSink(track);
    this.#rotation = rotation;
    this.#originUs = originUs;
  }

  /** The frame on display at a time; null before the first one. The last frame holds for ever. */
  frameAt(us: number): Promise<Result<PlaybackFrame | null, Failure>> {
    const ticket = (this.#newest += 1);
    return this.#inTurn(async () => {
      const found = await this.#find(us, ticket, true);
      if (found === 'superseded') return err(superseded());
      this.#servedUs = us;
      return ok(found === null ? null : this.#handOut(found));
    });
  }

  /** Starts a stream; an older one ends. */
  start(fromUs: number): Promise<Result<null, Failure>> {
    this.#newest += 1;
    return this.#inTurn(async () => {
      this.#streamUs = fromUs;
      return Promise.resolve(ok(null));
    });
  }

  /** The next frames of the stream, empty at the end; before the first frame's time the stream begins with it. */
  next(count: number): Promise<Result<PlaybackFrame[], Failure>> {
    return this.#inTurn(async () => {
      if (this.#streamUs === undefined) {
        return err(failure('not_ready', 'unexpected', 'There is no stream: this may be a new worker.'));
      }
      const frames: PlaybackFrame[] = [];
      while (frames.length < count && this.#streamUs !== null) {
        const found = await this.#find(this.#streamUs, null, false);
        if (found === 'superseded' || this.#closed) break;
        if (found === null) {
          const first = await this.#firstUs();
          this.#streamUs = first !== null && first > this.#streamUs ? first : null;
          continue;
        }
        frames.push(this.#handOut(found));
        this.#streamUs = found.last ? null : found.endUs;
        this.#servedUs = found.timeUs;
      }
      return ok(frames);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#newest += 1;
    this.#streamUs = null;
    await this.#dropReader();
    this.#cache.clear();
  }

  #handOut({ frame, timeUs, endUs }: Handed): PlaybackFrame {
    return { frame, timeUs, durationUs: endUs - timeUs, rotation: this.#rotation };
  }

  /** One after another: all calls share the reader. */
  #inTurn<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const turn = this.#queue.then(() =>
      this.#closed ? err(failure('closed', 'instance_closed', 'The source was closed.')) : work(),
    );
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Finds a frame; once more with a new decoder when the old one broke (browsers take idle decoders away). */
  async #find(us: number, ticket: number | null, keep: boolean): Promise<Handed | 'superseded' | null> {
    const cached = this.#cache.at(us);
    if (cached !== null) return { ...cached, frame: cached.frame.clone() };
    const fresh = this.#reader === null;
    try {
      return await this.#read(us, ticket, keep);
    } catch (error) {
      await this.#dropReader();
      if (fresh || this.#closed) throw error;
      try {
        return await this.#read(us, ticket, keep);
      } catch (again) {
        await this.#dropReader();
        throw again;
      }
    }
  }

  async #read(us: number, ticket: number | null, keep: boolean): Promise<Handed | 'superseded' | null> {
    const reader = await this.#readerFor(us);
    if (reader === null) return null;
    const keepFromUs = keep ? us - this.#keepBefore(us) : Infinity;
    for (;;) {
      if (this.#closed || (ticket !== null && ticket !== this.#newest)) return 'superseded';
      const read = await reader.next();
      if (read === null || read.timeUs > us) {
        // The reader began after the time: nothing is on display there.
        read?.sample.close();
        await this.#dropReader();
        return null;
      }
      this.#frameUs = read.endUs - read.timeUs;
      const found = us < read.endUs || read.last;
      try {
        const frame = found || read.timeUs >= keepFromUs ? read.sample.toVideoFrame() : null;
        if (frame !== null && keep) await this.#keep(frame, read, us);
        if (found && frame !== null)
          return { frame, timeUs: read.timeUs, endUs: read.endUs, last: read.last };
        frame?.close();
      } finally {
        read.sample.close();
      }
    }
  }

  async #keep(frame: VideoFrame, { timeUs, endUs, last }: ReadFrame, nearUs: number): Promise<void> {
    const copy = await copyOf(frame);
    if (copy === null) return;
    if (this.#closed) copy.close();
    else {
      this.#capacity = FrameCache.capacity(bytesOf(copy));
      this.#cache.add({ frame: copy, timeUs, endUs, last }, nearUs);
    }
  }

  #capacity = KEEP_BEFORE;

  /** How far before a time frames are kept: far when the person goes back, and more steps back will follow. */
  #keepBefore(us: number): number {
    const frames = us < this.#servedUs ? this.#capacity * 0.8 : Math.min(KEEP_BEFORE, this.#capacity * 0.5);
    return Math.ceil(frames) * this.#frameUs;
  }

  /** A reader that has not passed the time yet: the one there is where reading on is the shorter way, else a new one. */
  async #readerFor(us: number): Promise<FrameReader | null> {
    const nextUs = this.#reader?.nextUs ?? null;
    if (this.#reader !== null && nextUs !== null && nextUs <= us && us - nextUs < READ_ON_US)
      return this.#reader;
    // Times are rounded to a microsecond, and the packets' own times are not: half a microsecond later is never
    // another frame, but half a microsecond earlier is.
    const key = await this.#packets.getKeyPacket((us + this.#originUs + 0.5) / 1e6, { metadataOnly: true });
    if (key === null && us < ((await this.#firstUs()) ?? Infinity)) return null;
    const keyUs = key === null ? -Infinity : Math.round(key.timestamp * 1e6) - this.#originUs;
    if (this.#reader !== null && nextUs !== null && nextUs <= us && nextUs >= keyUs) return this.#reader;
    await this.#dropReader();
    // From the key frame itself and not from the time: so every frame on the way can be kept, and the way can be
    // left between any two frames.
    this.#reader = new FrameReader(this.#sink.samples(key?.timestamp), this.#originUs);
    return this.#reader;
  }

  async #firstUs(): Promise<number | null> {
    const first = await this.#packets.getFirstPacket({ metadataOnly: true });
    return first === null ? null : Math.round(first.timestamp * 1e6) - this.#originUs;
  }

  async #dropReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.close();
  }
}

/** Pictures of a stretch of a source, decoded by the browser: in order of display, bounded in memory, never hanging. */
import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';
import { bytesOf } from '../shared/bytes.ts';
import { cleanKeyAt, isDisposable } from '../shared/clean.ts';
import { CodecProblem } from './problem.ts';
import { Turn } from './turn.ts';

/** Packets inside the decoder, and pictures that wait for the encoder: enough to keep both busy. */
const IN_DECODER = 8;
const WAITING = 6;
/** A picture this much before a limit still counts as beyond it: containers round times. Microseconds. */
const GUARD_US = 500;

/** Which pictures: from the first's own time up to, and without, `stopUs`. Microseconds of the file's clock. */
export interface Stretch {
  readonly firstUs: number;
  readonly stopUs: number;
  /** A time at or before which decoding can start. */
  readonly seekUs: number;
  /** How many pictures there are. */
  readonly frames: number;
}

/**
 * Yields the pictures of a stretch; whoever takes one closes it. Ends after `frames` pictures, or earlier where the
 * source ends. Throws a `CodecProblem`.
 */
export async function* decodeStretch(
  track: InputVideoTrack,
  stretch: Stretch,
): AsyncGenerator<VideoFrame, void, undefined> {
  const config = await track.getDecoderConfig();
  if (config === null) throw new CodecProblem('The browser has no decoder for this picture.');
  const sink = new EncodedPacketSink(track);
  const start = await cleanKeyAt(track, sink, (stretch.seekUs + 1) / 1e6);
  if (start === null) throw new CodecProblem('There is no key frame to start from.');

  const codec = (await track.getCodec()) ?? '';
  const description = bytesOf(config.description);
  const ready: VideoFrame[] = [];
  const turn = new Turn();
  let problem: CodecProblem | null = null;
  const decoder = new VideoDecoder({
    output: (frame) => {
      const inside =
        frame.timestamp >= stretch.firstUs - GUARD_US && frame.timestamp < stretch.stopUs - GUARD_US;
      if (inside) ready.push(frame);
      else frame.close();
      turn.wake();
    },
    error: (cause) => {
      problem ??= CodecProblem.of(cause);
      turn.wake();
    },
  });
  decoder.addEventListener('dequeue', turn.wake);
  /** Asked anew each time: the callbacks change it behind the compiler's back. */
  const check = (): void => {
    if (problem !== null) throw problem;
  };
  const isFull = (): boolean => decoder.decodeQueueSize >= IN_DECODER;
  let given = 0;
  try {
    decoder.configure(config);
    let first = true;
    for await (const packet of sink.packets(start)) {
      // On the way to the first picture, those that no other one needs are passed over.
      const early = packet.microsecondTimestamp < stretch.firstUs - GUARD_US;
      if (early && !first && isDisposable(codec, packet.data, description)) continue;
      decoder.decode(
        new EncodedVideoChunk({
          // Whatever a broken file calls it: this is where decoding starts.
          type: first ? 'key' : packet.type,
          data: packet.data,
          timestamp: packet.microsecondTimestamp,
          duration: packet.microsecondDuration,
        }),
      );
      first = false;
      check();
      while (isFull() || ready.length >= WAITING) {
        const frame = ready.shift();
        if (frame === undefined) {
          await turn.wait();
          check();
          continue;
        }
        yield frame;
        given += 1;
        if (given === stretch.frames) return;
        check();
      }
    }
    let flushed = false;
    decoder.flush().then(
      () => {
        flushed = true;
        turn.wake();
      },
      (cause: unknown) => {
        problem ??= CodecProblem.of(cause);
        turn.wake();
      },
    );
    const atEnd = (): boolean => flushed;
    for (;;) {
      check();
      const frame = ready.shift();
      if (frame !== undefined) {
        yield frame;
        given += 1;
        if (given === stretch.frames) return;
      } else if (atEnd()) return;
      else await turn.wait();
    }
  } finally {
    for (const frame of ready) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

/** One run of the browser's decoder over packets: bounded in memory, never hanging, every frame closed. */
import type { EncodedPacket } from 'mediabunny';
import { messageOf } from '../shared/failure.ts';
import { watchdog } from '../shared/watchdog.ts';

/** A decoder that gives nothing for so long is stuck. Software decoders of 4K give a frame in well under a second. */
const SILENCE_MS = 15_000;
/** Chunks in the decoder at once: memory stays flat in the length of a group. */
const IN_FLIGHT = 16;
/** Frames that are open at once because somebody looks at them. */
const LOOKING = 6;

/** What came out. Times are the chunks' own, microseconds. */
export interface DecoderRun {
  readonly seen: ReadonlySet<number>;
  /** The decoder's own words, null when it did not complain. */
  readonly problem: string | null;
}

/**
 * Decodes packets in their order. The first one is fed as a key chunk, whatever a broken file calls it.
 *
 * @param look gets every frame; it is closed when the promise settles
 */
export async function runDecoder(
  config: VideoDecoderConfig,
  packets: AsyncIterable<EncodedPacket>,
  silenceMs = SILENCE_MS,
  look?: (frame: VideoFrame) => Promise<void> | null,
): Promise<DecoderRun> {
  const seen = new Set<number>();
  let problem: string | null = null;
  const dog = watchdog(silenceMs, `The decoder gave no picture for ${String(silenceMs / 1000)} seconds.`);
  let wake: () => void = () => undefined;
  const looking = new Set<Promise<void>>();
  const decoder = new VideoDecoder({
    output: (frame) => {
      seen.add(frame.timestamp);
      dog.beat();
      const looks = look?.(frame) ?? null;
      if (looks === null) {
        frame.close();
        return;
      }
      const done = looks.finally(() => {
        frame.close();
        looking.delete(done);
      });
      looking.add(done);
    },
    error: (cause) => {
      problem ??= messageOf(cause);
      wake();
    },
  });
  decoder.addEventListener('dequeue', () => {
    wake();
  });
  // Asked anew each time: the callbacks change it behind the compiler's back.
  const failed = (): boolean => problem !== null || decoder.state === 'closed';
  try {
    decoder.configure(config);
    let type: EncodedVideoChunkType | null = 'key';
    for await (const packet of packets) {
      if (failed()) break;
      decoder.decode(
        new EncodedVideoChunk({
          type: type ?? packet.type,
          data: packet.data,
          timestamp: packet.microsecondTimestamp,
          duration: packet.microsecondDuration,
        }),
      );
      type = null;
      while (decoder.decodeQueueSize > IN_FLIGHT && !failed()) {
        const turn = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([turn, dog.silence]);
        dog.beat();
      }
      // Frames that are looked at stay open: a few only.
      while (looking.size > LOOKING) await Promise.race(looking);
    }
    if (!failed()) await Promise.race([decoder.flush(), dog.silence]);
  } catch (cause) {
    problem ??= messageOf(cause);
  } finally {
    dog.stop();
    if (decoder.state !== 'closed') decoder.close();
    await Promise.allSettled(looking);
  }
  return { seen, problem };
}

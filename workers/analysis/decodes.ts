/**
 * Whether the browser's decoder really takes a track. `isConfigSupported` says yes to files that it then refuses
 * (broken bitstreams, 4:4:4 after a seek, parameter sets behind a message that needs them), and a preview would be
 * black: so a few frames are decoded, at the start and once more after a seek.
 */
import type { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import { cleanKeyAt } from '../shared/clean.ts';
import { runDecoder } from './run-decoder.ts';

/** Packets that are fed at each place: enough for a decoder that holds frames back for reordering. */
const FRAMES = 6;
const SILENCE_MS = 4_000;

async function* few(sink: EncodedPacketSink, first: EncodedPacket): AsyncGenerator<EncodedPacket> {
  let packet: EncodedPacket | null = first;
  for (let i = 0; packet !== null && i < FRAMES; i++) {
    yield packet;
    packet = await sink.getNextPacket(packet);
  }
}

/** @param againUs file time of the second place, null where seeking would be expensive */
export async function decodes(
  track: InputVideoTrack,
  sink: EncodedPacketSink,
  againUs: number | null,
): Promise<boolean> {
  try {
    const config = await track.getDecoderConfig();
    const first = (await sink.getFirstKeyPacket()) ?? (await sink.getFirstPacket());
    if (config === null || first === null) return false;
    const places = [first];
    const second = againUs === null ? null : await cleanKeyAt(track, sink, againUs / 1e6);
    if (second !== null && second.timestamp > first.timestamp) places.push(second);
    for (const place of places) {
      const run = await runDecoder(config, few(sink, place), SILENCE_MS);
      if (run.seen.size === 0 || run.problem !== null) return false;
    }
    return true;
  } catch {
    return false;
  }
}

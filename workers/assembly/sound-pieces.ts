/** Packets of sound: a segment taken whole, or stretches of sources one after the other. */
import { EncodedPacketSink, type EncodedPacket, type InputAudioTrack } from 'mediabunny';
import { failure } from '../../src/core/base/failure.ts';
import type { AudioPiece } from '../../src/runtime/contract/assembly.ts';
import { bytesOf, sameBytes } from '../shared/bytes.ts';
import { PieceError, type Inputs, type PlacedPacket } from './pieces.ts';

const toUs = (seconds: number): number => Math.round(seconds * 1_000_000);

/** One packet more in front lets the decoder run in; the edit list hides it. Seconds. */
const RUN_IN = 0.025;

/** The decoder configuration that all pieces share. Fails with `copy_unsafe` where they do not. */
export async function soundConfig(
  pieces: readonly AudioPiece[],
  inputs: Inputs,
): Promise<AudioDecoderConfig | null> {
  let shared: AudioDecoderConfig | null = null;
  for (const piece of pieces) {
    const config = await (await inputs.audio(piece)).getDecoderConfig();
    if (shared !== null && config !== null && !sameDescription(shared, config)) {
      throw new PieceError(
        failure('engine_failed', 'copy_unsafe', 'The copied sound is of several kinds.', {
          stepId: piece.stepId,
        }),
      );
    }
    shared ??= config;
  }
  return shared;
}

function sameDescription(a: AudioDecoderConfig, b: AudioDecoderConfig): boolean {
  const [one, other] = [bytesOf(a.description), bytesOf(b.description)];
  if (one === null || other === null) return one === other;
  return sameBytes(one, other);
}

/** Number of packets, for the space reserved at the file's head. */
export async function countSoundPackets(pieces: readonly AudioPiece[], inputs: Inputs): Promise<number> {
  let count = 0;
  const packets = soundPackets(pieces, inputs, true);
  while ((await packets.next()).done !== true) count += 1;
  return count;
}

/**
 * The packets of all pieces in order. Times before 0 are the encoder's run-in, hidden by the file's edit list. A piece
 * that follows another begins with the packet nearest to where that one ended, and goes on from there without a gap: it lies
 * within half a packet of its place, and nothing adds up.
 */
export async function* soundPackets(
  pieces: readonly AudioPiece[],
  inputs: Inputs,
  metadataOnly = false,
): AsyncGenerator<PlacedPacket> {
  let nextUs: number | null = null;
  for (const [position, piece] of pieces.entries()) {
    const isLast = position === pieces.length - 1;
    const offsetUs = piece.outStartUs - (piece.kind === 'source' ? piece.fromUs : 0);
    let shiftUs: number | null = nextUs === null ? 0 : null;
    for await (const packet of packetsOf(piece, await inputs.audio(piece), metadataOnly)) {
      const halfUs = (packet.duration * 1_000_000) / 2;
      const idealUs = packet.timestamp * 1_000_000 + offsetUs;
      if (shiftUs === null) {
        const gapUs: number = idealUs - (nextUs ?? 0);
        if (gapUs < -halfUs) continue;
        // Sound that begins late in its piece stays late.
        shiftUs = gapUs > halfUs ? 0 : -gapUs;
      }
      const outUs: number = idealUs + shiftUs;
      if (!isLast && outUs >= piece.outEndUs - halfUs) break;
      nextUs = outUs + packet.duration * 1_000_000;
      yield {
        packet: packet.clone({ timestamp: outUs / 1_000_000, type: 'key' }),
        outUs: Math.round(outUs),
      };
    }
  }
}

async function* packetsOf(
  piece: AudioPiece,
  track: InputAudioTrack,
  metadataOnly: boolean,
): AsyncGenerator<EncodedPacket> {
  const sink = new EncodedPacketSink(track);
  const options = { metadataOnly };
  if (piece.kind === 'segment') {
    yield* sink.packets(undefined, undefined, options);
    return;
  }
  const firstUs = toUs(await track.getFirstTimestamp());
  const enter = piece.fromUs / 1_000_000 - RUN_IN;
  const start =
    toUs(enter) <= firstUs ? await sink.getFirstPacket(options) : await sink.getPacket(enter, options);
  if (start === null) return;
  for await (const packet of sink.packets(start, undefined, options)) {
    if (toUs(packet.timestamp) >= piece.toUs) return;
    yield packet;
  }
}

/** Re-opens a finished file, as its own reader sees it. */
import { EncodedPacketSink } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { ReadBack } from '../../src/runtime/contract/analysis.ts';
import { readRange } from '../shared/bytes.ts';
import { withInput } from '../shared/open.ts';
import { containerOf } from './container.ts';
import { typicalStep } from './frame-index.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { readStructure } from './structure.ts';

/** See `AnalysisWorkerApi.readBack`. */
export async function readBack(file: Blob): Promise<Result<ReadBack, Failure>> {
  const result = await readParts(file);
  // What a reader finds wrong with a file of ours is not the person's file being damaged.
  return result.ok || result.error.reason !== 'damaged'
    ? result
    : err(
        failure(
          'verification_failed',
          'file_check_failed',
          'The finished file cannot be read.',
          result.error.details,
        ),
      );
}

interface FrameHeader {
  readonly timeUs: number;
  readonly durationUs: number;
  readonly key: boolean;
  readonly bytes: number;
}

/** The headers of all frames, in the order in which they are shown. */
async function readFrames(sink: EncodedPacketSink): Promise<FrameHeader[]> {
  const frames: FrameHeader[] = [];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    frames.push({
      timeUs: packet.timestamp * 1e6,
      durationUs: packet.duration * 1e6,
      key: packet.type === 'key',
      bytes: packet.byteLength,
    });
  }
  return frames.sort((a, b) => a.timeUs - b.timeUs);
}

async function readParts(file: Blob): Promise<Result<ReadBack, Failure>> {
  return withInput(file, async (input) => {
    if (!(await input.canRead())) {
      return err(failure('verification_failed', 'file_check_failed', 'The finished file cannot be opened.'));
    }
    const structure = await readStructure(file, sniff(await readRange(file, 0, SNIFF_BYTES)));
    const pictures = await input.getPrimaryVideoTrack();
    const sound = await input.getPrimaryAudioTrack();
    let video: ReadBack['video'] = null;
    if (pictures !== null) {
      const frames = await readFrames(new EncodedPacketSink(pictures));
      const last = frames.at(-1);
      const times = Float64Array.from(frames, (frame) => Math.round(frame.timeUs));
      const ownUs = last?.durationUs ?? 0;
      video = {
        codec: (await pictures.getCodec()) ?? 'unknown',
        width: await pictures.getDisplayWidth(),
        height: await pictures.getDisplayHeight(),
        rotation: await pictures.getRotation(),
        timesUs: times,
        keys: Uint8Array.from(frames, (frame) => (frame.key ? 1 : 0)),
        sizes: Float64Array.from(frames, (frame) => frame.bytes),
        endUs: Math.round((last?.timeUs ?? 0) + (ownUs > 0 ? ownUs : typicalStep(Array.from(times)))),
        decodable: await pictures.canDecode(),
      };
    }
    let audio: ReadBack['audio'] = null;
    if (sound !== null) {
      const sink = new EncodedPacketSink(sound);
      const first = await sink.getFirstPacket({ metadataOnly: true });
      const last = await sink.getPacket(Infinity, { metadataOnly: true });
      const endUs = last === null ? 0 : (last.timestamp + last.duration) * 1e6;
      const stream = structure.streams.find((candidate) => candidate.id === sound.id);
      // The edit list may end the sound inside of its last packet.
      const editEndUs = stream?.editEndUs ?? null;
      audio = {
        codec: (await sound.getCodec()) ?? 'unknown',
        sampleRate: await sound.getSampleRate(),
        channels: await sound.getNumberOfChannels(),
        firstUs: Math.round((first?.timestamp ?? 0) * 1e6),
        endUs: Math.round(editEndUs === null ? endUs : Math.min(endUs, editEndUs)),
      };
    }
    return ok({ container: await containerOf(input), video, audio });
  });
}

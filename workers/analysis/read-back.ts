/** Re-opens a finished file, as its own reader sees it. */
import { EncodedPacketSink } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { ReadBack } from '../../src/runtime/contract/analysis.ts';
import { readRange } from './bytes.ts';
import { readFailure, withInput } from './open.ts';
import { containerOf } from './container.ts';
import { typicalStep } from './frame-index.ts';
import { readAll } from './packets.ts';
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
      const all = await readAll(new EncodedPacketSink(pictures), () => undefined);
      if (all.error !== null) return err(await readFailure(file, all.error));
      const sorted = Float64Array.from(all.table.times, Math.round).sort();
      const lastRow = all.table.times.reduce(
        (best, time, i, times) => (time > (times[best] ?? -Infinity) ? i : best),
        0,
      );
      const ownUs = all.table.durations[lastRow] ?? 0;
      const lastUs = all.table.times[lastRow] ?? 0;
      video = {
        codec: (await pictures.getCodec()) ?? 'unknown',
        width: await pictures.getDisplayWidth(),
        height: await pictures.getDisplayHeight(),
        rotation: await pictures.getRotation(),
        timesUs: sorted,
        endUs: Math.round(lastUs + (ownUs > 0 ? ownUs : typicalStep(Array.from(sorted)))),
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

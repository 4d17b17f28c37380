/** Decodes around given times with the browser's own decoder, to prove that a join plays. */
import type { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import type { Failure } from '../../src/core/base/failure.ts';
import { ok, type Result } from '../../src/core/base/result.ts';
import type { DecodeCheck } from '../../src/runtime/contract/analysis.ts';
import { cleanKeyAt } from './clean.ts';
import { withVideo } from './open.ts';
import { runDecoder } from './run-decoder.ts';

/** Packets after the last wanted frame that reordering may still need. */
const REORDER = 17;

async function checkOne(
  track: InputVideoTrack,
  sink: EncodedPacketSink,
  config: VideoDecoderConfig,
  atUs: number,
  around: number,
): Promise<DecodeCheck> {
  const headers = { metadataOnly: true };
  const at = (await sink.getPacket((atUs + 1) / 1e6, headers)) ?? (await sink.getFirstPacket(headers));
  if (at === null) return { atUs, framesDecoded: 0, problem: 'The picture track has no frames.' };
  const frameUs = at.duration > 0 ? at.duration * 1e6 : 40_000;
  // Half a frame more on both sides: containers with a millisecond clock round each time.
  const fromUs = at.timestamp * 1e6 - (around + 0.5) * frameUs;
  const toUs = at.timestamp * 1e6 + (around + 0.5) * frameUs;

  const expected = new Set<number>();
  async function* packets(): AsyncGenerator<EncodedPacket> {
    let packet = await cleanKeyAt(track, sink, fromUs / 1e6);
    let after = 0;
    while (packet !== null) {
      const timeUs = packet.timestamp * 1e6;
      if (timeUs >= fromUs && timeUs <= toUs) expected.add(packet.microsecondTimestamp);
      yield packet;
      if (timeUs > toUs && ++after > REORDER) return;
      packet = await sink.getNextPacket(packet);
    }
  }
  const run = await runDecoder(config, packets());
  const missing = [...expected].filter((time) => !run.seen.has(time)).length;
  const left =
    missing > 0 ? `The decoder left out ${String(missing)} of ${String(expected.size)} frames.` : null;
  return { atUs, framesDecoded: expected.size - missing, problem: run.problem ?? left };
}

/** See `AnalysisWorkerApi.decodeAround`. Looks at the first picture track: finished files have one. */
export async function decodeAround(
  file: Blob,
  timesUs: readonly number[],
  around: number,
): Promise<Result<DecodeCheck[], Failure>> {
  return withVideo(file, 0, async (track, sink) => {
    const config = await track.getDecoderConfig();
    if (config === null || !(await track.canDecode())) {
      const problem = 'The browser has no decoder for this picture.';
      return ok(timesUs.map((atUs) => ({ atUs, framesDecoded: 0, problem })));
    }
    const checks: DecodeCheck[] = [];
    for (const atUs of timesUs) checks.push(await checkOne(track, sink, config, atUs, around));
    return ok(checks);
  });
}

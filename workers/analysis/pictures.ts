/** Decodes stretches of a file with the browser's own decoder, to prove that they play, and looks at pictures of them. */
import type { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { PictureRun, RunResult, SeenPicture } from '../../src/core/plan/certify-runs.ts';
import { lumaGrid } from '../shared/luma.ts';
import { bytesOf } from '../shared/bytes.ts';
import { cleanKeyAt, isDisposable } from '../shared/clean.ts';
import { withVideo } from '../shared/open.ts';
import { runDecoder } from './run-decoder.ts';

/** Times are rounded on their way here; containers may count in milliseconds. */
const SAME_US = 1500;

interface Source {
  readonly track: InputVideoTrack;
  readonly sink: EncodedPacketSink;
  readonly config: VideoDecoderConfig;
  readonly codec: string;
  readonly description: Uint8Array | null;
}

/** A run with what is known of it after a look at the packet headers. */
interface Prepared {
  readonly run: PictureRun;
  readonly first: EncodedPacket;
  /** Own time of the frame up to which is fed. */
  readonly throughUs: number;
  /** Frame times to look at, with the times that were asked for. */
  readonly looks: ReadonlyMap<number, readonly number[]>;
}

async function prepare(source: Source, run: PictureRun): Promise<Prepared | null> {
  const { sink, track } = source;
  const headers = { metadataOnly: true };
  const first = await cleanKeyAt(track, sink, (run.keyUs + SAME_US) / 1e6);
  const through =
    (await sink.getPacket((run.throughUs + SAME_US) / 1e6, headers)) ?? (await sink.getFirstPacket(headers));
  if (first === null || through === null) return null;
  const looks = new Map<number, number[]>();
  for (const timeUs of run.lookUs) {
    const packet = await sink.getPacket((timeUs + SAME_US) / 1e6, headers);
    if (packet === null) continue;
    const at = packet.microsecondTimestamp;
    looks.set(at, [...(looks.get(at) ?? []), timeUs]);
  }
  return { run, first, throughUs: through.microsecondTimestamp, looks };
}

/** The packets of a run in storage order. What is fed is put down in `fed`. */
async function* packetsOf(
  source: Source,
  { run, first, throughUs, looks }: Prepared,
  fed: Set<number>,
  skip: boolean,
): AsyncGenerator<EncodedPacket> {
  let packet: EncodedPacket | null = first;
  let left = -1;
  while (packet !== null) {
    const time: number = packet.microsecondTimestamp;
    const wanted =
      looks.has(time) ||
      left >= 0 ||
      run.fullUs.some(([from, to]) => time >= from - SAME_US && time <= to + SAME_US);
    if (
      wanted ||
      !skip ||
      !(packet.type !== 'key' && isDisposable(source.codec, packet.data, source.description))
    ) {
      fed.add(time);
      yield packet;
    }
    if (left < 0 && time === throughUs) left = run.extra;
    else if (left > 0) left -= 1;
    if (left === 0) return;
    packet = await source.sink.getNextPacket(packet);
  }
}

interface Outcome {
  readonly results: RunResult[];
  readonly clean: boolean;
}

/** Decodes runs one after the other without a stop between them. */
async function decodeTogether(source: Source, runs: readonly Prepared[], skip: boolean): Promise<Outcome> {
  const fed = runs.map(() => new Set<number>());
  const wanted = new Map<number, readonly number[]>();
  for (const run of runs) for (const [at, asked] of run.looks) wanted.set(at, asked);
  /** By the time asked for: runs may overlap, and a frame come twice. */
  const pictures = new Map<number, SeenPicture>();
  async function* all(): AsyncGenerator<EncodedPacket> {
    for (const [i, run] of runs.entries()) yield* packetsOf(source, run, fed[i] ?? new Set(), skip);
  }
  const decoded = await runDecoder(source.config, all(), undefined, (frame) => {
    const asked = wanted.get(frame.timestamp);
    if (asked === undefined) return null;
    return lumaGrid(frame).then((luma) => {
      if (luma !== null) for (const timeUs of asked) pictures.set(timeUs, { timeUs, luma });
    });
  });
  const results = runs.map((run, i): RunResult => {
    const times = [...(fed[i] ?? [])];
    const missing = times.filter((time) => !decoded.seen.has(time)).length;
    const left =
      missing > 0 ? `The decoder left out ${String(missing)} of ${String(times.length)} frames.` : null;
    return {
      framesDecoded: times.length - missing,
      problem: decoded.problem ?? left,
      pictures: run.run.lookUs.flatMap((timeUs) => pictures.get(timeUs) ?? []),
    };
  });
  return { results, clean: results.every(({ problem }) => problem === null) };
}

/** See `AnalysisWorkerApi.decodeRuns`. */
export async function decodeRuns(
  file: Blob,
  order: number,
  runs: readonly PictureRun[],
): Promise<Result<RunResult[], Failure>> {
  return withVideo(file, order, async (track, sink) => {
    const config = await track.getDecoderConfig();
    if (config === null || !(await track.canDecode())) {
      return err(
        failure('unsupported_media', 'no_decoder', 'The browser has no decoder for this picture.', {
          tryFfmpeg: true,
        }),
      );
    }
    const codec = (await track.getCodec()) ?? '';
    const source: Source = { track, sink, config, codec, description: bytesOf(config.description) };
    const prepared: (Prepared | null)[] = [];
    for (const run of runs) prepared.push(await prepare(source, run));
    const there = prepared.filter((run) => run !== null);
    const together = await decodeTogether(source, there, true);
    const results = new Map(there.map((run, i) => [run, together.results[i]]));
    if (!together.clean) {
      // Whose fault is it? Each run alone, and with every picture: only what fails so is told.
      for (const run of there) {
        const [alone] = (await decodeTogether(source, [run], false)).results;
        results.set(run, alone);
      }
    }
    const nothing = { framesDecoded: 0, problem: 'The picture track has no frames.', pictures: [] };
    return ok(prepared.map((run) => (run === null ? nothing : (results.get(run) ?? nothing))));
  });
}

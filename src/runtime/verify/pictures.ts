/** Has the pictures of a finished file decoded, and those of its sources that they are held against. */
import type { Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import {
  joinRecords,
  judgeJoinPictures,
  referencesOf,
  sourceLooksOf,
  type SmallPicture,
} from '../../core/plan/certify-pictures.ts';
import {
  costOf,
  inParts,
  planRuns,
  wayBudget,
  type FrameTable,
  type PictureRun,
  type RunResult,
} from '../../core/plan/certify-runs.ts';
import { copiesOf, judgeStill, sampleFrames, sourceOf, suspicionsIn } from '../../core/plan/certify-still.ts';
import { joinsOf, judgeJoins } from '../../core/plan/certify.ts';
import { primaryVideo } from '../../core/schema/asset.ts';
import type { CertificateCheck, CertificateJoin } from '../../core/schema/certificate.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { AnalysisWorkerApi } from '../contract/analysis.ts';
import type { Supervised } from '../contract/supervised.ts';
import type { VerifyEvidence, VerifyOptions } from '../contract/verifier.ts';

/** Joins that are decoded. */
const MOST_JOINS = 120;
/** Frames decoded by one call: cancelling is quick and silence is noticed. */
const MOST_FRAMES = 240;
/** A call of so few frames that is silent for so long is stuck. Milliseconds. */
const STALL_MS = 120_000;

/** What the checks of the pictures need. */
export interface PictureRequest {
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly file: File;
  readonly plan: RenderPlan;
  readonly table: FrameTable;
  readonly evidence: VerifyEvidence;
  readonly options: VerifyOptions;
}

/** What was found. */
export interface PictureReport {
  readonly checks: readonly CertificateCheck[];
  readonly joins: readonly CertificateJoin[];
}

/** A frame of the finished file and the moment of a source that it shows. */
interface Asked {
  readonly frame: number;
  readonly assetId: Parameters<VerifyEvidence['sources']['get']>[0];
  readonly assetUs: number;
}

/** Decodes runs of the finished file, in parts side by side. */
async function decodeFile(
  { analysis, file, table, options }: PictureRequest,
  runs: readonly PictureRun[],
): Promise<Result<RunResult[], Failure>> {
  const parts = inParts(runs, (run) => costOf(table, run), MOST_FRAMES);
  let done = 0;
  const results = await Promise.all(
    parts.map(async (part) => {
      const result = await analysis.call((api) => api.decodeRuns(file, 0, part), {
        signal: options.signal,
        stallMs: STALL_MS,
      });
      done += 1;
      options.onProgress(done / parts.length);
      return result;
    }),
  );
  const all: RunResult[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    all.push(...result.value);
  }
  return ok(all);
}

/** The sources' pictures for frames of the finished file. What cannot be had is left out. */
async function askSources(
  { analysis, evidence, options }: PictureRequest,
  asked: readonly Asked[],
): Promise<Map<number, SmallPicture>> {
  const found = new Map<number, SmallPicture>();
  const bySource = Map.groupBy(asked, ({ assetId }) => assetId);
  await Promise.all(
    [...bySource].map(async ([assetId, looks]) => {
      const source = evidence.sources.get(assetId);
      const track = source === undefined ? null : primaryVideo(source.asset.probe);
      if (source === undefined || track === null) return;
      if (!track.decodable || source.asset.probe.reader !== 'packets') return;
      const runs = looks.map(({ assetUs }): PictureRun => {
        const fileUs = assetUs + source.asset.probe.originUs;
        return { keyUs: fileUs, throughUs: fileUs, extra: 0, fullUs: [], lookUs: [fileUs] };
      });
      const { file } = source;
      const result = await analysis.call((api) => api.decodeRuns(file, track.order, runs), {
        signal: options.signal,
        stallMs: STALL_MS,
      });
      // A source that cannot be read now is not the file's fault.
      if (!result.ok) return;
      for (const [i, look] of looks.entries()) {
        const luma = result.value[i]?.pictures[0]?.luma;
        if (luma !== undefined) found.set(look.frame, luma);
      }
    }),
  );
  return found;
}

function picturesByFrame(table: FrameTable, results: readonly RunResult[]): Map<number, SmallPicture> {
  const frameAt = new Map(Array.from(table.timesUs, (time, frame) => [time, frame] as const));
  const found = new Map<number, SmallPicture>();
  for (const { pictures } of results) {
    for (const { timeUs, luma } of pictures) {
      const frame = frameAt.get(timeUs);
      if (frame !== undefined) found.set(frame, luma);
    }
  }
  return found;
}

/** The checks on joins, their pictures, and black or frozen stretches. */
export async function checkPictures(request: PictureRequest): Promise<Result<PictureReport, Failure>> {
  const { plan, table, evidence, options } = request;
  const times = joinsOf(plan, MOST_JOINS);
  const copyOf = copiesOf(plan, table);
  const references = referencesOf(plan, table, evidence.references);
  const looks = references.map(({ frame }) => frame);
  const budget = options.thorough === true ? Infinity : wayBudget(table);
  const starts = planRuns(table, times, [], [], budget).joins.map(({ frame }) => frame);
  const { joins, runs, runOf } = planRuns(
    table,
    times,
    [...looks, ...starts.filter((frame) => frame < table.timesUs.length)],
    sampleFrames(table, copyOf),
    budget,
  );
  const sourceLooks = sourceLooksOf(plan, table, joins, references);
  const [decoded, sourcePictures] = await Promise.all([
    decodeFile(request, runs),
    askSources(request, sourceLooks),
  ]);
  if (!decoded.ok) return err(decoded.error);
  const found = picturesByFrame(table, decoded.value);

  const expected = [
    ...references,
    ...sourceLooks.flatMap(({ frame, from }) => {
      const luma = sourcePictures.get(frame);
      return luma === undefined ? [] : [{ frame, luma, from }];
    }),
  ];
  const pictures = judgeJoinPictures(joins, expected, found);
  const runsOfJoins = runOf.map((run) => (run === null ? undefined : decoded.value[run]));
  const records = joinRecords(
    joins,
    runsOfJoins.map((run) => run ?? { framesDecoded: 0, problem: null }),
    pictures.differences,
  );

  const suspicions = suspicionsIn(table, found, copyOf);
  const frames = [...new Set(suspicions.flatMap(({ from, to }) => [from, to]))];
  // Where encoders have said what their pictures look like, the sources need not be decoded. Never some of each: an encoder
  // speaks of the picture that it got, which can be padded, turned or of another matrix, so that nothing seems to stand still.
  const known = new Map(references.map(({ frame, luma }) => [frame, luma] as const));
  const asked = frames.flatMap((frame) => {
    const source = sourceOf(plan, table.timesUs[frame] ?? 0);
    return source === null ? [] : [{ frame, ...source }];
  });
  const sources = frames.every((frame) => known.has(frame)) ? known : await askSources(request, asked);
  const still = judgeStill(table, found.size, suspicions, sources);
  return ok({ checks: [judgeJoins(records), pictures.check, still], joins: records });
}

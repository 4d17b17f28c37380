/** Collects what the pure planner has to know (frame indexes, clean key frames) and runs it. */
import { failure, type Failure } from '../core/base/failure.ts';
import type { AssetId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { commentsCsv } from '../core/interchange/comments-csv.ts';
import type { Written } from '../core/interchange/model.ts';
import { exchangeMedia } from '../core/interchange/of-project.ts';
import { planBundle, planCsv } from '../core/plan/handover.ts';
import { layPlan, type LaidPlan, type PlanInput } from '../core/plan/plan.ts';
import { paintingOf, touchedSpans } from '../core/plan/overlays.ts';
import { keyFrameName, keyFramesBehind, keyFramesToInspect } from '../core/plan/smart-cut.ts';
import { isCounted, primaryVideo, type Asset, type VideoTrackProbe } from '../core/schema/asset.ts';
import type { FrameIndex } from '../core/schema/frame-index.ts';
import { listComments } from '../core/schema/listed-comments.ts';
import type { RenderPlan } from '../core/schema/plan.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import { layOut, type PlanSource } from '../core/timeline/layout.ts';
import type { AnalysisWorkerApi } from '../runtime/contract/analysis.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import type { Supervised } from '../runtime/contract/supervised.ts';
import type { Sources } from './sources.ts';

/** What planning needs. */
export interface PlanningPorts {
  readonly stores: Stores;
  readonly sources: Sources;
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly frameIndex: (asset: Asset) => Promise<Result<FrameIndex, Failure>>;
  /** Whether some engine can: ffmpeg by the codec's name, the browser as it says of the track. */
  readonly canDecode: (track: VideoTrackProbe) => boolean;
  /** Whether some engine encodes what a format holds. */
  readonly canEncode: (format: CheckedSpec['format']) => boolean;
  /** Whether what a format holds is encoded with more than two channels, too. */
  readonly keepsSurround: (format: CheckedSpec['format']) => Promise<boolean>;
  readonly workers: number;
  /**
   * What one worker of the preferred engine encodes, for chunks of a few seconds' work. A fixed figure, never what was
   * learned of this machine: chunks that were cut otherwise tomorrow would not be found again under their content keys.
   */
  readonly pixelsPerSecond: number;
  /** What estimates are made with: the pace that this machine has shown. */
  readonly machine?: () => Pick<PlanInput, 'pace' | 'rungOf'>;
  /** Steps whose segments are there, with their bytes. */
  readonly reusable?: (
    plan: LaidPlan['plan'],
    assets: ReadonlyMap<AssetId, { readonly asset: Asset }>,
  ) => Promise<ReadonlyMap<string, number>>;
}

/** All of an asset. */
const EVERY_FRAME = { first: 0, stop: Number.MAX_SAFE_INTEGER };

/** Answers of `keyFrameIsClean`, which never change for a file. */
export interface CleanKeyMemo {
  get(name: string): boolean | undefined;
  set(name: string, clean: boolean): void;
}

/** Plans an export. `not_found`, `out_of_range`, `unsupported_media`, `source_missing` ... */
export async function planExport(
  ports: PlanningPorts,
  memo: CleanKeyMemo,
  wish: CheckedSpec,
  neverCopy: ReadonlySet<number>,
  preview = false,
): Promise<Result<RenderPlan, Failure>> {
  if (wish.type !== 'csv' && !ports.canEncode(wish.format)) {
    return err(
      failure(
        'invalid_spec',
        'no_encoder',
        `No engine here encodes what "${wish.format}" holds. Choose another format.`,
        { format: wish.format },
      ),
    );
  }
  const sources = await collect(ports, wish);
  if (!sources.ok) return sources;
  // Mixed down where there is no encoder for all channels: the plan lists it.
  const spec: CheckedSpec =
    wish.surround === 'keep' && !(await ports.keepsSurround(wish.format))
      ? { ...wish, surround: 'downmix' }
      : wish;
  const laid = layOut(spec, sources.value);
  if (!laid.ok) return laid;
  // Known to the byte before anything is made.
  const csv = wish.type === 'csv' || wish.type === 'bundle' ? csvOf(wish, sources.value) : null;
  if (csv?.ok === false) return csv;
  const csvBytes = csv === null ? 0 : new TextEncoder().encode(csv.value.text).length;
  if (wish.type === 'csv') return ok(planCsv(wish, laid.value, csvBytes));
  const cleanKeys = new Set<string>();
  // Opening proves a source by its fingerprint: once for a plan, however many of its key frames are looked at.
  const files = new Map<AssetId, Promise<Result<File, Failure>>>();
  const fileOf = (asset: Asset): Promise<Result<File, Failure>> => {
    const opened = files.get(asset.id) ?? ports.sources.open(asset);
    files.set(asset.id, opened);
    return opened;
  };
  const painting = preview ? null : paintingOf(spec, laid.value);
  for (const clip of laid.value) {
    const { asset } = clip.source;
    const wanted = keyFramesToInspect(spec, clip);
    // Where none of them is asked for, nothing is copied anyway.
    const behind =
      painting === null || wanted.length === 0
        ? []
        : keyFramesBehind(clip, touchedSpans(painting, asset.id, EVERY_FRAME));
    for (const timesUs of [wanted, ...behind]) {
      for (const timeUs of timesUs) {
        const name = keyFrameName(asset.id, timeUs);
        const clean = memo.get(name) ?? (await inspect(ports, fileOf, asset, timeUs));
        if (clean !== null) memo.set(name, clean);
        if (clean !== true) continue;
        cleanKeys.add(name);
        // They come best first: those behind it will not be asked for.
        break;
      }
    }
  }
  const laidPlan = layPlan({
    spec,
    sources: sources.value,
    cleanKeys,
    neverCopy,
    canDecode: ports.canDecode,
    workers: ports.workers,
    pixelsPerSecond: ports.pixelsPerSecond,
    ...ports.machine?.(),
    preview,
  });
  if (!laidPlan.ok) return laidPlan;
  const { plan, estimate } = laidPlan.value;
  // What is there already costs nothing. Nobody is told what a preview costs.
  const there = preview ? undefined : await ports.reusable?.(plan, sources.value);
  const video: RenderPlan = { ...plan, estimate: estimate(there ?? new Map()) };
  return ok(wish.type === 'bundle' ? planBundle(video, wish, csvBytes) : video);
}

function csvOf(
  spec: CheckedSpec,
  sources: ReadonlyMap<AssetId, PlanSource>,
): Result<Pick<Written, 'text'>, Failure> {
  return commentsCsv({
    title: spec.name,
    comments: listComments(spec).listed,
    media: [...sources.values()].map(({ asset, index }) => exchangeMedia(asset, index)),
    profile: spec.csv ?? 'spreadsheet',
  });
}

async function collect(
  ports: PlanningPorts,
  spec: CheckedSpec,
): Promise<Result<ReadonlyMap<AssetId, PlanSource>, Failure>> {
  const sources = new Map<AssetId, PlanSource>();
  for (const [position, { assetId }] of spec.segments.entries()) {
    if (sources.has(assetId)) continue;
    const asset = await ports.stores.assets.get(assetId);
    if (asset === null) {
      return err(
        failure(
          'not_found',
          'unknown_asset',
          `Range ${String(position + 1)} names an asset that is not here.`,
          {
            position: position + 1,
            assetId,
          },
        ),
      );
    }
    if (primaryVideo(asset.probe) === null) {
      sources.set(assetId, { asset, index: null });
      continue;
    }
    const index = await ports.frameIndex(asset);
    if (!index.ok) {
      if (spec.type !== 'csv' || !isCounted(asset) || index.error.code !== 'source_missing') return index;
      sources.set(assetId, { asset, index: null });
      continue;
    }
    sources.set(assetId, { asset, index: index.value });
  }
  return ok(sources);
}

/**
 * Null when the key frame cannot be looked at now. It then counts as not clean: the stretch is encoded, which is always
 * right.
 */
async function inspect(
  ports: PlanningPorts,
  fileOf: (asset: Asset) => Promise<Result<File, Failure>>,
  asset: Asset,
  timeUs: number,
): Promise<boolean | null> {
  const track = primaryVideo(asset.probe);
  if (track === null || asset.probe.reader !== 'packets') return false;
  const file = await fileOf(asset);
  if (!file.ok) return null;
  const answer = await ports.analysis.call((api) =>
    api.keyFrameIsClean(file.value, track.order, timeUs + asset.probe.originUs),
  );
  return answer.ok ? answer.value : null;
}

/** What the panel says about a plan, worked out of its steps. Pure. */
import type { Asset } from '../../core/schema/asset.ts';
import type { Export } from '../../core/schema/export.ts';
import type { Deviation, PlannedClip, PlanStep, RenderPlan, StepReason } from '../../core/schema/plan.ts';
import { primaryVideo } from '../core.ts';

/** What is worth telling: a single frame has no rate that could vary. */
export function deviationsShown(plan: RenderPlan, deviations: readonly Deviation[]): readonly Deviation[] {
  if (plan.clips.some(({ frames }) => frames > 1)) return deviations;
  return deviations.filter(({ code }) => code !== 'rate_variable');
}

/** How many ranges are encoded for a reason. */
export interface ReasonCount {
  readonly reason: StepReason;
  readonly count: number;
}

/** Encoded ranges by their reason, the most frequent first. */
export function countReasons(plan: RenderPlan): readonly ReasonCount[] {
  const counts = new Map<StepReason, number>();
  for (const { reason } of plan.summary.encoded) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

/** How much is encoded of the ranges that are copied but for their ends. */
export interface SmartCount {
  /** How many ranges. */
  readonly count: number;
  readonly encodedFrames: number;
  /** All their frames. */
  readonly frames: number;
}

/** The ranges copied but for their ends, taken together; null when there are none. */
export function countSmart(plan: RenderPlan): SmartCount | null {
  const { smart } = plan.summary;
  if (smart.length === 0) return null;
  const encodedFrames = smart.reduce((sum, clip) => sum + clip.encodedFrames, 0);
  const copiedFrames = smart.reduce((sum, clip) => sum + clip.copiedFrames, 0);
  return { count: smart.length, encodedFrames, frames: encodedFrames + copiedFrames };
}

/** How one range is made. */
export interface ClipOutlook {
  readonly position: number;
  readonly label: string;
  readonly lengthUs: number;
  readonly encodedUs: number;
  /** Frames of a range that is copied but for its ends; null for the others. */
  readonly smart: { readonly encodedFrames: number; readonly frames: number } | null;
  /** Null: copied, in full or but for its ends. */
  readonly reason: StepReason | null;
  /** Why it cannot be made: a code of a failure. Null where it can. */
  readonly failed: string | null;
}

/** Ranges that an export of separate clips leaves out, and why, by their positions. */
export function failedClips({ deviations }: Pick<RenderPlan, 'deviations'>): ReadonlyMap<number, string> {
  return new Map(
    deviations.flatMap(({ code, clip, params }) =>
      code === 'clip_failed' && clip !== null ? [[clip, String(params['reason'] ?? '–')] as const] : [],
    ),
  );
}

/** Range by range. */
export function outlookOf(plan: RenderPlan): readonly ClipOutlook[] {
  const failed = failedClips(plan);
  return plan.clips.map((clip) => {
    const encoded = plan.steps.filter((step) => step.kind === 'encode-video' && step.clip === clip.position);
    const encodedUs = encoded.reduce((sum, step) => sum + lengthOf(step), 0);
    const stated = plan.summary.encoded.find((one) => one.clip === clip.position);
    const smart = plan.summary.smart.find((one) => one.clip === clip.position);
    return {
      position: clip.position,
      label: clip.label,
      lengthUs: clip.endUs - clip.startUs,
      encodedUs,
      smart:
        smart === undefined
          ? null
          : { encodedFrames: smart.encodedFrames, frames: smart.encodedFrames + smart.copiedFrames },
      reason: stated?.reason ?? null,
      failed: failed.get(clip.position) ?? null,
    };
  });
}

function lengthOf(step: PlanStep): number {
  return step.kind === 'encode-video' || step.kind === 'copy-video' ? step.endUs - step.startUs : 0;
}

/** How much of the picture is copied, and how much of it there will not be, both 0..1; null without pictures. */
export function pictureShares(plan: RenderPlan): { readonly copied: number; readonly failed: number } | null {
  let copied = 0;
  let all = 0;
  for (const step of plan.steps) {
    const us = lengthOf(step);
    all += us;
    if (step.kind === 'copy-video') copied += us;
  }
  if (all === 0) return null;
  const failed = failedClips(plan);
  const lost = plan.clips
    .filter(({ position }) => failed.has(position))
    .reduce((sum, { startUs, endUs }) => sum + Math.max(0, endUs - startUs), 0);
  return { copied: copied / (all + lost), failed: lost / (all + lost) };
}

/** How many clips an export of parts has, and how many are missing; null for one file. */
export function partCounts({
  parts,
}: Pick<Export, 'parts'>): { readonly made: number; readonly failed: number; readonly total: number } | null {
  if (parts === undefined) return null;
  const count = (status: (typeof parts)[number]['status']): number =>
    parts.filter((part) => part.status === status).length;
  return { made: count('completed'), failed: count('failed'), total: parts.length };
}

/** Width and height as displayed. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How many files of separate clips there are, and the size of their pictures: one for all, or different ones; null without
 * pictures, or where it is not known. Each clip has the size that its own plan says. Before there is a record only what they make
 * together is planned: then it is the size that its frames are encoded in, or where packets are copied that of the source.
 */
export function filesOf(
  plan: RenderPlan,
  parts: Export['parts'] | null,
  assets: readonly Asset[],
): { readonly count: number; readonly size: PictureSize | 'different' | null } {
  const failed = failedClips(plan);
  const sizes =
    parts != null
      ? parts.filter(({ status }) => status !== 'failed').map(({ plan: own }) => own?.output.video ?? null)
      : plan.clips.filter(({ position }) => !failed.has(position)).map((clip) => sizeOf(plan, clip, assets));
  const pictures = sizes.filter((size) => size !== null);
  const [first] = pictures;
  const same = pictures.every(({ width, height }) => width === first?.width && height === first.height);
  return {
    count: sizes.length,
    size: first === undefined ? null : same ? { width: first.width, height: first.height } : 'different',
  };
}

function sizeOf(plan: RenderPlan, clip: PlannedClip, assets: readonly Asset[]): PictureSize | null {
  const steps = plan.steps.filter((step) => 'clip' in step && step.clip === clip.position);
  const copied = steps.some(({ kind }) => kind === 'copy-video');
  const encoded = steps.find((step) => step.kind === 'encode-video');
  if (!copied && encoded !== undefined) return encoded.filter;
  const asset = assets.find(({ id }) => id === clip.assetId);
  const video = asset === undefined ? null : primaryVideo(asset.probe);
  return video === null || !copied ? null : { width: video.displayWidth, height: video.displayHeight };
}

/**
 * What exports that hand comments over (`csv`, `bundle`) plan beside the picture: which comments they list, which they leave out,
 * and what the files beside the video take. Pure.
 */
import type { Annotation } from '../schema/annotation.ts';
import { listComments } from '../schema/listed-comments.ts';
import {
  PLAN_VERSION,
  type Deviation,
  type PlanEstimate,
  type PlannedClip,
  type RenderPlan,
} from '../schema/plan.ts';
import type { CheckedSpec } from '../schema/spec.ts';
import type { TimelineClip } from '../timeline/layout.ts';

/** Making one thumbnail: a seek, some pictures decoded, one encoded. Milliseconds. */
const THUMBNAIL_MS = 120;
/** Longer side of a thumbnail, and what its JPEG takes for a pixel of ordinary footage, bytes. */
const THUMBNAIL_SIDE = 640;
const THUMBNAIL_PIXEL_BYTES = 0.16;
/** What the other small files of a bundle take without their comments, bytes. */
const PAPERS_BYTES = 12_000;
/** A comment on the contact sheet beside its text and its picture, bytes. */
const SHEET_ROW_BYTES = 900;
/** Bytes that a millisecond takes through: a check sum, a ZIP, and the ZIP read back. */
const PACKED_PER_MS = 40_000;

/** What an export does with its comments that the request did not ask for in so many words. */
export function commentDeviations(spec: CheckedSpec): readonly Deviation[] {
  const { legacy, outside } = listComments(spec);
  const said = (code: Deviation['code'], count: number): Deviation[] =>
    count === 0 ? [] : [{ code, clip: null, params: { count } }];
  return [...said('legacy_comments', legacy), ...said('comments_outside_ranges', outside)];
}

function countsOf(spec: CheckedSpec): NonNullable<RenderPlan['comments']> {
  const { listed, legacy, outside } = listComments(spec);
  return { listed: listed.length, legacy, outside };
}

function clipOf({ position, source, label, startUs, endUs }: TimelineClip): PlannedClip {
  const at = { outStartUs: 0, outEndUs: 0, frames: 0 };
  return { position, assetId: source.asset.id, label, startUs, endUs, ...at };
}

/**
 * The plan of an export that is a CSV alone: nothing is rendered, and no source has to be read.
 *
 * @param bytes of the CSV, which is known when it is planned
 */
export function planCsv(spec: CheckedSpec, clips: readonly TimelineClip[], bytes: number): RenderPlan {
  return {
    version: PLAN_VERSION,
    output: { container: spec.format, fileName: spec.name, durationUs: 0, video: null, audio: null },
    clips: clips.map(clipOf),
    steps: [],
    deviations: commentDeviations(spec),
    summary: { copied: 0, smart: [], encoded: [], sound: 'none' },
    // What takes less than a moment is not worth a figure that would then be off by half.
    estimate: { wallMs: 0, bytes, storageBytes: bytes, reused: 0, work: {} },
    comments: countsOf(spec),
  };
}

/** A thumbnail each, but for those that have no time. */
function thumbnailsOf(spec: CheckedSpec): number {
  const { listed, legacy } = listComments(spec);
  return listed.length - legacy;
}

/** What making a bundle's thumbnails is expected to cost, milliseconds. */
export function thumbnailsMs(spec: CheckedSpec): number {
  return thumbnailsOf(spec) * THUMBNAIL_MS;
}

/** What packing so many bytes is expected to cost, milliseconds. */
export function packingMs(bytes: number): number {
  return bytes / PACKED_PER_MS;
}

/** Bytes of one thumbnail, by the size of the video's pictures. */
function thumbnailBytes({ output: { video } }: RenderPlan): number {
  if (video === null) return 0;
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(video.width, video.height));
  return video.width * video.height * scale ** 2 * THUMBNAIL_PIXEL_BYTES;
}

/** Bytes of what lies beside the video in a bundle. */
function papersBytes(video: RenderPlan, spec: CheckedSpec, csvBytes: number): number {
  const pictures = thumbnailsOf(spec) * thumbnailBytes(video);
  const { listed } = listComments(spec);
  const sheet = listed.reduce((sum, comment) => sum + textBytes(comment) + SHEET_ROW_BYTES, 0);
  // Pictures lie in the folder, and once more in the contact sheet, in base 64.
  return PAPERS_BYTES + csvBytes + sheet + JSON.stringify(spec).length + pictures + (pictures * 4) / 3;
}

function textBytes({ text, author, replies }: Annotation): number {
  // Korean is three bytes a letter.
  return 3 * replies.reduce((sum, reply) => sum + reply.text.length, text.length + author.length);
}

/** The video's plan as that of the bundle that it is delivered in. */
export function planBundle(video: RenderPlan, spec: CheckedSpec, csvBytes: number): RenderPlan {
  const papers = papersBytes(video, spec, csvBytes);
  const { estimate } = video;
  const bytes = Math.round(estimate.bytes + papers);
  const whole: PlanEstimate = {
    ...estimate,
    wallMs: Math.round(estimate.wallMs + thumbnailsMs(spec) + packingMs(bytes)),
    bytes,
    // Everything lies there once more while it is packed.
    storageBytes: Math.round(estimate.storageBytes + papers + bytes),
  };
  return {
    ...video,
    deviations: [...video.deviations, ...commentDeviations(spec)],
    estimate: whole,
    comments: countsOf(spec),
  };
}

/** What rendering a plan needs and gives. */
import type { AssetId } from '../../core/base/ids.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Receipt } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { PictureReference } from '../contract/reference.ts';

/** Sources of a plan by asset. */
export type PlanSources = ReadonlyMap<AssetId, { readonly asset: Asset; readonly file: File }>;

/** A rendered segment. */
export interface RenderedSegment {
  readonly key: string;
  readonly data: Blob;
  readonly frames: number;
  /** Errors that the decoder reported while it was made. */
  readonly complaints: number;
  /** What its key frames and its last picture should look like. */
  readonly references: readonly PictureReference[];
}

/** A step that ended. */
export interface StepNews {
  readonly receipt: Receipt;
  /** Pixels of the pictures that were encoded; 0 for sound, and where the segment was there already. */
  readonly pixels: number;
}

/** All segments of a plan by step. */
export interface Rendered {
  readonly segments: ReadonlyMap<string, RenderedSegment>;
  readonly receipts: readonly Receipt[];
  /** The plan as it was rendered: a step may have been cut in two. */
  readonly plan: RenderPlan;
}

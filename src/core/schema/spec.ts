/**
 * The export spec, version 1: the JSON document that says what to make. Anything that can be exported can be
 * written as one; it is hostile input until it has passed `parseExportSpec`.
 */
import { z } from 'zod';
import type { AssetId } from '../base/ids.ts';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { annotationSchema, MAX_ANNOTATIONS, type Annotation } from './annotation.ts';
import { whereWrong } from './where-wrong.ts';

/** The newest spec version this build reads. */
export const SPEC_VERSION = 1;
/** Longest reel that a spec may ask for. */
export const MAX_SEGMENTS = 2000;

/** One source range. Microseconds of asset time, end exclusive. */
export const specSegmentSchema = z.strictObject({
  assetId: z
    .string()
    .min(1)
    .max(200)
    .transform((id) => id as AssetId),
  startUs: z.number().int().nonnegative(),
  endUs: z.number().int().positive(),
  label: z.string().max(500).optional(),
  /** Position among the asset's sound tracks; its first one that can be used when left out. */
  audioTrack: z.number().int().nonnegative().max(63).optional(),
});

/** The export spec, version 1. */
export const exportSpecSchema = z.strictObject({
  version: z.literal(SPEC_VERSION),
  name: z.string().min(1).max(200),
  type: z.enum(['single', 'combined', 'clips', 'csv', 'bundle']),
  segments: z.array(specSegmentSchema).min(1).max(MAX_SEGMENTS),
  format: z.enum(['mp4', 'mov', 'webm']).default('mp4'),
  resolution: z.enum(['source', '720p', '1080p', '4k']).default('source'),
  quality: z.enum(['high', 'medium', 'low']).default('high'),
  cut: z.enum(['exact', 'keyframe']).default('exact'),
  burnIn: z.boolean().default(false),
  /** How long a comment without a duration is shown, microseconds; `DEFAULT_SHOWN_US` when left out. */
  shownUs: z.int().min(1).max(3_600_000_000).optional(),
  /** What a strip below the picture says while comments are painted; nothing when left out. */
  strip: z.enum(['none', 'timecode', 'name', 'both']).optional(),
  /**
   * The comments that it shows or lists: those that the assets have when the export is made, when left out. Written into the
   * spec then, so that a job that goes on tomorrow makes what was asked for today.
   */
  comments: z.array(annotationSchema).max(MAX_ANNOTATIONS).optional(),
  /** How a CSV is written; `spreadsheet` when left out. */
  csv: z.enum(['spreadsheet', 'interchange']).optional(),
  audio: z.enum(['keep', 'drop']).default('keep'),
  /** Sound of more than two channels: mixed down to stereo, or kept where the format can (5.1). */
  surround: z.enum(['downmix', 'keep']).default('downmix'),
  /** Whether a resolution may enlarge smaller pictures. */
  enlarge: z.boolean().default(false),
});

/** The export spec after checking: every option has its value. */
export type CheckedSpec = z.infer<typeof exportSpecSchema>;

/** One source range of a spec as a program writes it. */
export interface SpecSegment {
  readonly assetId: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly label?: string | undefined;
  readonly audioTrack?: number | undefined;
}

/** The export spec as a program writes it; options left out take their defaults. */
export interface ExportSpec {
  readonly version: 1;
  readonly name: string;
  readonly type: 'single' | 'combined' | 'clips' | 'csv' | 'bundle';
  readonly segments: readonly SpecSegment[];
  readonly format?: 'mp4' | 'mov' | 'webm' | undefined;
  readonly resolution?: 'source' | '720p' | '1080p' | '4k' | undefined;
  readonly quality?: 'high' | 'medium' | 'low' | undefined;
  readonly cut?: 'exact' | 'keyframe' | undefined;
  readonly burnIn?: boolean | undefined;
  /** How long a comment without a duration is shown, microseconds; three seconds when left out. */
  readonly shownUs?: number | undefined;
  readonly strip?: 'none' | 'timecode' | 'name' | 'both' | undefined;
  /** The comments that it shows or lists; those that the assets have by then, when left out. */
  readonly comments?: readonly Annotation[] | undefined;
  readonly csv?: 'spreadsheet' | 'interchange' | undefined;
  readonly audio?: 'keep' | 'drop' | undefined;
  readonly surround?: 'downmix' | 'keep' | undefined;
  readonly enlarge?: boolean | undefined;
}

/** Whether what a spec asks for has anything to do with comments. */
export function needsComments({ type, burnIn }: Pick<CheckedSpec, 'type' | 'burnIn'>): boolean {
  return burnIn || type === 'csv' || type === 'bundle';
}

/**
 * Checks a spec. The version is looked at first, so that a newer document is called newer and not broken.
 * Fails with `invalid_spec` and the place of the first mistake in `details.path`.
 */
export function parseExportSpec(input: unknown): Result<CheckedSpec, Failure> {
  if (typeof input === 'object' && input !== null && 'version' in input) {
    const { version } = input;
    if (typeof version === 'number' && Number.isInteger(version) && version > SPEC_VERSION) {
      return err(
        failure(
          'invalid_spec',
          'newer_version',
          `This spec is version ${String(version)}; this build reads 1.`,
          {
            version,
          },
        ),
      );
    }
  }
  const parsed = exportSpecSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = whereWrong(parsed.error);
    const message = issue?.message ?? 'not a spec';
    return err(
      failure('invalid_spec', 'bad_spec', `The export spec is not valid at "${path}": ${message}`, { path }),
    );
  }
  const spec = parsed.data;
  for (const [position, segment] of spec.segments.entries()) {
    if (segment.endUs <= segment.startUs) {
      return err(
        failure('out_of_range', 'range_empty', `Range ${String(position + 1)} ends before it starts.`, {
          position: position + 1,
        }),
      );
    }
  }
  if (spec.type === 'single' && spec.segments.length !== 1) {
    return err(
      failure(
        'invalid_spec',
        'single_needs_one_segment',
        'An export of type "single" takes exactly one range.',
        {
          count: spec.segments.length,
        },
      ),
    );
  }
  return ok(spec);
}

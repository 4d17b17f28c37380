/**
 * Annotations: comments on an asset, on a frame, over a range, or (from older reviews) on no frame at all. Saved one record
 * each, so that two tabs, or a page and its host, never write over each other's. Whatever comes in is hostile until it has passed
 * `parseAnnotationInputs`.
 */
import { z } from 'zod';
import { failure, type Failure } from '../base/failure.ts';
import type { AnnotationId, AssetId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { isoDateSchema } from './iso-date.ts';
import { whereWrong } from './where-wrong.ts';

/** Version of the annotation record; a change of shape takes the next number and a migration step. */
export const ANNOTATION_VERSION = 1;
/** Longest text of a comment or reply, characters. */
export const MAX_TEXT = 10_000;
/** Longest author's name or category. */
export const MAX_NAME = 200;
/** Most shapes of one comment. */
export const MAX_SHAPES = 200;
/** Most points of one stroke. */
export const MAX_POINTS = 5_000;
/** Most replies to one comment. */
export const MAX_REPLIES = 1_000;
/** Most comments that are handed over at once. */
export const MAX_ANNOTATIONS = 20_000;
/** How long a comment without a duration is shown, microseconds, where nobody has set anything else. */
export const DEFAULT_SHOWN_US = 3_000_000;
/** The colour of a comment that names none. */
export const DEFAULT_COLOR = '#ff4d4f';

/**
 * A place or length as a part of the displayed frame (after rotation), 0 at the left and top. What leaves the frame is cut off
 * where it is painted.
 */
const part = z.number().min(-1).max(2);

/** What is drawn on the picture. Coordinates 0..1 of the displayed frame. */
export const shapeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['box', 'ellipse']), x: part, y: part, w: part, h: part }),
  z.object({ kind: z.literal('arrow'), x1: part, y1: part, x2: part, y2: part }),
  z.object({
    kind: z.literal('freehand'),
    points: z
      .array(z.tuple([part, part]).readonly())
      .min(1)
      .max(MAX_POINTS)
      .readonly(),
  }),
  z.object({ kind: z.literal('text'), x: part, y: part, text: z.string().max(MAX_TEXT) }),
]);

/** A colour as `#rrggbb`: nothing else reaches a canvas or a style. */
export const colorTextSchema = z.string().regex(/^#[0-9a-f]{6}$/i);

/** An answer to a comment. */
export const replySchema = z.object({
  id: z.string().min(1).max(200),
  author: z.string().max(MAX_NAME),
  text: z.string().max(MAX_TEXT),
  createdAt: isoDateSchema,
  /** When it was changed; absent where it never was. */
  updatedAt: isoDateSchema.optional(),
});

/** The saved record. */
export const annotationSchema = z.object({
  version: z.literal(ANNOTATION_VERSION),
  id: z
    .string()
    .min(1)
    .max(200)
    .transform((id) => id as AnnotationId),
  assetId: z.string().transform((id) => id as AssetId),
  /**
   * Asset time of the first frame it is shown on, microseconds. Null: a legacy comment, which has no place in the film and is never
   * given an invented one.
   */
  timeUs: z.int().nonnegative().nullable(),
  /** How long it is shown, microseconds; null where nobody said: the setting decides. */
  durationUs: z.int().positive().nullable(),
  text: z.string().max(MAX_TEXT),
  author: z.string().max(MAX_NAME),
  color: colorTextSchema,
  category: z.string().max(MAX_NAME).nullable(),
  shapes: z.array(shapeSchema).max(MAX_SHAPES).readonly(),
  replies: z.array(replySchema).max(MAX_REPLIES).readonly(),
  /** Who has settled it, and when; null while it is open. */
  resolved: z.object({ by: z.string().max(MAX_NAME), at: isoDateSchema }).nullable(),
  createdAt: isoDateSchema,
  /** When it was changed or settled last; replies have times of their own. */
  updatedAt: isoDateSchema,
  /**
   * `updatedAt` of what came from another side of the review: tells whether it was changed here since. Absent where it never
   * came from anybody.
   */
  basis: isoDateSchema.optional(),
});

/** What is drawn on the picture. */
export type Shape = z.infer<typeof shapeSchema>;
/** An answer to a comment. */
export type Reply = z.infer<typeof replySchema>;
/** A comment on an asset. */
export type Annotation = z.infer<typeof annotationSchema>;

/** A comment as a program hands it over; what it leaves out takes its default. */
export const annotationInputSchema = z.strictObject({
  timeUs: z.int().nonnegative().nullable(),
  durationUs: z.int().positive().optional(),
  text: z.string().max(MAX_TEXT),
  author: z.string().max(MAX_NAME),
  color: colorTextSchema.optional(),
  category: z.string().max(MAX_NAME).optional(),
  createdAt: isoDateSchema.optional(),
  shapes: z.array(shapeSchema).max(MAX_SHAPES).optional(),
});

/** A comment as a program hands it over. */
export interface AnnotationInput {
  /** Asset time, microseconds; null for a legacy comment. */
  readonly timeUs: number | null;
  readonly durationUs?: number | undefined;
  readonly text: string;
  readonly author: string;
  /** `#rrggbb`. */
  readonly color?: string | undefined;
  readonly category?: string | undefined;
  /** ISO-8601. */
  readonly createdAt?: string | undefined;
  readonly shapes?: readonly Shape[] | undefined;
}

/**
 * Checks comments that a program hands over: all of them or none. Fails with `invalid_spec` and the place of the first mistake
 * in `details.path`, with `out_of_range`/`range_outside_media` for a time beyond the asset's end.
 */
export function parseAnnotationInputs(
  input: unknown,
  durationUs: number,
): Result<readonly z.infer<typeof annotationInputSchema>[], Failure> {
  const parsed = z.array(annotationInputSchema).max(MAX_ANNOTATIONS).safeParse(input);
  if (!parsed.success) {
    const path = whereWrong(parsed.error);
    const message = parsed.error.issues[0]?.message ?? 'not a comment';
    return err(
      failure('invalid_spec', 'bad_spec', `A comment is not valid at "${path}": ${message}`, { path }),
    );
  }
  const late = parsed.data.findIndex(({ timeUs }) => timeUs !== null && timeUs >= durationUs);
  if (late < 0) return ok(parsed.data);
  return err(
    failure(
      'out_of_range',
      'range_outside_media',
      `Comment ${String(late + 1)} lies beyond the end of the file.`,
      {
        position: late + 1,
        durationUs,
      },
    ),
  );
}

/** Makes the record of a new comment. */
export function annotationOf(
  input: z.infer<typeof annotationInputSchema>,
  made: { readonly id: AnnotationId; readonly assetId: AssetId; readonly isoNow: string },
): Annotation {
  return {
    version: ANNOTATION_VERSION,
    id: made.id,
    assetId: made.assetId,
    timeUs: input.timeUs,
    durationUs: input.durationUs ?? null,
    text: input.text.normalize('NFC'),
    author: input.author.normalize('NFC'),
    color: (input.color ?? DEFAULT_COLOR).toLowerCase(),
    category: input.category ?? null,
    shapes: input.shapes === undefined ? [] : [...input.shapes],
    replies: [],
    resolved: null,
    createdAt: input.createdAt ?? made.isoNow,
    updatedAt: made.isoNow,
  };
}

/** Whether a comment has no place in the film. */
export function isLegacy({ timeUs }: Pick<Annotation, 'timeUs'>): boolean {
  return timeUs === null;
}

/** Comments in the order of the film, legacy ones last; equal ones as they were made. */
export function byTime(a: Annotation, b: Annotation): number {
  if (a.timeUs !== b.timeUs) return (a.timeUs ?? Infinity) - (b.timeUs ?? Infinity);
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1;
}

/** Reads a saved record of any version up to ours. */
export function readAnnotation(raw: unknown): Result<Annotation, Failure> {
  const version = (raw as { readonly version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > ANNOTATION_VERSION) {
    return err(failure('invalid_spec', 'newer_version', 'A newer build saved this comment.', { version }));
  }
  const parsed = annotationSchema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const path = whereWrong(parsed.error);
  return err(failure('invalid_spec', 'bad_spec', `The comment is not valid at "${path}".`, { path }));
}

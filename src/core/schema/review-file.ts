/**
 * The review file (`.reelkeep`): a ZIP with `review.json` (this schema) and beside it posters, frame indexes and, where the person wants,
 * the footage or small previews of it. Handed to another person, answered, handed back. Hostile input until it has passed
 * `readReviewManifest`.
 */
import { z } from 'zod';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { annotationSchema, MAX_ANNOTATIONS } from './annotation.ts';
import { assetSchema } from './asset.ts';
import { clipSchema } from './document.ts';
import type { FrameIndex } from './frame-index.ts';
import { isoDateSchema } from './iso-date.ts';
import { whereWrong } from './where-wrong.ts';

/** Version of the review file. */
export const REVIEW_FILE_VERSION = 1;
/** Its ending. */
export const REVIEW_EXTENSION = 'reelkeep';
/** Name of the manifest in it: always the first entry. */
export const REVIEW_MANIFEST = 'review.json';
/** Longest manifest that is read, bytes. */
export const MAX_MANIFEST_BYTES = 256_000_000;
/** Most files that a review is of. */
const MAX_ASSETS = 2_000;

/** A plain name, or one below one folder of ours: nothing that leads out of the ZIP. */
const entryName = z
  .string()
  .max(300)
  .regex(/^(?:posters|indexes|previews|media)\/[^/\\]+$/)
  .refine((name) => !name.includes('..'));

/** `review.json`. */
export const reviewManifestSchema = z.object({
  kind: z.literal('reelkeep-review'),
  version: z.literal(REVIEW_FILE_VERSION),
  title: z.string().max(200),
  exportedAt: isoDateSchema,
  /** Who has handed it over. */
  by: z.string().max(200),
  assets: z
    .array(
      z.object({
        record: assetSchema,
        poster: entryName.nullable(),
        index: entryName.nullable(),
        /** A small copy to look at. */
        preview: entryName.nullable(),
        /** The file itself. */
        media: entryName.nullable(),
      }),
    )
    .max(MAX_ASSETS),
  clips: z.array(clipSchema).max(2_000),
  comments: z.array(annotationSchema).max(MAX_ANNOTATIONS * 5),
});

/** `review.json`. */
export type ReviewManifest = z.infer<typeof reviewManifestSchema>;

/** Reads a manifest. `invalid_spec`/`newer_version`, or `bad_spec` with the place in `details.path`. */
export function readReviewManifest(text: string): Result<ReviewManifest, Failure> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err(failure('invalid_spec', 'bad_spec', 'The review file does not hold a review.', { path: '' }));
  }
  const version = (raw as { readonly version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > REVIEW_FILE_VERSION) {
    return err(
      failure('invalid_spec', 'newer_version', 'A newer build has written this review file.', { version }),
    );
  }
  const parsed = reviewManifestSchema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const path = whereWrong(parsed.error);
  return err(failure('invalid_spec', 'bad_spec', `The review file is not valid at "${path}".`, { path }));
}

/** A frame index as JSON: times as steps from one to the next, which are short. */
const savedIndexSchema = z.object({
  version: z.literal(1),
  stepsUs: z.array(z.int()),
  flags: z.array(z.int().min(0).max(255)),
  endUs: z.int(),
  complete: z.boolean(),
});

/** Writes a frame index into a review file. */
export function writeFrameIndex(index: FrameIndex): string {
  const stepsUs = Array.from(index.timesUs, (time, at) => time - (index.timesUs[at - 1] ?? 0));
  return JSON.stringify({
    version: 1,
    stepsUs,
    flags: [...index.flags],
    endUs: index.endUs,
    complete: index.complete,
  });
}

/** Reads one; null for what is none. */
export function readFrameIndex(text: string): FrameIndex | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = savedIndexSchema.safeParse(raw);
  if (!parsed.success || parsed.data.stepsUs.length !== parsed.data.flags.length) return null;
  const { stepsUs, flags, endUs, complete } = parsed.data;
  const timesUs = new Float64Array(stepsUs.length);
  let time = 0;
  for (const [at, step] of stepsUs.entries()) {
    // Frames appear one after the other, whatever the file says.
    if (at > 0 && step < 0) return null;
    time += step;
    timesUs[at] = time;
  }
  return { version: 1, timesUs, flags: Uint8Array.from(flags), endUs, complete };
}

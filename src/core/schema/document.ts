/** The project document: what the person makes. Undoable, saved by itself. */
import { z } from 'zod';
import type { AssetId, ClipId } from '../base/ids.ts';

/** Version of the document; a change of shape takes the next number and a migration step. */
export const DOCUMENT_VERSION = 2;

/** A clip of the reel: a source range with a name. Microseconds of asset time, end exclusive. */
export const clipSchema = z.object({
  id: z.string().transform((id) => id as ClipId),
  assetId: z.string().transform((id) => id as AssetId),
  startUs: z.number().int().nonnegative(),
  endUs: z.number().int().positive(),
  label: z.string().max(500),
  /** Position among the asset's sound tracks; absent: the one that the product takes by itself. Since version 2. */
  audioTrack: z.number().int().nonnegative().max(63).optional(),
});

/** The saved project document. */
export const documentSchema = z.object({
  version: z.literal(DOCUMENT_VERSION),
  id: z.string(),
  name: z.string().max(200),
  /** The order of the media list. */
  assetOrder: z.array(z.string().transform((id) => id as AssetId)),
  /** The reel: clips in playing order. */
  clips: z.array(clipSchema),
  /** ISO-8601. */
  updatedAt: z.string(),
});

/** A clip of the reel. */
export type Clip = z.infer<typeof clipSchema>;
/** The project document. */
export type ProjectDocument = z.infer<typeof documentSchema>;

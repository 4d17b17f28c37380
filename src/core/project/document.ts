/** The empty project document, and questions that others ask of a document. */
import type { AssetId, ClipId } from '../base/ids.ts';
import { DOCUMENT_VERSION, type Clip, type ProjectDocument } from '../schema/document.ts';

/** A new document with nothing in it. */
export function emptyDocument(id: string, isoNow: string): ProjectDocument {
  return { version: DOCUMENT_VERSION, id, name: '', assetOrder: [], clips: [], updatedAt: isoNow };
}

/** The clip with an id, null when there is none. */
export function clipById(document: ProjectDocument, id: ClipId): Clip | null {
  return document.clips.find((clip) => clip.id === id) ?? null;
}

/** The clips that use an asset, in the order of the reel. */
export function clipsOfAsset(document: ProjectDocument, assetId: AssetId): readonly Clip[] {
  return document.clips.filter((clip) => clip.assetId === assetId);
}

/** Length of the reel, microseconds. */
export function totalLengthUs(document: ProjectDocument): number {
  return document.clips.reduce((sum, clip) => sum + (clip.endUs - clip.startUs), 0);
}

/** When each clip starts in the reel, microseconds, in the order of the reel. */
export function clipStartsUs(document: ProjectDocument): readonly number[] {
  let next = 0;
  return document.clips.map((clip) => {
    const start = next;
    next += clip.endUs - clip.startUs;
    return start;
  });
}

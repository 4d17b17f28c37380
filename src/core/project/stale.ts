/** Whether an export still shows what the document says, and the spec that would show it. Pure. */
import { canonicalJson } from '../base/canonical.ts';
import { isLegacy, type Annotation } from '../schema/annotation.ts';
import type { Export, ExportOrigin } from '../schema/export.ts';
import type { Clip, ProjectDocument } from '../schema/document.ts';
import { listComments } from '../schema/listed-comments.ts';
import { needsComments, type CheckedSpec, type SpecSegment } from '../schema/spec.ts';

/** What is asked of an export here. */
export type MadeFrom = Pick<Export, 'origin' | 'spec'>;

/** The clips that an export shows, as the document has them now; null where one of them is gone. */
function clipsOf(origin: ExportOrigin, document: ProjectDocument): readonly Clip[] | null {
  if (origin.clipIds === null) return document.clips;
  const clips = origin.clipIds.flatMap((id) => document.clips.filter((clip) => clip.id === id));
  return clips.length === origin.clipIds.length ? clips : null;
}

/** A clip as a spec names it. */
export function segmentOf({ assetId, startUs, endUs, label, audioTrack }: Clip): SpecSegment {
  return {
    assetId,
    startUs,
    endUs,
    ...(label === '' ? {} : { label }),
    ...(audioTrack === undefined ? {} : { audioTrack }),
  };
}

/** Whether two ranges look and sound the same in a file made by a spec. Names count where files are named by them. */
function same(spec: CheckedSpec, before: SpecSegment, now: SpecSegment): boolean {
  const named = spec.type === 'clips';
  const silent = spec.audio === 'drop' || spec.type === 'csv';
  return (
    before.assetId === now.assetId &&
    before.startUs === now.startUs &&
    before.endUs === now.endUs &&
    (silent || before.audioTrack === now.audioTrack) &&
    (!named || (before.label ?? '') === (now.label ?? ''))
  );
}

/**
 * Whether comments have changed since an export was made that shows or lists them. Those that it leaves out do not count; nor does
 * the order in which they are kept, or when one was touched last.
 */
function commentsChanged(spec: CheckedSpec, comments: readonly Annotation[]): boolean {
  if (!needsComments(spec) || spec.comments === undefined) return false;
  const lists = spec.type === 'csv' || spec.type === 'bundle';
  const told = (from: readonly Annotation[]): string => {
    const { listed } = listComments({ ...spec, comments: from });
    // Painted into the picture alone, a comment without a time is nowhere.
    const shown = lists ? listed : listed.filter((comment) => !isLegacy(comment));
    return canonicalJson(shown.map(({ updatedAt: _, ...rest }) => rest));
  };
  const assets = new Set(spec.segments.map(({ assetId }) => assetId));
  return told(spec.comments) !== told(comments.filter(({ assetId }) => assets.has(assetId)));
}

/**
 * Whether the document, or the comments that an export shows, have changed since it was made; null where the export was not made
 * from this document. What cannot be seen or heard in the file (the name of the project, a range's label) does not count, and
 * undoing a change takes the answer back.
 *
 * @param comments all that there are now; null where only the document is asked about
 */
export function isStale(
  { origin, spec }: MadeFrom,
  document: ProjectDocument,
  comments: readonly Annotation[] | null = null,
): boolean | null {
  if (origin?.documentId !== document.id) return null;
  const clips = clipsOf(origin, document);
  if (clips?.length !== spec.segments.length) return true;
  const moved = clips.some((clip, at) => {
    const before = spec.segments[at];
    return before === undefined || !same(spec, before, segmentOf(clip));
  });
  return moved || (comments !== null && commentsChanged(spec, comments));
}

/** The same export of what the document says now, its comments left to be filled; null where there is nothing left of it to export. */
export function specAgain({ origin, spec }: MadeFrom, document: ProjectDocument): CheckedSpec | null {
  if (origin?.documentId !== document.id) return null;
  const clips = clipsOf(origin, document);
  if (clips === null || clips.length === 0) return null;
  // Its comments are those that there are by then.
  const { comments: _, ...rest } = spec;
  // Ids are branded in the document as they are in a checked spec.
  return { ...rest, segments: clips.map((clip) => ({ ...segmentOf(clip), assetId: clip.assetId })) };
}

/** Whether an export still shows what the document says, and the spec that would show it. Pure. */
import type { Export, ExportOrigin } from '../schema/export.ts';
import type { Clip, ProjectDocument } from '../schema/document.ts';
import type { CheckedSpec, SpecSegment } from '../schema/spec.ts';

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
  const named = spec.type !== 'single' && spec.type !== 'combined';
  return (
    before.assetId === now.assetId &&
    before.startUs === now.startUs &&
    before.endUs === now.endUs &&
    (spec.audio === 'drop' || before.audioTrack === now.audioTrack) &&
    (!named || (before.label ?? '') === (now.label ?? ''))
  );
}

/**
 * Whether the document has changed since an export was made from it; null where the export was not made from this document.
 * What cannot be seen or heard in the file (the name of the project, a range's label) does not count, and undoing a change
 * takes the answer back.
 */
export function isStale({ origin, spec }: MadeFrom, document: ProjectDocument): boolean | null {
  if (origin?.documentId !== document.id) return null;
  const clips = clipsOf(origin, document);
  if (clips?.length !== spec.segments.length) return true;
  return clips.some((clip, at) => {
    const before = spec.segments[at];
    return before === undefined || !same(spec, before, segmentOf(clip));
  });
}

/** The same export of what the document says now; null where there is nothing left of it to export. */
export function specAgain({ origin, spec }: MadeFrom, document: ProjectDocument): CheckedSpec | null {
  if (origin?.documentId !== document.id) return null;
  const clips = clipsOf(origin, document);
  if (clips === null || clips.length === 0) return null;
  // Ids are branded in the document as they are in a checked spec.
  return { ...spec, segments: clips.map((clip) => ({ ...segmentOf(clip), assetId: clip.assetId })) };
}

/** Which comments an export lists, in which order, and which it leaves out. Pure; CSV, thumbnails and contact sheet follow it. */
import { byTime, DEFAULT_SHOWN_US, isLegacy, type Annotation } from './annotation.ts';
import type { SpecSegment } from './spec.ts';

/** What of a spec decides it; a checked one and one that a program writes both have it. */
export interface ListsComments {
  readonly segments: readonly SpecSegment[];
  readonly comments?: readonly Annotation[] | undefined;
  readonly shownUs?: number | undefined;
}

/** The comments of a spec, sorted out. */
export interface ListedComments {
  /**
   * Those that are seen in a range, in the order in which the output first shows them, then the legacy ones of its files. A
   * comment's number is its position here, from 1.
   */
  readonly listed: readonly Annotation[];
  /** How many of them have no time. */
  readonly legacy: number;
  /** How many are left out: never seen in a range, or of a file that has none. */
  readonly outside: number;
}

/** When a comment is no longer shown, asset time. */
function endOf({ timeUs, durationUs }: Annotation, shownUs: number): number {
  return (timeUs ?? 0) + (durationUs ?? shownUs);
}

/** Sorts a spec's comments out. A range that is used twice lists its comments once. */
export function listComments({
  segments,
  comments = [],
  shownUs = DEFAULT_SHOWN_US,
}: ListsComments): ListedComments {
  const firstRange = (comment: Annotation): number => {
    const start = comment.timeUs ?? 0;
    return segments.findIndex(
      ({ assetId, startUs, endUs }) =>
        assetId === comment.assetId && start < endUs && endOf(comment, shownUs) > startUs,
    );
  };
  const seen = comments
    .filter((comment) => !isLegacy(comment))
    .map((comment) => ({ comment, range: firstRange(comment) }))
    .filter(({ range }) => range >= 0)
    .sort((a, b) => a.range - b.range || byTime(a.comment, b.comment));
  const firstOf = new Map<string, number>();
  for (const [at, { assetId }] of segments.entries()) if (!firstOf.has(assetId)) firstOf.set(assetId, at);
  const placeOf = ({ assetId }: Annotation): number => firstOf.get(assetId) ?? -1;
  const legacy = comments
    .filter((comment) => isLegacy(comment) && firstOf.has(comment.assetId))
    .sort((a, b) => placeOf(a) - placeOf(b) || byTime(a, b));
  return {
    listed: [...seen.map(({ comment }) => comment), ...legacy],
    legacy: legacy.length,
    outside: comments.length - seen.length - legacy.length,
  };
}

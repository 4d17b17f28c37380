/**
 * What readers of time lines share: tracks above each other become the one line of cuts that a viewer sees, and markers become
 * comments on the film's own frames.
 */
import { frameDuration } from '../base/time.ts';
import {
  MAX_READ,
  type ExchangeComment,
  type ExchangeCut,
  type ExchangeMedia,
  type ReadContext,
} from './model.ts';
import { commentOf, finished } from './xml-comments.ts';
import { keptText, type LossList } from './xml-loss.ts';
import { assetTime } from './xml-time.ts';

/** Longest name of a cut or film that is kept. */
const MAX_LABEL = 500;
/** Most tracks that are looked at. */
const MAX_TRACKS = 200;

/** A stretch of a time line as it was read, microseconds. */
export interface RawCut {
  /** The film where it is among the imported ones. */
  readonly media: ExchangeMedia | null;
  readonly sourceName: string;
  readonly label: string;
  readonly recordUs: number;
  readonly recordEndUs: number;
  /** From the film's first frame. */
  readonly sourceUs: number;
  readonly sourceEndUs: number;
  readonly tags?: readonly string[];
  /** Where it stands in the text. */
  readonly line: number;
}

/** The part of a cut between two record times. */
function part(cut: RawCut, fromUs: number, toUs: number): RawCut {
  if (fromUs === cut.recordUs && toUs === cut.recordEndUs) return cut;
  return {
    ...cut,
    recordUs: fromUs,
    recordEndUs: toUs,
    sourceUs: cut.sourceUs + (fromUs - cut.recordUs),
    sourceEndUs: cut.sourceEndUs - (cut.recordEndUs - toUs),
  };
}

/** What is left of a track below others: `above` is sorted and does not overlap itself. */
function below(track: readonly RawCut[], above: readonly RawCut[]): RawCut[] {
  const left: RawCut[] = [];
  let first = 0;
  for (const cut of track) {
    let from = cut.recordUs;
    while ((above[first]?.recordEndUs ?? Infinity) <= from) first += 1;
    for (let at = first; from < cut.recordEndUs; at += 1) {
      const cover = above[at];
      const until = Math.min(cut.recordEndUs, cover?.recordUs ?? Infinity);
      if (until > from) left.push(part(cut, from, until));
      if (!cover) break;
      from = Math.max(from, cover.recordEndUs);
    }
  }
  return left;
}

/** A track in order; what begins before another has ended takes its place, as under a transition. */
function inOrder(track: readonly RawCut[]): RawCut[] {
  const sorted = track
    .filter((cut) => cut.recordEndUs > cut.recordUs)
    .sort((a, b) => a.recordUs - b.recordUs);
  return sorted
    .map((cut, at) =>
      part(cut, cut.recordUs, Math.min(cut.recordEndUs, sorted[at + 1]?.recordUs ?? Infinity)),
    )
    .filter((cut) => cut.recordEndUs > cut.recordUs);
}

/** One line of cuts of several tracks, the uppermost first: what lies under another is hidden. */
export function flattened(tracks: readonly (readonly RawCut[])[], losses: LossList): readonly RawCut[] {
  const filled = tracks.filter((track) => track.length > 0);
  losses.notCarried('tracks', filled.length - 1);
  if (filled.length > MAX_TRACKS) losses.add('too_many', { limit: MAX_TRACKS }, filled.length - MAX_TRACKS);
  let seen: RawCut[] = [];
  for (const track of filled.slice(0, MAX_TRACKS)) {
    const rest = below(inOrder(track), seen);
    if (rest.length > 0) seen = [...seen, ...rest].sort((a, b) => a.recordUs - b.recordUs);
  }
  return seen;
}

/** Cuts on the films' own frames. Those beyond their film are kept out. */
export function cutsOf(raw: readonly RawCut[], losses: LossList): readonly ExchangeCut[] {
  const cuts: ExchangeCut[] = [];
  for (const cut of raw) {
    const { media, line } = cut;
    if (cut.sourceEndUs <= cut.sourceUs || cut.sourceEndUs <= 0) {
      losses.add('unreadable_line', { line, found: cut.label });
      continue;
    }
    const frameUs = media ? frameDuration(media.rate) : 0;
    if (media && (cut.sourceUs >= media.durationUs || cut.sourceUs < -frameUs)) {
      losses.add('outside_media', { line });
      continue;
    }
    const start = media
      ? assetTime(media, Math.max(0, cut.sourceUs))
      : { us: Math.max(0, cut.sourceUs), exact: true };
    const end = media ? assetTime(media, cut.sourceEndUs) : { us: cut.sourceEndUs, exact: true };
    if (media && cut.sourceEndUs > media.durationUs + frameUs) losses.add('outside_media', { line });
    if (!start.exact || (!end.exact && end.us < (media?.durationUs ?? Infinity))) losses.add('time_rounded');
    const endUs = media ? Math.min(media.durationUs, Math.max(end.us, start.us + 1)) : end.us;
    if (!media) losses.add('unknown_media', { name: cut.sourceName });
    if (cuts.length >= MAX_READ) losses.add('too_many', { limit: MAX_READ });
    else {
      cuts.push({
        mediaId: media?.id ?? null,
        sourceName: keptText(cut.sourceName, MAX_LABEL, losses),
        label: keptText(cut.label, MAX_LABEL, losses),
        startUs: start.us,
        endUs,
        recordUs: Math.max(0, cut.recordUs),
        tags: cut.tags ?? [],
      });
    }
  }
  return cuts;
}

/** A marker as it was read. */
export interface RawMarker {
  readonly comment: Partial<ExchangeComment>;
  /** From the film's first frame. */
  readonly us: number;
  /** Null for a point. */
  readonly lastsUs: number | null;
  readonly line: number;
}

/** Collects comments. */
export interface CommentSink {
  /** A marker on a film. */
  readonly place: (media: ExchangeMedia, marker: RawMarker) => void;
  /** A comment as it is: its time is the film's own already, or it has none. */
  readonly keep: (comment: ExchangeComment) => void;
  readonly all: () => readonly ExchangeComment[];
}

/** An empty collection of comments. */
export function commentSink(losses: LossList): CommentSink {
  const comments: ExchangeComment[] = [];
  const keep = (comment: ExchangeComment): void => {
    if (comments.length >= MAX_READ) losses.add('too_many', { limit: MAX_READ });
    else comments.push(finished(comment, losses));
  };
  return {
    keep,
    all: () => comments,
    place: (media, { comment, us, lastsUs, line }) => {
      const frameUs = frameDuration(media.rate);
      if (us >= media.durationUs || us < -frameUs / 2) {
        losses.add('outside_media', { line });
        return;
      }
      const start = assetTime(media, Math.max(0, us));
      if (start.us >= media.durationUs) {
        losses.add('outside_media', { line });
        return;
      }
      if (!start.exact) losses.add('time_rounded');
      const end = lastsUs === null ? null : Math.min(assetTime(media, us + lastsUs).us, media.durationUs);
      const durationUs = end === null ? null : Math.max(1, end - start.us);
      keep({ ...commentOf(comment), mediaId: media.id, timeUs: start.us, durationUs });
    },
  };
}

/** A time line that was read: cuts in order, none over another. */
export interface ReadLine {
  readonly cuts: readonly RawCut[];
  /** Whether any of its films is among the imported ones. */
  readonly known: boolean;
}

/** The time line of flattened cuts. */
export function readLine(cuts: readonly RawCut[]): ReadLine {
  return { cuts, known: cuts.some(({ media }) => media !== null) };
}

/** The last of a sorted list that begins at or before a place, by position; -1 where all begin later. */
export function lastFrom<T>(items: readonly T[], isAtOrBefore: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isAtOrBefore(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The film that a marker of the time line itself means, and its time there: what is shown at that place, or, where the time line
 * is made of films that are not imported at all, the finished film that the text is read for. Null where neither can be told.
 */
export function filmAt(
  { cuts, known }: ReadLine,
  recordUs: number,
  context: ReadContext,
): { readonly media: ExchangeMedia; readonly us: number } | null {
  const cut = cuts[lastFrom(cuts, (one) => one.recordUs <= recordUs)];
  if (cut?.media && recordUs < cut.recordEndUs) {
    return { media: cut.media, us: cut.sourceUs + (recordUs - cut.recordUs) };
  }
  return known ? null : { media: context.media, us: recordUs };
}

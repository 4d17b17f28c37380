/**
 * Where comments lie on a time line that is written, and where the time line of a text that is read starts. Formats for one time
 * line show the first film as it is, or the cuts where there are any: a comment stands wherever a cut shows its moment.
 */
import type { Rational } from '../base/time.ts';
import { byRecord } from './fields.ts';
import type { LossNotes } from './loss.ts';
import type { ExchangeComment, ExchangeMedia, WriteInput } from './model.ts';
import {
  gridLine,
  hourFrames,
  isOnFrame,
  labelOf,
  mediaLine,
  sameRate,
  type FrameLine,
} from './timecode-text.ts';

/** A comment at a place of the time line. */
export interface Placed {
  readonly comment: ExchangeComment;
  /** From the start of the time line, microseconds. */
  readonly us: number;
  /** Within the cut that shows it. */
  readonly durationUs: number | null;
}

/** Comments on one time line. */
export interface OnLine {
  readonly line: FrameLine;
  readonly durationUs: number;
  /** In order of time. */
  readonly timed: readonly Placed[];
  /** Comments on no frame. */
  readonly legacy: readonly ExchangeComment[];
}

/** A film for texts that are of none: only the rate counts. */
export function bareMedia(rate: Rational): ExchangeMedia {
  return {
    id: '',
    name: '',
    durationUs: Number.MAX_SAFE_INTEGER,
    rate,
    variable: false,
    size: null,
    sound: null,
    timesUs: null,
    startFrame: 0,
  };
}

/** The film that a text for one film is of. */
export function mainMedia({ media, rate }: WriteInput): ExchangeMedia {
  return media[0] ?? bareMedia(rate);
}

function onCuts({ exchange }: WriteInput, main: ExchangeMedia, timed: readonly ExchangeComment[]): Placed[] {
  const cuts = byRecord(exchange.cuts);
  return timed.flatMap((comment) => {
    const mediaId = comment.mediaId ?? main.id;
    const time = comment.timeUs ?? 0;
    return cuts
      .filter((cut) => (cut.mediaId ?? main.id) === mediaId && cut.startUs <= time && time < cut.endUs)
      .map((cut) => ({
        comment,
        us: cut.recordUs + time - cut.startUs,
        durationUs: comment.durationUs === null ? null : Math.min(comment.durationUs, cut.endUs - time),
      }));
  });
}

/** Lays the comments out, and notes those that the time line does not show. */
export function placeOnLine(input: WriteInput, notes: LossNotes): OnLine {
  const { comments, cuts } = input.exchange;
  const main = mainMedia(input);
  const legacy = comments.filter(({ timeUs }) => timeUs === null);
  const timed = comments.filter(({ timeUs }) => timeUs !== null);
  const own = (comment: ExchangeComment): boolean => (comment.mediaId ?? main.id) === main.id;
  const placed =
    cuts.length > 0
      ? onCuts(input, main, timed)
      : timed
          .filter(own)
          .map((comment) => ({ comment, us: comment.timeUs ?? 0, durationUs: comment.durationUs }));
  notes.notCarried('comments', timed.length - new Set(placed.map(({ comment }) => comment)).size);
  const durationUs = cuts.reduce(
    (end, cut) => Math.max(end, cut.recordUs + cut.endUs - cut.startUs),
    cuts.length > 0 ? 0 : main.durationUs,
  );
  return {
    line: cuts.length > 0 ? gridLine(input.rate) : mediaLine(main, input.rate),
    durationUs,
    timed: placed.sort((a, b) => a.us - b.us),
    legacy,
  };
}

/** Notes times that the frames of a time line change. */
export function noteRounded(notes: LossNotes, line: FrameLine, timed: readonly Placed[]): void {
  const off = timed.filter(
    ({ us, durationUs }) =>
      !isOnFrame(line, us) || (durationUs !== null && !isOnFrame(line, us + durationUs)),
  );
  notes.add('time_rounded', {}, off.length);
}

/** How far from an hour a time line may start: leaders and colour bars stand before it. */
const STARTS = 24;

/**
 * The timecode at which the time line of a text starts: what was said, else the film's own start, one hour (where editing
 * programs start) or zero, whichever has the most of the times inside the film. Notes it where more than one would do as well.
 *
 * @param frames timecodes that were read, frames
 */
export function guessStart(
  frames: readonly number[],
  context: { readonly media: ExchangeMedia; readonly startFrame?: number | undefined },
  rate: Rational,
  notes: LossNotes,
): number {
  if (context.startFrame !== undefined) return context.startFrame;
  if (frames.length === 0) return 0;
  const { media } = context;
  const length = mediaLine(media, rate).frameAt(media.durationUs);
  const hour = hourFrames(rate);
  const own = sameRate(media.rate, rate) ? [media.startFrame] : [];
  const hours = Array.from({ length: STARTS }, (_, at) => at * hour).filter((start) => start !== 0);
  let best = 0;
  let most = -1;
  let fitting = 0;
  for (const start of new Set([...own.filter((frame) => frame > 0), ...hours, 0])) {
    const inside = frames.filter((frame) => frame >= start && frame - start <= length).length;
    if (inside > most) [best, most] = [start, inside];
    if (inside === frames.length) fitting += 1;
  }
  if (fitting > 1) notes.add('start_assumed', { start: labelOf(best, rate) });
  return best;
}

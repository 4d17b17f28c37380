/**
 * What writers of time lines share: cuts in frames of the time line, those that overlap on lanes above each other, and each
 * comment on the cut that shows it.
 */
import { SECOND_US, type Rational } from '../base/time.ts';
import type { ExchangeComment, ExchangeCut, ExchangeMedia, WriteInput } from './model.ts';
import type { LossList } from './xml-loss.ts';
import { frameAt, frameCount } from './xml-time.ts';

/** A comment in frames of its film. */
export interface PlacedComment {
  readonly comment: ExchangeComment;
  readonly frame: number;
  /** Null for a point. */
  readonly frames: number | null;
}

/** A cut in frames. */
export interface PlacedCut {
  readonly cut: ExchangeCut;
  readonly media: ExchangeMedia;
  /** Frames of the time line. */
  readonly start: number;
  readonly end: number;
  /** Frames of the film. */
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly comments: readonly PlacedComment[];
}

/** A time line in frames. */
export interface Layout {
  readonly rate: Rational;
  readonly title: string;
  /** The lowest lane first; in each, cuts in order without overlap. A cut of a higher lane begins over one of the lowest. */
  readonly lanes: readonly (readonly PlacedCut[])[];
  readonly frames: number;
  /** All films that cuts or comments name, once each, with the rate that the format writes for them. */
  readonly media: readonly ExchangeMedia[];
  /** Comments that no cut shows, by film. */
  readonly unshown: readonly { readonly media: ExchangeMedia; readonly comments: readonly PlacedComment[] }[];
  /** Comments on no frame. */
  readonly legacy: readonly ExchangeComment[];
}

/** What a format makes of a rate; the same one where it can hold it. */
export type HeldRate = (rate: Rational) => Rational;

const sameRate = (a: Rational, b: Rational): boolean => a.num * b.den === b.num * a.den;

/** How long a time is in frames, the nearest, and whether it was as many. */
function framesOf(us: number, rate: Rational, losses: LossList): number {
  const exact = (us * rate.num) / (rate.den * SECOND_US);
  const frames = Math.max(1, Math.round(exact));
  if (Math.abs(frames - exact) * ((SECOND_US * rate.den) / rate.num) > 1000) losses.add('time_rounded');
  return frames;
}

/** A film as the format counts it: sound in frames of the time line, and by a rate that the format can say. */
function counted(media: ExchangeMedia, rate: Rational, held: HeldRate, losses: LossList): ExchangeMedia {
  if (!media.size) return { ...media, rate, variable: false, timesUs: null };
  const kept = held(media.rate);
  if (sameRate(kept, media.rate)) return media;
  losses.add('rate_differs', { found: rateText(kept), expected: rateText(media.rate) });
  return { ...media, rate: kept, variable: true };
}

/** A rate as people write it. */
export function rateText({ num, den }: Rational): string {
  return String(Math.round((num / den) * 1000) / 1000);
}

/** A film that is not among those handed over: known by what the cuts say of it. */
function offline(
  cuts: readonly ExchangeCut[],
  name: string,
  rate: Rational,
  like: ExchangeMedia | undefined,
): ExchangeMedia {
  const durationUs = Math.max(1, ...cuts.map(({ endUs }) => endUs));
  const size = like?.size ?? { width: 1920, height: 1080 };
  return {
    id: `offline:${name}`,
    name,
    durationUs,
    rate,
    variable: false,
    size,
    sound: null,
    timesUs: null,
    startFrame: 0,
  };
}

/** Whole films one after another, for comments without a list of cuts. */
function wholeFilms(media: readonly ExchangeMedia[]): ExchangeCut[] {
  let recordUs = 0;
  return media.map(({ id, name, durationUs }) => {
    const cut = {
      mediaId: id,
      sourceName: name,
      label: name,
      startUs: 0,
      endUs: durationUs,
      recordUs,
      tags: [],
    };
    recordUs += durationUs;
    return cut;
  });
}

/** Items by a key, in their order. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Lays out what is to be written. */
export function layout({ exchange, media, ...input }: WriteInput, held: HeldRate, losses: LossList): Layout {
  const rate = held(input.rate);
  if (!sameRate(rate, input.rate)) {
    losses.add('rate_differs', { found: rateText(rate), expected: rateText(input.rate) });
  }
  const films = new Map(media.map((film) => [film.id, counted(film, rate, held, losses)]));
  const cuts = exchange.cuts.length > 0 ? [...exchange.cuts] : wholeFilms(media);
  cuts.sort((a, b) => a.recordUs - b.recordUs);
  const nameOf = (cut: ExchangeCut): string => cut.sourceName || cut.label || 'offline';
  const byName = grouped(cuts, nameOf);
  const filmOf = (cut: ExchangeCut): ExchangeMedia => {
    const known = cut.mediaId === null ? undefined : films.get(cut.mediaId);
    if (known) return known;
    const name = nameOf(cut);
    const made = films.get(`offline:${name}`);
    if (made) return made;
    const film = offline(byName.get(name) ?? [cut], name, rate, media[0]);
    films.set(film.id, film);
    return film;
  };

  const placed: (Omit<PlacedCut, 'comments'> & { lane: number; comments: PlacedComment[] })[] = [];
  const ends: { frame: number; us: number }[] = [];
  for (const cut of cuts) {
    const film = filmOf(cut);
    const first = frameAt(film, cut.startUs);
    const last = frameAt(film, cut.endUs);
    if (!first.exact || !last.exact) losses.add('time_rounded');
    const sourceStart = Math.min(first.frame, frameCount(film) - 1);
    const sourceEnd = Math.max(sourceStart + 1, last.frame);
    const lastsUs = cut.endUs - cut.startUs;
    const lasts = sameRate(film.rate, rate) ? sourceEnd - sourceStart : framesOf(lastsUs, rate, losses);
    const frameUs = (SECOND_US * rate.den) / rate.num;
    // Times are rounded to microseconds, some to milliseconds: what follows within half a frame follows at once.
    let lane = ends.findIndex(({ us }) => us <= cut.recordUs + frameUs / 2);
    if (lane < 0) lane = ends.length;
    const before = ends[lane];
    const joined = before !== undefined && Math.abs(cut.recordUs - before.us) <= frameUs / 2;
    const wanted = Math.round(cut.recordUs / frameUs);
    const start = joined ? before.frame : Math.max(before?.frame ?? 0, wanted);
    ends[lane] = { frame: start + lasts, us: cut.recordUs + lastsUs };
    placed.push({ cut, media: film, lane, start, end: start + lasts, sourceStart, sourceEnd, comments: [] });
  }

  const byFilm = grouped(placed, ({ media: { id } }) => id);
  const unshown = new Map<string, PlacedComment[]>();
  const legacy: ExchangeComment[] = [];
  const fallback = media[0];
  for (const comment of exchange.comments) {
    const film = comment.mediaId === null ? fallback && films.get(fallback.id) : films.get(comment.mediaId);
    if (comment.timeUs === null) legacy.push(comment);
    else if (!film) losses.add('unknown_media', { name: comment.mediaId ?? '' });
    else if (comment.timeUs >= film.durationUs) losses.add('outside_media', { line: 0 });
    else {
      const spot = frameAt(film, comment.timeUs);
      if (!spot.exact) losses.add('time_rounded');
      const frames = comment.durationUs === null ? null : framesOf(comment.durationUs, film.rate, losses);
      const one = { comment, frame: spot.frame, frames };
      const shows = byFilm
        .get(film.id)
        ?.find((cut) => cut.sourceStart <= one.frame && one.frame < cut.sourceEnd);
      if (shows) shows.comments.push(one);
      else if (unshown.get(film.id)?.push(one) === undefined) unshown.set(film.id, [one]);
    }
  }
  const named = new Set([...byFilm.keys(), ...unshown.keys()]);
  return {
    rate,
    title: exchange.title || media[0]?.name || 'Reelkeep',
    lanes: ends.map((_, lane) => placed.filter((cut) => cut.lane === lane)),
    frames: Math.max(0, ...ends.map(({ frame }) => frame)),
    media: [...films.values()].filter(({ id }) => named.has(id)),
    unshown: [...unshown].map(([id, comments]) => ({ media: films.get(id) as ExchangeMedia, comments })),
    legacy,
  };
}

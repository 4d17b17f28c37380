/** What readers and writers of every format do with the fields of a comment or cut. */
import { MAX_NAME, MAX_TEXT } from '../schema/annotation.ts';
import { isoDateSchema } from '../schema/iso-date.ts';
import { cutTo, oneLine } from './lines.ts';
import { shown, type LossNotes } from './loss.ts';
import {
  MAX_READ,
  type Exchange,
  type ExchangeComment,
  type ExchangeCut,
  type ExchangeCue,
  type ExchangeFormat,
  type ExchangeMedia,
  type ReadExchange,
} from './model.ts';

/** A comment of which a format knows only some fields. */
export function commentOf(known: Partial<ExchangeComment>, notes: LossNotes): ExchangeComment {
  return {
    id: null,
    mediaId: null,
    timeUs: null,
    durationUs: null,
    color: null,
    category: null,
    shapes: [],
    replies: [],
    resolved: false,
    resolvedBy: null,
    resolvedAt: null,
    createdAt: null,
    ...known,
    text: capped(known.text ?? '', MAX_TEXT, notes),
    author: capped(known.author ?? '', MAX_NAME, notes),
  };
}

/** Text as long as we hold it. */
export function capped(text: string, length: number, notes: LossNotes): string {
  if (text.length <= length) return text;
  notes.add('text_cut', { limit: length });
  return cutTo(text, length);
}

/** Text on one line, as most formats want it; notes where that changes it. */
export function singleLine(text: string, notes: LossNotes): string {
  const line = oneLine(text);
  if (line !== text) notes.add('text_changed');
  return line;
}

/** A date as we keep it, or null. */
export function dateOf(text: string): string | null {
  return isoDateSchema.safeParse(text).success ? text : null;
}

/** Takes things up to the most that are read; counts the rest. */
export interface Taken<T> {
  push(thing: T): void;
  /** Whether there is no room, so that what comes next need not be made; it is counted. */
  readonly skips: () => boolean;
  readonly all: readonly T[];
}

/** A list that takes `MAX_READ` things, and notes how many were left out. */
export function taken<T>(notes: LossNotes): Taken<T> {
  const all: T[] = [];
  const skips = (): boolean => {
    if (all.length < MAX_READ) return false;
    notes.add('too_many', { limit: MAX_READ });
    return true;
  };
  return {
    all,
    skips,
    push: (thing) => {
      if (!skips()) all.push(thing);
    },
  };
}

/** What was read, in the form that readers answer. */
export function readResult(
  format: ExchangeFormat,
  notes: LossNotes,
  read: {
    readonly title?: string;
    readonly comments?: readonly ExchangeComment[];
    readonly cuts?: readonly ExchangeCut[];
    readonly cues?: readonly ExchangeCue[];
  },
): ReadExchange {
  const { title = '', comments = [], cuts = [], cues = [] } = read;
  const exchange: Exchange = { title: cutTo(oneLine(title), MAX_NAME), comments, cuts, cues };
  return { format, exchange, losses: notes.list() };
}

function baseName(name: string): string {
  const file = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return file.normalize('NFC').toLowerCase();
}

function stem(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Finds films by the names that texts give them: without folders, case and, at last, the ending. */
export interface MediaNames {
  /** Null where no film, or more than one, has that name. */
  find(name: string): ExchangeMedia | null;
  byId(id: string): ExchangeMedia | null;
}

/** Names of films, looked up once for a whole text. */
export function mediaNames(all: readonly ExchangeMedia[]): MediaNames {
  const byName = new Map<string, ExchangeMedia | null>();
  const byStem = new Map<string, ExchangeMedia | null>();
  const put = (map: Map<string, ExchangeMedia | null>, key: string, media: ExchangeMedia): void => {
    map.set(key, map.has(key) && map.get(key)?.id !== media.id ? null : media);
  };
  for (const media of all) {
    const name = baseName(media.name);
    put(byName, name, media);
    put(byStem, stem(name), media);
  }
  const ids = new Map(all.map((media) => [media.id, media]));
  return {
    find: (given) => {
      const name = baseName(given);
      return byName.get(name) ?? byStem.get(name) ?? byStem.get(stem(name)) ?? null;
    },
    byId: (id) => ids.get(id) ?? null,
  };
}

/** Notes a name that no film here has. */
export function noteUnknown(notes: LossNotes, name: string): void {
  notes.add('unknown_media', { name: shown(name) });
}

type Rgb = readonly [number, number, number];

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colours that a program offers, by its names for them. */
export interface Palette {
  nameOf(color: string | null): string;
  colorOf(name: string): string | null;
  /** Whether a colour comes back as it was. */
  holds(color: string): boolean;
}

/** @param usual name for comments that have no colour */
export function paletteOf(colors: Readonly<Record<string, string>>, usual: string): Palette {
  const entries = Object.entries(colors).map(([name, hex]) => ({ name, hex, rgb: rgbOf(hex) }));
  const byName = new Map(entries.map(({ name, hex }) => [name.toLowerCase(), hex]));
  const nearest = (color: string): string => {
    const [red, green, blue] = rgbOf(color);
    let best = usual;
    let least = Infinity;
    for (const { name, rgb } of entries) {
      const distance = (rgb[0] - red) ** 2 + (rgb[1] - green) ** 2 + (rgb[2] - blue) ** 2;
      if (distance < least) [best, least] = [name, distance];
    }
    return best;
  };
  return {
    nameOf: (color) => (color === null ? usual : nearest(color)),
    colorOf: (name) => byName.get(name.toLowerCase()) ?? null,
    holds: (color) => entries.some(({ hex }) => hex === color.toLowerCase()),
  };
}

/** Notes colours that a palette has only something near to. */
export function noteColors(notes: LossNotes, comments: readonly ExchangeComment[], palette: Palette): void {
  notes.notCarried('color', comments.filter(({ color }) => color !== null && !palette.holds(color)).length);
}

/** Cuts in the order of the time line. */
export function byRecord(cuts: readonly ExchangeCut[]): readonly ExchangeCut[] {
  return [...cuts].sort((a, b) => a.recordUs - b.recordUs);
}

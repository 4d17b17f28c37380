/**
 * What readers and writers of other programs' formats speak with: comments, cuts and timed text, without any format's own
 * terms. Readers take text that may be hostile; writers are handed checked data. Nothing here knows of files or storage.
 */
import type { Failure } from '../base/failure.ts';
import type { Rational } from '../base/time.ts';
import type { Result } from '../base/result.ts';
import type { Shape } from '../schema/annotation.ts';

/** A film that comments and cuts are of, as far as formats need it. */
export interface ExchangeMedia {
  /** What comments and cuts name it by. */
  readonly id: string;
  /** File name. Hostile text. */
  readonly name: string;
  readonly durationUs: number;
  /** Exact rate; the average of a film of varying rate. */
  readonly rate: Rational;
  /** True where frames do not keep the rate: frame numbers are counted, timecode is nearest. */
  readonly variable: boolean;
  /** Displayed size, pixels; null for sound. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Sound: hertz and channels; null where there is none. */
  readonly sound: { readonly sampleRate: number; readonly channels: number } | null;
  /** When each frame is shown, asset time; null where it is not known: the rate counts then. */
  readonly timesUs: Float64Array | null;
  /** Timecode of the first frame, frames at the nominal rate; 0 where the file says none. */
  readonly startFrame: number;
}

/** An answer to a comment. */
export interface ExchangeReply {
  readonly author: string;
  readonly text: string;
  /** ISO-8601; null where the format has none. */
  readonly createdAt: string | null;
}

/** A comment as formats hand it on. */
export interface ExchangeComment {
  /** Its own id where the format has one: the same comment again is recognised by it. */
  readonly id: string | null;
  /** Which film, by `ExchangeMedia.id`; null: the one that the text is read for. */
  readonly mediaId: string | null;
  /** Asset time, microseconds; null for a comment on no frame. Never invented. */
  readonly timeUs: number | null;
  readonly durationUs: number | null;
  readonly text: string;
  readonly author: string;
  /** `#rrggbb`; null where the format has none. */
  readonly color: string | null;
  readonly category: string | null;
  readonly shapes: readonly Shape[];
  readonly replies: readonly ExchangeReply[];
  readonly resolved: boolean;
  /** Who settled it, and when, where the format says. */
  readonly resolvedBy: string | null;
  readonly resolvedAt: string | null;
  readonly createdAt: string | null;
}

/** A cut: a range of a film, and where it lies on the time line it was read from or is written to. */
export interface ExchangeCut {
  /** By `ExchangeMedia.id`; null where the text names a film that is not among them (see `sourceName`). */
  readonly mediaId: string | null;
  /** The file or reel name that the text gives. */
  readonly sourceName: string;
  readonly label: string;
  /** Asset time, microseconds, end exclusive. */
  readonly startUs: number;
  readonly endUs: number;
  /** Record time, microseconds. */
  readonly recordUs: number;
  readonly tags: readonly string[];
}

/** A line of timed text. */
export interface ExchangeCue {
  readonly startUs: number;
  readonly endUs: number;
  /** Without markup. */
  readonly text: string;
  /** Who speaks (`<v Name>`), where it is said. */
  readonly speaker: string | null;
}

/** Everything that was read from one text, or is to be written. */
export interface Exchange {
  readonly title: string;
  readonly comments: readonly ExchangeComment[];
  readonly cuts: readonly ExchangeCut[];
  readonly cues: readonly ExchangeCue[];
}

/** Formats by name. `reelkeep-csv` is our own; each has a name of its own in the catalogue under `exchange.{name}`. */
export const EXCHANGE_FORMATS = [
  'reelkeep-csv',
  'frameio-csv',
  'premiere-markers',
  'resolve-edl',
  'cmx3600',
  'avid-markers',
  'fcpxml',
  'xmeml',
  'otio',
  'otioz',
  'fiojson',
  'losslesscut',
  'losslesscut-csv',
  'webvtt',
  'srt',
  'youtube-chapters',
] as const;
/** Name of a format. */
export type ExchangeFormat = (typeof EXCHANGE_FORMATS)[number];

/**
 * What was not carried over as it was, or was repaired. Each has a sentence in the catalogue under `loss.{code}`; every loss is
 * reported, none is silent.
 */
export const LOSS_CODES = [
  /** The format has no place for it. `what` is one of LOSS_THINGS. */
  'not_carried',
  /** A comment on no frame was left out, because the format knows only frames. */
  'legacy_left_out',
  /** A comment on no frame was put where the format keeps such. */
  'legacy_placed',
  /** A time fell between two frames, and the nearest was taken. */
  'time_rounded',
  /** A time beyond the film, which was kept out (`line`). */
  'outside_media',
  /** A line or element that could not be read, and was left out (`line`, `found`). */
  'unreadable_line',
  /** A film that is not among the imported ones (`name`). */
  'unknown_media',
  /** Characters that the format cannot hold were replaced. */
  'text_changed',
  /** Several comments on one frame were put together, because readers of the format drop all but one. */
  'merged_same_frame',
  /** A text longer than the format or we hold was cut. */
  'text_cut',
  /** More than we take: the rest was left out (`limit`). */
  'too_many',
  /** A transition, speed change or effect that was left out. */
  'effect_left_out',
  /** The rate that the text names differs from the film's (`found`, `expected`). */
  'rate_differs',
  /** Drop-frame timecode that does not exist, read as the first that does. */
  'timecode_repaired',
  /** The text was not UTF-8 and was read as `encoding`. */
  'encoding_guessed',
  /** A rule of the format that what was written does not keep, so that a program may refuse it (`rule`, of LOSS_RULES). */
  'rule_broken',
  /** The text does not say at which timecode its time line starts, and more than one would fit (`start`). */
  'start_assumed',
] as const;
/** What a format may have no place for. */
export const LOSS_THINGS = [
  'shapes',
  'replies',
  'resolved',
  'author',
  'color',
  'category',
  'duration',
  'created',
  'tags',
  'comments',
  'cuts',
  'styles',
  'tracks',
  'resolved_by',
  'labels',
  'speakers',
  'cues',
  'selection',
  'notes',
] as const;
/** Rules of formats that may be broken; each has a clause in the catalogue under `lossRule.{rule}`. */
export const LOSS_RULES = [
  'first_at_zero',
  'at_least_three',
  'ascending',
  'ten_seconds',
  'events_999',
  'cell_length',
] as const;

/** One kind of loss, how often it happened, and what its sentence needs. */
export interface Loss {
  readonly code: (typeof LOSS_CODES)[number];
  readonly count: number;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What a reader is told beside the text. */
export interface ReadContext {
  /** The film that the text is read for: times without a name are its own. */
  readonly media: ExchangeMedia;
  /** All films that cuts may name. */
  readonly all: readonly ExchangeMedia[];
  /** Timecode of the start of the time line that the text speaks of, frames; where it is not said, readers work it out. */
  readonly startFrame?: number | undefined;
}

/** What was read. */
export interface ReadExchange {
  readonly format: ExchangeFormat;
  readonly exchange: Exchange;
  readonly losses: readonly Loss[];
}

/** What is to be written. */
export interface WriteInput {
  readonly exchange: Exchange;
  readonly media: readonly ExchangeMedia[];
  /** The time line's own rate: that of the first film where nothing else is asked. */
  readonly rate: Rational;
  readonly options: WriteOptions;
}

/** What the person may choose; each format takes what it knows of. */
export interface WriteOptions {
  /** Timecode of the time line's start, frames (Resolve and Premiere start at one hour). */
  readonly startFrame?: number | undefined;
  /** Whether comments on no frame are put where the format can keep them. */
  readonly withLegacy?: boolean | undefined;
  /**
   * CSV for spreadsheets (byte order mark, CRLF, cells that a spreadsheet would run are guarded), or as it is for programs.
   * Spreadsheet where nothing is said.
   */
  readonly profile?: 'spreadsheet' | 'interchange' | undefined;
}

/** A file that was written. */
export interface Written {
  readonly text: string;
  /** With the dot: `.edl`. */
  readonly extension: string;
  readonly type: string;
  /** UTF-16 where the program that reads it expects that. */
  readonly encoding?: 'utf-8' | 'utf-16le' | undefined;
  readonly losses: readonly Loss[];
}

/**
 * One text format. `sniff` looks at the start of the text and says how sure it is, 0 (not at all) to 1 (a signature); names of
 * files are not looked at. `read` never throws and never hangs on hostile text. Formats that are only read have no `write`.
 */
export interface TextFormat {
  readonly name: ExchangeFormat;
  readonly sniff: (text: string) => number;
  readonly read: ((text: string, context: ReadContext) => Result<ReadExchange, Failure>) | null;
  readonly write: ((input: WriteInput) => Result<Written, Failure>) | null;
}

/** Most comments, cuts or cues that are taken from one text. */
export const MAX_READ = 20_000;
/** Longest text that is read, characters. */
export const MAX_TEXT_LENGTH = 64_000_000;
/** Longest line that is looked at, characters: longer ones are reported as unreadable. */
export const MAX_LINE = 1_000_000;

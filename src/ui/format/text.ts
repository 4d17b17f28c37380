/** Numbers as people read them. Pure. */
import type { Rational } from '../../core/base/time.ts';
import type { Asset } from '../../core/schema/asset.ts';
import { formatTimecode, frameToMicros, parseTimecode, primaryVideo } from '../core.ts';
import type { Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';

/** Sound without pictures is shown in milliseconds. */
export const MILLISECONDS: Rational = { num: 1000, den: 1 };

/** The rate that an asset's times are shown in. */
export function rateOf(asset: Asset | null): Rational {
  const video = asset === null ? null : primaryVideo(asset.probe);
  if (video === null) return MILLISECONDS;
  return video.frameRate.kind === 'constant' ? video.frameRate.rate : video.frameRate.average;
}

/** Whether a file is a single picture, which has no rate. */
export function isOneFrame(asset: Asset): boolean {
  const video = primaryVideo(asset.probe);
  if (video?.frameRate.kind !== 'variable') return false;
  const { num, den } = video.frameRate.average;
  return asset.probe.durationUs * num < 1_500_000 * den;
}

/** The number of the frame that starts nearest to a time. */
export function frameOf(us: number, rate: Rational): number {
  return Math.round((us * rate.num) / (1_000_000 * rate.den));
}

/** A time as timecode, or with milliseconds for sound. */
export function timecode(us: number, rate: Rational): string {
  const text = formatTimecode(frameOf(us, rate), rate);
  return rate.num === 1000 && rate.den === 1 ? text.replace(/:(\d{3})$/, '.$1') : text;
}

/** A length: timecode without leading hours. */
export function shortTimecode(us: number, rate: Rational): string {
  return timecode(us, rate).replace(/^00:/, '');
}

/**
 * What a person typed as a time: timecode, seconds with a fraction, a frame number, or `+10`/`-10` from where they
 * are. Null when it cannot be read.
 */
export function readTime(text: string, rate: Rational, fromUs: number): number | null {
  const clean = text.trim();
  const relative = /^([+-])(.+)$/.exec(clean);
  const frames = parseTimecode(relative?.[2] ?? clean, rate);
  if (frames === null) return null;
  if (relative === null) return frameToMicros(frames, rate);
  const sign = relative[1] === '-' ? -1 : 1;
  return Math.max(0, frameToMicros(frameOf(fromUs, rate) + sign * frames, rate));
}

/** Minutes and seconds, hours when there are any: 1:02:03. */
export function clock(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  const rest = String(seconds % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)}:${rest}`;
  return `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** Too short to be given a number of seconds. */
export function isMoment(ms: number): boolean {
  return ms < 950;
}

/** How long something takes. */
export function span(ms: number, t: Translate): string {
  const seconds = Math.round(ms / 1000);
  if (isMoment(ms)) return t('time.moment');
  if (seconds < 60) return t('time.seconds', { s: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('time.minutes', { m: minutes, s: seconds % 60 });
  return t('time.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size with its unit. */
export function size(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** Frames per second with at most three digits after the point: 29.97. */
export function fps(rate: Rational, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(
    Math.round((rate.num / rate.den) * 1000) / 1000,
  );
}

const CODECS: Readonly<Record<string, string>> = {
  avc: 'H.264',
  h264: 'H.264',
  hevc: 'HEVC',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  mpeg4: 'MPEG-4',
  mpeg2video: 'MPEG-2',
  mjpeg: 'MJPEG',
  prores: 'ProRes',
  aac: 'AAC',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Vorbis',
  flac: 'FLAC',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
};

/** The name by which people know a codec. */
export function codecName(codec: string): string {
  return CODECS[codec] ?? codec.toUpperCase();
}

/** A moment in few letters: the time of today, the day of all others. */
export function shortMoment(iso: string, language: Language, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const sameDay = date.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(language, sameDay ? { timeStyle: 'short' } : { dateStyle: 'medium' }).format(
    date,
  );
}

/** A day and time in the person's own way. */
export function moment(iso: string, language: Language): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

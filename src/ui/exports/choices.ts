/** What the person chose in the export panel, and the spec that comes of it. Pure. */
import type { Asset } from '../../core/schema/asset.ts';
import type { Clip } from '../../core/schema/document.ts';
import type { CheckedSpec, ExportSpec } from '../../core/schema/spec.ts';
import { segmentOf } from '../core.ts';

/** The settings; the name follows the project until it is typed. */
export interface Choices {
  readonly name: string | null;
  readonly type: CheckedSpec['type'];
  readonly format: 'mp4' | 'mov' | 'webm';
  readonly resolution: 'source' | '720p' | '1080p' | '4k';
  readonly quality: 'high' | 'medium' | 'low';
  readonly cut: 'exact' | 'keyframe';
  readonly audio: 'keep' | 'drop';
  readonly surround: 'keep' | 'downmix';
  readonly enlarge: boolean;
  /** Paint comments into the picture, where the ranges have any. */
  readonly burnIn: boolean;
  readonly strip: 'none' | 'timecode' | 'name' | 'both';
  readonly csv: 'spreadsheet' | 'interchange';
}

/** What a new panel offers. */
export const DEFAULT_CHOICES: Choices = {
  name: null,
  type: 'combined',
  format: 'mp4',
  resolution: 'source',
  quality: 'high',
  cut: 'exact',
  audio: 'keep',
  surround: 'downmix',
  enlarge: false,
  burnIn: false,
  strip: 'none',
  csv: 'spreadsheet',
};

/** The choices that a spec was made of; its name is typed. */
export function choicesOf(spec: CheckedSpec): Choices {
  const { name, type, format, resolution, quality, cut, audio, surround, enlarge, burnIn } = spec;
  const { strip = 'none', csv = 'spreadsheet' } = spec;
  return { name, type, format, resolution, quality, cut, audio, surround, enlarge, burnIn, strip, csv };
}

/** Longest name of an export. */
const MOST_NAME = 200;

/**
 * A name for a copy: the next number that is free behind it. A number at its end is counted on only where it is that of a copy,
 * which the name without it tells: "Reel 2" beside "Reel" becomes "Reel 3", "Match 2024" becomes "Match 2024 2".
 */
export function nameOfCopy(name: string, taken: readonly string[]): string {
  const used = new Set([...taken, name].map((one) => one.toLowerCase()));
  const stem = /^(.+) \d+$/.exec(name)?.[1];
  const base = stem !== undefined && used.has(stem.toLowerCase()) ? stem : name;
  for (let n = 2; ; n += 1) {
    const end = ` ${String(n)}`;
    const next = `${base.slice(0, MOST_NAME - end.length)}${end}`;
    if (!used.has(next.toLowerCase())) return next;
  }
}

/** Whether clips are the very ranges of a spec, in its order; what they are called does not matter. */
export function holdsRanges(clips: readonly Clip[], spec: CheckedSpec): boolean {
  return (
    clips.length === spec.segments.length &&
    clips.every((clip, at) => {
      const range = spec.segments[at];
      return (
        clip.assetId === range?.assetId &&
        clip.startUs === range.startUs &&
        clip.endUs === range.endUs &&
        clip.audioTrack === range.audioTrack
      );
    })
  );
}

/** Whether any clip's sound track has more than two channels, so that there is something to choose. */
export function hasSurround(clips: readonly Clip[], assets: readonly Asset[]): boolean {
  return clips.some(({ assetId, audioTrack }) => {
    const probe = assets.find((asset) => asset.id === assetId)?.probe;
    const position = audioTrack ?? probe?.primaryAudio ?? null;
    return position !== null && (probe?.audio[position]?.channels ?? 0) > 2;
  });
}

/**
 * The spec of some clips. Options that are not shown stay at what the format takes them for.
 *
 * @param shownUs how long a comment without a duration is shown; null where the clips have no comments that could be painted
 */
export function specOf(
  clips: readonly Clip[],
  name: string,
  choices: Choices,
  surroundOffered: boolean,
  shownUs: number | null = null,
): ExportSpec {
  const { type, format, resolution, quality, cut, audio, surround, enlarge, burnIn, strip, csv } = choices;
  const lists = type === 'csv' || type === 'bundle';
  const paints = burnIn && shownUs !== null && type !== 'csv';
  const asked = {
    version: 1,
    name: name.slice(0, MOST_NAME),
    type,
    segments: clips.map(segmentOf),
    ...(lists ? { csv } : {}),
    ...(shownUs !== null && (lists || paints) ? { shownUs } : {}),
    ...(paints ? { burnIn, strip } : {}),
  } as const;
  if (type === 'csv') return asked;
  return {
    ...asked,
    format,
    resolution,
    quality,
    cut,
    audio,
    ...(surroundOffered && audio === 'keep' ? { surround } : {}),
    ...(resolution === 'source' ? {} : { enlarge }),
  };
}

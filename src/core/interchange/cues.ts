/** What formats of timed text have in common: cues are written as they are, comments become cues. */
import { DEFAULT_SHOWN_US } from '../schema/annotation.ts';
import { MAX_NAME, MAX_TEXT } from '../schema/annotation.ts';
import { capped } from './fields.ts';
import { noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type { ExchangeCue, ExchangeMedia, WriteInput } from './model.ts';
import { placeOnLine } from './place.ts';

const MS = 1000;
/** Times beyond 99:59:59.999 have another form. */
const MAX_MS = 359_999_999;

/** `00:01:02.345`, or with the comma that SubRip has. */
export function clockText(us: number, separator: '.' | ','): string {
  const ms = Math.min(MAX_MS, Math.max(0, Math.round(us / MS)));
  const part = (value: number, length: number): string => String(value).padStart(length, '0');
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((value) => part(value, 2))
    .join(':');
  return `${clock}${separator}${part(ms % 1000, 3)}`;
}

/** All that is written as cues, in order of time. A comment is `author: text`, for as long as it is shown. */
export function cuesToWrite(input: WriteInput, notes: LossNotes): readonly ExchangeCue[] {
  const { exchange } = input;
  const { timed, legacy, durationUs } = placeOnLine(input, notes);
  notes.add('legacy_left_out', {}, legacy.length);
  const comments = timed.map((placed): ExchangeCue => {
    const { author, text } = placed.comment;
    const shownUs = placed.durationUs ?? DEFAULT_SHOWN_US;
    const endUs = Math.min(placed.us + shownUs, durationUs);
    return {
      startUs: placed.us,
      // A cue has to last: readers drop those that do not.
      endUs: Math.max(endUs, placed.us + MS),
      text: author === '' ? text : `${author}: ${text}`,
      speaker: null,
    };
  });
  noteUncarried(
    notes,
    timed.map(({ comment }) => comment),
    ['shapes', 'replies', 'resolved', 'color', 'category', 'created'],
  );
  noteUncarriedCuts(notes, exchange.cuts, ['cuts']);
  const all = [...exchange.cues, ...comments].sort((a, b) => a.startUs - b.startUs);
  const rounded = all.filter(({ startUs, endUs }) => startUs % MS !== 0 || endUs % MS !== 0);
  notes.add('time_rounded', {}, rounded.length);
  return all;
}

/** A cue that was read, inside the film; null, and noted, for one beyond its end. */
export function cueInside(
  cue: ExchangeCue,
  line: number,
  media: ExchangeMedia,
  notes: LossNotes,
): ExchangeCue | null {
  if (cue.startUs >= media.durationUs) {
    notes.add('outside_media', { line });
    return null;
  }
  if (cue.endUs > media.durationUs) notes.add('outside_media', { line });
  return {
    ...cue,
    endUs: Math.min(cue.endUs, media.durationUs),
    text: capped(cue.text, MAX_TEXT, notes),
    speaker: cue.speaker === null ? null : capped(cue.speaker, MAX_NAME, notes),
  };
}

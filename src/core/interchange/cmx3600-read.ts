/**
 * Reading a CMX3600 edit list: picture cuts of one track, and locators, which stand in record time. Dissolves and wipes are cuts here, speed
 * changes are left out, and both are reported. Black is a gap: what follows keeps its place.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Rational } from '../base/time.ts';
import { isDropFrame, nominalRate } from '../base/timecode.ts';
import { MAX_NAME } from '../schema/annotation.ts';
import { dropFrameOf, eventOf, titleOf, type EventLine } from './edl.ts';
import { capped, commentOf, mediaNames, noteUnknown, readResult, taken } from './fields.ts';
import { linesOf } from './lines.ts';
import { lossNotes, type LossNotes } from './loss.ts';
import type { ExchangeComment, ExchangeCut, ExchangeMedia, ReadContext, ReadExchange } from './model.ts';
import { avidPalette } from './palettes.ts';
import { bareMedia } from './place.ts';
import { hourFrames, mediaLine, readLabel, type FrameLine } from './timecode-text.ts';

/** An event with the comment lines that follow it. */
interface Event {
  readonly head: EventLine;
  readonly line: number;
  /** How `:` counts here. */
  readonly drop: boolean;
  fromName: string;
  toName: string;
  label: string;
}

/** A locator, in record time. */
interface Locator {
  readonly stamp: string;
  readonly drop: boolean;
  readonly rest: string;
  readonly line: number;
}

interface Document {
  title: string;
  readonly events: readonly Event[];
  readonly locators: readonly Locator[];
}

/** `* FROM CLIP NAME: x`, also without the space, as name and value. */
function remarkOf(line: string): { readonly name: string; readonly value: string } | null {
  const text = line.trimStart();
  const colon = text.indexOf(':');
  if (!text.startsWith('*') || colon < 0 || colon > 40) return null;
  const name = text.slice(1, colon).trim().toUpperCase().replace(/\s+/g, ' ');
  return { name, value: text.slice(colon + 1).trim() };
}

function noteSpeed(line: string, rate: Rational, notes: LossNotes): void {
  const speed = line
    .trim()
    .split(/\s+/, 8)
    .slice(1)
    .find((word) => /^-?\d{1,4}\.\d{1,3}$/.test(word));
  const changes =
    speed === undefined ||
    (Math.abs(Number(speed) - rate.num / rate.den) > 0.01 && Number(speed) !== nominalRate(rate));
  if (changes) notes.add('effect_left_out');
}

function collect(text: string, context: ReadContext, notes: LossNotes): Document {
  const { rate } = context.media;
  const events = taken<Event>(notes);
  const locators = taken<Locator>(notes);
  let title = '';
  let drop = false;
  let last: Event | null = null;
  for (const { text: line, number, tooLong } of linesOf(text)) {
    if (tooLong) notes.unreadable(number, '');
    const head = eventOf(line);
    if (head !== null) {
      last = { head, line: number, drop, fromName: '', toName: '', label: '' };
      events.push(last);
      continue;
    }
    const counting = dropFrameOf(line);
    if (counting !== null) {
      drop = counting;
      if (drop && !isDropFrame(rate)) {
        const expected = String(Math.round((rate.num / rate.den) * 1000) / 1000);
        notes.add('rate_differs', { found: 'DROP FRAME', expected });
      }
      continue;
    }
    const remark = remarkOf(line);
    if (remark === null) {
      title = titleOf(line) ?? title;
      if (/^\s*M2\s/.test(line)) noteSpeed(line, rate, notes);
      // A line that begins like an event and is none is one that somebody meant to be read.
      else if (/^\s*\d{1,6}\s/.test(line)) notes.unreadable(number, line);
    } else if (remark.name === 'LOC') {
      const [stamp = ''] = remark.value.split(/\s/, 1);
      locators.push({ stamp, drop, rest: remark.value.slice(stamp.length).trim(), line: number });
    } else if (last !== null) {
      if (remark.name === 'FROM CLIP NAME') last.fromName = remark.value;
      else if (remark.name === 'TO CLIP NAME') last.toName = remark.value;
      else if (remark.name === 'COMMENT' && last.label === '') last.label = remark.value;
    }
  }
  return { title, events: events.all, locators: locators.all };
}

const isPicture = ({ head }: Event): boolean => /V|^B$|^NONE$/i.test(head.channels);
const isFirstTrack = ({ head }: Event): boolean => !/V(?:[2-9]|\d\d)/i.test(head.channels);

/** The events of one track; others are noted. Sound is the track only where there is no picture. */
function oneTrack(events: readonly Event[], notes: LossNotes): readonly Event[] {
  const pictures = events.filter(isPicture);
  const kept =
    pictures.length > 0
      ? pictures.filter(isFirstTrack)
      : events.filter(({ head }) => /^(?:A|A1|AA|NONE)$/i.test(head.channels));
  const keptOnes = new Set(kept);
  // The same edit for the sound is no loss: our cuts have both.
  const known = new Set(kept.map(({ head }) => head.labels.join()));
  notes.notCarried(
    'tracks',
    events.filter((event) => !keptOnes.has(event) && !known.has(event.head.labels.join())).length,
  );
  return kept;
}

/** A cut that was read, and the record frames it takes. */
interface ReadCut {
  readonly cut: ExchangeCut;
  readonly recordIn: number;
  readonly recordOut: number;
}

interface Reading {
  readonly context: ReadContext;
  readonly names: ReturnType<typeof mediaNames>;
  readonly record: FrameLine;
  readonly notes: LossNotes;
}

/** What an event's picture is called: that of a dissolve is the one it goes to. */
function sourceNameOf({ head, fromName, toName }: Event): string {
  const given = /^C/i.test(head.transition) ? fromName : toName || fromName;
  return given !== '' ? given : /^(?:AX|NONE)$/i.test(head.reel) ? '' : head.reel;
}

function cutOf(event: Event, { context, names, record, notes }: Reading): ReadCut | null {
  const { head, line, drop } = event;
  const sourceName = sourceNameOf(event);
  // Where nothing is named there is only one film that can be meant.
  const media: ExchangeMedia | null = sourceName === '' ? context.media : names.find(sourceName);
  const film = media ?? bareMedia(context.media.rate);
  const labels = head.labels.map((label, at) => readLabel(label, at < 2 ? film.rate : record.rate, drop));
  const [sourceIn, sourceOut, recordIn, recordOut] = labels;
  if (sourceIn == null || sourceOut == null || recordIn == null || recordOut == null) {
    notes.unreadable(line, head.labels.join(' '));
    return null;
  }
  if (labels.some((label) => label?.repaired === true)) notes.add('timecode_repaired');
  if (!/^C/i.test(head.transition)) notes.add('effect_left_out');
  if (sourceOut.frame <= sourceIn.frame) {
    // The first of the two lines of a dissolve has no length.
    if (sourceOut.frame < sourceIn.frame) notes.unreadable(line, head.labels.join(' '));
    return null;
  }
  if (media === null) noteUnknown(notes, sourceName);
  const source = mediaLine(film);
  const first = sourceIn.frame - film.startFrame;
  const startUs = first < 0 ? Infinity : source.timeOf(first);
  if (startUs >= film.durationUs) {
    notes.add('outside_media', { line });
    return null;
  }
  const end = source.timeOf(sourceOut.frame - film.startFrame);
  if (end > film.durationUs + source.timeOf(1)) notes.add('outside_media', { line });
  return {
    recordIn: recordIn.frame,
    recordOut: recordOut.frame,
    cut: {
      mediaId: media?.id ?? null,
      sourceName: capped(sourceName, MAX_NAME, notes),
      label: capped(event.label, MAX_NAME, notes),
      startUs,
      endUs: Math.min(end, film.durationUs),
      recordUs: 0,
      tags: [],
    },
  };
}

/** Time lines start at a full hour: gaps before the first cut are kept. */
function recordStart(cuts: readonly ReadCut[], { context, record }: Reading): number {
  if (context.startFrame !== undefined) return context.startFrame;
  const first = cuts.reduce((least, { recordIn }) => Math.min(least, recordIn), Infinity);
  const hour = hourFrames(record.rate);
  return Number.isFinite(first) ? Math.floor(first / hour) * hour : 0;
}

/** The last cut that has started at a record frame; -1 where none has. */
function lastStarted(sorted: readonly ReadCut[], frame: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.recordIn ?? Infinity) <= frame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function commentsOf(
  locators: readonly Locator[],
  cuts: readonly ReadCut[],
  { context, record, names, notes }: Reading,
): readonly ExchangeComment[] {
  const sorted = [...cuts].sort((a, b) => a.recordIn - b.recordIn);
  return locators.flatMap(({ stamp, drop, rest, line }): ExchangeComment[] => {
    const label = readLabel(stamp, record.rate, drop);
    if (label === null) {
      notes.unreadable(line, `${stamp} ${rest}`);
      return [];
    }
    const at = sorted[lastStarted(sorted, label.frame)];
    if (at === undefined || label.frame >= at.recordOut) {
      notes.add('outside_media', { line });
      return [];
    }
    if (at.cut.mediaId === null) {
      noteUnknown(notes, at.cut.sourceName);
      return [];
    }
    const film = names.byId(at.cut.mediaId) ?? context.media;
    const source = mediaLine(film);
    const offset = record.timeOf(label.frame - at.recordIn);
    const timeUs = source.timeOf(source.frameAt(at.cut.startUs + offset));
    const [word = ''] = rest.split(/\s/, 1);
    const color = avidPalette.colorOf(word);
    const text = color === null ? rest : rest.slice(word.length).trim();
    return [commentOf({ mediaId: film.id, timeUs, text, color }, notes)];
  });
}

/** Reads a CMX3600 edit list. */
export function readCmx(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const document = collect(text, context, notes);
  const { rate } = context.media;
  const record = mediaLine(bareMedia(rate));
  const reading: Reading = { context, names: mediaNames(context.all), record, notes };
  const found = oneTrack(document.events, notes)
    .filter(({ head }) => !/^BLA?C?K?$/i.test(head.reel))
    .flatMap((event) => cutOf(event, reading) ?? []);
  const start = recordStart(found, reading);
  const cuts = found
    .filter(({ recordIn }) => recordIn >= start)
    .map(({ cut, recordIn }) => ({ ...cut, recordUs: record.timeOf(recordIn - start) }));
  notes.add('outside_media', {}, found.length - cuts.length);
  const comments = commentsOf(document.locators, found, reading);
  return ok(readResult('cmx3600', notes, { title: document.title, cuts, comments }));
}

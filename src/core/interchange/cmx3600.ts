/**
 * CMX3600 edit lists: what every editing program reads. Written are cuts, with the films' names in `FROM CLIP NAME` (and never in
 * `FROM CLIP`, which makes Premiere forget them), the label in `COMMENT` and comments as locators. Without cuts, the first film is one.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { readCmx } from './cmx3600-read.ts';
import { countingLine, eventOf } from './edl.ts';
import { byRecord, noteColors, singleLine } from './fields.ts';
import { firstLines, oneLine } from './lines.ts';
import { lossNotes, noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type { ExchangeCut, ExchangeMedia, TextFormat, WriteInput, Written } from './model.ts';
import { avidPalette } from './palettes.ts';
import { bareMedia, noteRounded, placeOnLine, type Placed } from './place.ts';
import { gridLine, hourFrames, isOnFrame, labelOf, mediaLine, sameRate } from './timecode-text.ts';

/** Most events that every reader takes; further ones have more digits. */
const USUAL_EVENTS = 999;

/** A cut in frames. */
interface Event {
  readonly cut: ExchangeCut;
  readonly media: ExchangeMedia;
  /** In source time code. */
  readonly sourceIn: number;
  readonly sourceOut: number;
  /** From the start of the time line. */
  readonly recordIn: number;
  readonly recordOut: number;
}

function cutsOf(input: WriteInput): readonly ExchangeCut[] {
  const { cuts, comments } = input.exchange;
  const [main] = input.media;
  if (cuts.length > 0 || comments.length === 0 || main === undefined) return byRecord(cuts);
  return [
    {
      mediaId: main.id,
      sourceName: main.name,
      label: '',
      startUs: 0,
      endUs: main.durationUs,
      recordUs: 0,
      tags: [],
    },
  ];
}

function eventsOf(input: WriteInput, cuts: readonly ExchangeCut[], notes: LossNotes): readonly Event[] {
  const record = gridLine(input.rate);
  const byId = new Map(input.media.map((media) => [media.id, media]));
  const events: Event[] = [];
  for (const cut of cuts) {
    const media = byId.get(cut.mediaId ?? '') ?? bareMedia(input.rate);
    const line = mediaLine(media);
    const first = line.frameAt(cut.startUs);
    const length = Math.max(1, line.frameAt(cut.endUs) - first);
    if (!isOnFrame(line, cut.startUs) || !isOnFrame(line, cut.endUs)) notes.add('time_rounded');
    const wanted = record.frameAt(cut.recordUs);
    const before = events.at(-1)?.recordOut ?? 0;
    // Times that were rounded one by one must not overlap, nor leave a frame of black.
    const recordIn = Math.abs(wanted - before) <= 1 ? before : wanted;
    const own = sameRate(media.rate, input.rate)
      ? length
      : Math.max(1, record.frameAt(cut.recordUs + cut.endUs - cut.startUs) - wanted);
    events.push({
      cut,
      media,
      sourceIn: media.startFrame + first,
      sourceOut: media.startFrame + first + length,
      recordIn,
      recordOut: recordIn + own,
    });
  }
  return events;
}

/** The locators that lie in an event. */
function locatorsOf({ recordIn, recordOut }: Event, timed: readonly (Placed & { readonly frame: number })[]) {
  return timed.filter(({ frame }) => frame >= recordIn && frame < recordOut);
}

function write(input: WriteInput): Result<Written, Failure> {
  const { exchange, rate, options } = input;
  const notes = lossNotes();
  const cuts = cutsOf(input);
  const { line, timed, legacy } = placeOnLine({ ...input, exchange: { ...exchange, cuts } }, notes);
  noteRounded(notes, line, timed);
  notes.add('legacy_left_out', {}, legacy.length);
  const start = options.startFrame ?? hourFrames(rate);
  const events = eventsOf(input, cuts, notes);
  if (events.length > USUAL_EVENTS) notes.ruleBroken('events_999');
  const framed = timed.map((placed) => ({ ...placed, frame: line.frameAt(placed.us) }));
  const lines = events.flatMap((event, at) => {
    const { cut, media } = event;
    const number = String(at + 1).padStart(3, '0');
    const source = [event.sourceIn, event.sourceOut].map((frame) => labelOf(frame, media.rate));
    const record = [event.recordIn, event.recordOut].map((frame) => labelOf(start + frame, rate));
    const name = oneLine(cut.sourceName === '' ? media.name : cut.sourceName);
    return [
      `${number}  AX       V     C        ${[...source, ...record].join(' ')}`,
      ...(name === '' ? [] : [`* FROM CLIP NAME:  ${name}`]),
      ...(cut.label === '' ? [] : [`* COMMENT: ${singleLine(cut.label, notes)}`]),
      ...locatorsOf(event, framed).map(({ comment, frame }) => {
        const color = avidPalette.nameOf(comment.color).toUpperCase().padEnd(7);
        return `* LOC: ${labelOf(start + frame, rate)} ${color} ${singleLine(comment.text, notes)}`;
      }),
    ];
  });
  const comments = timed.map(({ comment }) => comment);
  noteUncarried(notes, comments, [
    'author',
    'shapes',
    'replies',
    'resolved',
    'category',
    'duration',
    'created',
  ]);
  noteColors(notes, comments, avidPalette);
  noteUncarriedCuts(notes, exchange.cuts, ['tags']);
  notes.notCarried('cues', exchange.cues.length);
  return ok({
    text: [`TITLE: ${oneLine(exchange.title)}`, countingLine(rate), '', ...lines, ''].join('\n'),
    extension: '.edl',
    type: 'text/plain',
    losses: notes.list(),
  });
}

/** CMX3600. */
export const cmx3600: TextFormat = {
  name: 'cmx3600',
  sniff: (text) => (firstLines(text, 20).some((line) => eventOf(line) !== null) ? 0.9 : 0),
  read: readCmx,
  write,
};

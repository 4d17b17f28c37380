/**
 * Chapters as YouTube reads them in a description: `m:ss Title`, `h:mm:ss Title` from an hour on. The first is at 0:00, there are three at least, in
 * order, each of ten seconds at least; whatever does not keep to that is shown as plain text, so it is reported. Chapters are the cuts of the
 * time line; without cuts, comments.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { SECOND_US } from '../base/time.ts';
import { MAX_NAME } from '../schema/annotation.ts';
import { byRecord, capped, readResult, singleLine, taken } from './fields.ts';
import { firstLines, linesOf, oneLine } from './lines.ts';
import { lossNotes, noteUncarried, noteUncarriedCuts, type LossNotes } from './loss.ts';
import type { ExchangeCut, ReadContext, ReadExchange, TextFormat, WriteInput, Written } from './model.ts';
import { placeOnLine } from './place.ts';

const FEWEST = 3;
const SHORTEST_S = 10;
const CHAPTER = /^[ \t]{0,20}[([]?(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[)\]]?(?:[ \t]|$)/;
/** What people put between the time and the title. */
const LEAD = /^[\s\-–—:|·.]{1,10}/;

interface Chapter {
  readonly seconds: number;
  readonly title: string;
}

function chapterOf(line: string): Chapter | null {
  const match = CHAPTER.exec(line);
  if (match === null) return null;
  const [all, hours = '0', minutes = '0', seconds = '0'] = match;
  if (Number(seconds) > 59 || (match[1] !== undefined && Number(minutes) > 59)) return null;
  const title = line.slice(all.length).trim().replace(LEAD, '');
  return { seconds: (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds), title };
}

function clock(seconds: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0
    ? `${String(minutes)}:${part(seconds % 60)}`
    : `${String(hours)}:${part(minutes)}:${part(seconds % 60)}`;
}

/** Notes which of YouTube's rules these chapters do not keep. */
function noteRules(chapters: readonly Chapter[], endS: number, notes: LossNotes): void {
  if (chapters[0]?.seconds !== 0) notes.ruleBroken('first_at_zero');
  if (chapters.length < FEWEST) notes.ruleBroken('at_least_three');
  const lengths = chapters.map(({ seconds }, at) => (chapters[at + 1]?.seconds ?? endS) - seconds);
  notes.ruleBroken('ascending', lengths.filter((length) => length <= 0).length);
  notes.ruleBroken('ten_seconds', lengths.filter((length) => length > 0 && length < SHORTEST_S).length);
}

function write(input: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const { exchange } = input;
  const { timed, legacy, durationUs } = placeOnLine(input, notes);
  const places =
    exchange.cuts.length > 0
      ? byRecord(exchange.cuts).map(({ recordUs, label }) => ({ us: recordUs, text: label }))
      : timed.map(({ us, comment }) => ({ us, text: comment.text }));
  if (exchange.cuts.length > 0) {
    notes.notCarried('comments', exchange.comments.length);
    noteUncarriedCuts(notes, exchange.cuts, ['tags']);
  } else {
    notes.add('legacy_left_out', {}, legacy.length);
    noteUncarried(
      notes,
      timed.map(({ comment }) => comment),
      ['author', 'duration', 'shapes', 'replies', 'resolved', 'color', 'category', 'created'],
    );
  }
  notes.notCarried('cues', exchange.cues.length);
  notes.add('time_rounded', {}, places.filter(({ us }) => us % SECOND_US !== 0).length);
  const chapters = places.map(({ us, text }, at) => {
    const line = singleLine(text, notes);
    // A chapter needs a title, and one that begins like a separator would lose its beginning.
    const title = line === '' ? `#${String(at + 1)}` : line;
    if (title.replace(LEAD, '') !== title || line === '') notes.add('text_changed');
    return { seconds: Math.floor(us / SECOND_US), title };
  });
  noteRules(chapters, durationUs / SECOND_US, notes);
  return ok({
    text: chapters.map(({ seconds, title }) => `${clock(seconds)} ${title}\n`).join(''),
    extension: '.txt',
    type: 'text/plain',
    losses: notes.list(),
  });
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const { media } = context;
  const chapters = taken<Chapter & { readonly line: number }>(notes);
  for (const { text: line, number, tooLong } of linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text)) {
    const chapter = chapterOf(line);
    if (tooLong) notes.unreadable(number, '');
    else if (chapter === null) {
      // Descriptions have other lines; they are no chapters, and that is said.
      if (line.trim() !== '') notes.unreadable(number, line);
    } else if (chapter.seconds * SECOND_US >= media.durationUs) {
      notes.add('outside_media', { line: number });
    } else chapters.push({ ...chapter, line: number });
  }
  if (chapters.all.length === 0 && !notes.list().some(({ code }) => code === 'outside_media')) {
    return err(failure('invalid_spec', 'broken_document', 'There is no chapter in the text.'));
  }
  const sorted = [...chapters.all].sort((a, b) => a.seconds - b.seconds);
  const cuts = sorted.flatMap(({ seconds, title, line }, at): ExchangeCut[] => {
    const startUs = seconds * SECOND_US;
    const endUs = (sorted[at + 1]?.seconds ?? media.durationUs / SECOND_US) * SECOND_US;
    if (endUs <= startUs) {
      notes.unreadable(line, title);
      return [];
    }
    const label = capped(oneLine(title), MAX_NAME, notes);
    const place = { startUs, endUs: Math.round(endUs), recordUs: startUs };
    return [{ mediaId: media.id, sourceName: media.name, label, ...place, tags: [] }];
  });
  return ok(readResult('youtube-chapters', notes, { cuts }));
}

/** YouTube's chapters. */
export const youtubeChapters: TextFormat = {
  name: 'youtube-chapters',
  sniff: (text) => {
    const found = firstLines(text, 200).flatMap((line) => chapterOf(line) ?? []);
    if (found.length < 2) return 0;
    return found[0]?.seconds === 0 && found.every(({ title }) => title !== '') ? 0.6 : 0.4;
  },
  read,
  write,
};

/**
 * SubRip. Nobody has written down what it is, so it is read as players do: a line with two times starts a cue, wherever it stands, and what
 * follows until the next is its text. Numbers may be missing, cues may overlap or be out of order. A cue whose times make no sense is left out and
 * reported, with its text.
 */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { clockText, cueInside, cuesToWrite } from './cues.ts';
import { readResult, taken } from './fields.ts';
import { headOf, linesOf } from './lines.ts';
import { lossNotes, type LossNotes } from './loss.ts';
import type { ExchangeCue, ReadContext, ReadExchange, TextFormat, WriteInput, Written } from './model.ts';

const ARROW = '-->';
const TIME = /^(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{3})$/;
/** The tags that players know; everything else in angle brackets is text. */
const TAGS = /<\/?(?:[bius]|font(?: [^<>]{0,200})?)>|\{\\an?\d{1,2}\}/gi;
/** Most lines of one cue; more is no subtitle. */
const MAX_LINES = 1000;

function timeOf(text: string): number | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = match.slice(1).map(Number);
  if (minutes > 59 || seconds > 59) return null;
  return (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms) * 1000;
}

/** The times of a line; null where there are none, or none that make sense. */
function timesOf(line: string): { readonly startUs: number; readonly endUs: number } | null {
  const at = line.indexOf(ARROW);
  const startUs = timeOf(line.slice(0, at).trim());
  // Behind the times there may be a place on the picture.
  const endUs = timeOf(
    line
      .slice(at + ARROW.length, at + 100)
      .trim()
      .split(/\s/, 1)[0] ?? '',
  );
  if (startUs === null || endUs === null || endUs <= startUs) return null;
  return { startUs, endUs };
}

/** A cue whose lines are still being collected. */
interface Open {
  readonly line: number;
  readonly times: { readonly startUs: number; readonly endUs: number };
  readonly lines: string[];
}

/** The text of a cue: without the blank lines around it, and without the number of the next one. */
function textOf(lines: readonly string[], followed: boolean): string {
  const kept = [...lines];
  const dropBlank = (): void => {
    while (kept.length > 0 && kept.at(-1)?.trim() === '') kept.pop();
  };
  if (
    followed &&
    /^\s*\d{1,9}\s*$/.test(kept.at(-1) ?? '') &&
    (kept.length === 1 || kept.at(-2)?.trim() === '')
  ) {
    kept.pop();
  }
  dropBlank();
  while (kept.length > 0 && kept[0]?.trim() === '') kept.shift();
  return kept.join('\n');
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const cues = taken<ExchangeCue>(notes);
  let open: Open | null = null;
  let seen = false;
  const close = (followed: boolean): void => {
    if (open === null || cues.skips()) return;
    const whole = textOf(open.lines, followed);
    const bare = whole.replace(TAGS, '');
    if (bare !== whole) notes.notCarried('styles', 1);
    const cue = { ...open.times, text: bare, speaker: null };
    const inside = cueInside(cue, open.line, context.media, notes);
    if (inside !== null) cues.push(inside);
  };
  for (const { text: line, number, tooLong } of linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text)) {
    if (tooLong) notes.unreadable(number, '');
    if (!line.includes(ARROW)) {
      if (open !== null && open.lines.length < MAX_LINES) open.lines.push(line);
      continue;
    }
    close(true);
    const times = timesOf(line);
    seen ||= times !== null;
    if (times === null) notes.unreadable(number, line);
    open = times === null ? null : { line: number, times, lines: [] };
  }
  close(false);
  if (!seen) return err(failure('invalid_spec', 'broken_document', 'There is no subtitle in the text.'));
  return ok(readResult('srt', notes, { cues: cues.all }));
}

/** Text as a cue can hold it: no blank line, no arrow, nothing that players take for markup or a number. */
function cueText(text: string, notes: LossNotes): string {
  const safe = text
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .join('\n')
    .replaceAll(ARROW, '→');
  // There is no way to write these as text; players take them for what they are.
  if (safe !== text || safe.replace(TAGS, '') !== safe) notes.add('text_changed');
  return safe;
}

function write(input: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const all = cuesToWrite(input, notes);
  notes.notCarried('speakers', all.filter(({ speaker }) => speaker !== null).length);
  const blocks = all.map(({ startUs, endUs, text, speaker }, at) => {
    const said = cueText(speaker === null ? text : `${speaker}: ${text}`, notes);
    return `${String(at + 1)}\n${clockText(startUs, ',')} ${ARROW} ${clockText(endUs, ',')}\n${said}\n`;
  });
  return ok({
    text: blocks.join('\n'),
    extension: '.srt',
    type: 'application/x-subrip',
    losses: notes.list(),
  });
}

/** SubRip. */
export const srt: TextFormat = {
  name: 'srt',
  sniff: (text) => {
    // The first times may be the bad ones.
    for (const { text: line } of linesOf(headOf(text))) {
      if (line.includes(ARROW) && timesOf(line) !== null) return 0.8;
    }
    return 0;
  },
  read,
  write,
};

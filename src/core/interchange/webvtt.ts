/**
 * WebVTT. The library parses block by block, because it takes quadratic time for a million voices inside one another and its recursion ends
 * for a million tags: blocks are short here, and what is nested beyond any use is taken as text.
 */
import { WebVTTParser, type WebVTTNode } from 'webvtt-parser';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { SECOND_US } from '../base/time.ts';
import { clockText, cueInside, cuesToWrite } from './cues.ts';
import { readResult, taken } from './fields.ts';
import { headOf, linesOf, oneLine } from './lines.ts';
import { lossNotes, type LossNotes } from './loss.ts';
import {
  type ExchangeCue,
  type ReadContext,
  type ReadExchange,
  type TextFormat,
  type WriteInput,
  type Written,
} from './model.ts';

const SIGNATURE = /^WEBVTT(?:[ \t]|$)/;
/** Longest block that is parsed, characters: twice the longest text we hold. */
const MAX_BLOCK = 20_000;
/** Most tags in a block. */
const MAX_TAGS = 200;
/** With the semicolon: under the library's own names, without it, `&amp;` becomes `&;`. */
const ENTITIES = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
  '&nbsp;': '\u00a0',
  '&quot;': '"',
  '&apos;': "'",
};

/** Lines between blank lines. */
interface Block {
  readonly lines: readonly string[];
  readonly line: number;
}

function* blocksOf(text: string, notes: LossNotes): Generator<Block, void> {
  let lines: string[] = [];
  let from = 1;
  for (const { text: line, number, tooLong } of linesOf(text)) {
    if (tooLong) notes.unreadable(number, '');
    else if (line !== '') {
      if (lines.length === 0) from = number;
      lines.push(line);
      continue;
    }
    if (lines.length > 0) yield { lines, line: from };
    lines = [];
  }
  if (lines.length > 0) yield { lines, line: from };
}

function decoded(text: string): string {
  return text.replace(
    /&(?:amp|lt|gt|lrm|rlm|nbsp|quot|apos);/g,
    (name) => ENTITIES[name as keyof typeof ENTITIES],
  );
}

/** The text of a cue, who says it, and whether it had any markup that is not kept. */
function plain(nodes: readonly WebVTTNode[]): {
  readonly text: string;
  readonly speaker: string | null;
  readonly styled: boolean;
} {
  let text = '';
  let speaker: string | null = null;
  let styled = false;
  for (const node of nodes) {
    if (node.type === 'text') text += String(node.value);
    else if (node.type === 'timestamp') styled = true;
    else {
      const inside = plain(node.children ?? []);
      text += inside.text;
      if (node.name === 'v') speaker ??= decoded(String(node.value ?? '')) || null;
      else styled = true;
      speaker ??= inside.speaker;
      styled ||= inside.styled;
    }
  }
  return { text, speaker, styled };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** A block as the library may have it. */
function tamed(lines: readonly string[], notes: LossNotes): string {
  let text = lines.join('\n');
  if (text.length > MAX_BLOCK) {
    notes.add('text_cut', { limit: MAX_BLOCK });
    text = text.slice(0, MAX_BLOCK);
  }
  if (count(text, '<') <= MAX_TAGS) return text;
  notes.add('text_changed');
  return text.replaceAll('<', '&lt;');
}

const PLACED = ['snapToLines', 'linePosition', 'textPosition', 'size', 'alignment', 'direction'] as const;
const UNPLACED = [true, 'auto', 'auto', 100, 'center', 'horizontal'] as const;

function cuesOf({ lines, line }: Block, parser: WebVTTParser, notes: LossNotes): readonly ExchangeCue[] {
  const [first = ''] = lines;
  if (!lines.some((one) => one.includes('-->'))) {
    if (/^(?:STYLE|REGION)(?:[ \t]|$)/.test(first)) notes.notCarried('styles', 1);
    else if (/^NOTE(?:[ \t]|$)/.test(first)) notes.notCarried('notes', 1);
    else notes.unreadable(line, first);
    return [];
  }
  const text = tamed(lines, notes);
  const { cues } = parser.parse(`WEBVTT\n\n${text}\n`);
  const wanted = lines.filter((one) => one.includes('-->')).length;
  for (let missing = cues.length; missing < wanted; missing += 1) {
    notes.unreadable(line, lines.find((one) => one.includes('-->')) ?? first);
  }
  return cues.flatMap((cue): ExchangeCue[] => {
    const startUs = Math.round(cue.startTime * SECOND_US);
    const endUs = Math.round(cue.endTime * SECOND_US);
    if (endUs <= startUs) {
      notes.unreadable(line, first);
      return [];
    }
    const said = plain(cue.tree.children);
    if (said.styled || PLACED.some((name, at) => cue[name] !== UNPLACED[at])) notes.notCarried('styles', 1);
    return [{ startUs, endUs, text: said.text, speaker: said.speaker }];
  });
}

function read(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const notes = lossNotes();
  const blocks = blocksOf(text.startsWith('\uFEFF') ? text.slice(1) : text, notes);
  const header = blocks.next().value;
  if (header === undefined || !SIGNATURE.test(header.lines[0] ?? '')) {
    return err(failure('invalid_spec', 'broken_document', 'The text does not begin with WEBVTT.'));
  }
  const parser = new WebVTTParser(ENTITIES);
  const cues = taken<ExchangeCue>(notes);
  const take = (block: Block): void => {
    // What is beyond the most that is taken is counted, not parsed.
    if (cues.skips()) return;
    for (const cue of cuesOf(block, parser, notes)) {
      const inside = cueInside(cue, block.line, context.media, notes);
      if (inside !== null) cues.push(inside);
    }
  };
  // Without the blank line that has to follow the signature, cues follow at once.
  const rest = header.lines.slice(1);
  if (rest.some((line) => line.includes('-->'))) take({ lines: rest, line: header.line + 1 });
  for (const block of blocks) take(block);
  return ok(readResult('webvtt', notes, { cues: cues.all }));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text as a cue can hold it: lines ended by LF, and none of them empty. */
function cueText(text: string, notes: LossNotes): string {
  const safe = text
    .replaceAll('\0', '\uFFFD')
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .join('\n');
  if (safe !== text) notes.add('text_changed');
  return escaped(safe);
}

function speakerText(speaker: string, notes: LossNotes): string {
  const safe = oneLine(speaker).split(/\s+/).join(' ');
  if (safe !== speaker) notes.add('text_changed');
  return safe;
}

function write(input: WriteInput): Result<Written, Failure> {
  const notes = lossNotes();
  const blocks = cuesToWrite(input, notes).map(({ startUs, endUs, text, speaker }) => {
    const said = cueText(text, notes);
    const name = speaker === null ? '' : speakerText(speaker, notes);
    const voiced = name === '' ? said : `<v ${escaped(name)}>${said}`;
    return `${clockText(startUs, '.')} --> ${clockText(endUs, '.')}\n${voiced}\n`;
  });
  return ok({
    text: ['WEBVTT\n', ...blocks].join('\n'),
    extension: '.vtt',
    type: 'text/vtt',
    losses: notes.list(),
  });
}

/** WebVTT. */
export const webvtt: TextFormat = {
  name: 'webvtt',
  sniff: (text) => (SIGNATURE.test(headOf(text).split(/[\r\n]/, 1)[0] ?? '') ? 1 : 0),
  read,
  write,
};

/** The table of encoders, and the whole of the diagnostics as text for a bug report. Pure. */
import type { Capabilities, EncoderAnswer, EncoderQuestion } from '../../app/studio/types.ts';
import { codecName } from '../format/text.ts';

/** A question with what is known of it. */
export interface EncoderRow {
  readonly question: EncoderQuestion;
  /** Null while nobody has measured it. */
  readonly answer: EncoderAnswer | null;
}

/** The rows of one codec; rows of the same size stand together. */
export interface EncoderGroup {
  readonly codec: EncoderQuestion['codec'];
  readonly sizes: readonly { readonly name: string; readonly rows: readonly EncoderRow[] }[];
}

/** The same size, at rates that ask for the same of an encoder, is one question. */
function sizeOf({ width, height, fps }: EncoderQuestion): string {
  return `${String(width)}x${String(height)}/${String(Math.ceil(fps / 30))}`;
}

function nameOf(question: EncoderQuestion): string {
  return `${question.codec}/${question.mode}/${sizeOf(question)}`;
}

/** The table: what it asks, and behind it what exports have found out beyond that. */
export function tableOf(
  questions: readonly EncoderQuestion[],
  known: readonly EncoderAnswer[],
): readonly EncoderGroup[] {
  const answers = new Map(known.map((answer) => [nameOf(answer.question), answer]));
  const all = new Map<string, EncoderQuestion>();
  for (const question of [...questions, ...known.map((answer) => answer.question)]) {
    if (!all.has(nameOf(question))) all.set(nameOf(question), question);
  }
  const groups = new Map<EncoderQuestion['codec'], Map<string, EncoderRow[]>>();
  for (const [name, question] of all) {
    const sizes = groups.get(question.codec) ?? new Map<string, EncoderRow[]>();
    groups.set(question.codec, sizes);
    const rows = sizes.get(sizeOf(question)) ?? [];
    sizes.set(sizeOf(question), rows);
    rows.push({ question, answer: answers.get(name) ?? null });
  }
  return [...groups].map(([codec, sizes]) => ({
    codec,
    sizes: [...sizes].map(([name, rows]) => ({ name, rows })),
  }));
}

/** The rows that somebody has measured, and how many nobody has. */
export function measuredOf(groups: readonly EncoderGroup[]): {
  readonly shown: readonly EncoderGroup[];
  readonly open: number;
} {
  const rows = groups.flatMap(({ sizes }) => sizes.flatMap((size) => size.rows));
  const shown = groups
    .map(({ codec, sizes }) => ({
      codec,
      sizes: sizes
        .map((size) => ({ ...size, rows: size.rows.filter(({ answer }) => answer !== null) }))
        .filter((size) => size.rows.length > 0),
    }))
    .filter(({ sizes }) => sizes.length > 0);
  return { shown, open: rows.filter(({ answer }) => answer === null).length };
}

/** A size as it is written: 1920 × 1080. */
export function sizeText({ width, height }: EncoderQuestion): string {
  return `${String(width)} × ${String(height)}`;
}

function rateText(fps: number | null): string {
  return fps === null ? '-' : String(Math.round(fps));
}

function answerText({ question, answer }: EncoderRow): string {
  const what = `${codecName(question.codec)} ${question.mode} ${String(question.width)}x${String(question.height)} at ${String(Math.round(question.fps))}`;
  if (answer === null) return `${what}: not measured`;
  if (!answer.works) return `${what}: does not work (${answer.problem ?? 'no reason given'})`;
  return `${what}: works, encode ${rateText(answer.encodeFps)} fps, decode ${rateText(answer.decodeFps)} fps`;
}

/** Everything as text. Always in English: whoever reads bug reports searches them. */
export function reportText(
  userAgent: string,
  capabilities: Capabilities,
  groups: readonly EncoderGroup[],
): string {
  const { freeBytes } = capabilities;
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  return [
    'Reelkeep diagnostics',
    `Browser: ${userAgent}`,
    `Cores: ${String(capabilities.cores)}`,
    `WebAssembly: ${yes(capabilities.webAssembly)}`,
    `WebCodecs: ${yes(capabilities.webCodecs)}`,
    `Private storage: ${freeBytes === null ? 'no' : `${String(Math.round(freeBytes / 1e6))} MB free`}`,
    `File handles: ${yes(capabilities.fileHandles)}`,
    `Save dialog: ${yes(capabilities.savePicker)}`,
    `Engines: ${capabilities.engines.join(', ')}`,
    `Decodes: ${capabilities.decode.length === 0 ? 'nothing' : capabilities.decode.map(codecName).join(', ')}`,
    'Encoders:',
    ...groups.flatMap(({ sizes }) => sizes.flatMap(({ rows }) => rows.map((row) => `- ${answerText(row)}`))),
    '',
  ].join('\n');
}

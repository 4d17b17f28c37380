import { describe, expect, it } from 'vitest';
import { createDiagnostics, ENCODER_QUESTIONS } from '../../../src/app/studio/diagnostics.ts';
import type { Capabilities, EncoderAnswer, EncoderQuestion } from '../../../src/app/studio/types.ts';
import { measuredOf, reportText, tableOf } from '../../../src/ui/diagnostics/report.ts';
import { fakeActivity } from './fake-activity.ts';
import { fakeAnswer } from './fake-studio.ts';

const CAPABILITIES: Capabilities = {
  cores: 2,
  webAssembly: true,
  privateStorage: true,
  fileHandles: true,
  savePicker: false,
  webCodecs: true,
  freeBytes: 1_500_000_000,
  engines: ['webcodecs', 'ffmpeg'],
  decode: ['avc', 'vp9'],
  encoders: [],
};

function make(slow?: EncoderQuestion) {
  const answers: EncoderAnswer[] = [];
  const asked: EncoderQuestion[] = [];
  const diagnostics = createDiagnostics({
    capabilities: async () => CAPABILITIES,
    known: () => answers,
    answer: async (question) => {
      asked.push(question);
      if (question === slow) return new Promise(() => undefined);
      const answer = fakeAnswer(question);
      answers.push(answer);
      return answer;
    },
    activity: fakeActivity([], () => []),
  });
  return { diagnostics, answers, asked };
}

describe('measuring all', () => {
  it('asks every question of the table once, in order, and tells how far it is', async () => {
    const { diagnostics, asked } = make();
    const done: number[] = [];
    const result = await diagnostics.measureAll(
      (progress) => done.push(progress.done),
      new AbortController().signal,
    );
    expect(result.ok).toBe(true);
    expect(asked).toEqual(ENCODER_QUESTIONS);
    expect(done).toEqual(ENCODER_QUESTIONS.map((_, place) => place));
    expect(new Set(asked.map(({ codec }) => codec))).toEqual(new Set(['avc', 'vp9', 'av1']));
    expect(asked.some(({ width, height }) => width === 641 && height === 361)).toBe(true);
  });

  it('stops at once, also in the middle of an answer that never comes', async () => {
    const { diagnostics, asked, answers } = make(ENCODER_QUESTIONS[2]);
    const controller = new AbortController();
    const result = await diagnostics.measureAll(({ done }) => {
      if (done === 2) queueMicrotask(() => controller.abort());
    }, controller.signal);
    expect(result).toMatchObject({ ok: false, error: { code: 'aborted' } });
    expect(asked).toHaveLength(3);
    expect(answers).toHaveLength(2);
  });
});

describe('the table of encoders', () => {
  it('stands by codec and size, hardware beside software', () => {
    const groups = tableOf(ENCODER_QUESTIONS, []);
    expect(groups.map(({ codec, sizes }) => [codec, sizes.length])).toEqual([
      ['avc', 6],
      ['vp9', 6],
      ['av1', 6],
    ]);
    expect(groups[0]!.sizes[0]!.rows.map(({ question, answer }) => [question.mode, answer])).toEqual([
      ['hardware', null],
      ['software', null],
    ]);
  });

  it('takes up answers, also those that exports asked for, at rates that are the same question', () => {
    const first = ENCODER_QUESTIONS[1]!;
    const known = [
      fakeAnswer({ ...first, fps: 25 }),
      fakeAnswer({ codec: 'avc', mode: 'software', width: 1440, height: 1080, fps: 59.94 }),
    ];
    const [avc] = tableOf(ENCODER_QUESTIONS, known);
    expect(avc!.sizes).toHaveLength(7);
    expect(avc!.sizes[0]!.rows[1]!.answer).toBe(known[0]);
    expect(avc!.sizes[6]!.rows).toEqual([{ question: known[1]!.question, answer: known[1] }]);
  });

  it('is shown as far as it is known', () => {
    expect(measuredOf(tableOf(ENCODER_QUESTIONS, []))).toEqual({
      shown: [],
      open: ENCODER_QUESTIONS.length,
    });
    const known = [ENCODER_QUESTIONS[1]!, ENCODER_QUESTIONS.at(-1)!].map(fakeAnswer);
    const { shown, open } = measuredOf(tableOf(ENCODER_QUESTIONS, known));
    expect(open).toBe(ENCODER_QUESTIONS.length - 2);
    expect(shown.map(({ codec, sizes }) => [codec, sizes.flatMap(({ rows }) => rows).length])).toEqual([
      ['avc', 1],
      ['av1', 1],
    ]);
  });

  it('becomes text that says everything', () => {
    const known = ENCODER_QUESTIONS.slice(0, 2).map(fakeAnswer);
    const text = reportText('Browser/1', CAPABILITIES, tableOf(ENCODER_QUESTIONS.slice(0, 3), known));
    expect(text.split('\n')).toEqual([
      'Reelkeep diagnostics',
      'Browser: Browser/1',
      'Cores: 2',
      'WebAssembly: yes',
      'WebCodecs: yes',
      'Private storage: 1500 MB free',
      'File handles: yes',
      'Save dialog: no',
      'Engines: webcodecs, ffmpeg',
      'Decodes: H.264, VP9',
      'Encoders:',
      '- H.264 hardware 1920x1080 at 30: does not work (The browser has no hardware encoder for this.)',
      '- H.264 software 1920x1080 at 30: works, encode 83 fps, decode 222 fps',
      '- H.264 hardware 1080x1920 at 30: not measured',
      '',
    ]);
    const nothing = reportText('B', { ...CAPABILITIES, freeBytes: null, decode: [] }, []);
    expect(nothing).toContain('Private storage: no\n');
    expect(nothing).toContain('Decodes: nothing\n');
  });
});

/** Which engine is tried, and when one is left out. */
import { expect, test } from 'vitest';
import { ok } from '../../../src/core/base/result.ts';
import type { Clock } from '../../../src/runtime/contract/clock.ts';
import type { Renderer, RenderJob } from '../../../src/runtime/contract/renderer.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../../src/runtime/contract/webcodecs.ts';
import { createLadder } from '../../../src/runtime/engine/ladder.ts';
import { openMeasures } from '../../../src/runtime/engine/webcodecs/measures.ts';

function rung(name: string, can: boolean): Renderer {
  return {
    name: name === 'ffmpeg' ? 'ffmpeg' : 'webcodecs',
    rung: name,
    canRender: () => Promise.resolve(can),
    keyMaterial: () => name,
    render: () => Promise.reject(new Error('not called here')),
  };
}

/** Only what the ladder looks at. */
const job = (codec: 'aac' | 'opus'): RenderJob =>
  ({ kind: 'audio', settings: { codec } }) as unknown as RenderJob;

function clockAt(state: { now: number }): Clock {
  return { now: () => state.now } as unknown as Clock;
}

const names = async (rungs: Promise<readonly Renderer[]>): Promise<string[]> =>
  (await rungs).map((each) => each.rung);

test('rungs that can, in order; the last one when none can', async () => {
  const clock = clockAt({ now: 0 });
  const all = createLadder({
    rungs: [rung('hardware', true), rung('software', true), rung('ffmpeg', true)],
    concurrency: 2,
    clock,
  });
  expect(await names(all.rungsFor(job('aac')))).toEqual(['hardware', 'software', 'ffmpeg']);
  const none = createLadder({
    rungs: [rung('hardware', false), rung('ffmpeg', false)],
    concurrency: 2,
    clock,
  });
  expect(await names(none.rungsFor(job('aac')))).toEqual(['ffmpeg']);
});

test('a rung that fails twice in a row is left out for that kind of work, for a while', async () => {
  const state = { now: 1000 };
  const hardware = rung('hardware', true);
  const ffmpeg = rung('ffmpeg', true);
  const ladder = createLadder({ rungs: [hardware, ffmpeg], concurrency: 2, clock: clockAt(state) });
  ladder.report(hardware, job('aac'), false);
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['hardware', 'ffmpeg']);
  ladder.report(hardware, job('aac'), true);
  ladder.report(hardware, job('aac'), false);
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['hardware', 'ffmpeg']);
  ladder.report(hardware, job('aac'), false);
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['ffmpeg']);
  expect(await names(ladder.rungsFor(job('opus')))).toEqual(['hardware', 'ffmpeg']);
  state.now += 6 * 60_000;
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['hardware', 'ffmpeg']);
  // One more failure on trial closes it again at once.
  ladder.report(hardware, job('aac'), false);
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['ffmpeg']);
});

/** Pictures of a source. */
const film = (fingerprint: string): RenderJob =>
  ({ kind: 'video', settings: { codec: 'avc' }, source: { fingerprint } }) as unknown as RenderJob;

test('a source that fails is left to the next rung, others are not; several in a row are a broken rung', async () => {
  const state = { now: 1000 };
  const software = rung('software', true);
  const ladder = createLadder({
    rungs: [software, rung('ffmpeg', true)],
    concurrency: 2,
    clock: clockAt(state),
  });
  for (let i = 0; i < 4; i += 1) ladder.report(software, film('odd'), false);
  expect(await names(ladder.rungsFor(film('odd')))).toEqual(['ffmpeg']);
  expect(await names(ladder.rungsFor(film('good')))).toEqual(['software', 'ffmpeg']);
  // A success elsewhere does not make the odd one right.
  ladder.report(software, film('good'), true);
  expect(await names(ladder.rungsFor(film('odd')))).toEqual(['ffmpeg']);
  for (const name of ['a', 'b', 'c']) ladder.report(software, film(name), false);
  expect(await names(ladder.rungsFor(film('good')))).toEqual(['ffmpeg']);
  state.now += 6 * 60_000;
  expect(await names(ladder.rungsFor(film('odd')))).toEqual(['software', 'ffmpeg']);
});

test('a rung that is left out still does what no other can', async () => {
  const software = rung('software', true);
  const ladder = createLadder({
    rungs: [software, rung('ffmpeg', false)],
    concurrency: 2,
    clock: clockAt({ now: 1 }),
  });
  for (let i = 0; i < 4; i += 1) ladder.report(software, film('av1'), false);
  expect(await names(ladder.rungsFor(film('av1')))).toEqual(['software']);
});

test('the last rung is never left out', async () => {
  const ffmpeg = rung('ffmpeg', true);
  const ladder = createLadder({ rungs: [ffmpeg], concurrency: 1, clock: clockAt({ now: 5 }) });
  for (let i = 0; i < 5; i += 1) ladder.report(ffmpeg, job('aac'), false);
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['ffmpeg']);
});

const question: EncoderQuestion = { codec: 'avc', mode: 'software', width: 640, height: 360, fps: 25 };

function answering(asked: EncoderQuestion[]): (question: EncoderQuestion) => Promise<EncoderAnswer> {
  return (each) => {
    asked.push(each);
    return Promise.resolve({
      question: each,
      works: each.codec === 'avc',
      fault: null,
      problem: null,
      encodeFps: 1,
      decodeFps: 1,
    });
  };
}

test('an encoder is measured once per browser build', async () => {
  const asked: EncoderQuestion[] = [];
  let kept: unknown = null;
  const open = (build: string): ReturnType<typeof openMeasures> =>
    openMeasures({
      build,
      load: () => Promise.resolve(kept),
      save: (value) => {
        kept = structuredClone(value);
        return Promise.resolve(ok(null));
      },
      measure: answering(asked),
    });
  const first = await open('browser 1');
  const [a, b] = await Promise.all([first.works(question), first.works({ ...question, fps: 30 })]);
  expect([a, b]).toEqual([true, true]);
  expect(asked).toHaveLength(1);
  expect(await first.works({ ...question, codec: 'hevc' })).toBe(false);
  expect(asked).toHaveLength(2);

  const again = await open('browser 1');
  expect(again.known()).toHaveLength(2);
  expect(await again.works(question)).toBe(true);
  expect(asked).toHaveLength(2);

  const other = await open('browser 2');
  expect(other.known()).toEqual([]);
  expect(await other.works(question)).toBe(true);
  expect(asked).toHaveLength(3);
});

test('what is kept is hostile input: nonsense is forgotten', async () => {
  for (const nonsense of [
    null,
    7,
    'x',
    { build: 'b' },
    { build: 'b', answers: {} },
    { build: 'b', answers: [1] },
  ]) {
    const asked: EncoderQuestion[] = [];
    const measures = await openMeasures({
      build: 'b',
      load: () => Promise.resolve(nonsense),
      save: () => Promise.resolve(ok(null)),
      measure: answering(asked),
    });
    expect(await measures.works(question)).toBe(true);
    expect(asked).toHaveLength(1);
  }
});

test('a question that could not be put is asked again', async () => {
  let tries = 0;
  let kept: unknown = null;
  const measures = await openMeasures({
    build: 'b',
    load: () => Promise.resolve(null),
    save: (value) => {
      kept = value;
      return Promise.resolve(ok(null));
    },
    measure: (each) => {
      tries += 1;
      const answer = { question: each, works: true, fault: null, problem: null, encodeFps: 1, decodeFps: 1 };
      return Promise.resolve(tries === 1 ? null : answer);
    },
  });
  expect(await measures.works(question)).toBe(false);
  expect(kept).toBeNull();
  expect(await measures.works(question)).toBe(true);
  expect(tries).toBe(2);
});

/** Which engine is tried, and when one is left out. */
import { expect, test } from 'vitest';
import { ok } from '../../../src/core/base/result.ts';
import type { Clock } from '../../../src/runtime/contract/clock.ts';
import type {
  BreakerNews,
  EngineLadder,
  Renderer,
  RenderJob,
} from '../../../src/runtime/contract/renderer.ts';
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

/** The rung that is tried next; a try that was only looked at. */
async function nextOf(ladder: EngineLadder, job: RenderJob): Promise<string> {
  const attempt = await ladder.next(job, new Set());
  attempt?.end('dropped');
  return attempt?.rung.rung ?? 'none';
}

/** Tries whatever comes next, to an end. */
async function tryNext(
  ladder: EngineLadder,
  job: RenderJob,
  outcome: 'succeeded' | 'failed' | 'dropped',
): Promise<readonly BreakerNews[]> {
  return (await ladder.next(job, new Set()))?.end(outcome) ?? [];
}

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
  expect(await nextOf(none, job('aac'))).toBe('ffmpeg');
});

test('down the ladder: each rung once, and the last one is called so', async () => {
  const rungs = [rung('hardware', true), rung('software', false), rung('ffmpeg', true)];
  const ladder = createLadder({ rungs, concurrency: 2, clock: clockAt({ now: 0 }) });
  const tried = new Set<Renderer>();
  const seen: [string, boolean][] = [];
  for (
    let at = await ladder.next(job('aac'), tried);
    at !== null;
    at = await ladder.next(job('aac'), tried)
  ) {
    seen.push([at.rung.rung, at.isLast]);
    tried.add(at.rung);
    at.end('failed');
  }
  expect(seen).toEqual([
    ['hardware', false],
    ['ffmpeg', true],
  ]);
});

test('a rung that fails twice in a row is left out for that kind of work, for a while', async () => {
  const state = { now: 1000 };
  const ladder = createLadder({
    rungs: [rung('hardware', true), rung('ffmpeg', true)],
    concurrency: 2,
    clock: clockAt(state),
  });
  await tryNext(ladder, job('aac'), 'failed');
  expect(await nextOf(ladder, job('aac'))).toBe('hardware');
  await tryNext(ladder, job('aac'), 'succeeded');
  await tryNext(ladder, job('aac'), 'failed');
  expect(await nextOf(ladder, job('aac'))).toBe('hardware');
  expect(await tryNext(ladder, job('aac'), 'failed')).toEqual([
    { rung: 'hardware', work: 'audio/aac', scope: 'source', openMs: 300_000 },
  ]);
  expect(await nextOf(ladder, job('aac'))).toBe('ffmpeg');
  expect(await nextOf(ladder, job('opus'))).toBe('hardware');
  // What it made before is still good.
  expect(await names(ladder.rungsFor(job('aac')))).toEqual(['hardware', 'ffmpeg']);
});

test('after the pause exactly one step tries it; the others go on without it until that one has told', async () => {
  const state = { now: 1000 };
  const ladder = createLadder({
    rungs: [rung('hardware', true), rung('ffmpeg', true)],
    concurrency: 4,
    clock: clockAt(state),
  });
  for (let i = 0; i < 2; i += 1) await tryNext(ladder, job('aac'), 'failed');
  state.now += 300_000;
  const probe = await ladder.next(job('aac'), new Set());
  expect(probe?.rung.rung).toBe('hardware');
  for (let i = 0; i < 5; i += 1) expect(await nextOf(ladder, job('aac'))).toBe('ffmpeg');
  // It said nothing: the next one finds out.
  probe?.end('dropped');
  const second = await ladder.next(job('aac'), new Set());
  expect(second?.rung.rung).toBe('hardware');
  expect(second?.end('failed')).toMatchObject([{ openMs: 600_000 }]);
  expect(second?.end('succeeded')).toEqual([]);
  state.now += 300_000;
  expect(await nextOf(ladder, job('aac'))).toBe('ffmpeg');
  state.now += 300_000;
  const third = await ladder.next(job('aac'), new Set());
  expect(third?.rung.rung).toBe('hardware');
  third?.end('succeeded');
  // Closed: everybody again, and it takes two failures to open, for as long as at first.
  expect(await nextOf(ladder, job('aac'))).toBe('hardware');
  await tryNext(ladder, job('aac'), 'failed');
  expect(await tryNext(ladder, job('aac'), 'failed')).toMatchObject([{ openMs: 300_000 }]);
});

test('it is left out for half an hour at most, however often it fails', async () => {
  const state = { now: 0 };
  const ladder = createLadder({
    rungs: [rung('hardware', true), rung('ffmpeg', true)],
    concurrency: 1,
    clock: clockAt(state),
  });
  await tryNext(ladder, job('aac'), 'failed');
  const pauses: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const [news] = await tryNext(ladder, job('aac'), 'failed');
    pauses.push((news?.openMs ?? 0) / 60_000);
    state.now += news?.openMs ?? 0;
  }
  expect(pauses).toEqual([5, 10, 20, 30, 30, 30, 30]);
});

test('tries that began before it opened do not open it for longer', async () => {
  const state = { now: 0 };
  const ladder = createLadder({
    rungs: [rung('hardware', true), rung('ffmpeg', true)],
    concurrency: 4,
    clock: clockAt(state),
  });
  const tries = await Promise.all([0, 1, 2, 3].map(() => ladder.next(job('aac'), new Set())));
  expect(tries.map((each) => each?.end('failed').length)).toEqual([0, 1, 0, 0]);
  state.now += 300_000;
  expect(await nextOf(ladder, job('aac'))).toBe('hardware');
});

/** Pictures of a source. */
const film = (fingerprint: string): RenderJob =>
  ({ kind: 'video', settings: { codec: 'avc' }, source: { fingerprint } }) as unknown as RenderJob;

test('a source that fails is left to the next rung, others are not; several in a row are a broken rung', async () => {
  const state = { now: 1000 };
  const ladder = createLadder({
    rungs: [rung('software', true), rung('ffmpeg', true)],
    concurrency: 2,
    clock: clockAt(state),
  });
  for (let i = 0; i < 2; i += 1) await tryNext(ladder, film('odd'), 'failed');
  expect(await nextOf(ladder, film('odd'))).toBe('ffmpeg');
  expect(await nextOf(ladder, film('good'))).toBe('software');
  // A success elsewhere does not make the odd one right.
  await tryNext(ladder, film('good'), 'succeeded');
  expect(await nextOf(ladder, film('odd'))).toBe('ffmpeg');
  await tryNext(ladder, film('a'), 'failed');
  await tryNext(ladder, film('b'), 'failed');
  expect(await nextOf(ladder, film('good'))).toBe('software');
  expect(await tryNext(ladder, film('c'), 'failed')).toEqual([
    { rung: 'software', work: 'video/avc', scope: 'all', openMs: 300_000 },
  ]);
  expect(await nextOf(ladder, film('good'))).toBe('ffmpeg');
  state.now += 300_000;
  // One step of whatever source finds out for all.
  const probe = await ladder.next(film('good'), new Set());
  expect(probe?.rung.rung).toBe('software');
  expect(await nextOf(ladder, film('another'))).toBe('ffmpeg');
  probe?.end('succeeded');
  expect(await nextOf(ladder, film('another'))).toBe('software');
});

test('a rung that is left out still does what no other can', async () => {
  const ladder = createLadder({
    rungs: [rung('software', true), rung('ffmpeg', false)],
    concurrency: 2,
    clock: clockAt({ now: 1 }),
  });
  for (let i = 0; i < 4; i += 1) await tryNext(ladder, film('av1'), 'failed');
  expect(await nextOf(ladder, film('av1'))).toBe('software');
});

test('the last rung is never left out', async () => {
  const ladder = createLadder({ rungs: [rung('ffmpeg', true)], concurrency: 1, clock: clockAt({ now: 5 }) });
  for (let i = 0; i < 5; i += 1) expect(await tryNext(ladder, job('aac'), 'failed')).toEqual([]);
  expect(await nextOf(ladder, job('aac'))).toBe('ffmpeg');
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

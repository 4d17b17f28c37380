/** What a job took: working time, by stage and by rung, over all its takes. */
import { expect, test } from 'vitest';
import { createWorkLog } from '../../../src/runtime/jobs/work-log.ts';
import { fakeClock } from './fake-clock.ts';
import type { StepNews } from '../../../src/runtime/jobs/rendered.ts';

const step = (rung: string, wallMs: number, reused = false): StepNews => ({
  pixels: reused ? 0 : 1000,
  receipt: {
    stepId: 's',
    kind: 'encode-video',
    engine: 'ffmpeg',
    rung,
    reused,
    wallMs,
    bytes: 1,
    argv: [],
    attempts: 1,
  },
});

test('waiting is no work', async () => {
  const clock = fakeClock();
  const log = createWorkLog(null, clock);
  await clock.advance(1_000);
  expect(log.stage('preparing')).toBeNull();
  await clock.advance(1_000);
  log.start();
  await clock.advance(300);
  log.stop();
  await clock.advance(50_000);
  log.start();
  log.start();
  await clock.advance(200);
  expect(log.stage('rendering')).toEqual({ stage: 'preparing', wallMs: 500 });
  expect(log.stage('rendering')).toBeNull();
  await clock.advance(2_000);
  expect(log.workedMs()).toBe(2_500);
  expect(log.stage(null)).toEqual({ stage: 'rendering', wallMs: 2_000 });
  log.stop();
  await clock.advance(9_000);
  expect(log.actual(10, 20)).toEqual({
    wallMs: 2_500,
    sharedMs: 0,
    bytes: 10,
    storageBytes: 20,
    stages: { preparing: 500, rendering: 2_000 },
    work: {},
  });
});

test('a next take goes on from what the one before took; what was there is no work', async () => {
  const clock = fakeClock();
  const first = createWorkLog(null, clock);
  first.start();
  first.stage('rendering');
  first.step(step('ffmpeg', 100));
  await clock.advance(1_000);
  const earlier = first.actual(0, 5);
  const next = createWorkLog(structuredClone(earlier), clock);
  next.start();
  next.stage('rendering');
  next.step(step('ffmpeg', 100, true));
  next.step(step('ffmpeg', 30));
  next.step(step('webcodecs-software', 7));
  await clock.advance(500);
  expect(next.actual(0, 5)).toMatchObject({
    wallMs: 1_500,
    stages: { rendering: 1_500 },
    work: {
      ffmpeg: { wallMs: 130, steps: 2, pixels: 2000 },
      'webcodecs-software': { wallMs: 7, steps: 1, pixels: 1000 },
    },
  });
});

test('what was done while others worked is counted apart, over all takes', async () => {
  const clock = fakeClock();
  const log = createWorkLog(null, clock);
  log.start();
  await clock.advance(1_000);
  log.beside(2);
  await clock.advance(400);
  log.beside(0);
  await clock.advance(100);
  const first = log.actual(1, 1);
  expect(first).toMatchObject({ wallMs: 1_500, sharedMs: 400 });
  const second = createWorkLog(first, clock);
  second.start();
  second.beside(1);
  await clock.advance(50);
  expect(second.actual(1, 1)).toMatchObject({ wallMs: 1_550, sharedMs: 450 });
});

/** Every reason has an action, and every action is really carried out. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { failure, FAILURE_REASONS, type Failure } from '../../../src/core/base/failure.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { pauseBefore, recoveryFor, type Recovery } from '../../../src/runtime/jobs/recovery.ts';
import { settle, until } from './fake-clock.ts';
import { createWorld, failed, rung, type World } from './world.ts';

const ACTIONS: readonly Recovery[] = [
  'retry',
  'other_engine',
  'smaller_chunk',
  'encode_instead',
  'ask_source',
  'ask_storage',
  'stop',
];

describe('the table', () => {
  it('has an action for every reason, and a reason for every action', () => {
    const used = new Set(
      FAILURE_REASONS.map((reason) => {
        const action = recoveryFor(failure('internal', reason, 'test'));
        expect(ACTIONS, reason).toContain(action);
        return action;
      }),
    );
    expect([...used].sort()).toEqual([...ACTIONS].sort());
  });

  it('does not repeat what cannot pass', () => {
    const actionOf = (reason: Failure['reason']): Recovery =>
      recoveryFor(failure('internal', reason, 'test'));
    expect(actionOf('source_changed')).toBe('stop');
    expect(actionOf('cancelled')).toBe('stop');
    expect(actionOf('damaged')).toBe('other_engine');
    expect(actionOf('worker_crashed')).toBe('retry');
    expect(actionOf('out_of_memory')).toBe('smaller_chunk');
    expect(actionOf('no_space')).toBe('ask_storage');
    expect(actionOf('source_missing')).toBe('ask_source');
  });

  it('pauses 5, 15 and 45 seconds, a fifth more or less, and then gives up', () => {
    expect([1, 2, 3, 4].map((failures) => pauseBefore(failures, 0.5))).toEqual([5_000, 15_000, 45_000, null]);
    expect(pauseBefore(2, 0.5, 2)).toBeNull();
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const middle = pauseBefore(failures, 0.5) ?? 0;
          const pause = pauseBefore(failures, random) ?? 0;
          expect(pause).toBeGreaterThanOrEqual(middle * 0.8);
          expect(pause).toBeLessThanOrEqual(middle * 1.2);
        },
      ),
    );
  });
});

async function make(world: World, frames = 40): Promise<Export> {
  const made = await world.tab().create(world.spec(frames), world.plan(frames), null);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const recordOf = (world: World, job: Export): Export | undefined => world.records.get(job.id);
const ends = (world: World, job: Export, status: string): Promise<void> =>
  until(`the job is ${status}`, () => recordOf(world, job)?.status === status);

/** Fails so many times, then works. */
function failing(times: number, problem: Failure): () => Failure | null {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? problem : null;
  };
}

describe('what is done', () => {
  test('retry: again after 5, 15 and 45 seconds, on the last rung', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg', failing(3, failed('worker_crashed')));
    world.rungs = [ffmpeg];
    const job = await make(world);
    for (const pause of [5_000, 15_000, 45_000]) {
      await until(`it pauses ${String(pause)} ms`, () => world.clock.pauses().includes(pause));
      await world.clock.advance(pause);
    }
    await ends(world, job, 'completed');
    expect(ffmpeg.calls).toHaveLength(4);
    expect(recordOf(world, job)?.receipts[0]?.attempts).toBe(4);
    const codes = world.log.filter((entry) => entry.event === 'step_failed').map((entry) => entry.code);
    expect(codes).toEqual(['worker_crashed', 'worker_crashed', 'worker_crashed']);
  });

  test('retry: on another rung than the last, the next engine is the better second try', async () => {
    const world = createWorld();
    const fast = rung('webcodecs-software', () => failed('worker_stuck'));
    const ffmpeg = rung('ffmpeg');
    world.rungs = [fast, ffmpeg];
    const job = await make(world);
    await ends(world, job, 'completed');
    expect([fast.calls.length, ffmpeg.calls.length]).toEqual([1, 1]);
    expect(recordOf(world, job)?.receipts[0]).toMatchObject({ rung: 'ffmpeg', attempts: 2 });
  });

  test('other engine: the next at once, and no pause where there is none', async () => {
    const world = createWorld();
    const fast = rung('webcodecs-software', () => failed('no_decoder'));
    const ffmpeg = rung('ffmpeg', () => failed('damaged'));
    world.rungs = [fast, ffmpeg];
    const job = await make(world);
    await ends(world, job, 'failed');
    expect([fast.calls.length, ffmpeg.calls.length]).toEqual([1, 1]);
    expect(recordOf(world, job)?.error?.reason).toBe('damaged');
  });

  test('smaller chunk: a step that is too much is made in halves, as far as it takes', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg', (job) =>
      job.kind === 'video' && job.step.frames > 12 ? failed('out_of_memory') : null,
    );
    world.rungs = [ffmpeg];
    const job = await make(world, 40);
    const [whole] = job.plan.steps;
    await ends(world, job, 'completed');
    const record = recordOf(world, job);
    const steps = record?.plan.steps.filter((step) => step.kind === 'encode-video') ?? [];
    expect(steps.map((step) => [step.id, step.frames])).toEqual([
      ['v0.0.0.0', 10],
      ['v0.0.0.1', 10],
      ['v0.0.1.0', 10],
      ['v0.0.1.1', 10],
    ]);
    expect(whole?.kind === 'encode-video' && whole.frames).toBe(40);
    expect(world.assembled[0]?.video?.pieces.map((piece) => piece.frames)).toEqual([10, 10, 10, 10]);
    expect(record?.receipts.map((receipt) => receipt.stepId)).toEqual(steps.map((step) => step.id));
    expect(world.log.filter((entry) => entry.event === 'step_split')).toHaveLength(3);
  });

  test('smaller chunk: also for what was stuck however often it was tried; the halves are tried less often', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg', (job) =>
      job.kind === 'video' && job.step.frames > 20 ? failed('worker_stuck') : null,
    );
    world.rungs = [ffmpeg];
    const job = await make(world, 40);
    for (const pause of [5_000, 15_000, 45_000]) {
      await until('it pauses', () => world.clock.pauses().includes(pause));
      await world.clock.advance(pause);
    }
    await ends(world, job, 'completed');
    expect(ffmpeg.calls).toEqual(['v0.0', 'v0.0', 'v0.0', 'v0.0', 'v0.0.0', 'v0.0.1']);
  });

  test('smaller chunk: what cannot be halved for ever ends the job', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg', () => failed('out_of_memory'));
    world.rungs = [ffmpeg];
    const { plan, range } = await import('../plan/helpers.ts');
    const coarse = plan({ segments: [range('asset-a', 0, 384)] }, [world.source], {
      neverCopy: [0],
      workers: 1,
      pixelsPerSecond: 120e6,
    });
    expect(coarse.steps).toHaveLength(1);
    const made = await world.tab().create(world.spec(), coarse, null);
    if (!made.ok) throw new Error(made.error.message);
    await ends(world, made.value, 'failed');
    expect(recordOf(world, made.value)?.error?.reason).toBe('out_of_memory');
    expect(ffmpeg.calls).toEqual(['v0.0', 'v0.0.0', 'v0.0.0.0', 'v0.0.0.0.0']);
  });

  test('smaller chunk: that a step is made in halves is written before they are made', async () => {
    const world = createWorld();
    world.rungs = [
      rung('ffmpeg', (job) =>
        job.kind === 'video' && job.step.frames > 20 ? failed('out_of_memory') : new Promise(() => undefined),
      ),
    ];
    const job = await make(world, 40);
    await until('the halves are in the plan', () =>
      (recordOf(world, job)?.plan.steps ?? []).some((step) => step.id === 'v0.0.1'),
    );
    expect(recordOf(world, job)?.status).toBe('processing');
  });

  test('smaller chunk: what stays stuck costs minutes, not hours', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg', () => failed('worker_stuck'));
    world.rungs = [ffmpeg];
    const job = await make(world, 40);
    for (const pause of [5_000, 15_000, 45_000, 5_000, 5_000]) {
      await until('it pauses', () => world.clock.pauses().includes(pause));
      await world.clock.advance(pause);
    }
    await ends(world, job, 'failed');
    expect(ffmpeg.calls).toHaveLength(8);
  });

  test('encode instead: once, and the person is told', async () => {
    const world = createWorld();
    let refused = 0;
    world.faults.assemble = () => {
      refused += 1;
      return refused === 1 ? failed('copy_unsafe') : null;
    };
    const jobs = world.tab();
    const spec = { ...world.spec(), resolution: 'source' as const };
    const { plan, range } = await import('../plan/helpers.ts');
    const copied = plan({ segments: [range('asset-a', 0, 200)] }, [world.source]);
    expect(copied.steps.some((step) => step.kind === 'copy-video')).toBe(true);
    const made = await jobs.create(spec, copied, null);
    if (!made.ok) throw new Error(made.error.message);
    await ends(world, made.value, 'completed');
    const record = recordOf(world, made.value);
    expect(record?.plan.steps.some((step) => step.kind === 'copy-video')).toBe(false);
    expect(record?.deviations.map((deviation) => deviation.code)).toContain('copy_replaced');
    expect(refused).toBe(2);
  });

  test('a check that encoding cannot mend ends the job', async () => {
    const world = createWorld();
    world.faults.verify = () => 'doubtful';
    const job = await make(world);
    await ends(world, job, 'failed');
    expect(recordOf(world, job)?.error?.reason).toBe('file_check_failed');
    expect(world.files.size).toBe(0);
  });

  test('stop: at once, and nothing is tried again', async () => {
    const world = createWorld();
    const fast = rung('webcodecs-software', () => failed('source_changed'));
    const ffmpeg = rung('ffmpeg');
    world.rungs = [fast, ffmpeg];
    const job = await make(world);
    await ends(world, job, 'failed');
    expect([fast.calls.length, ffmpeg.calls.length]).toEqual([1, 0]);
  });

  test.each(['worker_crashed', 'worker_stuck', 'worker_start_failed'] as const)(
    'writing and checking the file are tried again, too: %s',
    async (reason) => {
      const world = createWorld();
      const writing = failing(1, failed(reason));
      const checking = failing(1, failed(reason));
      world.faults.assemble = writing;
      world.faults.verify = checking;
      const job = await make(world);
      for (const _ of ['assembling', 'verifying']) {
        await until('it pauses', () => world.clock.pauses().includes(5_000));
        await world.clock.advance(5_000);
      }
      await ends(world, job, 'completed');
      expect(world.assembled).toHaveLength(2);
    },
  );

  test('a stage that hangs is ended and tried again, however silent it is', async () => {
    const world = createWorld();
    let hung = false;
    world.faults.assemble = () => {
      if (hung) return null;
      hung = true;
      return new Promise(() => undefined);
    };
    const job = await make(world);
    await until('it hangs', () => hung);
    await world.clock.advance(5 * 60_000);
    await settle();
    await world.clock.advance(5_000);
    await ends(world, job, 'completed');
    expect(world.log.some((entry) => entry.code === 'worker_stuck')).toBe(true);
    expect([...world.files.keys()]).toHaveLength(1);
  });

  test('the engines are told how long a step may take', async () => {
    const world = createWorld();
    const ffmpeg = rung('ffmpeg');
    world.rungs = [ffmpeg];
    const job = await make(world, 200);
    await ends(world, job, 'completed');
    for (const { limits } of ffmpeg.options) {
      expect(limits.stallMs).toBeGreaterThanOrEqual(60_000);
      expect(limits.stallMs).toBeLessThanOrEqual(900_000);
      expect(limits.totalMs).toBeGreaterThanOrEqual(900_000);
    }
  });

  test('a rung that keeps failing is left out, and the log says so', async () => {
    const world = createWorld();
    const fast = rung('webcodecs-software', () => failed('step_failed'));
    world.rungs = [fast, rung('ffmpeg')];
    const job = await make(world, 600);
    await ends(world, job, 'completed');
    // Two side by side may have begun before it opened.
    expect(fast.calls.length).toBeLessThanOrEqual(3);
    expect(world.log.filter((entry) => entry.event === 'breaker_opened')).toMatchObject([
      { durationMs: 300_000, data: { rung: 'webcodecs-software', work: 'video/avc', scope: 'source' } },
    ]);
  });
});

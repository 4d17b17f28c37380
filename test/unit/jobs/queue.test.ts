/** Which jobs run: limits hold, the order is kept, and nobody waits for ever. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import type { QueueLimits } from '../../../src/runtime/contract/queue.ts';
import {
  inOrder,
  limitsOf,
  movedBefore,
  SHORT_MS,
  toStart,
  type QueuedJob,
} from '../../../src/runtime/jobs/queue.ts';

const job = (id: string, more: Partial<QueuedJob> = {}): QueuedJob => ({
  id: id as ExportId,
  order: Number(id),
  paused: false,
  waiting: false,
  running: false,
  costMs: 10 * SHORT_MS,
  pixels: 10,
  ...more,
});
const limits: QueueLimits = { running: 2, pixels: 30 };

describe('what starts', () => {
  it('comes in order, as many as there are places for', () => {
    expect(toStart([job('3'), job('1'), job('2')], limits)).toEqual(['1', '2']);
    expect(toStart([job('1', { running: true }), job('2'), job('3')], limits)).toEqual(['2']);
    expect(toStart([], limits)).toEqual([]);
  });

  it('leaves out what is held and what waits for the person, who hold no place', () => {
    const jobs = [
      job('1', { paused: true }),
      job('2', { waiting: true }),
      job('3', { running: true, waiting: true }),
    ];
    expect(toStart([...jobs, job('4'), job('5'), job('6')], limits)).toEqual(['4', '5']);
  });

  it('a short job does not wait behind long ones', () => {
    const long = [job('1', { running: true }), job('2', { running: true }), job('3')];
    expect(toStart([...long, job('4', { costMs: 1000 })], limits)).toEqual(['4']);
    // One such place: the next short one waits in the queue as everybody does.
    const taken = [...long, job('4', { costMs: 1000, running: true })];
    expect(toStart([...taken, job('5', { costMs: 1000 })], limits)).toEqual([]);
    // And it takes none of the others' places.
    const beside = [job('1', { running: true }), job('2', { costMs: 1000, running: true, pixels: 15 })];
    expect(toStart([...beside, job('3', { pixels: 20 }), job('4')], limits)).toEqual(['3']);
  });

  it('a job that is too large for the memory beside others runs alone, and is not overtaken for ever', () => {
    const large = job('2', { pixels: 100 });
    expect(toStart([job('1', { running: true }), large, job('3')], limits)).toEqual([]);
    expect(toStart([large, job('3')], limits)).toEqual(['2']);
    // And small ones go on beside it.
    expect(toStart([{ ...large, running: true }, job('3', { costMs: 1000 })], limits)).toEqual(['3']);
  });

  it('a place can be found between two others for ever', () => {
    const ids = ['a', 'b', 'c'] as ExportId[];
    let jobs = ids.map((id, i) => ({ id, order: 1.7e12 + i }));
    for (let i = 0; i < 200; i += 1) {
      const [first, second, third] = inOrder(jobs).map((each) => each.id);
      if (first === undefined || second === undefined || third === undefined) throw new Error('three jobs');
      const changes = new Map(movedBefore(jobs, third, second).map(({ id, order }) => [id, order]));
      jobs = jobs.map((each) => ({ ...each, order: changes.get(each.id) ?? each.order }));
      expect(inOrder(jobs).map((each) => each.id)).toEqual([first, third, second]);
      expect(new Set(jobs.map((each) => each.order)).size).toBe(3);
    }
  });

  it('a job stays where it is when the one it is to come before is not in the queue any more', () => {
    expect(movedBefore([job('1'), job('2')], '1' as ExportId, '7' as ExportId)).toEqual([]);
    expect(movedBefore([job('1'), job('2')], '1' as ExportId, null)).toEqual([{ id: '1', order: 3 }]);
  });

  it('limits come from memory and cores', () => {
    expect(limitsOf(8).running).toBe(3);
    expect(limitsOf(8, 2).running).toBe(2);
    expect(limitsOf(8).pixels).toBe(4 * limitsOf(2).pixels);
    expect(limitsOf(null)).toEqual(limitsOf(2));
    expect(limitsOf(0.25).pixels).toBe(limitsOf(1).pixels);
    // Three of 1080p side by side fit into the smallest machine, two of 4K into a common one.
    expect(limitsOf(0.5).pixels).toBeGreaterThan(3 * 1920 * 1080);
    expect(limitsOf(null).pixels).toBeGreaterThanOrEqual(2 * 3840 * 2160);
  });
});

const anyJob = (order: number): fc.Arbitrary<QueuedJob> =>
  fc
    .record({
      paused: fc.boolean(),
      costMs: fc.constantFrom(100, SHORT_MS, 10 * SHORT_MS),
      pixels: fc.integer({ min: 0, max: 60 }),
    })
    .map((more) => job(String(order), { ...more, order }));
const anyJobs = fc
  .integer({ min: 0, max: 25 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyJob(i + 1))));

/** Runs a queue to its end: after each start one of those that run ends, whichever `pick` says. */
function run(
  jobs: readonly QueuedJob[],
  arriving: readonly QueuedJob[],
  pick: (running: readonly QueuedJob[]) => number,
  look: (running: readonly QueuedJob[]) => void = () => undefined,
): { readonly started: readonly ExportId[]; readonly left: readonly QueuedJob[] } {
  let all = [...jobs];
  const later = [...arriving];
  const started: ExportId[] = [];
  for (let round = 0; round < 1000; round += 1) {
    const now = toStart(all, limits);
    started.push(...now);
    all = all.map((each) => (now.includes(each.id) ? { ...each, running: true } : each));
    const running = all.filter((each) => each.running);
    look(running);
    if (running.length === 0) break;
    const ends = running[pick(running) % running.length];
    all = all.filter((each) => each !== ends);
    const next = later.shift();
    if (next !== undefined) all.push(next);
  }
  return { started, left: all };
}

describe('whatever the jobs are', () => {
  it('limits hold: so many side by side and one short one more, and no more memory than there is', () => {
    fc.assert(
      fc.property(anyJobs, fc.nat(), (jobs, seed) => {
        run(
          jobs,
          [],
          () => seed,
          (running) => {
            expect(running.length).toBeLessThanOrEqual(limits.running + 1);
            const short = running.filter(
              (each) => each.costMs <= SHORT_MS && each.pixels <= limits.pixels / 2,
            );
            if (running.length > limits.running) expect(short.length).toBeGreaterThan(0);
            // Memory: beside one short job, the rest fits, or is one alone.
            const fits = [undefined, ...short].some((extra) => {
              const rest = running.filter((each) => each !== extra);
              return rest.length <= 1 || rest.reduce((sum, each) => sum + each.pixels, 0) <= limits.pixels;
            });
            expect(fits).toBe(true);
          },
        );
      }),
    );
  });

  it('every job that is not held gets its turn, however many come after it', () => {
    fc.assert(
      fc.property(
        anyJobs,
        fc.array(fc.constantFrom(100, 10 * SHORT_MS), { maxLength: 40 }),
        (jobs, later) => {
          const arriving = later.map((costMs, i) =>
            job(String(1000 + i), { order: 1000 + i, costMs, pixels: 1 }),
          );
          const { left, started } = run(jobs, arriving, (running) => running.length - 1);
          expect(left.every((each) => each.paused)).toBe(true);
          expect(new Set(started).size).toBe(started.length);
        },
      ),
    );
  });

  it('a job in the first place starts before those behind it, except for short ones', () => {
    fc.assert(
      fc.property(anyJobs, fc.nat(), (jobs, seed) => {
        const { started } = run(jobs, [], () => seed);
        const byId = new Map(jobs.map((each) => [each.id, each]));
        const long = started.filter((id) => (byId.get(id)?.costMs ?? 0) > SHORT_MS);
        const orders = long.map((id) => byId.get(id)?.order ?? 0);
        expect(orders).toEqual([...orders].sort((a, b) => a - b));
      }),
    );
  });

  it('a move puts a job where it was asked to be, and leaves the others in their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.option(fc.nat(11))), { maxLength: 60 }),
        (count, moves) => {
          let jobs = Array.from({ length: count }, (_, i) => ({
            id: `j${String(i)}` as ExportId,
            order: i + 1e12,
          }));
          for (const [which, where] of moves) {
            const moved = jobs[which % count];
            const before = where === null ? null : (jobs[where % count]?.id ?? null);
            if (moved === undefined) continue;
            const rest = inOrder(jobs).flatMap((each) => (each.id === moved.id ? [] : [each.id]));
            const changes = new Map(movedBefore(jobs, moved.id, before).map(({ id, order }) => [id, order]));
            const unmoved = inOrder(jobs).map((each) => each.id);
            jobs = jobs.map((each) => ({ ...each, order: changes.get(each.id) ?? each.order }));
            const after = inOrder(jobs).map((each) => each.id);
            expect(new Set(jobs.map((each) => each.order)).size).toBe(count);
            if (before === moved.id) {
              expect(after).toEqual(unmoved);
              continue;
            }
            expect(after.filter((id) => id !== moved.id)).toEqual(rest);
            const at = after.indexOf(moved.id);
            expect(after[at + 1] ?? null).toBe(before);
          }
        },
      ),
    );
  });
});

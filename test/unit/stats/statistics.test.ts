import { describe, expect, it } from 'vitest';
import { cleanEntry } from '../../../src/app/log.ts';
import type { LogEntry, LogNews } from '../../../src/core/schema/log.ts';
import { histogram, statisticsOf } from '../../../src/core/stats/statistics.ts';

const job = (n: number): string => `export_${String(n).padStart(6, '0')}`;

function entries(...list: readonly (readonly [minute: number, news: LogNews])[]): LogEntry[] {
  return list.map(([minute, news]) => {
    const time = new Date(Date.parse('2026-03-01T23:00:00.000Z') + minute * 60_000).toISOString();
    const entry = cleanEntry(news, time);
    if (entry === null) throw new Error('an entry that does not fit');
    return entry;
  });
}

const step = (rung: string, pixels: number, durationMs: number, reused = false): LogNews => ({
  event: 'step_ended',
  jobId: job(1),
  durationMs,
  data: { rung, engine: rung.split('-')[0] ?? rung, pixels, reused },
});

describe('what the log adds up to', () => {
  it('is nothing when there is nothing', () => {
    expect(statisticsOf([])).toMatchObject({
      entries: 0,
      fromTime: null,
      toTime: null,
      jobs: { created: 0, completed: 0, partial: 0, failed: 0, cancelled: 0 },
      speeds: [],
      failures: [],
      cache: null,
      queue: [],
      storage: [],
      days: [],
    });
  });

  it('has the speed of each engine: reused, silent and very short steps say nothing', () => {
    const { speeds } = statisticsOf(
      entries(
        [0, step('ffmpeg', 12_000_000, 1000)],
        [1, step('ffmpeg', 16_000_000, 1000)],
        [2, step('ffmpeg', 28_000_000, 1000)],
        [3, step('webcodecs-software', 90_000_000, 1000)],
        [4, step('webcodecs-software', 90_000_000, 0, true)],
        [5, step('webcodecs-software', 0, 5000)],
        [6, step('webcodecs-software', 900_000_000, 10)],
      ),
    );
    expect(speeds.map(({ rung, steps, median }) => [rung, steps, median])).toEqual([
      ['webcodecs-software', 1, 90],
      ['ffmpeg', 3, 16],
    ]);
    expect(speeds[1]?.low).toBeCloseTo(12.8);
    expect(speeds[1]?.high).toBeCloseTo(25.6);
  });

  it('counts reuse, failures by reason, splits and breakers', () => {
    const failed = (code: LogNews['code']): LogNews => ({
      event: 'step_failed',
      jobId: job(1),
      code: code ?? null,
    });
    const found = statisticsOf(
      entries(
        [0, step('ffmpeg', 1e6, 0, true)],
        [0, step('ffmpeg', 1e6, 100)],
        [0, step('ffmpeg', 1e6, 100)],
        [0, step('ffmpeg', 1e6, 100)],
        [1, failed('worker_stuck')],
        [2, failed('step_failed')],
        [3, failed('worker_stuck')],
        [4, { event: 'step_split' }],
        [5, { event: 'breaker_opened' }],
        [6, { event: 'job_ended', jobId: job(1), code: 'no_space', data: { status: 'failed' } }],
        [7, { event: 'job_ended', jobId: job(2), code: 'cancelled', data: { status: 'cancelled' } }],
      ),
    );
    expect(found.cache).toEqual({ reused: 1, steps: 4, share: 0.25 });
    expect(found.failures).toEqual([
      { name: 'worker_stuck', count: 2 },
      { name: 'no_space', count: 1 },
      { name: 'step_failed', count: 1 },
    ]);
    expect([found.splits, found.breakers, found.failedTries]).toEqual([1, 1, 3]);
  });

  it('follows the queue; a job that the ring has lost the beginning of shows when it starts', () => {
    const { queue, jobs } = statisticsOf(
      entries(
        [0, { event: 'job_created', jobId: job(1) }],
        [0, { event: 'job_created', jobId: job(2) }],
        [1, { event: 'job_started', jobId: job(1) }],
        [2, { event: 'job_ended', jobId: job(1), data: { status: 'completed' } }],
        [3, { event: 'job_taken_over', jobId: job(9) }],
        [4, { event: 'job_ended', jobId: job(9) }],
        [5, { event: 'job_ended', jobId: job(2), code: 'damaged' }],
        [6, { event: 'job_ended', jobId: job(77), data: { status: 'cancelled' } }],
      ),
    );
    expect(queue.map(({ value }) => value)).toEqual([1, 2, 1, 2, 1, 0]);
    // What ended without a word about how: with a reason it failed, without one it was finished.
    expect(jobs).toEqual({ created: 2, completed: 2, partial: 0, failed: 1, cancelled: 1 });
  });

  it('counts jobs that lack clips, with their reasons, where the log knows their end', () => {
    const ended = (n: number, status: string): LogNews => ({
      event: 'job_ended',
      jobId: job(n),
      data: { status },
    });
    const { jobs, failures } = statisticsOf(
      entries([1, ended(1, 'completed')], [2, ended(2, 'completed')], [3, ended(3, 'failed')]),
      [
        { jobId: job(1), reasons: ['damaged', 'source_missing', 'damaged'] },
        // Not in the log, or not any more.
        { jobId: job(8), reasons: ['damaged'] },
      ],
    );
    expect(jobs).toMatchObject({ completed: 2, partial: 1, failed: 1 });
    expect(failures).toEqual([
      { name: 'damaged', count: 2 },
      { name: 'source_missing', count: 1 },
    ]);
  });

  it('counts jobs by day, and notes storage whenever an entry does', () => {
    const ended = (status: string, usedBytes: number): LogNews => ({
      event: 'job_ended',
      jobId: job(1),
      data: { status, usedBytes },
    });
    const { days, storage, fromTime, toTime } = statisticsOf(
      entries([0, ended('completed', 5)], [30, ended('failed', 9)], [90, ended('completed', 7)]),
    );
    expect(days).toEqual([
      { day: '2026-03-01', completed: 1, failed: 1, cancelled: 0 },
      { day: '2026-03-02', completed: 1, failed: 0, cancelled: 0 },
    ]);
    expect(storage.map(({ value }) => value)).toEqual([5, 9, 7]);
    expect([fromTime, toTime]).toEqual(['2026-03-01T23:00:00.000Z', '2026-03-02T00:30:00.000Z']);
  });

  it('keeps the order of writing when the clock was set back', () => {
    const { queue } = statisticsOf(
      entries([60, { event: 'job_created', jobId: job(1) }], [0, { event: 'job_ended', jobId: job(1) }]),
    );
    expect(queue.map(({ value }) => value)).toEqual([1, 0]);
  });
});

describe('a histogram', () => {
  it('has each value in one column, the last without an end', () => {
    const { columns, count, median } = histogram([0, 9, 10, 19, 20, 5000], [0, 10, 20]);
    expect(columns).toEqual([
      { from: 0, to: 10, count: 2 },
      { from: 10, to: 20, count: 2 },
      { from: 20, to: null, count: 2 },
    ]);
    expect([count, median]).toEqual([6, 14.5]);
    expect(histogram([], [0, 10]).median).toBeNull();
  });
});

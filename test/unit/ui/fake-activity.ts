/** A made-up log and exports of two weeks, for the diagnostics' tests and for looking at them. */
import type { ActivityPorts } from '../../../src/app/studio/activity.ts';
import { cleanEntry, linesOf } from '../../../src/app/log.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import type { LogEntry, LogNews } from '../../../src/core/schema/log.ts';

const DAY = 86_400_000;
const END = Date.parse('2025-03-14T16:40:00.000Z');

/** Small numbers that look random and are the same every time. */
const wobble = (n: number): number => ((n * 7919) % 97) / 97;

function jobEntries(job: number, at: number): LogEntry[] {
  const jobId = `export_${(0xabc000 + job * 977).toString(16)}`;
  let now = at;
  const entries: LogEntry[] = [];
  const add = (ms: number, news: LogNews): void => {
    now += ms;
    const entry = cleanEntry({ jobId, ...news }, new Date(now).toISOString());
    if (entry !== null) entries.push(entry);
  };
  const steps = 2 + Math.floor(wobble(job) * 9);
  add(0, { event: 'job_created' });
  add(300 + job * 40, { event: 'job_started' });
  for (let step = 0; step < steps; step += 1) {
    const ffmpeg = wobble(job * 31 + step) < 0.14;
    const rung = ffmpeg ? 'ffmpeg' : job % 5 === 0 ? 'webcodecs-hardware' : 'webcodecs-software';
    const engine = ffmpeg ? 'ffmpeg' : 'webcodecs';
    const data = { step: `v${String(step)}.0`, kind: 'encode-video', engine, rung };
    if (wobble(job * 17 + step) < 0.06) {
      const code = step % 2 === 0 ? ('worker_stuck' as const) : ('step_failed' as const);
      add(900, { event: 'step_failed', code, data: { ...data, attempt: 1 } });
    }
    const reused = wobble(job * 13 + step) < 0.25;
    const pixels = 2_073_600 * (40 + Math.floor(wobble(step + job) * 150));
    const perSecond = { ffmpeg: 13e6, 'webcodecs-software': 74e6, 'webcodecs-hardware': 310e6 }[rung];
    const ms = reused ? 0 : (pixels / perSecond) * 1000 * (0.8 + wobble(step * 3 + job) * 0.5);
    add(Math.max(20, ms), {
      event: 'step_ended',
      durationMs: Math.round(ms),
      data: { ...data, pixels, reused },
    });
  }
  add(500, { event: 'stage_ended', durationMs: 480, data: { stage: 'assembling' } });
  const fails = job % 11 === 6;
  const data = { status: fails ? 'failed' : job % 13 === 9 ? 'cancelled' : 'completed' };
  const usedBytes = 900_000_000 + Math.floor(job ** 1.5 * 24_000_000) - (job > 20 ? 1_300_000_000 : 0);
  add(700, {
    event: 'job_ended',
    durationMs: now - at,
    code: fails ? 'no_space' : null,
    data: { ...data, usedBytes },
  });
  return entries;
}

/** The log: some jobs a day, several at once in the end. */
export function fakeLog(): LogEntry[] {
  const entries = Array.from({ length: 27 }, (_, job) => {
    const day = Math.floor(job / 3 + wobble(job) * 2);
    return jobEntries(job, END - (10 - Math.min(10, day)) * DAY + (job % 4) * 9000);
  }).flat();
  return entries.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

/** Activity over a log and exports in memory. */
export function fakeActivity(
  log: readonly LogEntry[],
  finished: () => readonly Export[],
): ActivityPorts & { readonly saved: { readonly name: string; readonly blob: Blob }[] } {
  let entries = log;
  const saved: { name: string; blob: Blob }[] = [];
  return {
    saved,
    log: {
      list: async () => entries,
      clear: async () => {
        entries = [];
      },
      exportLines: async () => linesOf(entries),
    },
    finished: async () => finished(),
    save: async (blob, name) => {
      saved.push({ name, blob });
      return ok('downloaded');
    },
  };
}

/** The local log: cheap, never in the way, and without anything that people wrote or named. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanEntry, createLog, linesOf, LOG_KEYS } from '../../../src/app/log.ts';
import { LOG_EVENTS, logEntrySchema, type LogEntry, type LogNews } from '../../../src/core/schema/log.ts';
import type { Clock } from '../../../src/runtime/contract/clock.ts';
import type { LogStore } from '../../../src/runtime/contract/stores.ts';

const TIME = '2026-01-01T00:00:00.000Z';
const JOB = 'export_0123456789abcdef01234567';

/** A clock whose pauses end when the test says so. */
function clockByHand(): Clock & { tick(): void } {
  let pauses: (() => void)[] = [];
  return {
    now: () => 0,
    iso: () => TIME,
    sleep: () =>
      new Promise((resolve) => {
        pauses.push(() => {
          resolve(true);
        });
      }),
    tick() {
      const due = pauses;
      pauses = [];
      for (const end of due) end();
    },
  };
}

function make(options: { readonly broken?: boolean; readonly used?: () => Promise<number | null> } = {}) {
  let kept: LogEntry[] = [];
  const writes: number[] = [];
  const fail = (): Promise<never> => Promise.reject(new Error('the store is gone'));
  const store: LogStore = {
    append: async (entries) => {
      if (options.broken === true) return fail();
      writes.push(entries.length);
      kept.push(...entries);
    },
    list: async () => (options.broken === true ? fail() : kept),
    clear: async () => {
      if (options.broken === true) return fail();
      kept = [];
    },
  };
  const clock = clockByHand();
  const log = createLog({ store, clock, ...(options.used === undefined ? {} : { used: options.used }) });
  return { log, clock, writes };
}

describe('the log', () => {
  it('gathers what comes together and writes it at once', async () => {
    const { log, clock, writes } = make();
    for (let n = 0; n < 30; n += 1) log.log({ event: 'step_ended', jobId: JOB, durationMs: n });
    expect(writes).toEqual([]);
    clock.tick();
    expect((await log.list()).map(({ durationMs }) => durationMs)).toEqual([...Array(30).keys()]);
    expect(writes).toEqual([30]);
  });

  it('shows what was logged just now, without waiting for the pause', async () => {
    const { log } = make();
    log.log({ event: 'job_created', jobId: JOB });
    expect(await log.list()).toEqual([
      { time: TIME, event: 'job_created', jobId: JOB, durationMs: null, code: null, data: {} },
    ]);
  });

  it('keeps the order over several writes', async () => {
    const { log, clock } = make();
    log.log({ event: 'job_created' });
    clock.tick();
    log.log({ event: 'job_started' });
    await log.list();
    log.log({ event: 'job_ended' });
    expect((await log.list()).map(({ event }) => event)).toEqual(['job_created', 'job_started', 'job_ended']);
  });

  it('forgets everything when it is cleared, what was not yet written included', async () => {
    const { log } = make();
    log.log({ event: 'job_created' });
    await log.clear();
    expect(await log.list()).toEqual([]);
    expect(await log.exportLines()).toBe('');
  });

  it('is no error of anybody when it cannot be written or read', async () => {
    const { log, clock } = make({ broken: true });
    log.log({ event: 'job_created' });
    clock.tick();
    await expect(log.list()).resolves.toEqual([]);
    await expect(log.exportLines()).resolves.toBe('');
    await expect(log.clear()).resolves.toBeUndefined();
  });

  it('does not throw at news that are none', () => {
    const { log } = make();
    const odd = [null, undefined, 7, 'text', {}, { event: 'nonsense' }, { event: 'opened', data: 'x' }];
    for (const news of odd) {
      expect(() => {
        log.log(news as unknown as LogNews);
      }).not.toThrow();
    }
  });

  it('notes how much storage is used where that changes, and does without', async () => {
    const { log } = make({ used: async () => 1234 });
    log.log({ event: 'job_ended', jobId: JOB });
    log.log({ event: 'step_ended', jobId: JOB });
    expect((await log.list()).map(({ data }) => data)).toEqual([{ usedBytes: 1234 }, {}]);
    for (const used of [async () => null, () => Promise.reject(new Error('no'))]) {
      const other = make({ used });
      other.log.log({ event: 'job_ended' });
      expect((await other.log.list()).map(({ data }) => data)).toEqual([{}]);
    }
  });

  it('is exported as one JSON object in each line', async () => {
    const { log } = make();
    log.log({ event: 'step_ended', jobId: JOB, durationMs: 812.5, data: { rung: 'ffmpeg', pixels: 9 } });
    log.log({ event: 'step_failed', jobId: JOB, code: 'worker_stuck', data: { step: 'v0.1.0' } });
    const text = await log.exportLines();
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => logEntrySchema.parse(JSON.parse(line)))).toEqual(await log.list());
    expect(lines).toHaveLength(2);
  });
});

const HOSTILE = [
  'Cup final 2025.mp4',
  'match.mp4',
  'secret',
  'Kim-Wedding',
  '결혼식',
  '/home/kim/videos/wedding',
  'home/kim/ffmpeg',
  'C:\\Users\\kim\\x.mov',
  'https://example.org/x',
  'this shot is bad, cut it',
  'ok\n{"event":"opened"}',
  'ffmpeg secret',
  'ffmpeg/secret',
  'v0.kim',
  '__proto__',
  'constructor',
];

/** What stands between the bracket at `open` and the one that closes it. */
function inside(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return text.slice(open + 1, at);
  }
  return '';
}

/** Names of the data in every call of a log in the sources. */
function loggedKeys(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ['src/runtime', 'src/app']) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(join(folder, name), 'utf8');
      for (const call of text.matchAll(/\blog\(\{/g)) {
        const news = inside(text, call.index + call[0].length - 1);
        const data = /\bdata: \{/.exec(news);
        if (data === null) continue;
        const list = inside(news, data.index + data[0].length - 1);
        for (const [, key = ''] of list.matchAll(/(?:^|[,{])\s*(\w+)\s*(?=[:,]|$)/g)) found.set(key, name);
      }
    }
  }
  return found;
}

describe('what passes into the log', () => {
  it('has a name that is on the list: whatever the sources log arrives', () => {
    const keys = loggedKeys();
    expect(keys.has('rung')).toBe(true);
    expect([...keys].filter(([key]) => !LOG_KEYS.has(key))).toEqual([]);
  });

  it('are numbers and words of ours', () => {
    const data = {
      step: 'v12.3.0',
      kind: 'encode-video',
      engine: 'webcodecs',
      rung: 'webcodecs-software',
      work: 'video/avc',
      scope: 'source',
      stage: 'assembling',
      status: 'completed',
      what: 'segments',
      reused: false,
      pixels: 2_073_600,
      attempts: null,
    };
    expect(cleanEntry({ event: 'step_ended', jobId: JOB, data }, TIME)?.data).toEqual(data);
  });

  it.each(HOSTILE)('is nothing of %j, wherever it stands', (text) => {
    const news = {
      event: 'step_failed',
      jobId: text,
      code: text,
      durationMs: 5,
      data: { name: text, [text]: 1, rung: text, step: text, bytes: 3 },
    } as unknown as LogNews;
    const entry = cleanEntry(news, TIME);
    expect(entry).toMatchObject({ event: 'step_failed', jobId: null, code: null, durationMs: 5 });
    expect(entry?.data).toEqual({ bytes: 3 });
  });

  it('holds no text of any kind, whatever is put in', () => {
    const value = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom(...HOSTILE), fc.integer(), fc.object());
    const news = fc.record({
      event: fc.constantFrom(...LOG_EVENTS),
      jobId: fc.string(),
      data: fc.dictionary(fc.string(), value),
    });
    fc.assert(
      fc.property(news, (given) => {
        const entry = cleanEntry(given as unknown as LogNews, TIME);
        const texts = Object.values(entry?.data ?? {}).filter((one) => typeof one === 'string');
        for (const text of texts)
          expect(text).toMatch(/^([va]\d{0,5}(\.\d{1,5})*|[a-z0-9_-]+(\/[a-z0-9_-]+)*)$/);
        for (const text of texts) expect(HOSTILE).not.toContain(text);
      }),
    );
  });

  it('is gone through again when it is exported: another build may have written it', () => {
    const entry: LogEntry = {
      time: TIME,
      event: 'job_ended',
      jobId: 'wedding.mp4',
      durationMs: 1,
      code: null,
      data: { file: 'wedding.mp4', bytes: 5 },
    };
    expect(linesOf([entry])).toBe(
      `{"time":"${TIME}","event":"job_ended","jobId":null,"durationMs":1,"code":null,"data":{"bytes":5}}\n`,
    );
    expect(linesOf([{ ...entry, time: 'yesterday' }])).toBe('');
  });

  it('are durations that are numbers from 0 on', () => {
    const of = (durationMs: number) => cleanEntry({ event: 'opened', durationMs }, TIME)?.durationMs;
    expect([of(-5), of(Number.NaN), of(Infinity), of(7)]).toEqual([0, null, null, 7]);
  });
});

/** The activity: what the charts draw, what they say in words, and what becomes of the log. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { readActivity, saveLog } from '../../../src/app/studio/activity.ts';
import type { Activity } from '../../../src/app/studio/types.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { lastDays, lineOf, roundUp, stackOf, thinned } from '../../../src/ui/diagnostics/chart-data.ts';
import { ActivityView } from '../../../src/ui/diagnostics/ActivityView.tsx';
import { dataText, took } from '../../../src/ui/diagnostics/words.ts';
import { Messages } from '../../../src/ui/messages/i18n.tsx';
import type { Language } from '../../../src/ui/messages/types.ts';
import { fakeActivity, fakeLog } from './fake-activity.ts';
import { fakeExport } from './fake-exports.ts';

const finished = (id: string, part: Partial<Export>): Export =>
  fakeExport(id, {
    status: 'completed',
    completedAt: '2025-03-04T10:00:20.000Z',
    estimate: { wallMs: 10_000, bytes: 1_000_000, storageBytes: 2_000_000 },
    actual: { wallMs: 10_500, bytes: 1_000_000, storageBytes: 2_000_000 },
    receipts: [],
    ...part,
  });

const EXPORTS = [
  finished('e1', {}),
  finished('e2', {
    name: 'Kim’s wedding.mp4',
    actual: { wallMs: 20_000, bytes: 400_000, storageBytes: 2_100_000 },
  }),
  finished('e3', { actual: null }),
];

const shown = (activity: Activity, language: Language = 'en'): string =>
  renderToStaticMarkup(
    <Messages language={language}>
      <ActivityView shown={{ state: 'read', activity }} />
    </Messages>,
  );

describe('the activity', () => {
  it('adds up the log, newest entries first, and finds the estimates that were off', async () => {
    const log = fakeLog();
    const activity = await readActivity(fakeActivity(log, () => EXPORTS));
    expect(activity.entries).toHaveLength(log.length);
    expect(activity.entries[0]).toEqual(log.at(-1));
    expect(activity.compared).toBe(2);
    expect(activity.off.map(({ id, offs }) => [id, offs.map(({ what }) => what)])).toEqual([
      ['e2', ['time', 'bytes']],
    ]);
  });

  it('saves the log without names of exports, as one JSON object in each line', async () => {
    const ports = fakeActivity(fakeLog(), () => EXPORTS);
    expect(await saveLog(ports)).toEqual({ ok: true, value: 'downloaded' });
    const [file] = ports.saved;
    expect(file?.name).toBe('reelkeep-log.jsonl');
    const text = (await file?.blob.text()) ?? '';
    expect(text).not.toContain('wedding');
    expect(text.trimEnd().split('\n')).toHaveLength(fakeLog().length);
  });

  it.each(['en', 'ko'] as const)(
    'is shown: every chart is named and has its numbers in a table: %s',
    async (language) => {
      const html = shown(await readActivity(fakeActivity(fakeLog(), () => EXPORTS)), language);
      const drawings = html.match(/<svg[^>]*role="img"[^>]*>/g) ?? [];
      expect(drawings).toHaveLength(4);
      for (const drawing of drawings) expect(drawing).toMatch(/aria-label="[^"]{10,}"/);
      expect(html.match(/<figure/g)).toHaveLength(6);
      expect(html.match(/<figure[\s\S]*?<table>[\s\S]*?<\/figure>/g)).toHaveLength(6);
      expect(html).toContain('Kim’s wedding.mp4');
      expect(html).not.toMatch(/NaN|undefined|Infinity/);
    },
  );

  it('says that nothing was done yet, and that nothing failed', async () => {
    expect(shown(await readActivity(fakeActivity([], () => [])))).toContain('Nothing has been done yet');
    const [opened] = fakeLog()
      .slice(0, 1)
      .map((entry) => ({ ...entry, event: 'opened' as const }));
    const idle = opened === undefined ? [] : [opened];
    expect(shown(await readActivity(fakeActivity(idle, () => [])))).toContain('Nothing has been done yet');
    const one = fakeLog().filter(({ event }) => event === 'job_created');
    const html = shown(await readActivity(fakeActivity(one, () => [])));
    expect(html).toContain('Nothing has failed');
    expect(html).toContain('No export has been finished yet.');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('a line in time', () => {
  const at = (minute: number, value: number) => ({
    time: new Date(Date.parse('2026-01-01T00:00:00.000Z') + minute * 60_000).toISOString(),
    value,
  });

  it('holds each value until the next', () => {
    expect(lineOf([at(0, 1), at(5, 3), at(10, 0)])).toEqual({
      line: 'M0 80H50V40H100V100H100',
      area: 'M0 80H50V40H100V100H100V100H0Z',
      top: 5,
    });
  });

  it('is none without points, level for a single one, and never goes back', () => {
    expect(lineOf([])).toBeNull();
    expect(lineOf([at(0, 0)])?.line).toBe('M0 100H100');
    expect(lineOf([at(0, 1), at(10, 1), at(5, 1), at(20, 1)])?.line).toBe('M0 0H50V0H50V0H100V0H100');
  });

  it('keeps its peaks when it is thinned', () => {
    const points = Array.from({ length: 5000 }, (_, i) => at(i, i === 3333 ? 99 : i % 3));
    const few = thinned(points);
    expect(few.length).toBeLessThanOrEqual(160);
    expect(Math.max(...few.map(({ value }) => value))).toBe(99);
  });
});

describe('days', () => {
  const day = (name: string, completed: number) => ({ day: name, completed, failed: 0, cancelled: 0 });

  it('are the last ones without gaps, a week at least', () => {
    expect(lastDays([])).toEqual([]);
    const [first, ...rest] = lastDays([day('2026-02-27', 2), day('2026-03-02', 1)]);
    expect(first?.day).toBe('2026-02-24');
    expect(rest.map((one) => one.completed)).toEqual([0, 0, 2, 0, 0, 1]);
    expect(lastDays([day('2025-01-01', 2), day('2026-03-02', 1)])).toHaveLength(7);
    expect(lastDays([day('2026-02-17', 2), day('2026-03-02', 1)])).toHaveLength(14);
  });

  it('stand on each other', () => {
    expect(stackOf({ day: '2026-01-01', completed: 5, failed: 2, cancelled: 0 }, 10)).toEqual([
      { name: 'completed', y: 50, height: 50 },
      { name: 'failed', y: 30, height: 20 },
    ]);
  });
});

describe('numbers', () => {
  it('end at a round one', () => {
    expect([0, 0.3, 1, 3, 7, 11, 60, 2.6e9].map(roundUp)).toEqual([1, 0.5, 1, 5, 10, 20, 100, 5e9]);
  });

  it('are written as people read them', () => {
    const t = (key: string, values?: Readonly<Record<string, string | number>>): string =>
      `${key} ${JSON.stringify(values ?? {})}`;
    expect(took(812, t, 'en')).toBe('812 ms');
    expect(took(1840, t, 'en')).toBe('time.seconds {"s":"1.8"}');
    expect(took(75_000, t, 'en')).toBe('time.minutes {"m":1,"s":15}');
    expect(
      dataText(
        { rung: 'ffmpeg', pixels: 309_000_000, bytes: 1_200_000, reused: false, first: true, no: null },
        'en',
      ),
    ).toBe('rung ffmpeg · pixels 309 MP · bytes 1.2 MB · first');
  });
});

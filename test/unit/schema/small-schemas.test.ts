/** Dates, log entries and the storage policy: small shapes that many rooms read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDate } from '../../../src/core/schema/iso-date.ts';
import { LOG_EVENTS, logEntrySchema } from '../../../src/core/schema/log.ts';
import { budgetState, storagePolicyOf } from '../../../src/core/schema/storage-policy.ts';

const GB = 1000 ** 3;
const NOW = '2026-11-20T10:00:00.000Z';

describe('dates', () => {
  it('go to a string and back without loss', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        (date) => {
          const text = isoDate.encode(date);
          expect(text).toBe(date.toISOString());
          expect(isoDate.decode(text)).toEqual(date);
        },
      ),
    );
    expect(isoDate.decode('2026-11-20T19:00:00+09:00')).toEqual(new Date(NOW));
  });

  it.each(['', 'now', '2026-11-20', '2026-11-20 10:00:00Z', '2026-11-20T10:00:00', '2026-13-01T00:00:00Z'])(
    '%j is none',
    (text) => {
      expect(isoDate.safeDecode(text).success).toBe(false);
    },
  );

  it('a Date object does not pass where a string is kept', () => {
    expect(isoDate.safeParse(new Date(NOW)).success).toBe(false);
  });
});

describe('log entries', () => {
  const entry = {
    time: NOW,
    event: 'step_failed',
    jobId: 'export_1',
    durationMs: 12.5,
    code: 'worker_stuck',
    data: { engine: 'ffmpeg', tries: 2, reused: false, rung: null },
  };

  it('fit, one line each', () => {
    for (const event of LOG_EVENTS) {
      const parsed = logEntrySchema.parse({ ...entry, event });
      const line = JSON.stringify(parsed);
      expect(line).not.toContain('\n');
      expect(logEntrySchema.parse(JSON.parse(line))).toEqual(parsed);
    }
  });

  it.each([
    { jobId: 'Anna and Ben' },
    { jobId: '결혼식' },
    { data: { file: 'my holiday.mp4' } },
    { data: { text: 'the goal\nwas offside' } },
    { data: { text: 'x'.repeat(61) } },
    { data: { 한국어: 1 } },
    { data: { list: ['a'] } },
    { data: { nested: { name: 'a' } } },
    { code: 'a sentence about a file' },
    { durationMs: -1 },
    { comment: 'secret' },
  ])('let in nothing that people wrote: %j', (more) => {
    expect(logEntrySchema.safeParse({ ...entry, ...more }).success).toBe(false);
  });
});

describe('the storage policy', () => {
  const usual = { keepDays: 7, softBytes: 8 * GB, hardBytes: 24 * GB, cacheBytes: 2 * GB };

  it.each([[undefined], [null], ['text'], [7], [[]], [{}]])(
    '%o: what holds when nothing was chosen',
    (saved) => {
      expect(storagePolicyOf(saved)).toEqual(usual);
    },
  );

  it('what does not fit takes its default, the rest stays', () => {
    expect(storagePolicyOf({ keepDays: 0, softBytes: GB, cacheBytes: -1, theme: 'dark' })).toEqual({
      ...usual,
      softBytes: GB,
    });
    expect(storagePolicyOf({ keepDays: null, cacheBytes: 0 })).toEqual({
      ...usual,
      keepDays: null,
      cacheBytes: 0,
    });
  });

  it('the hard budget is never below the soft one', () => {
    expect(storagePolicyOf({ softBytes: 30 * GB })).toMatchObject({
      softBytes: 30 * GB,
      hardBytes: 30 * GB,
    });
  });

  it('is a fixed point: what was read can be saved and read again', () => {
    fc.assert(
      fc.property(fc.anything(), (saved) => {
        const policy = storagePolicyOf(saved);
        expect(storagePolicyOf(policy)).toEqual(policy);
        expect(policy.hardBytes).toBeGreaterThanOrEqual(policy.softBytes);
      }),
    );
  });

  it('says when a budget is reached', () => {
    const policy = storagePolicyOf({ softBytes: 10, hardBytes: 20 });
    expect([0, 10, 11, 20, 21].map((bytes) => budgetState(policy, bytes))).toEqual([
      'fine',
      'fine',
      'soft',
      'soft',
      'hard',
    ]);
  });
});

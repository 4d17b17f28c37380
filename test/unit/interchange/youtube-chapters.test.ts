import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeCut } from '../../../src/core/interchange/model.ts';
import { recognise } from '../../../src/core/interchange/registry.ts';
import { youtubeChapters } from '../../../src/core/interchange/youtube-chapters.ts';
import {
  comment,
  context,
  cut,
  film,
  hostileText,
  input,
  lost,
  plainText,
  readBy,
  roundTrip,
  wrote,
} from './support.ts';

const LONG = film(undefined, { durationUs: 3 * 3600e6 });

/** Cuts that follow one another from the start to the end of the film, at whole seconds. */
function chaptered(titles: fc.Arbitrary<string>) {
  return fc
    .array(fc.tuple(fc.integer({ min: 10, max: 3000 }), titles), { minLength: 3, maxLength: 3 })
    .map((all): readonly ExchangeCut[] => {
      let at = 0;
      return all.map(([seconds, label], place) => {
        const startUs = at;
        at = place === all.length - 1 ? LONG.durationUs : at + seconds * 1_000_000;
        return cut({ label, startUs, endUs: at, recordUs: startUs });
      });
    });
}

describe('YouTube chapters', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(chaptered(plainText), (cuts) => {
        const { written, read } = roundTrip(youtubeChapters, input({ cuts }, [LONG]));
        expect(read.exchange.cuts).toEqual(cuts);
        expect([...written.losses, ...read.losses]).toEqual([]);
      }),
    );
  });

  it('keep their times whatever their titles are', () => {
    fc.assert(
      fc.property(chaptered(hostileText), (cuts) => {
        const { written, read } = roundTrip(youtubeChapters, input({ cuts }, [LONG]));
        expect(read.exchange.cuts.map(({ startUs }) => startUs)).toEqual(cuts.map(({ startUs }) => startUs));
        if (read.exchange.cuts.some(({ label }, at) => label !== cuts[at]!.label)) {
          expect(lost(written.losses, 'text_changed')).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are written from comments where there are no cuts', () => {
    const comments = [0, 75, 3_661].map((seconds) =>
      comment({ timeUs: seconds * 1_000_000, text: `At ${String(seconds)}` }),
    );
    const { text, losses } = wrote(youtubeChapters, input({ comments }, [LONG]));
    expect(text).toBe('0:00 At 0\n1:15 At 75\n1:01:01 At 3661\n');
    expect(losses).toEqual([{ code: 'not_carried', count: 3, params: { what: 'author' } }]);
  });

  it('say which rule they do not keep', () => {
    const at = (...seconds: readonly number[]) =>
      wrote(
        youtubeChapters,
        input({ cuts: seconds.map((start) => cut({ recordUs: start * 1e6, endUs: 60e6 })) }),
      ).losses;
    const rules = (losses: ReturnType<typeof at>) =>
      losses.filter(({ code }) => code === 'rule_broken').map(({ params }) => params['rule']);
    expect(rules(at(0, 20, 40))).toEqual([]);
    expect(rules(at(1, 20, 40))).toEqual(['first_at_zero']);
    expect(rules(at(0, 20))).toEqual(['at_least_three']);
    expect(rules(at(0, 20, 20))).toEqual(['ascending']);
    expect(rules(at(0, 20, 29))).toEqual(['ten_seconds']);
    expect(lost(at(0, 20.5, 40), 'time_rounded')).toBe(1);
  });

  it('are found in a description', () => {
    const text = 'My film\n\n00:00 - Start\n(1:15) 두 번째\n1:00:00 – Late\n99:99 never\n2:00:00 Beyond\nBye';
    expect(recognise(text)).toBe('youtube-chapters');
    const media = film(undefined, { durationUs: 3700e6 });
    const { exchange, losses } = readBy(youtubeChapters, text, context(media));
    expect(exchange.cuts.map(({ startUs, endUs, label }) => [startUs / 1e6, endUs / 1e6, label])).toEqual([
      [0, 75, 'Start'],
      [75, 3600, '두 번째'],
      [3600, 3700, 'Late'],
    ]);
    expect(lost(losses, 'unreadable_line')).toBe(3);
    expect(lost(losses, 'outside_media')).toBe(1);
  });
});

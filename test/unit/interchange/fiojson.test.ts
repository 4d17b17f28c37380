import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { fiojson } from '../../../src/core/interchange/fiojson.ts';
import { otio } from '../../../src/core/interchange/otio.ts';
import { codes, context, FILM, film, lossOf, read, timed } from './xml-support.ts';

const media = film({ rate: FILM, durationUs: frameToMicros(6287, FILM) });
const at = (frame: number): number => frameToMicros(frame, FILM);

const note = (more: Record<string, unknown>): Record<string, unknown> => ({
  id: 'c1',
  text: 'a note',
  completed: false,
  parent_id: null,
  frame: 51,
  timestamp_microseconds: 2_127_125,
  annotation: null,
  inserted_at: '2026-09-13T03:24:48.692521Z',
  owner: { name: 'apple apple', _type: 'user' },
  deleted_at: null,
  ...more,
});
const file = (...comments: readonly Record<string, unknown>[]): string =>
  JSON.stringify({ asset: { name: 'clip.mp4', fps: 23.976024, frames: 6287, _type: 'file' }, comments });
const taken = (text: string): ReturnType<typeof read> => read(fiojson, text, context(media));

describe('comments', () => {
  it('lie on their frame, not on the microseconds beside it', () => {
    const { exchange, losses } = taken(file(note({ frame: 5787.0, timestamp_microseconds: 241_407_833 })));
    expect(exchange.comments).toMatchInlineSnapshot(`
      [
        {
          "author": "apple apple",
          "category": null,
          "color": null,
          "createdAt": "2026-09-13T03:24:48.692521Z",
          "durationUs": null,
          "id": "c1",
          "mediaId": "one",
          "replies": [],
          "resolved": false,
          "resolvedAt": null,
          "resolvedBy": null,
          "shapes": [],
          "text": "a note",
          "timeUs": 241366125,
        },
      ]
    `);
    expect(exchange.comments[0]?.timeUs).toBe(at(5787));
    expect(losses).toEqual([]);
  });

  it('on no frame stay so, answers belong to what they answer, what was deleted is gone', () => {
    const { exchange } = taken(
      file(
        note({ frame: null, text: 'notime', completed: true, completed_at: '2026-09-14T00:00:00Z' }),
        note({ id: 'r1', parent_id: 'c1', frame: null, text: 'why', owner: { name: 'matt' } }),
        note({ id: 'r2', parent_id: 'gone', frame: 3, text: 'to nobody' }),
        note({ id: 'd', deleted_at: '2026-09-14T00:00:00Z' }),
      ),
    );
    expect(
      exchange.comments.map(({ text, timeUs, resolved, resolvedAt, replies }) => [
        text,
        timeUs,
        resolved,
        resolvedAt,
        replies,
      ]),
    ).toEqual([
      [
        'notime',
        null,
        true,
        '2026-09-14T00:00:00Z',
        [{ author: 'matt', text: 'why', createdAt: '2026-09-13T03:24:48.692521Z' }],
      ],
      ['to nobody', at(3), false, null, []],
    ]);
  });

  it('beyond the film or without sense are left out, and told', () => {
    const { exchange, losses } = taken(
      file(
        note({ frame: 6287 }),
        note({ frame: -1 }),
        note({ frame: 'x' }),
        note({ frame: 10, duration: 5 }),
      ),
    );
    expect(exchange.comments.map(({ timeUs, durationUs }) => [timeUs, durationUs])).toEqual([
      [at(10), at(15) - at(10)],
    ]);
    expect(codes(losses)).toEqual(['outside_media', 'unreadable_line']);
    expect(lossOf(losses, 'unreadable_line')?.count).toBe(2);
  });

  it('of another rate are told', () => {
    const { losses } = taken(file().replace('23.976024', '25'));
    expect(lossOf(losses, 'rate_differs')?.params).toEqual({ found: '25', expected: '23.976' });
  });
});

describe('drawings', () => {
  const drawn = (...shapes: readonly Record<string, unknown>[]): ReturnType<typeof read> =>
    taken(file(note({ annotation: JSON.stringify(shapes) })));

  it('become our shapes', () => {
    const color = '#F27637';
    const { exchange, losses } = drawn(
      { tool: 'rect', color, size: 3, x: 0.46, y: 0.59, w: 0.13, h: 0.18, radius: 8 },
      { tool: 'pen', color, xs: [0.1, 0.2, 0.3], ys: [0.4, 0.5] },
      { tool: 'arrow', x: 0.2, y: 0.3, w: 0.1, h: 0.2, ix: 0.3, iy: 0.3 },
      { tool: 'arrow', x1: 0, y1: 0, x2: 1, y2: 1 },
      { tool: 'line', xs: [0.1, 0.9], ys: [0.2, 0.8] },
      { tool: 'ellipse', x: 0, y: 0, w: 1, h: 1 },
    );
    expect(exchange.comments[0]?.shapes).toEqual([
      { kind: 'box', x: 0.46, y: 0.59, w: 0.13, h: 0.18 },
      {
        kind: 'freehand',
        points: [
          [0.1, 0.4],
          [0.2, 0.5],
        ],
      },
      { kind: 'arrow', x1: 0.3, y1: 0.3, x2: 0.2, y2: 0.5 },
      { kind: 'arrow', x1: 0, y1: 0, x2: 1, y2: 1 },
      {
        kind: 'freehand',
        points: [
          [0.1, 0.2],
          [0.9, 0.8],
        ],
      },
      { kind: 'ellipse', x: 0, y: 0, w: 1, h: 1 },
    ]);
    expect(exchange.comments[0]?.color).toBe('#f27637');
    expect(losses).toEqual([]);
  });

  it('that cannot be are counted', () => {
    const { exchange, losses } = drawn(
      { tool: 'sticker', x: 1 },
      { tool: 'rect', x: 1e9, y: 0, w: 0, h: 0 },
      { tool: 'pen', xs: [], ys: [] },
      { tool: 'rect' },
    );
    expect(exchange.comments[0]?.shapes).toEqual([]);
    expect(lossOf(losses, 'not_carried', 'shapes')?.count).toBe(4);
    expect(lossOf(taken(file(note({ annotation: '[[[' }))).losses, 'not_carried', 'shapes')?.count).toBe(1);
  });

  it('with very long strokes are thinned out, ends kept', () => {
    const xs = Array.from({ length: 20_000 }, (_, n) => n / 20_000);
    const [shape] = drawn({ tool: 'pen', xs, ys: xs }).exchange.comments[0]?.shapes ?? [];
    const points = shape?.kind === 'freehand' ? shape.points : [];
    expect(points).toHaveLength(5000);
    expect([points[0]?.[0], points.at(-1)?.[0]]).toEqual([0, xs.at(-1)]);
  });
});

describe('hostile text', () => {
  it('is refused quickly', () => {
    for (const text of [
      '',
      '[]',
      'null',
      '{"asset":{}}',
      '{"comments":[]}',
      '['.repeat(200_000),
      '{"a":'.repeat(200_000),
      `{"asset":{},"comments":"${'\\'.repeat(3_000_000)}`,
      `{"asset":{},"comments":[${'{},'.repeat(10)}]}`,
    ]) {
      const { value, ms } = timed(() => fiojson.read?.(text, context(media)));
      expect(value?.ok, text.slice(0, 40)).toBe(false);
      expect(ms).toBeLessThan(10_000);
    }
  });

  it('never throws, whatever a comment holds', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(
            fc.constantFrom(
              'id',
              'text',
              'frame',
              'annotation',
              'owner',
              'parent_id',
              'duration',
              '__proto__',
            ),
            fc.jsonValue(),
          ),
          { maxLength: 5 },
        ),
        (list) => {
          const { exchange } = taken(file(...list));
          expect(exchange.comments.length).toBeLessThanOrEqual(list.length);
        },
      ),
    );
  });

  it('is told apart from other JSON by its start', () => {
    expect(fiojson.sniff(file())).toBeGreaterThan(0.5);
    expect(fiojson.sniff('{"OTIO_SCHEMA":"Timeline.1"}')).toBe(0);
    expect(fiojson.sniff('{"version":2,"mediaFileName":"x"}')).toBe(0);
    expect(otio.sniff(file())).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { otio } from '../../../src/core/interchange/otio.ts';
import type { Shape } from '../../../src/core/schema/annotation.ts';
import { codes, comment, context, film, lossOf, read } from './xml-support.ts';

const one = film();
const shapes: readonly Shape[] = [
  { kind: 'box', x: 0.1, y: 0.2, w: 0.3, h: 0.4 },
  {
    kind: 'freehand',
    points: [
      [0, 0],
      [1, 1],
    ],
  },
  { kind: 'text', x: 0, y: 0, text: '한글' },
];

/** Elements of documents by hand. */
const time = (value: number, rate: number): object => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value });
const range = (start: number, lasts: number, rate = 24): object => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: time(start, rate),
  duration: time(lasts, rate),
});
const clip = (start: number, lasts: number, more: object = {}): object => ({
  OTIO_SCHEMA: 'Clip.2',
  name: 'Clip-001',
  source_range: range(start, lasts),
  active_media_reference_key: 'DEFAULT_MEDIA',
  media_references: {
    DEFAULT_MEDIA: {
      OTIO_SCHEMA: 'ExternalReference.1',
      target_url: 'file:///x/One.mov?y',
      available_range: null,
    },
  },
  ...more,
});
const track = (children: readonly object[], more: object = {}): object => ({
  OTIO_SCHEMA: 'Track.1',
  kind: 'Video',
  name: 'V1',
  children,
  ...more,
});
const timeline = (children: readonly object[], more: object = {}): object => ({
  OTIO_SCHEMA: 'Timeline.1',
  name: 'cut',
  tracks: { OTIO_SCHEMA: 'Stack.1', children },
  ...more,
});
const film24 = film({ rate: { num: 24, den: 1 }, durationUs: 100_000_000 });
const taken = (document: object): ReturnType<typeof read> =>
  read(otio, JSON.stringify(document), context(film24));
const s = (frames: number): number => frameToMicros(frames, film24.rate);

describe('what other programs write', () => {
  it('clips of both versions, former names, missing media by the clip’s name', () => {
    const { exchange, losses } = taken(
      timeline([
        {
          OTIO_SCHEMA: 'Sequence.1',
          kind: 'Video',
          children: [
            clip(3, 3),
            { OTIO_SCHEMA: 'Filler.1', source_range: range(0, 4) },
            {
              OTIO_SCHEMA: 'Clip.1',
              name: 'one',
              source_range: range(48, 24),
              media_reference: { OTIO_SCHEMA: 'MissingReference.1', name: '' },
            },
            {
              OTIO_SCHEMA: 'Clip.1',
              name: 'other',
              source_range: range(0, 24),
              media_reference: { OTIO_SCHEMA: 'MissingReference.1' },
            },
          ],
        },
      ]),
    );
    expect(
      exchange.cuts.map(({ mediaId, label, startUs, endUs, recordUs }) => [
        mediaId,
        label,
        startUs,
        endUs,
        recordUs,
      ]),
    ).toEqual([
      ['one', 'Clip-001', s(3), s(6), 0],
      ['one', 'one', s(48), s(72), s(7)],
      [null, 'other', 0, s(24), s(31)],
    ]);
    expect(lossOf(losses, 'unknown_media')?.params).toEqual({ name: 'other' });
  });

  it('markers of three versions, on clips, tracks and stacks', () => {
    const { exchange } = taken(
      timeline([
        track(
          [
            clip(240, 48, {
              markers: [
                { OTIO_SCHEMA: 'Marker.1', name: 'old', range: range(250, 0) },
                {
                  OTIO_SCHEMA: 'Marker.2',
                  name: 'note',
                  comment: 'text',
                  color: 'RED',
                  marked_range: range(260, 12),
                },
              ],
            }),
          ],
          {
            markers: [
              {
                OTIO_SCHEMA: 'Marker.3',
                name: 'note',
                comment: 'note',
                color: { OTIO_SCHEMA: 'Color.1', r: 1, g: 0.5, b: 0, a: 1 },
                marked_range: range(10, 1),
              },
            ],
          },
        ),
      ]),
    );
    expect(
      exchange.comments.map(({ timeUs, durationUs, text, color }) => [timeUs, durationUs, text, color]),
    ).toEqual([
      [s(250), null, 'note', '#ff8000'],
      [s(250), null, 'old', null],
      [s(260), s(272) - s(260), 'note\ntext', '#ff0000'],
    ]);
  });

  it('nested time lines, transitions, speed changes, what is switched off', () => {
    const nested = {
      OTIO_SCHEMA: 'Stack.1',
      source_range: range(12, 24),
      children: [
        track([clip(0, 24), clip(100, 24)]),
        track([{ OTIO_SCHEMA: 'Gap.1', source_range: range(0, 30) }, clip(500, 4)]),
      ],
    };
    const { exchange, losses } = taken(
      timeline([
        track([
          clip(1000, 24, { effects: [{ OTIO_SCHEMA: 'LinearTimeWarp.1', time_scalar: 2 }] }),
          { OTIO_SCHEMA: 'Transition.1', in_offset: time(3, 24), out_offset: time(3, 24) },
          nested,
          clip(1100, 24, { enabled: false, effects: [{ OTIO_SCHEMA: 'FreezeFrame.1' }] }),
          clip(1200, 24),
        ]),
        track([clip(2000, 10)], { kind: 'Audio' }),
      ]),
    );
    expect(
      exchange.cuts.map(({ startUs, endUs, recordUs }) =>
        [startUs, endUs, recordUs].map((us) => Math.round(us / s(1))),
      ),
    ).toEqual([
      [1000, 1024, 0],
      [12, 24, 24],
      [100, 106, 36],
      [500, 504, 42],
      [110, 112, 46],
      [1200, 1224, 72],
    ]);
    expect(codes(losses)).toEqual(['effect_left_out', 'not_carried cuts', 'not_carried tracks']);
    expect(lossOf(losses, 'effect_left_out')?.count).toBe(3);
  });

  it('timecode of a film with and without a range that says so', () => {
    const hour = film({ rate: { num: 24, den: 1 }, durationUs: 100_000_000, startFrame: 86_400 });
    const known = {
      media_references: {
        DEFAULT_MEDIA: {
          OTIO_SCHEMA: 'ExternalReference.1',
          target_url: 'one.mov',
          available_range: range(86_400, 2400),
        },
      },
    };
    const { exchange } = read(
      otio,
      JSON.stringify(timeline([track([clip(86_424, 24, known), clip(86_448, 24)])])),
      context(hour),
    );
    expect(exchange.cuts.map(({ startUs }) => startUs)).toEqual([s(24), s(48)]);
  });

  it('collections, and a clip alone', () => {
    const marked = { markers: [{ OTIO_SCHEMA: 'Marker.2', name: 'm', marked_range: range(24, 1) }] };
    const { exchange, losses } = taken({
      OTIO_SCHEMA: 'SerializableCollection.1',
      children: [clip(0, 48, marked), timeline([track([clip(0, 24)])]), timeline([track([clip(24, 24)])])],
    });
    expect(exchange.cuts).toHaveLength(1);
    expect(exchange.comments.map(({ timeUs }) => timeUs)).toEqual([s(24)]);
    expect(codes(losses)).toEqual(['not_carried cuts']);
    expect(taken(clip(0, 48, marked)).exchange.comments).toHaveLength(1);
  });

  it('Python’s numbers: NaN, Infinity, integers beyond 2^53', () => {
    const text = JSON.stringify(
      timeline([track([clip(24, 24, { metadata: { a: 'MARK', b: '"NaN" \\' } })])]),
    ).replace('"MARK"', '[NaN, -Infinity, Infinity, 18446744073709551615]');
    expect(read(otio, text, context(film24)).exchange.cuts).toHaveLength(1);
    const broken = JSON.stringify(
      timeline([
        track([clip(24, 24, { name: 'MARK', markers: [{ name: 'x', marked_range: range(7777, 1) }] })]),
      ]),
    ).replace('7777', 'NaN');
    expect(codes(read(otio, broken, context(film24)).losses)).toEqual(['unreadable_line']);
  });
});

describe('hostile text', () => {
  it('is refused quickly', () => {
    const deep = (open: string, close: string): string =>
      `{"OTIO_SCHEMA":"Timeline.1","tracks":${open.repeat(200_000)}${close.repeat(200_000)}}`;
    const texts = [
      deep('[', ']'),
      deep('{"a":', '}'),
      `{"OTIO_SCHEMA":"Timeline.1","x":"${'\\"'.repeat(2_000_000)}`,
      `{"OTIO_SCHEMA":"Timeline.1","x":[${'{},'.repeat(1_100_000)}0]}`,
      '{"OTIO_SCHEMA":"Widget.1"}',
      '"',
      '{',
      '[]',
    ];
    for (const text of texts) {
      const start = performance.now();
      expect(otio.read?.(text, context(one)).ok, text.slice(0, 60)).toBe(false);
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  });

  it('in metadata of ours is checked like any other', () => {
    const meta = {
      reelkeep: {
        version: 1,
        id: 7,
        timeUs: -5,
        author: { x: 1 },
        color: 'red',
        shapes: [{ kind: 'box', x: 'a' }, ...shapes],
        replies: [{ text: 4 }, 'x'],
        resolvedAt: 'soon',
        resolved: true,
        createdAt: 'today',
        text: null,
      },
    };
    const { exchange, losses } = taken(
      timeline([
        track([
          clip(0, 48, {
            markers: [
              {
                OTIO_SCHEMA: 'Marker.2',
                name: 'n',
                comment: 'c\u0007',
                color: 'RED',
                metadata: meta,
                marked_range: range(5, 1),
              },
            ],
          }),
        ]),
      ]),
    );
    expect(exchange.comments).toEqual([
      comment({
        timeUs: s(5),
        text: 'c',
        author: '',
        shapes,
        replies: [{ author: '', text: '', createdAt: null }],
        resolved: true,
      }),
    ]);
    expect(codes(losses)).toEqual(['not_carried shapes', 'text_changed']);
  });

  it('never throws, whatever the elements are', () => {
    const name = fc.constantFrom(
      'Timeline.1',
      'Stack.1',
      'Track.1',
      'Clip.2',
      'Clip.1',
      'Gap.1',
      'Marker.2',
      'Transition.1',
      'SerializableCollection.1',
      'x',
    );
    const leaf = fc.record({ OTIO_SCHEMA: name, name: fc.constantFrom('one', '', 7) });
    const { element } = fc.letrec<{ element: object }>((tie) => ({
      element: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.record(
          {
            OTIO_SCHEMA: name,
            children: fc.array(tie('element'), { maxLength: 3 }),
            markers: fc.array(tie('element'), { maxLength: 2 }),
            tracks: tie('element'),
            source_range: fc.constantFrom(
              range(0, 24),
              range(-5, 1e14),
              range(1e15, 1, 1e-3),
              { start_time: time(1, 0) },
              null,
              3,
            ),
            marked_range: fc.constantFrom(range(0, 24), range(12, 0, 29.97), null),
            enabled: fc.boolean(),
            effects: fc.constantFrom([], [{}], 3),
          },
          { requiredKeys: ['OTIO_SCHEMA'] },
        ),
      ),
    }));
    fc.assert(
      fc.property(element, (root) => {
        expect(typeof otio.read?.(JSON.stringify(root), context(film24)).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

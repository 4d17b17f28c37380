import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import { otio } from '../../../src/core/interchange/otio.ts';
import type { Shape } from '../../../src/core/schema/annotation.ts';
import {
  codes,
  comment,
  comments,
  context,
  cut,
  film,
  input,
  NTSC,
  PAL,
  rates,
  read,
  sorted,
  written,
} from './xml-support.ts';

const one = film();
const at = (frame: number, rate: Rational = NTSC): number => frameToMicros(frame, rate);
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

describe('what is written', () => {
  it('is a time line of Clip.2 and Marker.2', () => {
    const { text, losses, extension } = written(
      otio,
      input(
        { comments: [comment({ timeUs: at(31), text: 'text', id: 'c1' })], cuts: [cut(one, 30, 60, 0)] },
        [film({ rate: { num: 24, den: 1 }, sound: null })],
        { startFrame: 86_400 },
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "{
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {
          "reelkeep": {
            "version": 1,
            "whole": false,
            "comments": []
          }
        },
        "name": "Cut",
        "global_start_time": {
          "OTIO_SCHEMA": "RationalTime.1",
          "rate": 24,
          "value": 86400
        },
        "tracks": {
          "OTIO_SCHEMA": "Stack.1",
          "metadata": {},
          "name": "tracks",
          "source_range": null,
          "effects": [],
          "markers": [],
          "enabled": true,
          "children": [
            {
              "OTIO_SCHEMA": "Track.1",
              "metadata": {},
              "name": "V1",
              "source_range": null,
              "effects": [],
              "markers": [],
              "enabled": true,
              "kind": "Video",
              "children": [
                {
                  "OTIO_SCHEMA": "Clip.2",
                  "metadata": {},
                  "name": "one.mov 30",
                  "source_range": {
                    "OTIO_SCHEMA": "TimeRange.1",
                    "start_time": {
                      "OTIO_SCHEMA": "RationalTime.1",
                      "rate": 24,
                      "value": 24
                    },
                    "duration": {
                      "OTIO_SCHEMA": "RationalTime.1",
                      "rate": 24,
                      "value": 24
                    }
                  },
                  "effects": [],
                  "markers": [
                    {
                      "OTIO_SCHEMA": "Marker.2",
                      "metadata": {
                        "reelkeep": {
                          "version": 1,
                          "id": "c1",
                          "timeUs": 1034367,
                          "durationUs": null,
                          "text": "text",
                          "author": "Ann",
                          "color": null,
                          "category": null,
                          "resolved": false,
                          "resolvedBy": null,
                          "resolvedAt": null,
                          "createdAt": null,
                          "shapes": [],
                          "replies": []
                        }
                      },
                      "name": "Ann",
                      "color": "RED",
                      "comment": "text",
                      "marked_range": {
                        "OTIO_SCHEMA": "TimeRange.1",
                        "start_time": {
                          "OTIO_SCHEMA": "RationalTime.1",
                          "rate": 24,
                          "value": 24
                        },
                        "duration": {
                          "OTIO_SCHEMA": "RationalTime.1",
                          "rate": 24,
                          "value": 1
                        }
                      }
                    }
                  ],
                  "enabled": true,
                  "media_references": {
                    "DEFAULT_MEDIA": {
                      "OTIO_SCHEMA": "ExternalReference.1",
                      "metadata": {},
                      "name": "one.mov",
                      "available_range": {
                        "OTIO_SCHEMA": "TimeRange.1",
                        "start_time": {
                          "OTIO_SCHEMA": "RationalTime.1",
                          "rate": 24,
                          "value": 0
                        },
                        "duration": {
                          "OTIO_SCHEMA": "RationalTime.1",
                          "rate": 24,
                          "value": 3600
                        }
                      },
                      "available_image_bounds": null,
                      "target_url": "one.mov"
                    }
                  },
                  "active_media_reference_key": "DEFAULT_MEDIA"
                }
              ]
            }
          ]
        }
      }
      "
    `);
    expect(codes(losses)).toEqual(['time_rounded']);
    expect(extension).toBe('.otio');
  });

  it('keeps films apart, gaps, overlaps and names', () => {
    const two = film({
      id: 'two',
      name: 'two film.mov',
      rate: PAL,
      durationUs: at(1000, PAL),
      startFrame: 90_000,
    });
    const gone = { ...cut(one, 0, 30, 300), mediaId: null, sourceName: 'gone.mov' };
    const cuts = [
      cut(one, 90, 150, 0),
      { ...cut(two, 50, 100, 60, NTSC), tags: ['goal', '골'] },
      cut(one, 200, 230, 200),
      gone,
    ];
    const list = [comment({ mediaId: 'two', timeUs: at(60, PAL) })];
    const { text, losses } = written(otio, input({ cuts, comments: list }, [one, two]));
    // Two seconds at 25 are no whole number of frames at 29.97.
    expect(codes(losses)).toEqual(['time_rounded']);
    const back = read(otio, text, context(one, two));
    expect(back.exchange.comments).toEqual(list);
    const aside = cuts.map((one_) => ({ ...one_, recordUs: 0 }));
    expect(back.exchange.cuts.map((one_) => ({ ...one_, recordUs: 0 }))).toEqual(aside);
    for (const [index, { recordUs }] of cuts.entries()) {
      expect(Math.abs((back.exchange.cuts[index]?.recordUs ?? 0) - recordUs)).toBeLessThan(at(1) / 2);
    }
    expect(codes(back.losses)).toEqual(['unknown_media']);
  });

  it('says rates as numbers', () => {
    const { text } = written(otio, input({}, [one]));
    expect(text).toContain(`"rate": ${String(30000 / 1001)}`);
  });

  it('keeps what has no place on the time line in its own corner', () => {
    const list = [
      comment({ timeUs: null, text: 'old', shapes, id: 'x' }),
      comment({ timeUs: at(900), text: 'unseen', durationUs: 1 }),
    ];
    const { text, losses } = written(otio, input({ cuts: [cut(one, 0, 30, 0)], comments: list }, [one]));
    expect(codes(losses)).toEqual(['legacy_placed', 'not_carried comments', 'time_rounded']);
    expect(sorted(read(otio, text, context(one)).exchange.comments)).toEqual(sorted(list));
  });
});

describe('what comes back', () => {
  it('is everything of every comment', () => {
    fc.assert(
      fc.property(
        fc.tuple(rates, fc.nat({ max: 200_000 })).chain(([rate, startFrame]) => {
          const media = film({ rate, startFrame, durationUs: at(3600, rate) });
          const full = fc.tuple(
            comments(media, 3600),
            fc.option(fc.uuid()),
            fc.subarray([...shapes]),
            fc.nat({ max: 9000 }),
          );
          return fc.tuple(fc.constant(media), fc.array(full, { maxLength: 5 }));
        }),
        ([media, made]) => {
          // Times between frames too: what is kept beside the marker is exact.
          const list = made.map(([base, id, drawn, more]) => ({
            ...base,
            id,
            shapes: drawn,
            timeUs: Math.min((base.timeUs ?? 0) + more, media.durationUs - 1),
          }));
          const { text } = written(otio, input({ comments: list }, [media]));
          const back = read(otio, text, context(media));
          expect(sorted(back.exchange.comments)).toEqual(sorted(list));
          expect(back.exchange.cuts).toEqual([]);
          expect(back.losses).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows what another program has changed', () => {
    const { text } = written(
      otio,
      input({ comments: [comment({ timeUs: at(100), color: '#123456', shapes })] }, [one]),
    );
    const document = JSON.parse(text) as {
      tracks: {
        children: {
          children: {
            markers: { color: string; comment: string; marked_range: { start_time: { value: number } } }[];
          }[];
        }[];
      };
    };
    const marker = document.tracks.children[0]?.children[0]?.markers[0];
    if (!marker) throw new Error('no marker');
    Object.assign(marker, { color: 'GREEN', comment: 'changed' });
    marker.marked_range.start_time.value = 200;
    const [back] = read(otio, JSON.stringify(document), context(one)).exchange.comments;
    expect(back).toMatchObject({ timeUs: at(200), text: 'changed', color: '#00ff00', shapes });
  });
});

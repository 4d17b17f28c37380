import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { fcpxml } from '../../../src/core/interchange/fcpxml.ts';
import {
  codes,
  comment,
  comments,
  context,
  cut,
  FILM,
  film,
  input,
  lossOf,
  NTSC,
  PAL,
  rates,
  read,
  sorted,
  structureErrors,
  written,
} from './xml-support.ts';

const one = film();
const at = (frame: number, rate = NTSC): number => frameToMicros(frame, rate);

describe('what is written', () => {
  it('is a project with clips and to-do markers', async () => {
    const { text, losses, extension } = written(
      fcpxml,
      input(
        {
          comments: [
            comment({
              timeUs: at(1800),
              text: 'Too "dark" <here> & there',
              resolved: true,
              category: 'Grade',
            }),
            comment({
              timeUs: at(10),
              durationUs: at(40) - at(10),
              text: 'Two\nlines',
              author: '김',
              color: '#00ff00',
              replies: [{ author: 'Bob', text: 'Why?', createdAt: '2026-02-03T04:05:06Z' }],
            }),
          ],
        },
        [one],
        { startFrame: 107_892 },
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE fcpxml>
      <fcpxml version="1.10">
        <resources>
          <format id="f1" frameDuration="1001/30000s" width="1920" height="1080"/>
          <asset id="a1" name="one.mov" start="0s" duration="3003/25s" hasVideo="1" format="f1" hasAudio="1" videoSources="1" audioSources="1" audioChannels="2" audioRate="48000">
            <media-rep kind="original-media" src="./one.mov"/>
          </asset>
        </resources>
        <library>
          <event name="Cut">
            <project name="Cut">
              <sequence format="f1" duration="3003/25s" tcStart="8999991/2500s" tcFormat="DF" audioLayout="stereo" audioRate="48k">
                <spine>
                  <asset-clip ref="a1" offset="8999991/2500s" name="one.mov" start="0s" duration="3003/25s" format="f1" tcFormat="DF" audioRole="dialogue">
                    <marker start="3003/50s" duration="1001/30000s" value="Too &quot;dark&quot; &lt;here&gt; &amp; there" completed="1" note="Author: Ann&#10;Category: Grade"/>
                    <marker start="1001/3000s" duration="1001/1000s" value="Two&#10;lines" completed="0" note="Author: 김&#10;Color: #00ff00&#10;Reply from Bob, 2026-02-03T04:05:06Z:&#10;  Why?"/>
                  </asset-clip>
                </spine>
              </sequence>
            </project>
          </event>
        </library>
      </fcpxml>
      "
    `);
    expect(losses).toEqual([]);
    expect(extension).toBe('.fcpxml');
    expect(await structureErrors(text, 'fcpxml-1.10.rng')).toEqual([]);
  });

  it('keeps gaps, films of other rates, overlapping cuts and what no cut shows', async () => {
    const two = film({
      id: 'two',
      name: 'two.mov',
      rate: PAL,
      durationUs: at(1000, PAL),
      startFrame: 90_000,
    });
    const sound = film({ id: 'three', name: 'three.wav', size: null, durationUs: 4_000_000 });
    const what = input(
      {
        comments: [
          comment({ timeUs: at(100), text: 'in the first' }),
          comment({ mediaId: 'two', timeUs: at(60, PAL), text: 'in the second' }),
          comment({ timeUs: at(3000), text: 'in no cut' }),
          comment({ timeUs: null, text: 'on no frame' }),
        ],
        cuts: [
          cut(one, 90, 150, 0),
          cut(two, 50, 100, 90, NTSC),
          cut(one, 200, 260, 100),
          { ...cut(sound, 0, 30, 400), tags: ['a'] },
        ],
      },
      [one, two, sound],
    );
    const { text, losses } = written(fcpxml, what);
    expect(await structureErrors(text, 'fcpxml-1.10.rng')).toEqual([]);
    // Two seconds at 25 are no whole number of frames at 29.97.
    expect(codes(losses)).toEqual(['legacy_left_out', 'not_carried tags', 'time_rounded']);
    expect(text).toContain('<gap name="Gap" offset="1001/200s" start="0s" duration="1001/120s"/>');
    expect(text).toContain('srcFrameRate="25"');
    expect(text).toContain('lane="1"');
    const back = read(fcpxml, text, context(one, two, sound));
    expect(back.exchange.comments.map((c) => [c.mediaId, c.timeUs, c.text]).sort()).toEqual([
      ['one', at(3000), 'in no cut'],
      ['one', at(100), 'in the first'],
      ['two', at(60, PAL), 'in the second'],
    ]);
    // The upper cut hides what is under it.
    expect(back.exchange.cuts.map((c) => [c.mediaId, c.startUs, c.recordUs])).toEqual([
      ['one', at(90), 0],
      ['two', at(50, PAL), at(90)],
      ['one', at(200), at(100)],
      ['three', 0, at(400)],
    ]);
    expect(lossOf(back.losses, 'not_carried', 'tracks')?.count).toBe(1);
  });

  it('takes out what XML cannot hold, and says so', async () => {
    const { text, losses } = written(
      fcpxml,
      input(
        {
          comments: [
            comment({
              text: 'a\u0000b\u001b[31m\ud800 <script>alert(1)</script> ]]>',
              author: '"><marker/>',
            }),
          ],
        },
        [one],
      ),
    );
    expect(await structureErrors(text, 'fcpxml-1.10.rng')).toEqual([]);
    expect(lossOf(losses, 'text_changed')).toBeDefined();
    const [back] = read(fcpxml, text, context(one)).exchange.comments;
    expect(back?.text).toBe('ab[31m\ufffd <script>alert(1)</script> ]]>');
    expect(back?.author).toBe('"><marker/>');
  });

  it('says what a marker has no place for', () => {
    const shapes = [{ kind: 'box', x: 0, y: 0, w: 1, h: 1 }] as const;
    const { losses } = written(
      fcpxml,
      input(
        {
          comments: [
            comment({ shapes, durationUs: at(1) }),
            comment({ timeUs: at(4) + 9000 }),
            comment({ timeUs: one.durationUs }),
          ],
        },
        [one],
      ),
    );
    expect(codes(losses)).toEqual([
      'not_carried duration',
      'not_carried shapes',
      'outside_media',
      'time_rounded',
    ]);
  });

  it('labels drop-frame rates, and only those', () => {
    const format = (rate: typeof NTSC): string | undefined =>
      /<sequence[^>]*tcFormat="(\w+)"/.exec(written(fcpxml, input({}, [film({ rate })])).text)?.[1];
    expect([NTSC, { num: 60000, den: 1001 }, FILM, PAL, { num: 30, den: 1 }].map(format)).toEqual([
      'DF',
      'DF',
      'NDF',
      'NDF',
      'NDF',
    ]);
  });

  it('counts far beyond what a number holds', () => {
    const rate = { num: 29_971_003, den: 1_000_003 };
    const long = film({ rate, durationUs: 86_400_000_000, startFrame: 2_592_000 });
    const timeUs = frameToMicros(2_589_400, rate);
    const { text } = written(fcpxml, input({ comments: [comment({ timeUs })] }, [long]));
    expect(text).toContain(`start="${String((2_592_000n + 2_589_400n) * 1_000_003n)}/29971003s"`);
    expect(read(fcpxml, text, context(long)).exchange.comments[0]?.timeUs).toBe(timeUs);
  });
});

describe('what comes back', () => {
  it('is every comment, whatever its rate and text', () => {
    fc.assert(
      fc.property(
        fc.tuple(rates, fc.nat({ max: 200_000 })).chain(([rate, startFrame]) => {
          const media = film({ rate, startFrame, durationUs: frameToMicros(3600, rate) });
          return fc.tuple(fc.constant(media), fc.array(comments(media, 3600), { maxLength: 6 }));
        }),
        ([media, list]) => {
          const { text } = written(fcpxml, input({ comments: list }, [media]));
          expect(sorted(read(fcpxml, text, context(media)).exchange.comments)).toEqual(sorted(list));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is every cut, and comments on the frames that cuts show', () => {
    fc.assert(
      fc.property(
        rates,
        fc.array(fc.tuple(fc.nat({ max: 3000 }), fc.integer({ min: 1, max: 500 }), fc.nat({ max: 50 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (rate, parts) => {
          const media = film({ rate, durationUs: frameToMicros(3600, rate) });
          let frame = 0;
          const cuts = parts.map(([from, lasts, gap]) => {
            const made = cut(media, from, from + lasts, frame + gap);
            frame += gap + lasts;
            return made;
          });
          const list = cuts.map((one_) => comment({ timeUs: one_.startUs, text: one_.label }));
          const { text, losses } = written(fcpxml, input({ cuts, comments: list }, [media]));
          const back = read(fcpxml, text, context(media));
          expect(losses).toEqual([]);
          expect(back.losses).toEqual([]);
          expect(back.exchange.cuts).toEqual(cuts);
          expect(sorted(back.exchange.comments)).toEqual(sorted(list));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the film’s own frame where its times are rounded, as in Matroska', () => {
    const timesUs = Float64Array.from({ length: 300 }, (_, frame) => Math.round((frame * 1001) / 30) * 1000);
    const media = film({ timesUs, durationUs: 10_010_000 });
    const list = [1, 2, 3, 100, 299].map((frame) =>
      comment({ timeUs: timesUs[frame] ?? 0, text: String(frame) }),
    );
    const { text, losses } = written(fcpxml, input({ comments: list }, [media]));
    expect(losses).toEqual([]);
    expect(read(fcpxml, text, context(media)).exchange.comments).toEqual(list);
  });

  it('is the nearest frame of a film of varying rate, told as rounded', () => {
    const timesUs = Float64Array.from([0, 40_000, 90_000, 170_000, 180_000, 300_000]);
    const media = film({ rate: { num: 15, den: 1 }, variable: true, timesUs, durationUs: 400_000 });
    const { text, losses } = written(
      fcpxml,
      input({ comments: [comment({ timeUs: 300_000 }), comment({ timeUs: 90_000 })] }, [media]),
    );
    expect(lossOf(losses, 'time_rounded')).toBeDefined();
    const back = read(fcpxml, text, context(media));
    for (const { timeUs } of back.exchange.comments) expect([...timesUs]).toContain(timeUs);
    expect(back.exchange.comments).toHaveLength(2);
  });
});

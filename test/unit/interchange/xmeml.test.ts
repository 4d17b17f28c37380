import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import { xmeml } from '../../../src/core/interchange/xmeml.ts';
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
const at = (frame: number, rate: Rational = NTSC): number => frameToMicros(frame, rate);
const SCHEMA = 'xmeml-4.rng';

describe('what is written', () => {
  it('is a sequence with linked clips and markers on both', async () => {
    const { text, losses } = written(
      xmeml,
      input(
        {
          comments: [comment({ timeUs: at(51), text: 'fly', author: 'apple apple', color: '#428dfc' })],
          cuts: [cut(one, 30, 90, 0)],
        },
        [film({ sound: { sampleRate: 48_000, channels: 1 }, startFrame: 1800 })],
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE xmeml>
      <xmeml version="4">
        <sequence id="sequence-1">
          <name>Cut</name>
          <duration>60</duration>
          <rate>
            <timebase>30</timebase>
            <ntsc>TRUE</ntsc>
          </rate>
          <timecode>
            <rate>
              <timebase>30</timebase>
              <ntsc>TRUE</ntsc>
            </rate>
            <string>00:00:00;00</string>
            <frame>0</frame>
            <displayformat>DF</displayformat>
          </timecode>
          <media>
            <video>
              <format>
                <samplecharacteristics>
                  <rate>
                    <timebase>30</timebase>
                    <ntsc>TRUE</ntsc>
                  </rate>
                  <width>1920</width>
                  <height>1080</height>
                  <anamorphic>FALSE</anamorphic>
                  <pixelaspectratio>square</pixelaspectratio>
                  <fielddominance>none</fielddominance>
                </samplecharacteristics>
              </format>
              <track>
                <clipitem id="clipitem-1">
                  <name>one.mov 30</name>
                  <enabled>TRUE</enabled>
                  <duration>3600</duration>
                  <rate>
                    <timebase>30</timebase>
                    <ntsc>TRUE</ntsc>
                  </rate>
                  <start>0</start>
                  <end>60</end>
                  <in>30</in>
                  <out>90</out>
                  <file id="file-1">
                    <name>one.mov</name>
                    <pathurl>file://localhost/one.mov</pathurl>
                    <rate>
                      <timebase>30</timebase>
                      <ntsc>TRUE</ntsc>
                    </rate>
                    <duration>3600</duration>
                    <timecode>
                      <rate>
                        <timebase>30</timebase>
                        <ntsc>TRUE</ntsc>
                      </rate>
                      <string>00:01:00;02</string>
                      <frame>1800</frame>
                      <displayformat>DF</displayformat>
                    </timecode>
                    <media>
                      <video>
                        <samplecharacteristics>
                          <rate>
                            <timebase>30</timebase>
                            <ntsc>TRUE</ntsc>
                          </rate>
                          <width>1920</width>
                          <height>1080</height>
                          <anamorphic>FALSE</anamorphic>
                          <pixelaspectratio>square</pixelaspectratio>
                          <fielddominance>none</fielddominance>
                        </samplecharacteristics>
                      </video>
                      <audio>
                        <samplecharacteristics>
                          <depth>16</depth>
                          <samplerate>48000</samplerate>
                        </samplecharacteristics>
                        <channelcount>1</channelcount>
                      </audio>
                    </media>
                  </file>
                  <link>
                    <linkclipref>clipitem-1</linkclipref>
                    <mediatype>video</mediatype>
                    <trackindex>1</trackindex>
                    <clipindex>1</clipindex>
                  </link>
                  <link>
                    <linkclipref>clipitem-2</linkclipref>
                    <mediatype>audio</mediatype>
                    <trackindex>1</trackindex>
                    <clipindex>1</clipindex>
                  </link>
                  <marker>
                    <comment>fly</comment>
                    <name>apple apple</name>
                    <in>51</in>
                    <out>-1</out>
                    <pproColor>4294741314</pproColor>
                  </marker>
                </clipitem>
                <enabled>TRUE</enabled>
                <locked>FALSE</locked>
              </track>
            </video>
            <audio>
              <numOutputChannels>2</numOutputChannels>
              <format>
                <samplecharacteristics>
                  <depth>16</depth>
                  <samplerate>48000</samplerate>
                </samplecharacteristics>
              </format>
              <track>
                <clipitem id="clipitem-2">
                  <name>one.mov 30</name>
                  <enabled>TRUE</enabled>
                  <duration>3600</duration>
                  <rate>
                    <timebase>30</timebase>
                    <ntsc>TRUE</ntsc>
                  </rate>
                  <start>0</start>
                  <end>60</end>
                  <in>30</in>
                  <out>90</out>
                  <file id="file-1"/>
                  <sourcetrack>
                    <mediatype>audio</mediatype>
                    <trackindex>1</trackindex>
                  </sourcetrack>
                  <link>
                    <linkclipref>clipitem-1</linkclipref>
                    <mediatype>video</mediatype>
                    <trackindex>1</trackindex>
                    <clipindex>1</clipindex>
                  </link>
                  <link>
                    <linkclipref>clipitem-2</linkclipref>
                    <mediatype>audio</mediatype>
                    <trackindex>1</trackindex>
                    <clipindex>1</clipindex>
                  </link>
                </clipitem>
                <enabled>TRUE</enabled>
                <locked>FALSE</locked>
              </track>
            </audio>
          </media>
          <marker>
            <comment>fly</comment>
            <name>apple apple</name>
            <in>21</in>
            <out>-1</out>
            <pproColor>4294741314</pproColor>
          </marker>
        </sequence>
      </xmeml>
      "
    `);
    expect(losses).toEqual([]);
    expect(await structureErrors(text, SCHEMA)).toEqual([]);
  });

  it('says rates as such programs do', () => {
    const rateOf = (rate: Rational): readonly string[] => {
      const { text } = written(xmeml, input({}, [film({ rate })]));
      return Array.from(
        text.matchAll(/<timebase>(\d+)<\/timebase>\s*<ntsc>(\w+)/g),
        ([, base, ntsc]) => `${String(base)} ${String(ntsc)}`,
      );
    };
    for (const [rate, wanted] of [
      [FILM, '24 TRUE'],
      [NTSC, '30 TRUE'],
      [{ num: 60000, den: 1001 }, '60 TRUE'],
      [{ num: 24, den: 1 }, '24 FALSE'],
      [PAL, '25 FALSE'],
      [{ num: 120_000, den: 1001 }, '120 TRUE'],
    ] as const) {
      expect(new Set(rateOf(rate))).toEqual(new Set([wanted]));
    }
  });

  it('labels timecode with drop frames where they are', () => {
    const labels = (rate: Rational, frame: number): readonly (string | undefined)[] =>
      /<string>(.*?)<\/string>\s*<frame>(\d+)<\/frame>\s*<displayformat>(\w+)/
        .exec(written(xmeml, { ...input({}, [film({ rate })]), options: { startFrame: frame } }).text)
        ?.slice(1) ?? [];
    expect(labels(NTSC, 1800)).toEqual(['00:01:00;02', '1800', 'DF']);
    expect(labels(NTSC, 17_982)).toEqual(['00:10:00;00', '17982', 'DF']);
    expect(labels({ num: 60000, den: 1001 }, 3600)).toEqual(['00:01:00;04', '3600', 'DF']);
    expect(labels(FILM, 86_400)).toEqual(['01:00:00:00', '86400', 'NDF']);
  });

  it('tells where a rate had to be another', () => {
    const slow = film({ rate: { num: 25, den: 2 }, durationUs: 8_000_000 });
    const { text, losses } = written(xmeml, input({ comments: [comment({ timeUs: 4_000_000 })] }, [slow]));
    expect(lossOf(losses, 'rate_differs')?.params).toEqual({ found: '13', expected: '12.5' });
    // Counted at 13, it is still four seconds.
    expect(text).toContain('<in>52</in>');
  });

  it('leaves out comments on no frame, unless it is asked to place them', async () => {
    const what = input({ comments: [comment({ timeUs: null, text: 'no time' })] }, [one]);
    const without = written(xmeml, what);
    expect(without.text).not.toContain('no time');
    expect(codes(without.losses)).toEqual(['legacy_left_out']);
    const placed = written(xmeml, { ...what, options: { withLegacy: true } });
    expect(codes(placed.losses)).toEqual(['legacy_placed']);
    expect(placed.text).toContain('<in>0</in>');
    expect(await structureErrors(placed.text, SCHEMA)).toEqual([]);
    // It says itself that the frame means nothing.
    expect(
      read(xmeml, placed.text, context(one)).exchange.comments.map(({ timeUs, text }) => [timeUs, text]),
    ).toEqual([[null, 'no time']]);
  });

  it('keeps what no cut shows as a clip of the project', async () => {
    const wav = film({ id: 'two', name: 'two.wav', size: null, durationUs: 20_000_000 });
    const list = [
      comment({ timeUs: at(1000), text: 'unseen' }),
      comment({ mediaId: 'two', timeUs: at(10), text: 'heard' }),
    ];
    const cuts = [
      cut(one, 0, 30, 0),
      cut(one, 300, 330, 20),
      { ...cut(one, 60, 90, 70), mediaId: null, sourceName: 'gone & away.mov' },
    ];
    const { text, losses } = written(xmeml, input({ comments: list, cuts }, [one, wav]));
    expect(await structureErrors(text, SCHEMA)).toEqual([]);
    expect(losses).toEqual([]);
    const back = read(xmeml, text, context(one, wav));
    expect(back.exchange.comments.map(({ mediaId, timeUs, text: said }) => [mediaId, timeUs, said])).toEqual([
      ['one', at(1000), 'unseen'],
      ['two', at(10), 'heard'],
    ]);
    expect(
      back.exchange.cuts.map(({ mediaId, sourceName, startUs, recordUs }) => [
        mediaId,
        sourceName,
        startUs,
        recordUs,
      ]),
    ).toEqual([
      ['one', 'one.mov', 0, 0],
      ['one', 'one.mov', at(300), at(20)],
      [null, 'gone & away.mov', at(60), at(70)],
    ]);
  });

  it('paints markers in the colours that Premiere has', () => {
    const { text } = written(
      xmeml,
      input({ comments: [comment({ color: '#ff0000' }), comment({ timeUs: at(5), color: '#ff4d4f' })] }, [
        one,
      ]),
    );
    expect(Array.from(text.matchAll(/<pproColor>(\d+)</g), ([, value]) => value)).toEqual([
      '4281740498',
      '4281740498',
    ]);
    expect(read(xmeml, text, context(one)).exchange.comments.map(({ color }) => color)).toEqual([
      '#ff0000',
      null,
    ]);
  });
});

describe('what comes back', () => {
  it('is every comment once', () => {
    fc.assert(
      fc.property(
        rates.chain((rate) => {
          const media = film({ rate, durationUs: at(3600, rate) });
          return fc.tuple(fc.constant(media), fc.array(comments(media, 3600), { maxLength: 6 }));
        }),
        ([media, list]) => {
          const { text } = written(xmeml, input({ comments: list }, [media]));
          expect(sorted(read(xmeml, text, context(media)).exchange.comments)).toEqual(sorted(list));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is every cut, on films of other rates too', () => {
    fc.assert(
      fc.property(
        rates,
        rates,
        fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 3000 }), fc.integer({ min: 2, max: 400 })), {
          minLength: 1,
          maxLength: 10,
        }),
        (rate, other, parts) => {
          const films = [
            film({ rate, durationUs: at(3600, rate) }),
            film({ id: 'two', name: 'two.mov', rate: other, durationUs: at(3600, other) }),
          ];
          let us = 0;
          const cuts = parts.map(([second, from, lasts]) => {
            const made = { ...cut(films[second ? 1 : 0] ?? one, from, from + lasts, 0), recordUs: us };
            us += made.endUs - made.startUs;
            return made;
          });
          const { text } = written(xmeml, input({ cuts }, films));
          const back = read(xmeml, text, context(...films)).exchange.cuts;
          expect(back.map(({ recordUs: _, ...rest }) => rest)).toEqual(
            cuts.map(({ recordUs: _, ...rest }) => rest),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

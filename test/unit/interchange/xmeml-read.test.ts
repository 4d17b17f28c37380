import { describe, expect, it } from 'vitest';
import { frameToMicros, type Rational } from '../../../src/core/base/time.ts';
import { xmeml } from '../../../src/core/interchange/xmeml.ts';
import { codes, context, FILM, film, lossOf, NTSC, read } from './xml-support.ts';

const one = film();
const at = (frame: number, rate: Rational = NTSC): number => frameToMicros(frame, rate);

describe('what other programs write', () => {
  const sequence = (inside: string, rate = '<timebase>30</timebase><ntsc>TRUE</ntsc>'): string =>
    `<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="5"><sequence id="s"><name>Seq</name><rate>${rate}</rate>${inside}</sequence></xmeml>`;
  const marker = (text: string, frame: number, out = -1): string =>
    `<marker><comment>${text}</comment><name>ann</name><in>${String(frame)}</in><out>${String(out)}</out><pproColor>4294741314</pproColor></marker>`;

  it('a Frame.io export: frames are believed, not its rate, and each note is taken once', () => {
    const media = film({ rate: FILM, durationUs: at(6287, FILM) });
    const notes = marker('fly', 51) + marker('foo', 408) + marker('foo', 408) + marker('markup', 5787, 5800);
    const rate = '<timebase>24</timebase><ntsc>FALSE</ntsc>';
    const text = sequence(
      `<media><video><track><generatoritem id="c"><name>Matte</name><rate>${rate}</rate><start>0</start><end>6287</end><in>0</in><out>6287</out>${notes}</generatoritem></track></video></media>${notes}`,
      rate,
    );
    const { exchange, losses } = read(xmeml, text, context(media));
    expect(
      exchange.comments.map(({ timeUs, durationUs, text: said, author, color }) => [
        timeUs,
        durationUs,
        said,
        author,
        color,
      ]),
    ).toEqual([
      [at(51, FILM), null, 'fly', 'ann', '#428dfc'],
      [at(408, FILM), null, 'foo', 'ann', '#428dfc'],
      [at(408, FILM), null, 'foo', 'ann', '#428dfc'],
      [at(5787, FILM), at(5800, FILM) - at(5787, FILM), 'markup', 'ann', '#428dfc'],
    ]);
    expect(codes(losses)).toEqual(['rate_differs']);
  });

  it('transitions, effects, nested sequences, tracks above each other', () => {
    const clip = (id: string, start: number, end: number, from: number, to: number, more = ''): string =>
      `<clipitem id="${id}"><name>${id}</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><start>${String(start)}</start><end>${String(end)}</end><in>${String(from)}</in><out>${String(to)}</out>
       <file id="f"${id === 'a' ? '><name>one.mov</name><pathurl>file://localhost/x/one.mov</pathurl></file>' : '/>'}${more}</clipitem>`;
    const text = sequence(`<media><video>
      <track>${clip('a', 0, -1, 0, 110)}<transitionitem><start>90</start><end>110</end><alignment>center</alignment></transitionitem>${clip('b', -1, 200, 500, 610, '<filter><effect/></filter>')}
        <clipitem id="n"><name>nest</name><start>200</start><end>210</end><in>0</in><out>10</out><sequence id="s2"><name>x</name></sequence></clipitem></track>
      <track>${clip('c', 150, 160, 900, 910)}${clip('d', 300, 310, 1000, 1010, '<enabled>FALSE</enabled>')}</track></video>
      <audio><track>${clip('e', 150, 160, 900, 910)}</track><track>${clip('m', 0, 50, 2000, 2050)}</track></audio></media>${marker('on the upper', 155)}${marker('on the lower', 120)}`);
    const { exchange, losses } = read(xmeml, text, context(one));
    expect(
      exchange.cuts.map(({ label, startUs, endUs, recordUs }) => [label, startUs, endUs, recordUs]),
    ).toEqual([
      ['a', 0, at(100), 0],
      ['b', at(510), at(560), at(100)],
      ['c', at(900), at(910), at(150)],
      ['b', at(570), at(610), at(160)],
    ]);
    expect(exchange.comments.map(({ timeUs, text: said }) => [said, timeUs])).toEqual([
      ['on the upper', at(905)],
      ['on the lower', at(530)],
    ]);
    expect(codes(losses)).toEqual(['effect_left_out', 'not_carried cuts', 'not_carried tracks']);
    expect(lossOf(losses, 'effect_left_out')?.count).toBe(2);
    expect(lossOf(losses, 'not_carried', 'tracks')?.count).toBe(3);
  });

  it('markers with only a name, broken ones, and script', () => {
    const text = sequence(
      `<marker><name>Only a name</name><in>3</in><out>-1</out></marker><marker><comment>no time</comment></marker>
       <marker><comment>&lt;img src=x onerror=alert(1)&gt;</comment><in>4</in></marker><marker><comment>late</comment><in>99999999</in></marker>`,
    );
    const { exchange, losses } = read(xmeml, text, context(one));
    expect(exchange.comments.map(({ text: said, author, timeUs }) => [said, author, timeUs])).toEqual([
      ['Only a name', '', at(3)],
      ['<img src=x onerror=alert(1)>', '', at(4)],
    ]);
    expect(codes(losses)).toEqual(['outside_media', 'unreadable_line']);
  });

  it('a clip in a bin, cut into parts that repeat its markers', () => {
    const file =
      '<file id="f"><name>one.mov</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate></file>';
    const item = (id: string, start: number, from: number): string =>
      `<clipitem id="${id}"><name>x</name><start>${String(start)}</start><end>${String(start + 10)}</end><in>${String(from)}</in><out>${String(from + 10)}</out>${file}${marker('same', 35)}</clipitem>`;
    const text = `<xmeml version="4"><bin><children><clip id="m"><name>one</name>${file}${marker('same', 35)}</clip>
      <sequence id="s"><name>S</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><media><video><track>${item('a', 0, 30)}${item('b', 10, 40)}</track></video></media></sequence></children></bin></xmeml>`;
    const { exchange } = read(xmeml, text, context(one));
    expect(exchange.comments.map(({ timeUs }) => timeUs)).toEqual([at(35)]);
    expect(exchange.cuts).toHaveLength(2);
  });
});

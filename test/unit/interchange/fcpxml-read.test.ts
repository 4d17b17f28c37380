import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { fcpxml } from '../../../src/core/interchange/fcpxml.ts';
import { codes, context, film, FILM, lossOf, NTSC, PAL, read, timed } from './xml-support.ts';

const one = film({ durationUs: 60_060_000 });
const at = (frame: number, rate = NTSC): number => frameToMicros(frame, rate);

const document = (resources: string, library: string, version = '1.9'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE fcpxml><fcpxml version="${version}"><resources>
    <format id="r1" frameDuration="1001/30000s" width="1920" height="1080"/>${resources}</resources>
    <library location="file:///x/"><event name="Event">${library}</event></library></fcpxml>`;

const project = (spine: string, more = ''): string =>
  `<project name="P"><sequence format="r1" duration="60s" tcFormat="DF" ${more}><spine>${spine}</spine></sequence></project>`;

const asset = (id: string, src: string, more = 'start="0s"'): string =>
  `<asset id="${id}" name="n" ${more} duration="1801800/30000s" hasVideo="1" hasAudio="1" format="r1"><media-rep kind="original-media" src="${src}"/></asset>`;

describe('versions', () => {
  it('takes the source of an asset from either place', () => {
    const clip = project(
      '<asset-clip ref="r2" offset="0s" duration="1s"><marker start="0s" duration="1001/30000s" value="v"/></asset-clip>',
    );
    for (const resource of [
      '<asset id="r2" name="x" src="file:///a/b/One.MOV" hasVideo="1"/>',
      asset('r2', 'file:///a/One.mov?x#y'),
    ]) {
      for (const version of ['1.8', '1.10', '1.14']) {
        const { exchange } = read(fcpxml, document(resource, clip, version), context(one));
        expect(exchange.comments.map(({ mediaId }) => mediaId)).toEqual(['one']);
        expect(exchange.cuts.map(({ mediaId }) => mediaId)).toEqual(['one']);
      }
    }
  });

  it('is recognised by its root element', () => {
    expect(fcpxml.sniff('<?xml version="1.0"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.9">')).toBe(1);
    expect(fcpxml.sniff('<xmeml version="4">')).toBe(0);
    expect(fcpxml.sniff('TITLE: fcpxml')).toBe(0);
  });

  it('refuses other documents', () => {
    expect(fcpxml.read?.('<xmeml/>', context(one)).ok).toBe(false);
  });
});

describe('markers', () => {
  const markers = `<marker start="1001/30000s" duration="1001/30000s" value="To Do Marker, Incomplete" completed="0" note="more notes here"/>
    <marker start="2002/30000s" duration="1001/30000s" value="Done" completed="1"/>
    <marker start="3003/30000s" duration="1s" value="Standard"/>
    <chapter-marker start="4004/30000s" duration="1001/30000s" value="Chapter" posterOffset="11/30s"/>
    <marker start="nonsense" value="broken"/>
    <marker start="100000s" duration="1s" value="beyond"/>`;

  it('says what each means', () => {
    const { exchange, losses } = read(
      fcpxml,
      document(
        asset('r2', 'one.mov'),
        project(`<asset-clip ref="r2" duration="1001/100s">${markers}</asset-clip>`),
      ),
      context(one),
    );
    expect(
      exchange.comments.map(({ timeUs, durationUs, text, resolved, category }) => ({
        timeUs,
        durationUs,
        text,
        resolved,
        category,
      })),
    ).toEqual([
      {
        timeUs: at(1),
        durationUs: null,
        text: 'To Do Marker, Incomplete\nmore notes here',
        resolved: false,
        category: null,
      },
      { timeUs: at(2), durationUs: null, text: 'Done', resolved: true, category: null },
      // A second ends a millisecond before the thirtieth frame: that one is meant.
      { timeUs: at(3), durationUs: at(33) - at(3), text: 'Standard', resolved: false, category: null },
      { timeUs: at(4), durationUs: null, text: 'Chapter', resolved: false, category: 'Chapter' },
    ]);
    expect(lossOf(losses, 'unreadable_line')?.params).toEqual({ line: 7, found: 'nonsense' });
    expect(lossOf(losses, 'outside_media')?.count).toBe(1);
    expect(lossOf(losses, 'time_rounded')).toBeUndefined();
  });

  it('counts in the clip’s own time, from the film’s timecode', () => {
    const hour = asset('r2', 'one.mov', 'start="107892000/30000s"');
    const clip =
      '<asset-clip ref="r2" offset="0s" start="107922030/30000s" duration="5s"><marker start="107923031/30000s" duration="1001/30000s" value="v"/></asset-clip>';
    const { exchange } = read(fcpxml, document(hour, project(clip)), context(one));
    expect(exchange.comments[0]?.timeUs).toBe(at(31));
    expect(exchange.cuts[0]?.startUs).toBe(at(30));
  });

  it('tolerates markers outside their clip', () => {
    const clip =
      '<asset-clip ref="r2" offset="0s" start="0s" duration="1s"><marker start="30s" duration="1001/30000s" value="v"/></asset-clip>';
    const { exchange } = read(fcpxml, document(asset('r2', 'one.mov'), project(clip)), context(one));
    expect(exchange.comments[0]?.timeUs).toBe(at(899));
  });

  it('on titles and gaps means what is shown there, or the finished film', () => {
    const spine =
      '<gap offset="3600s" start="100s" duration="2002/1000s"><marker start="101001/1000s" value="on a gap"/></gap>';
    const of = (text: string): ReturnType<typeof read> =>
      read(fcpxml, document('', project(text, 'tcStart="3600s"')), context(one));
    expect(of(spine).exchange.comments.map(({ timeUs, mediaId }) => [timeUs, mediaId])).toEqual([
      [at(30), 'one'],
    ]);
    const unknown =
      '<asset-clip ref="r2" offset="0s" duration="10s"><marker start="1001/1000s" value="on a raw film"/></asset-clip>';
    const raw = read(fcpxml, document(asset('r2', 'raw.mov'), project(unknown)), context(one));
    expect(raw.exchange.comments.map(({ timeUs }) => timeUs)).toEqual([at(30)]);
    expect(lossOf(raw.losses, 'unknown_media')?.params).toEqual({ name: 'raw.mov' });
    expect(raw.exchange.cuts.map(({ mediaId, sourceName }) => [mediaId, sourceName])).toEqual([
      [null, 'raw.mov'],
    ]);
  });

  it('never puts a note on another film', () => {
    const spine =
      '<asset-clip ref="r2" duration="5s"/><asset-clip ref="r3" duration="5s"><marker start="1s" value="for the other"/></asset-clip>';
    const { exchange, losses } = read(
      fcpxml,
      document(asset('r2', 'one.mov') + asset('r3', 'other.mov'), project(spine)),
      context(one),
    );
    expect(exchange.comments).toEqual([]);
    expect(lossOf(losses, 'unknown_media')?.params).toEqual({ name: 'other.mov' });
  });

  it('of clips in an event are read too', () => {
    const clip =
      '<clip name="c" start="10s" duration="5s"><video ref="r2" offset="10s" start="0s" duration="20s"/><marker start="11001/1000s" value="in a clip"/></clip>';
    const { exchange } = read(fcpxml, document(asset('r2', 'one.mov'), clip), context(one));
    expect(exchange.comments.map(({ timeUs }) => timeUs)).toEqual([at(30)]);
    expect(exchange.cuts).toEqual([]);
  });
});

describe('stories', () => {
  const two = film({ id: 'two', name: 'two.mov', rate: FILM, durationUs: at(2400, FILM) });

  it('flattens multicam, with the sync offset of its angles', () => {
    const resources = `${asset('r3', 'one.mov')}<format id="r9" frameDuration="1001/24000s"/>
      <asset id="r4" name="two" start="0s" duration="2402400/24000s" hasVideo="1" format="r9"><media-rep src="two.mov"/></asset>
      <media id="r2"><multicam format="r1" tcStart="0s" tcFormat="NDF">
        <mc-angle name="A" angleID="a"><gap offset="0s" duration="240240/24000s"/><asset-clip ref="r4" offset="240240/24000s" duration="720720/24000s"><marker start="24024/24000s" value="on the angle"/></asset-clip></mc-angle>
        <mc-angle name="B" angleID="b"><asset-clip ref="r3" offset="0s" duration="40s"/></mc-angle></multicam></media>`;
    const spine = `<mc-clip ref="r2" offset="0s" start="480480/24000s" duration="120120/24000s"><mc-source angleID="b" srcEnable="audio"/><mc-source angleID="a" srcEnable="video"/>
      <marker start="504504/24000s" value="on the cut"/></mc-clip>
      <mc-clip ref="r2" offset="120120/24000s" start="0s" duration="120120/24000s"><mc-source angleID="b" srcEnable="all"/></mc-clip>`;
    const { exchange, losses } = read(fcpxml, document(resources, project(spine)), context(one, two));
    expect(
      exchange.cuts.map(({ mediaId, startUs, endUs, recordUs }) => [mediaId, startUs, endUs, recordUs]),
    ).toEqual([
      ['two', at(240, FILM), at(360, FILM), 0],
      ['one', 0, at(150), at(120, FILM)],
    ]);
    expect(exchange.comments.map(({ mediaId, timeUs, text }) => [mediaId, timeUs, text])).toEqual([
      ['two', at(24, FILM), 'on the angle'],
      ['two', at(264, FILM), 'on the cut'],
    ]);
    expect(lossOf(losses, 'not_carried', 'tracks')?.count).toBe(2);
  });

  it('goes into compound and synchronised clips', () => {
    const resources = `${asset('r2', 'one.mov')}<media id="r5" name="compound"><sequence format="r1" tcStart="0s"><spine>
      <asset-clip ref="r2" offset="0s" duration="2002/1000s"/><asset-clip ref="r2" offset="2002/1000s" start="20020/1000s" duration="2002/1000s"/></spine></sequence></media>`;
    const spine = `<ref-clip ref="r5" offset="0s" start="1001/1000s" duration="2002/1000s"/>
      <sync-clip offset="2002/1000s" start="0s" duration="1001/1000s"><spine><asset-clip ref="r2" offset="0s" start="30030/1000s" duration="10s"/></spine><asset-clip lane="-1" ref="r2" offset="0s" duration="3s"/></sync-clip>
      <audition><asset-clip ref="r2" duration="1001/1000s"/><asset-clip ref="r2" start="5s" duration="1001/1000s"/></audition>`;
    const { exchange, losses } = read(fcpxml, document(resources, project(spine)), context(one));
    expect(exchange.cuts.map(({ startUs, endUs, recordUs }) => [startUs, endUs, recordUs])).toEqual([
      [at(30), at(60), 0],
      [at(600), at(630), at(30)],
      [at(900), at(930), at(60)],
      [0, at(30), at(90)],
    ]);
    expect(codes(losses)).toEqual(['not_carried tracks']);
  });

  it('puts what is attached over what it is attached to', () => {
    const spine = `<asset-clip ref="r2" offset="0s" start="10010/1000s" duration="10010/1000s">
        <asset-clip ref="r2" lane="1" offset="11011/1000s" start="40040/1000s" duration="1001/1000s"/>
        <spine lane="2" offset="13013/1000s"><asset-clip ref="r2" offset="0s" start="50050/1000s" duration="1001/1000s"/></spine>
        <audio ref="r2" lane="-1" offset="10010/1000s" duration="5s"/>
        <adjust-transform scale="2 2"/></asset-clip><transition offset="9s" duration="1s"/><asset-clip ref="r2" enabled="0" duration="1s"/>`;
    const { exchange, losses } = read(fcpxml, document(asset('r2', 'one.mov'), project(spine)), context(one));
    expect(exchange.cuts.map(({ startUs, recordUs }) => [startUs, recordUs])).toEqual([
      [at(300), 0],
      [at(1200), at(30)],
      [at(360), at(60)],
      [at(1500), at(90)],
      [at(420), at(120)],
    ]);
    expect(codes(losses)).toEqual(['effect_left_out', 'not_carried cuts', 'not_carried tracks']);
  });

  it('tells of a rate that is not the film’s', () => {
    const pal = film({ rate: PAL });
    const { losses } = read(fcpxml, document(asset('r2', 'one.mov'), ''), context(pal));
    expect(lossOf(losses, 'rate_differs')?.params).toEqual({ found: '29.97', expected: '25' });
  });

  it('is not drowned in references', () => {
    const level = (id: number): string =>
      `<media id="m${String(id)}"><sequence format="r1"><spine>${`<ref-clip ref="m${String(id + 1)}" duration="1s"><marker start="0s" value="x"/></ref-clip>`.repeat(40)}</spine></sequence></media>`;
    const levels = Array.from({ length: 12 }, (_, id) => level(id)).join('');
    const last = `<media id="m12"><sequence format="r1"><spine><asset-clip ref="r2" duration="1s"/></spine></sequence></media>`;
    const loop =
      '<media id="m13"><sequence format="r1"><spine><ref-clip ref="m13" duration="1s"/></spine></sequence></media>';
    const text = document(
      asset('r2', 'one.mov') + levels + last + loop,
      project('<ref-clip ref="m0" duration="1s"/><ref-clip ref="m13" duration="1s"/>'),
    );
    const { value, ms } = timed(() => read(fcpxml, text, context(one)));
    expect(lossOf(value.losses, 'too_many')).toBeDefined();
    expect(ms).toBeLessThan(20_000);
  });
});

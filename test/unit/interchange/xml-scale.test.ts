import { expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { fcpxml } from '../../../src/core/interchange/fcpxml.ts';
import type { TextFormat } from '../../../src/core/interchange/model.ts';
import { otio } from '../../../src/core/interchange/otio.ts';
import { xmeml } from '../../../src/core/interchange/xmeml.ts';
import { comment, context, cut, film, input, NTSC, read, timed, written } from './xml-support.ts';

/** Far more than it takes, far less than a person would call hanging. */
const LONG_MS = 60_000;

const long = film({ durationUs: frameToMicros(1_000_000, NTSC) });

const formats: readonly (readonly [TextFormat, number])[] = [
  [fcpxml, 5_000],
  [otio, 5_000],
  // It says everything three times, for picture and two channels of sound.
  [xmeml, 2_500],
];
for (const [format, count] of formats) {
  it(`${format.name} holds ${String(count)} comments and cuts`, () => {
    const cuts = Array.from({ length: count }, (_, at) => cut(long, at * 40, at * 40 + 30, at * 31));
    const comments = Array.from({ length: count }, (_, at) =>
      comment({ timeUs: frameToMicros(at * 40 + 7, NTSC), text: 'same' }),
    );
    const { value, ms } = timed(() => {
      const { text } = written(format, input({ cuts, comments }, [long]));
      return read(format, text, context(long));
    });
    expect(value.losses).toEqual([]);
    expect(value.exchange.cuts).toEqual(cuts);
    expect(value.exchange.comments.map(({ timeUs }) => timeUs)).toEqual(comments.map(({ timeUs }) => timeUs));
    expect(ms).toBeLessThan(LONG_MS);
  });
}

it('markers and clips of films that nobody knows do not multiply', () => {
  const clips = '<asset-clip ref="r" duration="1s"/>'.repeat(30_000);
  const markers = '<marker start="1s" value="x"/>'.repeat(30_000);
  const text = `<fcpxml version="1.9"><resources><asset id="r" name="x" src="x.mov" hasVideo="1"/><media id="m"><sequence><spine>${clips}</spine></sequence></media></resources>
    <project><sequence><spine>${clips}<ref-clip ref="m" duration="9s">${markers}</ref-clip><gap duration="9s">${markers.slice(0, 30_000)}</gap></spine></sequence></project></fcpxml>`;
  const { value, ms } = timed(() => read(fcpxml, text, context(film())));
  expect(value.losses.map(({ code }) => code)).toContain('too_many');
  expect(ms).toBeLessThan(LONG_MS);
});

it('a stack of forty thousand tracks is cut off, not walked for ever', () => {
  const track =
    '{"OTIO_SCHEMA":"Track.1","kind":"Video","children":[{"OTIO_SCHEMA":"Clip.2","name":"one","source_range":{"OTIO_SCHEMA":"TimeRange.1","start_time":{"rate":24,"value":0},"duration":{"rate":24,"value":9}}}]}';
  const text = `{"OTIO_SCHEMA":"Timeline.1","tracks":{"OTIO_SCHEMA":"Stack.1","children":[${Array<string>(40_000).fill(track).join(',')}]}}`;
  const { value, ms } = timed(() => read(otio, text, context(film())));
  expect(value.losses.map(({ code }) => code)).toContain('too_many');
  expect(value.exchange.cuts).toHaveLength(1);
  expect(ms).toBeLessThan(LONG_MS);
});

/**
 * Writes xmeml version 4: a sequence with the cuts, each comment as a marker of the clip that shows it and of the sequence (where
 * people see it; readers know the two for one). Comments that no cut shows are markers of their film as a clip of the project.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import type { Rational } from '../base/time.ts';
import { formatTimecode, isDropFrame } from '../base/timecode.ts';
import type { ExchangeComment, ExchangeMedia, WriteInput, Written } from './model.ts';
import { nearestColor, noteFieldsOf, noteOf, toldColor, withNote } from './xml-comments.ts';
import { layout, type PlacedComment, type PlacedCut } from './xml-layout.ts';
import { lossList, withoutControls, type LossList } from './xml-loss.ts';
import { frameCount } from './xml-time.ts';
import { xmlWriter, type Xml, type XmlWriter } from './xml-write.ts';
import { PREMIERE_COLORS, pproColorOf, rationalOf, xmemlRate } from './xmeml-rate.ts';

/** A cut's channels of sound are put on so many tracks at most: the program finds the others in the file. */
const MAX_CHANNELS = 2;

/** Parts of the document that are the same everywhere. */
function parts(xml: XmlWriter, losses: LossList) {
  const { element, leaf } = xml;
  const rate = (of: Rational): Xml => {
    const { timebase, ntsc } = xmemlRate(of);
    return element('rate', {}, [leaf('timebase', timebase), leaf('ntsc', ntsc ? 'TRUE' : 'FALSE')]);
  };
  const timecode = (frame: number, of: Rational): Xml =>
    element('timecode', {}, [
      rate(of),
      leaf('string', formatTimecode(frame, of)),
      leaf('frame', frame),
      leaf('displayformat', isDropFrame(of) ? 'DF' : 'NDF'),
    ]);
  const picture = (of: Rational, size: { readonly width: number; readonly height: number }): Xml =>
    element('samplecharacteristics', {}, [
      rate(of),
      leaf('width', size.width),
      leaf('height', size.height),
      leaf('anamorphic', 'FALSE'),
      leaf('pixelaspectratio', 'square'),
      leaf('fielddominance', 'none'),
    ]);
  const sound = (sampleRate: number): Xml =>
    element('samplecharacteristics', {}, [leaf('depth', 16), leaf('samplerate', sampleRate)]);
  const marker = (comment: ExchangeComment, start: number, frames: number | null, untimed = false): Xml => {
    const told = toldColor(comment.color);
    const shown = told === null ? null : PREMIERE_COLORS[nearestColor(told, PREMIERE_COLORS)];
    const { author: _, ...fields } = noteFieldsOf(comment);
    const kept = told !== null && told !== shown;
    const note = noteOf(
      { ...fields, resolved: comment.resolved, untimed, ...(kept && { color: told }) },
      losses,
    );
    return element('marker', {}, [
      leaf('comment', withNote(comment.text, note)),
      leaf('name', comment.author),
      leaf('in', start),
      leaf('out', frames === null ? -1 : start + frames),
      ...(shown === null || shown === undefined ? [] : [leaf('pproColor', pproColorOf(shown))]),
    ]);
  };
  return { rate, timecode, picture, sound, marker };
}

/** Frame of the time line at which a cut shows a frame of its film. */
function recordFrame({ start, end, sourceStart, media }: PlacedCut, frame: number, rate: Rational): number {
  const frames = (frame - sourceStart) * ((rate.num * media.rate.den) / (rate.den * media.rate.num));
  return Math.min(end - 1, start + Math.round(frames));
}

/** Writes the document. */
export function writeXmeml(input: WriteInput): Result<Written, Failure> {
  const losses = lossList();
  const xml = xmlWriter(losses);
  const { element, leaf } = xml;
  const { rate, timecode, picture, sound, marker } = parts(xml, losses);
  const plan = layout(input, (wanted) => rationalOf(xmemlRate(wanted)), losses);
  const shapes = input.exchange.comments.filter((comment) => comment.shapes.length > 0);
  losses.notCarried('shapes', shapes.length);
  losses.notCarried('tags', plan.lanes.flat().filter(({ cut }) => cut.tags.length > 0).length);

  const fileIds = new Map<string, string>();
  /** A file is described where it comes first, and named from there on. */
  const file = (film: ExchangeMedia): Xml => {
    const known = fileIds.get(film.id);
    if (known !== undefined) return element('file', { id: known });
    const id = `file-${String(fileIds.size + 1)}`;
    fileIds.set(film.id, id);
    return element('file', { id }, [
      leaf('name', film.name),
      leaf('pathurl', `file://localhost/${encodeURIComponent(withoutControls(film.name))}`),
      rate(film.rate),
      leaf('duration', frameCount(film)),
      timecode(film.startFrame, film.rate),
      element('media', {}, [
        ...(film.size ? [element('video', {}, [picture(film.rate, film.size)])] : []),
        ...(film.sound
          ? [element('audio', {}, [sound(film.sound.sampleRate), leaf('channelcount', film.sound.channels)])]
          : []),
      ]),
    ]);
  };
  const clipMarkers = (comments: readonly PlacedComment[]): Xml[] =>
    comments.map(({ comment, frame, frames }) => marker(comment, frame, frames));

  /** One clip on its tracks: picture and channels of sound, linked. */
  interface Item {
    readonly id: string;
    readonly cut: PlacedCut;
    readonly type: 'video' | 'audio';
    readonly track: number;
    readonly index: number;
    readonly channel: number;
  }
  const tracks: { readonly video: Item[][]; readonly audio: Item[][] } = { video: [], audio: [] };
  const linked = new Map<PlacedCut, Item[]>();
  let items = 0;
  const put = (cut: PlacedCut, type: 'video' | 'audio', track: number, channel: number): void => {
    while (tracks[type].length <= track) tracks[type].push([]);
    const on = tracks[type][track] ?? [];
    items += 1;
    const item = {
      id: `clipitem-${String(items)}`,
      cut,
      type,
      track: track + 1,
      index: on.length + 1,
      channel,
    };
    on.push(item);
    const others = linked.get(cut);
    if (others) others.push(item);
    else linked.set(cut, [item]);
  };
  for (const [lane, cuts] of plan.lanes.entries()) {
    for (const cut of cuts) {
      if (cut.media.size) put(cut, 'video', lane, 1);
      const channels = Math.min(MAX_CHANNELS, cut.media.sound?.channels ?? 0);
      for (let channel = 0; channel < channels; channel += 1)
        put(cut, 'audio', lane * MAX_CHANNELS + channel, channel + 1);
      if (!cut.media.size && channels === 0) put(cut, 'audio', lane * MAX_CHANNELS, 1);
    }
  }
  const clipitem = ({ id, cut, type, channel }: Item): Xml => {
    const others = linked.get(cut) ?? [];
    const [first] = others;
    return element('clipitem', { id }, [
      leaf('name', cut.cut.label || cut.media.name),
      leaf('enabled', 'TRUE'),
      leaf('duration', frameCount(cut.media)),
      rate(cut.media.rate),
      leaf('start', cut.start),
      leaf('end', cut.end),
      leaf('in', cut.sourceStart),
      leaf('out', cut.sourceEnd),
      file(cut.media),
      ...(type === 'audio'
        ? [element('sourcetrack', {}, [leaf('mediatype', 'audio'), leaf('trackindex', channel)])]
        : []),
      ...(others.length > 1
        ? others.map((other) =>
            element('link', {}, [
              leaf('linkclipref', other.id),
              leaf('mediatype', other.type),
              leaf('trackindex', other.track),
              leaf('clipindex', other.index),
            ]),
          )
        : []),
      ...(first?.id === id ? clipMarkers(cut.comments) : []),
    ]);
  };
  const track = (on: readonly Item[]): Xml =>
    element('track', {}, [...on.map(clipitem), leaf('enabled', 'TRUE'), leaf('locked', 'FALSE')]);

  const size = plan.media.find((film) => film.size)?.size ?? { width: 1920, height: 1080 };
  const sampleRate = plan.media.find((film) => film.sound)?.sound?.sampleRate ?? 48_000;
  const startFrame = input.options.startFrame ?? 0;
  const withLegacy = input.options.withLegacy === true;
  losses.add(withLegacy ? 'legacy_placed' : 'legacy_left_out', {}, plan.legacy.length);
  const sequenceMarkers = [
    ...plan.lanes.flat().flatMap((cut) =>
      cut.comments.map(({ comment, frame, frames }) => {
        const start = recordFrame(cut, frame, plan.rate);
        const lasts =
          frames === null
            ? null
            : Math.max(1, recordFrame({ ...cut, end: Infinity }, frame + frames, plan.rate) - start);
        return marker(comment, start, lasts);
      }),
    ),
    ...(withLegacy ? plan.legacy.map((comment) => marker(comment, 0, null, true)) : []),
  ];
  const video = element('video', {}, [
    element('format', {}, [picture(plan.rate, size)]),
    ...tracks.video.map(track),
  ]);
  const audio = element('audio', {}, [
    leaf('numOutputChannels', 2),
    element('format', {}, [sound(sampleRate)]),
    ...tracks.audio.map(track),
  ]);
  const sequence = element('sequence', { id: 'sequence-1' }, [
    leaf('name', plan.title),
    leaf('duration', plan.frames),
    rate(plan.rate),
    timecode(startFrame, plan.rate),
    element('media', {}, [video, audio]),
    ...sequenceMarkers,
  ]);
  const whole = plan.unshown.map(({ media: film, comments }, at) =>
    element('clip', { id: `masterclip-${String(at + 1)}` }, [
      leaf('name', film.name),
      leaf('duration', frameCount(film)),
      rate(film.rate),
      leaf('in', -1),
      leaf('out', -1),
      leaf('ismasterclip', 'TRUE'),
      file(film),
      ...clipMarkers(comments),
    ]),
  );
  const inside =
    whole.length === 0
      ? sequence
      : element('project', {}, [leaf('name', plan.title), element('children', {}, [...whole, sequence])]);
  const text = xml.document(element('xmeml', { version: 4 }, [inside]));
  return ok({ text, extension: '.xml', type: 'application/xml', losses: losses.list() });
}

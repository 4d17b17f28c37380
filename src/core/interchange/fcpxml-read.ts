/** Reads FCPXML 1.8 to 1.14: markers of any clip as comments on their films, the first project as a list of cuts. */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { frameDuration } from '../base/time.ts';
import {
  filmTime,
  isStory,
  laneOf,
  membersOf,
  placed,
  startOf,
  storyOf,
  stretchesOf,
  timeOf,
  type Story,
  type Stretch,
} from './fcpxml-story.ts';
import type { ExchangeComment, ExchangeMedia, ReadContext, ReadExchange } from './model.ts';
import { parseNote, commentOf } from './xml-comments.ts';
import { rateText } from './xml-layout.ts';
import { keptText, lossList, shown, unreadable, type LossList } from './xml-loss.ts';
import { mediaFinder } from './xml-media.ts';
import { childOf, everyNode, readXml, type XmlNode } from './xml-read.ts';
import {
  commentSink,
  cutsOf,
  filmAt,
  flattened,
  lastFrom,
  readLine,
  type RawCut,
  type RawMarker,
} from './xml-tracks.ts';
import { compared, minus, parseSeconds, plus, toUs, ZERO, type Ratio } from './xml-time.ts';

const MAX_TITLE = 200;
/** What is read as a comment. */
const MARKED = new Set(['marker', 'chapter-marker']);

/** Everything of a project's time line. */
interface TimeLine {
  /** By lane. */
  readonly lanes: Map<number, RawCut[]>;
  /** Record time at which an element's own time is zero. */
  readonly zeroOf: Map<XmlNode, Ratio>;
  /** Tracks of nothing but sound, and what is inside clips beside their main line. */
  hidden: number;
  disabled: number;
}

/** Whether only its sound is heard. */
function isSound(node: XmlNode, story: Story): boolean {
  if (node.name === 'audio' || node.attributes['srcEnable'] === 'audio') return true;
  const asset = story.assets.get(node.attributes['ref'] ?? '');
  return asset !== undefined && !asset.hasVideo;
}

/** An element on the time line: its stretches on its lane, and what is attached to it. */
function lay(node: XmlNode, record: Ratio, lane: number, story: Story, line: TimeLine): void {
  if (node.attributes['enabled'] === '0') {
    line.disabled += 1;
    return;
  }
  const zero = node.name === 'spine' ? record : minus(record, startOf(node, story));
  line.zeroOf.set(node, zero);
  if (node.name === 'spine') {
    for (const member of membersOf(node.children, ZERO, story).members) {
      lay(member.node, plus(record, member.offset), lane, story, line);
    }
    return;
  }
  if (lane !== 0 && isSound(node, story)) line.hidden += 1;
  else {
    const track = line.lanes.get(lane) ?? [];
    line.lanes.set(lane, track);
    for (const { asset, from, to, source } of placed(node, record, story)) {
      const [recordUs, recordEndUs, sourceUs] = [toUs(from), toUs(to), toUs(source)];
      track.push({
        media: asset.media,
        sourceName: asset.name,
        label: node.attributes['name'] ?? '',
        recordUs,
        recordEndUs,
        sourceUs,
        sourceEndUs: toUs(plus(source, minus(to, from))),
        line: node.line,
      });
    }
  }
  const holds = node.name === 'clip' || node.name === 'sync-clip';
  for (const child of node.children) {
    if (!isStory(child) || laneOf(child) === 0) continue;
    if (holds) line.hidden += 1;
    else lay(child, plus(zero, timeOf(child, 'offset') ?? ZERO), lane + laneOf(child), story, line);
  }
}

/** Lays out a project. */
function timeLineOf(sequence: XmlNode | undefined, story: Story): TimeLine {
  const line: TimeLine = { lanes: new Map(), zeroOf: new Map(), hidden: 0, disabled: 0 };
  const spine = childOf(sequence, 'spine');
  if (!sequence || !spine) return line;
  const { base, members } = membersOf(spine.children, timeOf(sequence, 'tcStart') ?? ZERO, story);
  for (const { node, offset } of members) lay(node, minus(offset, base), 0, story, line);
  return line;
}

/** What a marker says, without its time. */
function markerText(node: XmlNode): ExchangeComment {
  const { value = '', note = '', completed } = node.attributes;
  const resolved = completed === '1';
  const category = node.name === 'chapter-marker' ? 'Chapter' : null;
  const known = note === '' ? null : parseNote(note);
  if (known) return commentOf({ text: value, resolved, category }, known);
  return commentOf({ text: [value, note].filter((part) => part !== '').join('\n'), resolved, category });
}

/** Time of a marker in a film: of the element's own film, or of what the element holds at that place. */
function inFilm(
  holder: XmlNode,
  local: Ratio,
  story: Story,
  held: Map<XmlNode, readonly Stretch[]>,
): { readonly media: ExchangeMedia | null; readonly name: string; readonly time: Ratio } | null {
  const own = story.assets.get(holder.attributes['ref'] ?? '');
  if (own) return { media: own.media, name: own.name, time: filmTime(holder, own, local) };
  const known = held.get(holder);
  const stretches = known ?? [...stretchesOf(holder, story)].sort((a, b) => compared(a.from, b.from));
  if (!known) held.set(holder, stretches);
  const last = stretches[lastFrom(stretches, ({ from }) => compared(from, local) <= 0)];
  // A marker may lie outside its clip. With one film inside there is no doubt which one it means.
  const only = stretches.length === 1 ? stretches[0] : undefined;
  const found = last && compared(local, last.to) < 0 ? last : only;
  if (!found) return null;
  return {
    media: found.asset.media,
    name: found.asset.name,
    time: plus(found.source, minus(local, found.from)),
  };
}

/** Tells of assets whose rate is not the film's: times stay right, frames may not be whole. */
function checkRates(root: XmlNode, story: Story, losses: LossList): void {
  const formats = new Map<string, XmlNode>();
  for (const node of childOf(root, 'resources')?.children ?? []) {
    if (node.name === 'format') formats.set(node.attributes['id'] ?? '', node);
  }
  for (const { media, format } of story.assets.values()) {
    const length = parseSeconds(formats.get(format ?? '')?.attributes['frameDuration']);
    if (!media?.size || media.variable || !length || length.n <= 0n) continue;
    const found = Number(length.d) / Number(length.n);
    const expected = media.rate.num / media.rate.den;
    if (Math.abs(found - expected) / expected < 0.0005) continue;
    losses.add('rate_differs', {
      found: String(Math.round(found * 1000) / 1000),
      expected: rateText(media.rate),
    });
  }
}

/** Counts what is not read at all. */
function countEffects(node: XmlNode, losses: LossList): void {
  const { name } = node;
  if (
    name === 'transition' ||
    name === 'timeMap' ||
    name === 'title' ||
    name === 'caption' ||
    /^(?:filter|adjust)-/.test(name)
  ) {
    losses.add('effect_left_out');
  }
  if (name === 'mc-clip') losses.notCarried('tracks');
}

/** Reads the document. */
export function readFcpxml(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const document = readXml(text, 'FCPXML');
  if (!document.ok) return document;
  const { root, cleaned } = document.value;
  if (root.name !== 'fcpxml') return unreadable('FCPXML', 'the root element is another one');
  const losses = lossList();
  if (cleaned) losses.add('text_changed');
  const story = storyOf(root, mediaFinder(context), losses);
  checkRates(root, story, losses);

  const holders: XmlNode[] = [];
  const projects: XmlNode[] = [];
  for (const node of everyNode(root)) {
    countEffects(node, losses);
    if (node.name === 'project') projects.push(node);
    if (node.children.some(({ name }) => MARKED.has(name))) holders.push(node);
  }
  const [project] = projects;
  losses.notCarried('cuts', projects.length - 1);
  const line = timeLineOf(childOf(project, 'sequence'), story);
  losses.notCarried('tracks', line.hidden);
  losses.notCarried('cuts', line.disabled);
  const lanes = [...line.lanes].sort(([a], [b]) => b - a).map(([, cuts]) => cuts);
  const raw = flattened(lanes, losses);
  const shownLine = readLine(raw);

  const sink = commentSink(losses);
  const held = new Map<XmlNode, readonly Stretch[]>();
  const take = (holder: XmlNode, node: XmlNode): void => {
    const local = timeOf(node, 'start');
    if (!local) {
      losses.add('unreadable_line', { line: node.line, found: shown(node.attributes['start'] ?? '') });
      return;
    }
    const found = inFilm(holder, local, story, held);
    const zero = line.zeroOf.get(holder);
    const recordUs = toUs(zero ? plus(zero, local) : minus(local, startOf(holder, story)));
    const there = found?.media
      ? { media: found.media, us: toUs(found.time) }
      : filmAt(shownLine, recordUs, context);
    if (!there) {
      losses.add('unknown_media', { name: shown(found?.name ?? holder.attributes['name'] ?? '') });
      return;
    }
    const lasts = timeOf(node, 'duration');
    const lastsUs = lasts ? toUs(lasts) : 0;
    const isPoint = lastsUs <= frameDuration(there.media.rate) * 1.5;
    const marker: RawMarker = {
      comment: markerText(node),
      us: there.us,
      lastsUs: isPoint ? null : lastsUs,
      line: node.line,
    };
    sink.place(there.media, marker);
  };
  for (const holder of holders) {
    for (const node of holder.children) if (MARKED.has(node.name)) take(holder, node);
  }
  const title =
    project?.attributes['name'] ?? childOf(childOf(root, 'library'), 'event')?.attributes['name'] ?? '';
  const cuts = cutsOf(raw, losses);
  return ok({
    format: 'fcpxml',
    exchange: { title: keptText(title, MAX_TITLE, losses), comments: sink.all(), cuts, cues: [] },
    losses: losses.list(),
  });
}

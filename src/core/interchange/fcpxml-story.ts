/**
 * What an element of FCPXML shows: clips hold clips, refer to compound clips and to angles of multicam clips, each with a time of its
 * own. Everything is brought down to stretches of films. References can be built to multiply without end, so all work is counted.
 */
import type { ExchangeMedia } from './model.ts';
import type { LossList } from './xml-loss.ts';
import { fileNameOf } from './xml-media.ts';
import { childOf, childrenOf, type XmlNode } from './xml-read.ts';
import { compared, earlier, later, minus, parseSeconds, plus, ZERO, type Ratio } from './xml-time.ts';

/** How many stretches are looked at in one document. */
const MAX_WORK = 500_000;
/** Deepest chain of references. */
const MAX_REFERENCES = 16;

/** Elements that show something for a time. */
const STORY = new Set([
  'asset-clip',
  'video',
  'audio',
  'clip',
  'sync-clip',
  'ref-clip',
  'mc-clip',
  'audition',
  'gap',
  'title',
  'spine',
]);

/** An asset of the resources. */
export interface Asset {
  readonly media: ExchangeMedia | null;
  readonly name: string;
  readonly start: Ratio;
  readonly duration: Ratio | null;
  readonly hasVideo: boolean;
  readonly format: string | undefined;
}

/** A stretch of a film in the time of whatever holds it. */
export interface Stretch {
  readonly asset: Asset;
  readonly from: Ratio;
  readonly to: Ratio;
  /** Time of the film at `from`, counted from its first frame. */
  readonly source: Ratio;
}

/** The document's resources and how much work is left. */
export interface Story {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly media: ReadonlyMap<string, XmlNode>;
  readonly losses: LossList;
  work: number;
}

/** A time attribute. */
export function timeOf(node: XmlNode, name: string): Ratio | null {
  return parseSeconds(node.attributes[name]);
}

/** Whether it is beside the main line of what holds it. */
export function laneOf(node: XmlNode): number {
  const lane = node.attributes['lane'];
  return lane !== undefined && /^-?\d{1,4}$/.test(lane) ? Number(lane) : 0;
}

/** Whether an element shows something for a time. */
export function isStory(node: XmlNode): boolean {
  return STORY.has(node.name);
}

/** Reads the resources. */
export function storyOf(
  root: XmlNode,
  find: (names: readonly (string | undefined)[]) => ExchangeMedia | null,
  losses: LossList,
): Story {
  const assets = new Map<string, Asset>();
  const media = new Map<string, XmlNode>();
  for (const node of childrenOf(root, 'resources').flatMap(({ children }) => children)) {
    const { id = '', name = '', src, hasVideo, format } = node.attributes;
    if (node.name === 'media') media.set(id, node);
    if (node.name !== 'asset') continue;
    const files = [
      src,
      ...childrenOf(node, 'media-rep').flatMap((rep) => [
        rep.attributes['src'],
        rep.attributes['suggestedFilename'],
      ]),
    ];
    const names = files.filter((file) => file !== undefined).map((file) => fileNameOf(file));
    assets.set(id, {
      media: find([...names, name]),
      name: names[0] || name,
      start: timeOf(node, 'start') ?? ZERO,
      duration: timeOf(node, 'duration'),
      hasVideo: hasVideo !== '0' && (hasVideo === '1' || format !== undefined),
      format,
    });
  }
  return { assets, media, losses, work: MAX_WORK };
}

/** Where the time of an element begins that names none: its film's head, the start of its compound clip, or zero. */
export function startOf(node: XmlNode, story: Story): Ratio {
  const own = timeOf(node, 'start');
  if (own) return own;
  const sequence =
    node.name === 'ref-clip' ? childOf(story.media.get(node.attributes['ref'] ?? ''), 'sequence') : undefined;
  return (sequence && timeOf(sequence, 'tcStart')) ?? ZERO;
}

/** How long an element lasts; null where it does not say. */
export function durationOf(node: XmlNode, story: Story): Ratio | null {
  return timeOf(node, 'duration') ?? story.assets.get(node.attributes['ref'] ?? '')?.duration ?? null;
}

/**
 * Time in the film for a time of an element that shows it. Elements name times of the film's own timecode; one without a start
 * counts from its head.
 */
export function filmTime(node: XmlNode, asset: Asset, local: Ratio): Ratio {
  const ownStart = timeOf(node, 'start') !== null;
  return !ownStart && compared(local, asset.start) < 0 ? local : minus(local, asset.start);
}

/** What is left of a stretch between two times. */
function clipped(stretch: Stretch, from: Ratio, to: Ratio): Stretch | null {
  const [start, end] = [later(stretch.from, from), earlier(stretch.to, to)];
  if (compared(start, end) >= 0) return null;
  return { ...stretch, from: start, to: end, source: plus(stretch.source, minus(start, stretch.from)) };
}

/** What an element shows, in its own time. */
export function stretchesOf(node: XmlNode, story: Story, references = 0): readonly Stretch[] {
  if (story.work <= 0 || references > MAX_REFERENCES) {
    story.losses.add('too_many', { limit: references > MAX_REFERENCES ? MAX_REFERENCES : MAX_WORK });
    return [];
  }
  story.work -= 1;
  const ref = node.attributes['ref'] ?? '';
  switch (node.name) {
    case 'asset-clip':
    case 'video':
    case 'audio': {
      const asset = story.assets.get(ref);
      const duration = durationOf(node, story);
      if (!asset || !duration) return [];
      const from = startOf(node, story);
      return [{ asset, from, to: plus(from, duration), source: filmTime(node, asset, from) }];
    }
    case 'clip':
    case 'sync-clip':
      return node.children
        .filter((child) => isStory(child) && laneOf(child) === 0)
        .flatMap((child) => placed(child, timeOf(child, 'offset') ?? ZERO, story, references));
    case 'spine':
      return runOf(node.children, ZERO, story, references);
    case 'audition': {
      const [first] = node.children.filter(isStory);
      return first ? placed(first, timeOf(first, 'offset') ?? ZERO, story, references) : [];
    }
    case 'ref-clip': {
      const sequence = childOf(story.media.get(ref), 'sequence');
      const spine = childOf(sequence, 'spine');
      if (!sequence || !spine) return [];
      return runOf(spine.children, timeOf(sequence, 'tcStart') ?? ZERO, story, references + 1);
    }
    case 'mc-clip': {
      const multicam = childOf(story.media.get(ref), 'multicam');
      const sources = childrenOf(node, 'mc-source');
      const shows = sources.find(({ attributes }) =>
        ['video', 'all', undefined].includes(attributes['srcEnable']),
      );
      const angles = childrenOf(multicam, 'mc-angle');
      const angle =
        angles.find(({ attributes }) => attributes['angleID'] === shows?.attributes['angleID']) ?? angles[0];
      if (!multicam || !angle) return [];
      return runOf(angle.children, timeOf(multicam, 'tcStart') ?? ZERO, story, references + 1);
    }
    default:
      return [];
  }
}

/** What an element shows, in the time of what holds it. */
export function placed(node: XmlNode, offset: Ratio, story: Story, references = 0): readonly Stretch[] {
  const all = stretchesOf(node, story, references);
  story.work -= all.length;
  const start = node.name === 'spine' || node.name === 'audition' ? ZERO : startOf(node, story);
  const duration = durationOf(node, story);
  const shift = minus(offset, start);
  const found: Stretch[] = [];
  for (const stretch of all) {
    const kept = duration ? clipped(stretch, start, plus(start, duration)) : stretch;
    if (kept) found.push({ ...kept, from: plus(kept.from, shift), to: plus(kept.to, shift) });
  }
  return found;
}

/** An element of a run, and where it lies in the run's time. */
export interface Member {
  readonly node: XmlNode;
  readonly offset: Ratio;
}

/**
 * Elements one after another. Those without an offset follow the one before. Some writers count offsets from zero although the
 * sequence begins at a timecode: then so is the base.
 */
export function membersOf(
  children: readonly XmlNode[],
  base: Ratio,
  story: Story,
): { readonly base: Ratio; readonly members: readonly Member[] } {
  const nodes = children.filter(isStory);
  const first = nodes[0] ? timeOf(nodes[0], 'offset') : null;
  const begin = first && compared(first, base) < 0 ? ZERO : base;
  let cursor = begin;
  const members = nodes.map((node) => {
    const offset = timeOf(node, 'offset') ?? cursor;
    cursor = plus(offset, durationOf(node, story) ?? ZERO);
    return { node, offset };
  });
  return { base: begin, members };
}

function runOf(
  children: readonly XmlNode[],
  base: Ratio,
  story: Story,
  references: number,
): readonly Stretch[] {
  return membersOf(children, base, story).members.flatMap(({ node, offset }) =>
    placed(node, offset, story, references),
  );
}

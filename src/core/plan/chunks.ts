/**
 * Stretches to encode, cut into chunks: so all cores work at once, progress is real, and a crash costs one chunk.
 * The boundaries lie on a grid of the source's own frame numbers, so that a cut that moves only changes the chunks
 * that it touches; all others are found again under their content keys.
 */
import type { FrameIndex } from '../schema/frame-index.ts';
import type { VideoSettings } from '../schema/plan.ts';
import { isKeyFrame, type FrameSpan } from '../timeline/frames.ts';

/** Work that a chunk should be, seconds of one worker. */
const CHUNK_SECONDS = 3;
/** Lengths that a chunk may have, frames. Few, so that a machine that is a little slower today cuts the same chunks. */
const CHUNK_LENGTHS = [48, 96, 192, 384, 600] as const;
/** Grid where a short stretch has to be shared by all workers. */
const SHARED_LENGTH = 24;
/** Chunks shorter than this are joined with their neighbour: starting a command has a price. */
const SLIVER = 12;
/** The longest chunk may be this many times an even share, or the other workers would wait for it. */
const UNEVEN = 1.3;

/**
 * How many frames a chunk should have.
 *
 * @param pixelsPerSecond what one worker of the engine in use encodes
 */
export function chunkFrames(settings: VideoSettings, pixelsPerSecond: number): number {
  const wanted = (CHUNK_SECONDS * pixelsPerSecond) / (settings.width * settings.height);
  let best: number = CHUNK_LENGTHS[0];
  for (const length of CHUNK_LENGTHS) {
    if (Math.abs(Math.log(length / wanted)) < Math.abs(Math.log(best / wanted))) best = length;
  }
  return best;
}

/** How a stretch is to be cut. */
export interface ChunkWish {
  /** Frames of a chunk (see `chunkFrames`). */
  readonly target: number;
  readonly workers: number;
  /** A stretch is only shared among more workers while each gets this many frames. */
  readonly leastPerWorker: number;
}

/**
 * Cuts a span into chunks. A boundary is moved to a source key frame where one lies within half a chunk, because a chunk
 * that starts elsewhere decodes the frames since that key frame for nothing.
 */
export function cutIntoChunks(index: FrameIndex, span: FrameSpan, wish: ChunkWish): FrameSpan[] {
  const total = span.stop - span.first;
  const shares = Math.max(1, Math.min(wish.workers, Math.floor(total / wish.leastPerWorker)));
  if (shares === 1 && total <= wish.target) return [span];
  const target = Math.max(wish.target, worthEntering(index));
  for (let length = target; length > SHARED_LENGTH; length = Math.floor(length / 2)) {
    const chunks = cutAtGrid(index, span, length, Math.floor(length / 2));
    const longest = Math.max(...chunks.map((chunk) => chunk.stop - chunk.first));
    if (chunks.length >= shares && (shares === 1 || longest <= (total / shares) * UNEVEN)) return chunks;
  }
  return cutAtGrid(index, span, SHARED_LENGTH, 0);
}

/** By source: it is asked for every stretch. */
const worth = new WeakMap<FrameIndex, number>();

/**
 * The length from which on the way from a key frame into the middle of a group is short beside the chunk. By all of the
 * source, not by the stretch: a cut that moves must not change it.
 */
function worthEntering(index: FrameIndex): number {
  const known = worth.get(index);
  if (known !== undefined) return known;
  const frames = index.timesUs.length;
  let keys = 0;
  for (let frame = 0; frame < frames; frame += 1) if (isKeyFrame(index, frame)) keys += 1;
  const group = frames / Math.max(1, keys);
  const length = CHUNK_LENGTHS.find((candidate) => candidate >= group / 2) ?? Math.max(...CHUNK_LENGTHS);
  worth.set(index, length);
  return length;
}

function cutAtGrid(index: FrameIndex, span: FrameSpan, length: number, reach: number): FrameSpan[] {
  const chunks: FrameSpan[] = [];
  let first = span.first;
  // A boundary from before the span may have been moved into it.
  for (let n = Math.max(1, Math.floor(span.first / length)); n * length < span.stop + reach; n += 1) {
    const stop = nearestKeyFrame(index, n * length, reach) ?? n * length;
    if (stop - first < SLIVER || span.stop - stop < SLIVER) continue;
    chunks.push({ first, stop });
    first = stop;
  }
  chunks.push({ first, stop: span.stop });
  return chunks;
}

function nearestKeyFrame(index: FrameIndex, frame: number, reach: number): number | null {
  for (let distance = 0; distance <= reach; distance += 1) {
    if (isKeyFrame(index, frame - distance)) return frame - distance;
    if (isKeyFrame(index, frame + distance)) return frame + distance;
  }
  return null;
}

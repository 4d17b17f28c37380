/** Ranges as blocks on the time line: lanes for those that overlap, what lies under the pointer, and dragging. Pure. */
import type { ClipId } from '../../core/base/ids.ts';
import type { Clip } from '../../core/schema/document.ts';
import { cutLimits, nearestCut, neighbourCut, type CutGrid } from './frames.ts';
import { usAt, xOf, type View } from './scale.ts';

/** A range with its place in the reel and its lane. */
export interface Block {
  readonly id: ClipId;
  /** Position in the reel, from 1. */
  readonly number: number;
  readonly label: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly lane: number;
}

/** Gives ranges of one asset lanes so that none covers another. At most `most` lanes. */
export function layBlocks(
  clips: readonly { readonly clip: Clip; readonly number: number }[],
  most = 3,
): { readonly blocks: readonly Block[]; readonly lanes: number } {
  const ends: number[] = [];
  const ordered = [...clips].sort((a, b) => a.clip.startUs - b.clip.startUs || a.number - b.number);
  const blocks = ordered.map(({ clip, number }) => {
    let lane = ends.findIndex((endUs) => endUs <= clip.startUs);
    if (lane === -1) lane = ends.length < most ? ends.length : most - 1;
    ends[lane] = Math.max(ends[lane] ?? 0, clip.endUs);
    return { id: clip.id, number, label: clip.label, startUs: clip.startUs, endUs: clip.endUs, lane };
  });
  return { blocks, lanes: Math.max(1, ends.length) };
}

/** Where the lanes of the ranges lie on the canvas. */
export interface BlockArea {
  readonly top: number;
  readonly height: number;
  readonly lanes: number;
}

/** Top and height of a lane. */
export function laneOf(area: BlockArea, lane: number): { readonly top: number; readonly height: number } {
  const height = area.height / area.lanes;
  return { top: area.top + lane * height, height };
}

/** What lies under the pointer. */
export type Hit =
  | { readonly kind: 'time' }
  | { readonly kind: 'clip'; readonly id: ClipId; readonly part: 'start' | 'end' | 'body' };

/** What lies at a point. Handles reach `reach` pixels to both sides, less inside of short blocks. */
export function hitTest(
  blocks: readonly Block[],
  area: BlockArea,
  view: View,
  x: number,
  y: number,
  reach: number,
  selected: ClipId | null,
): Hit {
  if (y < area.top || y > area.top + area.height) return { kind: 'time' };
  const lane = Math.min(area.lanes - 1, Math.floor(((y - area.top) / area.height) * area.lanes));
  // The selected block is on top, then the last drawn.
  const candidates = blocks.filter((block) => block.lane === lane).reverse();
  candidates.sort((a, b) => Number(b.id === selected) - Number(a.id === selected));
  for (const block of candidates) {
    const left = xOf(view, block.startUs);
    const right = xOf(view, block.endUs);
    const inner = Math.min(reach, (right - left) / 3);
    if (x < left - reach || x > right + reach) continue;
    if (x <= left + inner) return { kind: 'clip', id: block.id, part: 'start' };
    if (x >= right - inner) return { kind: 'clip', id: block.id, part: 'end' };
    return { kind: 'clip', id: block.id, part: 'body' };
  }
  return { kind: 'time' };
}

/** A drag under way. */
export interface Drag {
  readonly id: ClipId;
  readonly part: 'start' | 'end' | 'body';
  readonly startUs: number;
  readonly endUs: number;
  /** Where it was taken hold of, asset time. */
  readonly grabUs: number;
}

/** Where a dragged range lies now: on frame times, inside the file, never empty. */
export function dragTo(
  drag: Drag,
  pointerUs: number,
  grid: CutGrid,
): { readonly startUs: number; readonly endUs: number } {
  const { firstUs, lastUs } = cutLimits(grid);
  const moved = pointerUs - drag.grabUs;
  if (drag.part === 'start') {
    const latest = neighbourCut(grid, drag.endUs, -1);
    return { startUs: Math.min(latest, nearestCut(grid, drag.startUs + moved)), endUs: drag.endUs };
  }
  if (drag.part === 'end') {
    const earliest = neighbourCut(grid, drag.startUs, 1);
    return { startUs: drag.startUs, endUs: Math.max(earliest, nearestCut(grid, drag.endUs + moved)) };
  }
  const lengthUs = drag.endUs - drag.startUs;
  const wanted = Math.min(lastUs - lengthUs, Math.max(firstUs, drag.startUs + moved));
  const startUs = nearestCut(grid, wanted);
  const endUs = nearestCut(grid, Math.min(lastUs, startUs + lengthUs));
  return { startUs, endUs: endUs > startUs ? endUs : neighbourCut(grid, startUs, 1) };
}

/** Magnet: the nearest of some times when it is within `px` pixels, else the time itself. */
export function magnet(view: View, x: number, times: readonly number[], px: number): number {
  let best: number | null = null;
  for (const us of times) {
    const distance = Math.abs(xOf(view, us) - x);
    if (distance <= px && (best === null || distance < Math.abs(xOf(view, best) - x))) best = us;
  }
  return best ?? usAt(view, x);
}

/** Start and end points of ranges and marks, ascending, each once: where the up and down keys go. */
export function editPoints(times: readonly (number | null)[]): readonly number[] {
  return [...new Set(times.filter((us) => us !== null))].sort((a, b) => a - b);
}

/** Comments on the time line: flags that never cover each other, and bars for how long each is shown. Pure. */
import type { AnnotationId } from '../../core/base/ids.ts';
import { xOf, type View } from '../timeline/scale.ts';
import type { Timed } from './comments.ts';

/** One flag; several comments where they stand too close for one each. */
export interface Marker {
  readonly ids: readonly AnnotationId[];
  readonly numbers: readonly number[];
  /** Left edge and width, pixels. */
  readonly x: number;
  readonly width: number;
  /** What it says: a number, or the first and last of several. */
  readonly label: string;
  /** The one colour of all of them; null where they differ. */
  readonly color: string | null;
}

/** Narrowest flag: a finger's target. */
export const MARKER_WIDTH = 24;
const GAP = 2;

/** How wide a flag must be for its label. */
export function markerWidth(label: string): number {
  return Math.max(MARKER_WIDTH, label.length * 7 + 10);
}

const labelOf = (numbers: readonly number[]): string => {
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? first;
  return first === last ? String(first) : `${String(first)}–${String(last)}`;
};

/** Puts a flag at each comment in view; where two would touch, they become one. */
export function layMarkers(timed: readonly Timed[], view: View): readonly Marker[] {
  const markers: Marker[] = [];
  const make = (ones: readonly Timed[], wanted: number): Marker => {
    const numbers = ones.map(({ number }) => number);
    const label = labelOf(numbers);
    const width = markerWidth(label);
    const colors = new Set(ones.map(({ comment }) => comment.color));
    const [only] = colors;
    return {
      ids: ones.map(({ comment }) => comment.id),
      numbers,
      x: Math.max(0, Math.min(wanted, view.widthPx - width)),
      width,
      label,
      color: colors.size === 1 ? (only ?? null) : null,
    };
  };
  const groups: Timed[][] = [];
  for (const one of timed) {
    const x = xOf(view, one.fromUs);
    if (x < -0.5 || x > view.widthPx) continue;
    let group = [one];
    let marker = make(group, x);
    // A flag at the right edge is moved in, and one that grows may reach the one before: both join backwards.
    for (let before = markers.at(-1); before !== undefined && marker.x < before.x + before.width + GAP;) {
      markers.pop();
      group = [...(groups.pop() ?? []), ...group];
      marker = make(group, before.x);
      before = markers.at(-1);
    }
    markers.push(marker);
    groups.push(group);
  }
  return markers;
}

/** How long a comment is shown, as a bar. */
export interface Bar {
  readonly id: AnnotationId;
  readonly left: number;
  readonly right: number;
  /** From 0, top to bottom. */
  readonly row: number;
  readonly color: string;
}

/** Bars of the comments that have a duration, in rows so that none covers another as long as there are rows. */
export function layBars(timed: readonly Timed[], view: View, rows: number): readonly Bar[] {
  const ends = Array.from({ length: rows }, () => -Infinity);
  const bars: Bar[] = [];
  for (const { comment, fromUs } of timed) {
    if (comment.durationUs === null) continue;
    const left = xOf(view, fromUs);
    const right = Math.max(left + 2, xOf(view, fromUs + comment.durationUs));
    const free = ends.findIndex((end) => end <= left);
    const row = free === -1 ? rows - 1 : free;
    ends[row] = Math.max(ends[row] ?? 0, right);
    if (right >= 0 && left <= view.widthPx)
      bars.push({ id: comment.id, left, right, row, color: comment.color });
  }
  return bars;
}

/** The comment that a click on a flag goes to: the first, and at each further click the next of them. */
export function nextOf(marker: Marker, selected: AnnotationId | null): AnnotationId | null {
  const at = selected === null ? -1 : marker.ids.indexOf(selected);
  return marker.ids[(at + 1) % marker.ids.length] ?? null;
}

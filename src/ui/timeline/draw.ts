/** Draws the time line on its canvas. */
import type { ClipId } from '../../core/base/ids.ts';
import type { Rational } from '../../core/base/time.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import { laneOf, type Block, type BlockArea } from './blocks.ts';
import { countUpTo, keyFrameTimes, thinned } from './frames.ts';
import { usAt, xOf, type View } from './scale.ts';
import { ticksOf } from './ticks.ts';

/** Colours and font, read from the style sheet. */
export interface Theme {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly track: string;
  readonly ruler: string;
  readonly key: string;
  readonly frame: string;
  readonly range: string;
  readonly rangeEdge: string;
  readonly rangeSelected: string;
  readonly rangeText: string;
  readonly mark: string;
  readonly markFill: string;
  readonly hatch: string;
  readonly font: string;
}

/** Heights, top to bottom. */
export const RULER_HEIGHT = 26;
export const KEYS_HEIGHT = 16;

export interface Scene {
  readonly view: View;
  readonly height: number;
  readonly rate: Rational;
  readonly index: FrameIndex | null;
  readonly blocks: readonly Block[];
  readonly area: BlockArea;
  readonly selected: ClipId | null;
  readonly inUs: number | null;
  readonly outUs: number | null;
  readonly nameOf: (block: Block) => string;
}

/** Reads the theme of an element. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: color('--text-2'),
    faint: color('--text-3'),
    line: color('--line'),
    track: color('--track'),
    ruler: color('--surface-2'),
    key: color('--key-frame'),
    frame: color('--line'),
    range: color('--range'),
    rangeEdge: color('--range-edge'),
    rangeSelected: color('--range-selected'),
    rangeText: color('--range-text'),
    mark: color('--playhead'),
    markFill: color('--mark-fill'),
    hatch: color('--line-strong'),
    font: style.fontFamily,
  };
}

/** Draws everything but the playhead. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { view, height } = scene;
  context.clearRect(0, 0, view.widthPx, height);
  context.fillStyle = theme.track;
  context.fillRect(0, RULER_HEIGHT, view.widthPx, height - RULER_HEIGHT);
  drawRuler(context, scene, theme);
  drawMarks(context, scene, theme);
  drawFrames(context, scene, theme);
  for (const block of scene.blocks) if (block.id !== scene.selected) drawBlock(context, scene, theme, block);
  for (const block of scene.blocks) if (block.id === scene.selected) drawBlock(context, scene, theme, block);
}

function drawRuler(context: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  context.font = `500 10.5px ${theme.font}`;
  context.textBaseline = 'middle';
  for (const tick of ticksOf(scene.view, scene.rate, 104)) {
    const x = Math.round(xOf(scene.view, tick.us)) + 0.5;
    context.strokeStyle = tick.label === null ? theme.line : theme.hatch;
    context.beginPath();
    context.moveTo(x, tick.label === null ? RULER_HEIGHT - 5 : RULER_HEIGHT - 10);
    context.lineTo(x, RULER_HEIGHT);
    context.stroke();
    if (tick.label !== null && x + 8 + context.measureText(tick.label).width <= scene.view.widthPx) {
      context.fillStyle = theme.faint;
      context.fillText(tick.label, x + 8, 10);
    }
  }
}

function drawMarks(context: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { view, inUs, outUs, height } = scene;
  if (inUs === null && outUs === null) return;
  const left = inUs === null ? 0 : xOf(view, inUs);
  const right = outUs === null ? view.widthPx : xOf(view, outUs);
  context.fillStyle = theme.markFill;
  context.fillRect(left, RULER_HEIGHT, right - left, height - RULER_HEIGHT);
  context.fillStyle = theme.mark;
  context.fillRect(left, RULER_HEIGHT - 3, right - left, 3);
  for (const [us, direction] of [
    [inUs, 1],
    [outUs, -1],
  ] as const) {
    if (us === null) continue;
    const x = xOf(view, us);
    context.fillRect(direction === 1 ? x : x - 2, RULER_HEIGHT - 12, 2, height);
    context.fillRect(direction === 1 ? x : x - 7, RULER_HEIGHT - 12, 7, 2);
  }
}

/** Key frames as marks, dense ones thinned; single frames where there is room for them. */
function drawFrames(context: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { view, index } = scene;
  const top = RULER_HEIGHT;
  context.strokeStyle = theme.line;
  context.beginPath();
  context.moveTo(0, top + KEYS_HEIGHT + 0.5);
  context.lineTo(view.widthPx, top + KEYS_HEIGHT + 0.5);
  context.stroke();
  if (index === null) return;
  const endUs = usAt(view, view.widthPx);
  const frameUs = (1_000_000 * scene.rate.den) / scene.rate.num;
  if (frameUs / view.usPerPx > 6) {
    context.fillStyle = theme.frame;
    for (let frame = Math.max(0, countUpTo(index.timesUs, view.startUs) - 1); ; frame += 1) {
      const us = index.timesUs[frame];
      if (us === undefined || us > endUs) break;
      context.fillRect(Math.round(xOf(view, us)), top + KEYS_HEIGHT - 6, 1, 6);
    }
  }
  context.fillStyle = theme.key;
  for (const us of thinned(keyFrameTimes(index), view.startUs, endUs, view.usPerPx * 5)) {
    context.fillRect(Math.round(xOf(view, us)) - 0.5, top + 4, 1.5, KEYS_HEIGHT - 5);
  }
  if (!index.complete) {
    const x = xOf(view, index.endUs);
    context.fillStyle = theme.hatch;
    for (let at = Math.max(0, x); at < view.widthPx; at += 6)
      context.fillRect(at, top, 1, scene.height - top);
  }
}

function drawBlock(context: CanvasRenderingContext2D, scene: Scene, theme: Theme, block: Block): void {
  const { view, area, selected } = scene;
  const left = xOf(view, block.startUs);
  const right = xOf(view, block.endUs);
  if (right < -20 || left > view.widthPx + 20) return;
  const lane = laneOf(area, block.lane);
  const top = lane.top + 2;
  const height = lane.height - 4;
  const width = Math.max(3, right - left);
  const active = block.id === selected;
  const radius = Math.min(4, width / 2, height / 2);
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
  context.fillStyle = active ? theme.rangeSelected : theme.range;
  context.fill();
  context.lineWidth = active ? 1.5 : 1;
  context.strokeStyle = theme.rangeEdge;
  context.stroke();
  context.lineWidth = 1;
  if (width > 18) {
    context.fillStyle = theme.rangeEdge;
    const grip = Math.min(16, height - 8);
    context.fillRect(left + 3, top + (height - grip) / 2, 2, grip);
    context.fillRect(right - 5, top + (height - grip) / 2, 2, grip);
  }
  const room = Math.min(right, view.widthPx) - Math.max(left, 0) - 18;
  if (room < 8) return;
  context.save();
  context.beginPath();
  context.rect(Math.max(left, 0) + 9, top, room, height);
  context.clip();
  context.fillStyle = theme.rangeText;
  context.font = `600 11px ${theme.font}`;
  context.textBaseline = 'middle';
  const name = scene.nameOf(block);
  const text = room > 40 ? `${String(block.number)}  ${name}` : String(block.number);
  context.fillText(text, Math.max(left, 0) + 10, top + height / 2 + 0.5);
  context.restore();
}

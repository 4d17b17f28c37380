/** Where the ruler has its marks and labels. Pure. */
import type { Rational } from '../../core/base/time.ts';
import { formatTimecode, frameToMicros, nominalRate, parseTimecode } from '../core.ts';
import type { View } from './scale.ts';

/** One mark of the ruler. */
export interface Tick {
  readonly us: number;
  /** Text of a main mark, null for the small ones between. */
  readonly label: string | null;
}

const FRAME_STEPS = [1, 2, 5, 10];
const SECOND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Distance of the main marks, in frames or whole seconds, and into how many parts they are divided. */
export interface TickStep {
  readonly unit: 'frame' | 'second';
  readonly step: number;
  readonly parts: number;
}

/** The smallest step whose labels do not touch. */
export function tickStep(usPerPx: number, rate: Rational, minPx: number): TickStep {
  const frameUs = (1_000_000 * rate.den) / rate.num;
  const perSecond = nominalRate(rate);
  for (const step of FRAME_STEPS) {
    if (step < perSecond && (step * frameUs) / usPerPx >= minPx) return { unit: 'frame', step, parts: step };
  }
  for (const step of SECOND_STEPS) {
    if ((step * 1_000_000) / usPerPx >= minPx) return { unit: 'second', step, parts: partsOf(step) };
  }
  return { unit: 'second', step: 14_400, parts: 4 };
}

function partsOf(seconds: number): number {
  if (seconds === 1 || seconds === 2 || seconds === 10) return 10 / (seconds === 10 ? 2 : 1);
  if (seconds === 15) return 3;
  return seconds === 5 ? 5 : 6;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Hours, minutes and seconds of a label. */
export function clockLabel(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The frame whose timecode reads a whole second; drop-frame leaves some labels out, then the next one. */
function frameOfSecond(second: number, rate: Rational): number {
  return parseTimecode(`${clockLabel(second)}:00`, rate) ?? Math.round((second * rate.num) / rate.den);
}

/** All marks of the visible stretch, ascending. */
export function ticksOf(view: View, rate: Rational, minPx = 96): readonly Tick[] {
  const { unit, step, parts } = tickStep(view.usPerPx, rate, minPx);
  const endUs = Math.min(view.durationUs, view.startUs + view.usPerPx * view.widthPx);
  const unitUs = unit === 'frame' ? (1_000_000 * rate.den) / rate.num : 1_000_000;
  const ticks: Tick[] = [];
  const first = Math.max(0, Math.floor(view.startUs / (step * unitUs)) - 1);
  for (let main = first; ; main += 1) {
    const frame = unit === 'frame' ? main * step : frameOfSecond(main * step, rate);
    const us = frameToMicros(frame, rate);
    if (us > endUs) return ticks;
    ticks.push({ us, label: unit === 'frame' ? formatTimecode(frame, rate) : clockLabel(main * step) });
    for (let part = 1; part < parts; part += 1) {
      const partUs = us + (part * step * unitUs) / parts;
      if (partUs <= endUs) ticks.push({ us: partUs, label: null });
    }
  }
}

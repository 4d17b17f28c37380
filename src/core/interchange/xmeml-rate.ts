/** Rates of xmeml, which knows whole numbers and those slowed by 1000/1001, and the marker colours of Premiere. */
import type { Rational } from '../base/time.ts';
import type { Palette } from './xml-comments.ts';
import { childOf, numberOf, textOf, type XmlNode } from './xml-read.ts';

/** Fastest timebase that is believed. */
const MAX_TIMEBASE = 1000;

/** What Premiere calls its marker colours. Green is what a marker without a colour is shown in. */
export const PREMIERE_COLORS: Palette = {
  green: '#718637',
  red: '#d22c36',
  purple: '#af8bb1',
  orange: '#e96f24',
  yellow: '#d0a12b',
  white: '#ffffff',
  blue: '#428dfc',
  cyan: '#19f4d6',
};

/** A rate as xmeml says it. */
export interface XmemlRate {
  readonly timebase: number;
  readonly ntsc: boolean;
}

/** The nearest rate that xmeml can say. */
export function xmemlRate({ num, den }: Rational): XmemlRate {
  const fps = num / den;
  const timebase = Math.max(1, Math.round(fps));
  const ntsc = Math.abs(((timebase / fps) * 1000) / 1001 - 1) < 0.0005;
  return { timebase, ntsc };
}

/** As a fraction. */
export function rationalOf({ timebase, ntsc }: XmemlRate): Rational {
  return ntsc ? { num: timebase * 1000, den: 1001 } : { num: timebase, den: 1 };
}

/** The rate of an element; null where it has none that can be. */
export function rateOf(node: XmlNode | undefined): Rational | null {
  const rate = childOf(node, 'rate');
  const timebase = numberOf(rate, 'timebase');
  if (timebase === undefined || timebase < 1 || timebase > MAX_TIMEBASE) return null;
  return rationalOf({ timebase, ntsc: textOf(rate, 'ntsc')?.trim().toUpperCase() === 'TRUE' });
}

/** Premiere's number of a colour: alpha, blue, green, red. */
export function pproColorOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return 0xff000000 + (blue ?? 0) * 0x10000 + (green ?? 0) * 0x100 + (red ?? 0);
}

/** The colour of Premiere's number; null where it is none. */
export function colorOfPpro(text: string | undefined): string | null {
  const clean = text?.trim() ?? '';
  if (!/^\d{1,10}$/.test(clean)) return null;
  const value = Number(clean) % 0x1000000;
  const [blue, green, red] = [Math.floor(value / 0x10000), Math.floor(value / 0x100) % 0x100, value % 0x100];
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

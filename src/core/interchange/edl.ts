/** What the edit lists of Resolve's markers and CMX3600 have in common. */
import type { Rational } from '../base/time.ts';
import { isDropFrame } from '../base/timecode.ts';
import { isLabel } from './timecode-text.ts';

/** An event line: `001  AX  V  C  src-in src-out rec-in rec-out`. */
export interface EventLine {
  readonly event: number;
  readonly reel: string;
  readonly channels: string;
  /** `C`, `D`, `W001`, `K` and so on. */
  readonly transition: string;
  /** Source in and out, record in and out. */
  readonly labels: readonly [string, string, string, string];
}

/** Event lines are short; what is longer is something else. */
const MAX_EVENT = 2000;

/** Reads an event line from its end, where the four timecodes are, because names of reels may have spaces. */
export function eventOf(line: string): EventLine | null {
  if (line.length > MAX_EVENT || !/^\s*\d/.test(line)) return null;
  const words = line.trim().split(/\s+/);
  const event = words[0] ?? '';
  const [sourceIn = '', sourceOut = '', recordIn = '', recordOut = ''] = words.slice(-4);
  const labels = [sourceIn, sourceOut, recordIn, recordOut] as const;
  if (!/^\d{1,6}$/.test(event) || !labels.every(isLabel)) return null;
  const rest = words.slice(1, -4);
  // A dissolve or wipe says its length in frames.
  if (rest.length > 3 && /^\d{1,4}$/.test(rest.at(-1) ?? '')) rest.pop();
  if (rest.length < 3) return null;
  const transition = rest.pop() ?? '';
  const channels = rest.pop() ?? '';
  return { event: Number(event), reel: rest.join(' '), channels, transition, labels };
}

/** `FCM: DROP FRAME` or `FCM: NON-DROP FRAME`; null for another line. It may stand anywhere, and counts from there. */
export function dropFrameOf(line: string): boolean | null {
  const text = line.trim().toUpperCase();
  if (!text.startsWith('FCM:')) return null;
  return !text.includes('NON');
}

/** `TITLE: …`; null for another line. */
export function titleOf(line: string): string | null {
  const text = line.trim();
  return /^TITLE:/i.test(text) ? text.slice('TITLE:'.length).trim() : null;
}

/** The line that says how timecodes count. */
export function countingLine(rate: Rational): string {
  return `FCM: ${isDropFrame(rate) ? 'DROP FRAME' : 'NON-DROP FRAME'}`;
}

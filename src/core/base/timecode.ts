/**
 * SMPTE timecode as a display format. Drop-frame exists for 29.97 and 59.94 only: frame *numbers* 0 and 1 (0 to 3
 * at 59.94) are left out at the start of each minute but every tenth, so that the label keeps up with the clock
 * (SMPTE ST 12-1).
 */
import { microsToFrame, SECOND_US, type Rational } from './time.ts';

/** Whether a rate is labelled with drop-frame timecode. */
export function isDropFrame(rate: Rational): boolean {
  return rate.den === 1001 && (rate.num === 30000 || rate.num === 60000);
}

/** The whole-number rate that a timecode counts in: 30 for 30000/1001. */
export function nominalRate(rate: Rational): number {
  return Math.max(1, Math.round(rate.num / rate.den));
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** Frame index to `HH:MM:SS:FF`, with `;` before the frames where drop-frame applies. */
export function formatTimecode(frame: number, rate: Rational): string {
  const fps = nominalRate(rate);
  const drop = isDropFrame(rate);
  let number = Math.max(0, Math.floor(frame));
  if (drop) {
    const dropped = fps / 15; // 2 at 29.97, 4 at 59.94
    const perTenMinutes = fps * 600 - dropped * 9;
    const perMinute = fps * 60 - dropped;
    const tens = Math.floor(number / perTenMinutes);
    const rest = number % perTenMinutes;
    number += dropped * 9 * tens;
    if (rest >= fps * 60) number += dropped * (Math.floor((rest - fps * 60) / perMinute) + 1);
  }
  const frames = number % fps;
  const seconds = Math.floor(number / fps);
  const text = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${text}${drop ? ';' : ':'}${fps > 100 ? String(frames).padStart(3, '0') : pad(frames)}`;
}

/**
 * What a person types into a time field, as a frame index: `1:02:03:04`, `02:03;04`, `90` (frames),
 * `12.5` or `1:02.5` (seconds with a fraction), `+10`/`-10` are for the caller. Null when it cannot be read.
 */
export function parseTimecode(text: string, rate: Rational): number | null {
  const clean = text.trim();
  const fps = nominalRate(rate);
  if (/^\d{1,9}$/.test(clean)) return Number(clean);
  const clock = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})[.,](\d{1,6})$/.exec(clean);
  if (clock) {
    const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = clock;
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`);
    // Through microseconds: a frame's own time is rounded to one, and typed back it must mean that frame.
    return microsToFrame(Math.round(total * SECOND_US), rate);
  }
  const smpte = /^(?:(?:(\d{1,3})[:;])?(\d{1,2})[:;])?(\d{1,2})[:;](\d{1,3})$/.exec(clean);
  if (!smpte) return null;
  const [, hours = '0', minutes = '0', seconds = '0', frames = '0'] = smpte;
  if (Number(minutes) > 59 || Number(seconds) > 59 || Number(frames) >= fps) return null;
  const totalMinutes = Number(hours) * 60 + Number(minutes);
  const number = (totalMinutes * 60 + Number(seconds)) * fps + Number(frames);
  if (!isDropFrame(rate)) return number;
  const dropped = fps / 15;
  // A label that drop-frame leaves out does not exist: take the first one of that minute that does.
  const missing = Number(seconds) === 0 && Number(frames) < dropped && totalMinutes % 10 !== 0;
  const labelled = missing ? number - Number(frames) + dropped : number;
  return labelled - dropped * (totalMinutes - Math.floor(totalMinutes / 10));
}

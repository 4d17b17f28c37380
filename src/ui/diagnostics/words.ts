/** How the activity's numbers and names are written. Pure. */
import { size, span } from '../format/text.ts';
import type { Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';

const RUNGS = {
  webcodecs: 'engine.webcodecs',
  'webcodecs-hardware': 'engine.hardware',
  'webcodecs-software': 'engine.software',
} as const;

/** What people call a rung of the ladder; one of another build is shown as it is. */
export function rungName(rung: string, t: Translate): string {
  const known = Object.entries(RUNGS).find(([name]) => name === rung)?.[1];
  return known === undefined ? rung : t(known);
}

/** A number with at most three digits. */
export function short(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value);
}

/** A share as a percentage. */
export function percent(share: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** How long something took: milliseconds while it is short. */
export function took(ms: number, t: Translate, language: Language): string {
  if (ms >= 10_000) return span(ms, t);
  if (ms < 1000) {
    return new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' }).format(Math.round(ms));
  }
  const s = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(ms / 1000);
  return t('time.seconds', { s });
}

/** A time with its seconds. */
export function stamp(iso: string, language: Language): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' }).format(date);
}

/** A day, without its year. */
export function dayText(day: string, language: Language): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(date);
}

/** Data of an entry in one line: sizes and pixels as people read them, what is not so, or nothing, left out. */
export function dataText(
  data: Readonly<Record<string, string | number | boolean | null>>,
  language: Language,
): string {
  return Object.entries(data)
    .filter(([, value]) => value !== false && value !== null && value !== 0)
    .map(([key, value]) => {
      if (value === true) return key;
      if (typeof value === 'string') return `${key} ${value}`;
      if (/bytes$/i.test(key)) return `${key} ${size(Number(value), language)}`;
      if (key === 'pixels') return `${key} ${short(Number(value) / 1_000_000, language)} MP`;
      return `${key} ${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(Number(value))}`;
    })
    .join(' · ');
}

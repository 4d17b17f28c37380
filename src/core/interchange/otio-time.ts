/** Elements and times of OTIO, in all versions that are read. */
import { toRational } from '../base/time.ts';
import { numberAt, objectAt, objectsAt, stringAt, type JsonObject } from './otio-json.ts';
import { compared, minus, plus, ratio, ZERO, type Ratio } from './xml-time.ts';

/** Names that elements had before. */
const FORMER: Readonly<Record<string, string>> = {
  Sequence: 'Track',
  Filler: 'Gap',
  SerializeableCollection: 'SerializableCollection',
};
/** Largest count of frames that is believed. */
const MAX_VALUE = 1e15;

/** What kind of element it is, without the version; empty for what is none. */
export function schemaOf(element: JsonObject | undefined): string {
  const name = stringAt(element, 'OTIO_SCHEMA')?.split('.')[0] ?? '';
  return FORMER[name] ?? name;
}

/** A RationalTime in seconds. */
export function secondsOf(time: JsonObject | undefined): Ratio | null {
  const [value, rate] = [numberAt(time, 'value'), numberAt(time, 'rate')];
  if (value === undefined || rate === undefined || rate < 0.001 || rate > 1e9 || Math.abs(value) > MAX_VALUE)
    return null;
  const { num, den } = toRational(rate);
  const whole = Number.isInteger(value);
  const units = whole ? BigInt(value) : BigInt(Math.round(value * 1000));
  return ratio(units * BigInt(den), BigInt(num) * (whole ? 1n : 1000n));
}

/** A stretch of time. */
export interface Span {
  readonly start: Ratio;
  readonly lasts: Ratio;
}

/** A TimeRange in seconds; null where it is missing, broken or runs backwards. */
export function spanOf(range: JsonObject | undefined): Span | null {
  const start = secondsOf(objectAt(range, 'start_time'));
  const lasts = secondsOf(objectAt(range, 'duration'));
  return start && lasts && compared(lasts, ZERO) >= 0 ? { start, lasts } : null;
}

/** What a clip is of: the active one of its references (Clip.2), or its only one. */
export function referenceOf(clip: JsonObject): JsonObject | undefined {
  const key = stringAt(clip, 'active_media_reference_key') ?? 'DEFAULT_MEDIA';
  return objectAt(objectAt(clip, 'media_references'), key) ?? objectAt(clip, 'media_reference');
}

/** What may lie on a track or in a stack. */
export function childrenOf(element: JsonObject): readonly JsonObject[] {
  return objectsAt(element, 'children');
}

/** Finds how long elements last; remembers it, because parents ask again. */
export function spanFinder(): (element: JsonObject) => Span {
  const known = new Map<JsonObject, Span>();
  const find = (element: JsonObject): Span => {
    const own = spanOf(objectAt(element, 'source_range'));
    if (own) return own;
    switch (schemaOf(element)) {
      case 'Clip':
        return spanOf(objectAt(referenceOf(element), 'available_range')) ?? { start: ZERO, lasts: ZERO };
      case 'Track': {
        let lasts = ZERO;
        for (const child of childrenOf(element)) lasts = plus(lasts, spanFor(child).lasts);
        return { start: ZERO, lasts };
      }
      case 'Stack': {
        let lasts = ZERO;
        for (const child of childrenOf(element)) {
          const inner = spanFor(child).lasts;
          if (compared(minus(inner, lasts), ZERO) > 0) lasts = inner;
        }
        return { start: ZERO, lasts };
      }
      default:
        // Transitions lie over the clips beside them and take no time of their own.
        return { start: ZERO, lasts: ZERO };
    }
  };
  const spanFor = (element: JsonObject): Span => {
    const span = known.get(element) ?? find(element);
    known.set(element, span);
    return span;
  };
  return spanFor;
}

import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Rational } from '../../core/base/time.ts';
import { MILLISECONDS, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';

/** One way to type a time, and what it means. */
export interface TimeWay {
  readonly typed: string;
  readonly meaning: string;
}

/** The ways to type a time. Sound alone has no frames: it counts in milliseconds. */
export function useTimeWays(rate: Rational): readonly TimeWay[] {
  const t = useT();
  return rate.num === MILLISECONDS.num && rate.den === MILLISECONDS.den
    ? [
        { typed: '0.5', meaning: t('transport.timeSeconds') },
        { typed: '500', meaning: t('transport.timeMilliseconds') },
        { typed: '1:02.5', meaning: t('transport.timeMinutes') },
        { typed: '+10, -10', meaning: t('transport.timeMoreMs') },
      ]
    : [
        { typed: '0.5', meaning: t('transport.timeSeconds') },
        { typed: '29', meaning: t('transport.timeFrames') },
        { typed: '1:02:10', meaning: t('transport.timeFull') },
        { typed: '+10, -10', meaning: t('transport.timeMore') },
      ];
}

/** Room that the hint needs, so that it stays inside of the window. */
const WIDTH = 250;
const HEIGHT = 132;

/** Stands by a field of times while it is typed into: what can be typed, and how the typed text is read. For eyes. */
export function TimeHint({
  field,
  ways,
  typed,
  readsUs,
  rate,
}: {
  readonly field: RefObject<HTMLElement | null>;
  readonly ways: readonly TimeWay[];
  readonly typed: string | null;
  readonly readsUs: number | null;
  readonly rate: Rational;
}) {
  const t = useT();
  const [place, setPlace] = useState<{
    readonly left: number;
    readonly top?: number;
    readonly bottom?: number;
  }>();
  useLayoutEffect(() => {
    const follow = (): void => {
      const box = field.current?.getBoundingClientRect();
      if (box === undefined) return;
      const left = Math.max(8, Math.min(box.left, innerWidth - WIDTH - 8));
      setPlace(
        box.bottom + HEIGHT < innerHeight
          ? { left, top: box.bottom + 4 }
          : { left, bottom: innerHeight - box.top + 4 },
      );
    };
    follow();
    // Also of panels inside: they do not tell their parents.
    addEventListener('scroll', follow, true);
    addEventListener('resize', follow);
    return () => {
      removeEventListener('scroll', follow, true);
      removeEventListener('resize', follow);
    };
  }, [field]);
  return (
    <span className="time-hint" aria-hidden="true" style={{ maxInlineSize: WIDTH, ...place }}>
      {ways.map((way) => (
        <span key={way.typed} className="time-way">
          <code>{way.typed}</code>
          {way.meaning}
        </span>
      ))}
      {typed === null || readsUs === null ? null : (
        <b>{t('transport.timeReads', { typed: typed.trim(), time: timecode(readsUs, rate) })}</b>
      )}
    </span>
  );
}

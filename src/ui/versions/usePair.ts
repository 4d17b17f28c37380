/** Two players that show the same moment: the left one leads, the right one follows at an offset. */
import { useEffect, useState } from 'react';
import type { AssetId } from '../../core/base/ids.ts';
import type { Player } from '../../app/studio/types.ts';
import { useSurroundings } from '../workspace/context.tsx';

/** While both play, the right one is put right when it is this far off. Microseconds. */
const DRIFT_US = 120_000;

/** Both players; null while nothing is chosen. */
export interface Pair {
  readonly left: Player;
  readonly right: Player;
}

/** Opens two assets side by side for as long as they are shown. */
export function usePair(leftId: AssetId, rightId: AssetId, offsetUs: number): Pair | null {
  const { studio } = useSurroundings();
  const [pair, setPair] = useState<Pair | null>(null);
  useEffect(() => {
    const opened = { left: studio.openPlayer(leftId), right: studio.openPlayer(rightId) };
    // One sound is enough.
    opened.right.setVolume(0);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- players are opened by an effect and shown from then on
    setPair(opened);
    return () => {
      opened.left.dispose();
      opened.right.dispose();
      setPair(null);
    };
  }, [studio, leftId, rightId]);

  useEffect(() => {
    if (pair === null) return undefined;
    const { left, right } = pair;
    let wanted = Number.NaN;
    const follow = (): void => {
      const lead = left.get();
      const own = right.get();
      if (own.status !== 'ready') return;
      const targetUs = Math.max(0, Math.min(own.durationUs, lead.timeUs + offsetUs));
      if (lead.playing) {
        if (Math.abs(own.timeUs - targetUs) > DRIFT_US * Math.max(1, Math.abs(lead.rate)))
          right.seek(targetUs);
        if (!own.playing && targetUs < own.durationUs) right.play(lead.rate);
        wanted = Number.NaN;
        return;
      }
      if (own.playing) right.pause();
      // Once for each place: a frame that begins a little before the time asked for is the right one.
      if (targetUs === wanted) return;
      wanted = targetUs;
      right.seek(targetUs);
    };
    const stops = [left.subscribe(follow), right.subscribe(follow)];
    follow();
    return () => {
      for (const stop of stops) stop();
    };
  }, [pair, offsetUs]);
  return pair;
}

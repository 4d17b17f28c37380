import type { Player } from '../../app/studio/types.ts';
import { frameAt } from '../timeline/frames.ts';

/** How long a picture may take to appear; later the one on display counts again (a damaged one never comes). */
const PATIENCE_MS = 2000;

/** A player that knows where the person is: at the picture that was asked for last, though it may not be drawn yet. */
export interface AskedPlayer extends Player {
  /** The frame that was asked for last, or the one on display. */
  here(): { readonly timeUs: number; readonly frameEndUs: number };
}

/** Makes a player remember what it was asked for. */
export function rememberAsked(player: Player): AskedPlayer {
  let asked: { readonly frame: number; readonly atMs: number } | null = null;

  const ask = (frame: number | null): void => {
    const { index, status, playing } = player.get();
    const last = (index?.timesUs.length ?? 0) - 1;
    asked =
      frame === null || last < 0 || status !== 'ready' || playing
        ? null
        : { frame: Math.min(last, Math.max(0, frame)), atMs: performance.now() };
  };
  const pending = (): number | null => {
    const { frame, playing, failure } = player.get();
    if (asked === null || playing || failure !== null || frame === null || frame === asked.frame) return null;
    return performance.now() - asked.atMs > PATIENCE_MS ? null : asked.frame;
  };

  return {
    get: () => player.get(),
    subscribe: (listener) => player.subscribe(listener),
    attach: (canvas) => {
      player.attach(canvas);
    },
    seek: (us) => {
      const { index } = player.get();
      ask(index === null ? null : frameAt(index, us));
      player.seek(us);
    },
    step: (frames) => {
      const from = pending() ?? player.get().frame;
      player.step(frames);
      // Only now: a step stops playing.
      ask(from === null ? null : from + frames);
    },
    play: (rate) => {
      asked = null;
      player.play(rate);
    },
    pause: () => {
      player.pause();
    },
    toggle: () => {
      asked = null;
      player.toggle();
    },
    playRange: (startUs, endUs, loop) => {
      asked = null;
      player.playRange(startUs, endUs, loop);
    },
    setSoundTrack: (position) => {
      player.setSoundTrack(position);
    },
    setVolume: (volume) => {
      player.setVolume(volume);
    },
    dispose: () => {
      player.dispose();
    },
    here: () => {
      const { timeUs, frameEndUs, index } = player.get();
      const frame = pending();
      const startUs = frame === null ? undefined : index?.timesUs[frame];
      if (frame === null || index === null || startUs === undefined) return { timeUs, frameEndUs };
      return {
        timeUs: Math.max(0, startUs),
        frameEndUs: index.timesUs[frame + 1] ?? Math.max(index.endUs, startUs + 1),
      };
    },
  };
}

import { describe, expect, it } from 'vitest';
import type { Player } from '../../../src/app/studio/types.ts';
import { rememberAsked } from '../../../src/ui/workspace/here.ts';
import { createFakeStudio } from './fake-studio.ts';
import { FAKE_ASSETS } from './fake-data.ts';

const FRAME_US = 1_001_000 / 30;
const at = (frame: number) => Math.round(frame * FRAME_US);

/** A player whose pictures never come until `draw`. */
function slow() {
  const real = createFakeStudio().openPlayer(FAKE_ASSETS[0]!.asset.id);
  let late: (() => void)[] = [];
  const player: Player = {
    ...real,
    seek: (us) => {
      late.push(() => real.seek(us));
    },
    step: (frames) => {
      late.push(() => real.step(frames));
    },
  };
  const draw = () => {
    for (const one of late) one();
    late = [];
  };
  return { player: rememberAsked(player), draw };
}

describe('where the person is', () => {
  it('is the frame that was asked for last, before and after it is drawn', () => {
    const { player, draw } = slow();
    for (let step = 0; step < 5; step += 1) player.step(1);
    expect(player.get().frame).toBe(0);
    expect(player.here()).toEqual({ timeUs: at(5), frameEndUs: at(6) });
    draw();
    expect(player.here()).toEqual({ timeUs: at(5), frameEndUs: at(6) });
    player.seek(at(30) + 10);
    player.step(-1);
    expect(player.here().timeUs).toBe(at(29));
    player.step(-100);
    expect(player.here().timeUs).toBe(0);
  });

  it('is the frame on display while it plays', () => {
    const { player } = slow();
    player.seek(at(30));
    player.play();
    expect(player.here().timeUs).toBe(0);
    player.pause();
    expect(player.here().timeUs).toBe(0);
    player.dispose();
  });
});

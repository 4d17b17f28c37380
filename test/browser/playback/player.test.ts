import { describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import {
  clip,
  distance,
  HEIGHT,
  indexOf,
  look,
  looks,
  numberOn,
  playerOn,
  sourceOf,
  until,
  WIDTH,
} from './helpers.ts';
import { realFile } from '../real-media.ts';

const ready = (player: ReturnType<typeof playerOn>['player']) =>
  until(player, (state) => state.status !== 'opening');

describe('on a clip of numbered frames', () => {
  it('shows the frame that the state says: seeking, stepping, both ways', async () => {
    const file = await clip({ frames: 100, keyEvery: 40 });
    const { player, canvas } = playerOn(sourceOf(file));
    expect(await ready(player)).toMatchObject({ status: 'ready', timeUs: 0, frame: null });
    expect([canvas.width, canvas.height, numberOn(canvas)]).toEqual([WIDTH, HEIGHT, 0]);
    player.seek(1_000_001);
    await until(player, (state) => state.timeUs === 1_000_000);
    expect(numberOn(canvas)).toBe(25);

    player.setIndex(await indexOf(file));
    expect(player.get().frame).toBe(25);
    for (const count of [1, 1, 1, -1, 10, 10, -15, -1, -1, -1, 60]) {
      const wanted = Math.min((player.get().frame ?? 0) + count, 99);
      player.step(count);
      await until(player, (state) => state.frame === wanted);
      expect(numberOn(canvas)).toBe(wanted);
    }
    const whole = await until(player, (state) => state.frame !== null);
    expect(whole.timeUs).toBe((whole.frame ?? 0) * 40_000);
  });

  it('steps back quickly over a long group of pictures', async () => {
    const file = await clip({ frames: 300, keyEvery: 300 });
    const { player, canvas } = playerOn(sourceOf(file), { durationUs: 12_000_000 });
    await ready(player);
    player.setIndex(await indexOf(file));
    player.seek(11_000_000);
    await until(player, (state) => state.frame === 275);
    const took: number[] = [];
    for (let frame = 274; frame > 200; frame -= 1) {
      const before = performance.now();
      player.step(-1);
      await until(player, (state) => state.frame === frame);
      took.push(performance.now() - before);
      expect(numberOn(canvas)).toBe(frame);
    }
    // All but the few that fill the cache come from it, within an animation frame or two.
    const quick = took.filter((ms) => ms < 150).length;
    expect(quick).toBeGreaterThan(took.length * 0.85);
  });

  it('plays in time without sound, and pauses on what is shown', async () => {
    const file = await clip({ frames: 100 });
    const { player, canvas } = playerOn(sourceOf(file));
    await ready(player);
    player.setIndex(await indexOf(file));
    const seen: number[] = [];
    player.subscribe(() => seen.push(player.get().frame ?? -1));
    player.play();
    await until(player, (state) => (state.frame ?? 0) >= 1);
    const before = performance.now();
    const from = player.get().timeUs;
    await until(player, (state) => (state.frame ?? 0) >= 50);
    const speed = (player.get().timeUs - from) / 1000 / (performance.now() - before);
    expect(speed).toBeGreaterThan(0.9);
    expect(speed).toBeLessThan(1.1);
    player.pause();
    const { frame } = player.get();
    expect(numberOn(canvas)).toBe(frame);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(player.get().frame).toBe(frame);
    expect(numberOn(canvas)).toBe(frame);
    // Never back, and hardly a frame left out.
    const shown = [...new Set(seen)];
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(shown.length).toBeGreaterThan(20);
    player.play();
    await until(player, (state) => !state.playing);
    expect(player.get().frame).toBe(99);
    expect(numberOn(canvas)).toBe(99);
  });

  it('plays a stretch to its last frame, backward, and fast', async () => {
    const file = await clip({ frames: 100 });
    const { player, canvas } = playerOn(sourceOf(file));
    await ready(player);
    player.setIndex(await indexOf(file));
    player.playRange(1_000_000, 1_400_000);
    expect(await until(player, (state) => !state.playing)).toMatchObject({ frame: 34 });
    expect(numberOn(canvas)).toBe(34);
    player.play(-2);
    await until(player, (state) => !state.playing);
    expect(numberOn(canvas)).toBe(0);
    player.play(8);
    await until(player, (state) => !state.playing);
    expect(numberOn(canvas)).toBe(99);
  });

  it('sound is the clock once the page was clicked', async () => {
    const file = await clip({ frames: 75, sound: true });
    const { player, canvas } = playerOn(sourceOf(file, { audioOrder: 0 }), { durationUs: 3_000_000 });
    await userEvent.click(canvas);
    await ready(player);
    player.setIndex(await indexOf(file));
    player.setVolume(0.3);
    player.play();
    await until(player, (state) => (state.frame ?? 0) >= 5);
    const before = performance.now();
    const from = player.get().timeUs;
    await until(player, (state) => (state.frame ?? 0) >= 55);
    const speed = (player.get().timeUs - from) / 1000 / (performance.now() - before);
    expect(speed).toBeGreaterThan(0.9);
    expect(speed).toBeLessThan(1.1);
    await until(player, (state) => !state.playing);
    expect(player.get()).toMatchObject({ frame: 74, failure: null });
    player.play(2);
    await until(player, (state) => state.playing && (state.frame ?? 0) > 20 && (state.frame ?? 0) < 70);
    player.seek(0);
    player.pause();
    await until(player, (state) => state.frame === 0);
    expect(numberOn(canvas)).toBe(0);
  });

  it.each([90, 180, 270] as const)('turns a picture by %i degrees', async (rotation) => {
    const file = await clip({ frames: 5, rotation });
    const { player, canvas } = playerOn(sourceOf(file));
    await ready(player);
    const across = rotation === 180 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
    expect([canvas.width, canvas.height]).toEqual(across);
    const [upright] = await looks(file);
    expect(distance(look(canvas), upright!)).toBeLessThan(2);
  });

  it('a canvas that is attached later shows the frame, too', async () => {
    const { player } = playerOn(sourceOf(await clip({ frames: 30 })));
    await ready(player);
    player.seek(400_000);
    await until(player, (state) => state.timeUs === 400_000);
    const other = document.createElement('canvas');
    player.attach(other);
    expect(numberOn(other)).toBe(10);
    player.attach(null);
  });

  it('says why a file cannot be played, and plays what takes its place', async () => {
    const { player, canvas } = playerOn(sourceOf(new Blob(['nothing'])));
    expect(await ready(player)).toMatchObject({ status: 'failed', failure: { code: 'unsupported_media' } });
    player.setPreparing(0.5);
    player.setSource(sourceOf(await clip({ frames: 30 })), true);
    expect(await ready(player)).toMatchObject({ status: 'ready', proxy: true });
    expect(numberOn(canvas)).toBe(0);
  });
});

describe('on real files', () => {
  it.for([
    'nasa_13013.mp4',
    'iphone_rotated.mov',
    'cursed-vfr.mp4',
    'ocean.webm',
    'bear-vp9-odd-dimensions.webm',
    'motion.mov',
    'rotate-buck-bunny.mp4',
    'karma.mp4',
  ])(
    'every frame of %s (a real file, where there are any) is the one that decoding in a row gives',
    async (name, { skip }) => {
      const file = await realFile(name);
      if (file === null) {
        skip(`${name} is not on this machine, or the test server may not read it`);
        return;
      }
      const index = await indexOf(file);
      const expected = await looks(file);
      expect(expected.length).toBe(index.timesUs.length);
      const { player, canvas } = playerOn(sourceOf(file), { durationUs: index.endUs });
      await ready(player);
      player.setIndex(index);
      const check = async (frame: number) => {
        await until(player, (state) => state.frame === frame);
        expect(distance(look(canvas), expected[frame]!), `frame ${String(frame)}`).toBeLessThan(4);
      };
      const last = Math.min(expected.length - 1, 60);
      await check(0);
      for (let frame = 1; frame <= last; frame += 1) {
        player.step(1);
        await check(frame);
      }
      for (let frame = last - 1; frame >= Math.max(0, last - 40); frame -= 1) {
        player.step(-1);
        await check(frame);
      }
      for (let n = 0; n < 12; n += 1) {
        const frame = (n * 7919) % expected.length;
        player.seek((index.timesUs[frame] ?? 0) + 1);
        await check(frame);
      }
    },
  );
});

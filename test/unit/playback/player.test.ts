import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import { film, indexOf, media, setUp } from './double.ts';

const damaged = failure('unsupported_media', 'damaged', 'damaged');

async function ready(frames = 100, indexed = true) {
  const made = setUp(film(frames));
  await made.settle();
  if (indexed) made.player.setIndex(indexOf(film(frames)));
  await made.settle();
  return made;
}

describe('opening', () => {
  it('shows the first frame and is ready', async () => {
    const { player, settle } = setUp(film(10));
    expect(player.get()).toMatchObject({ status: 'opening', playing: false, frame: null });
    await settle();
    expect(player.get()).toMatchObject({ status: 'ready', timeUs: 0, frameEndUs: 40_000, frame: null });
    player.setIndexing(0.5);
    expect(player.get().indexing).toBe(0.5);
    player.setIndex(indexOf(film(10)));
    expect(player.get()).toMatchObject({ frame: 0, indexing: null });
  });

  it('a source that cannot be opened is a failure, and a proxy takes its place', async () => {
    const { player, settle, worker } = setUp(film(10), { media: null });
    player.setPreparing(0.25);
    expect(player.get()).toMatchObject({ status: 'preparing', preparing: 0.25 });
    player.play();
    player.step(1);
    player.seek(200_000);
    player.setSource({ ...media, originUs: 7 }, true);
    await settle();
    expect(worker.log).toEqual(['open 7', 'at 200000']);
    expect(player.get()).toMatchObject({ status: 'ready', proxy: true, preparing: null, timeUs: 200_000 });
  });

  it('tells why it failed', async () => {
    const { player, settle, worker } = setUp(film(10), { media: null });
    worker.openProblem = failure('unsupported_media', 'no_decoder', 'no');
    player.setSource(media, false);
    await settle();
    expect(player.get()).toMatchObject({ status: 'failed', failure: { reason: 'no_decoder' } });
    player.play();
    expect(player.get().playing).toBe(false);
  });

  it('a file whose first frame comes later shows that one', async () => {
    const late = { timesUs: [100_000, 140_000], endUs: 180_000 };
    const { player, settle } = setUp(late);
    await settle();
    expect(player.get()).toMatchObject({ status: 'ready', timeUs: 100_000 });
  });

  it('a worker that dies is replaced and the frame shown all the same', async () => {
    const { player, worker, settle } = await ready();
    let release: () => void = () => undefined;
    worker.gate = new Promise((resolve) => {
      release = resolve;
    });
    player.seek(400_000);
    await settle();
    worker.crash();
    release();
    await settle();
    expect(worker.log).toEqual(['open 0', 'at 0', 'at 405000', 'open 0', 'at 405000']);
    expect(player.get()).toMatchObject({ status: 'ready', frame: 10 });
  });
});

describe('seeking and stepping', () => {
  it('goes to the frame on display at a time', async () => {
    const { player, settle } = await ready();
    for (const [us, frame] of [
      [0, 0],
      [39_999, 0],
      [40_000, 1],
      [1_000_000, 25],
      [9e9, 99],
      [-5, 0],
    ] as const) {
      player.seek(us);
      await settle();
      expect(player.get()).toMatchObject({ frame, timeUs: frame * 40_000, frameEndUs: (frame + 1) * 40_000 });
    }
    player.seek(Number.NaN);
    expect(player.get().frame).toBe(0);
  });

  it('quick steps count from the frame that is wanted, not from the one that is shown', async () => {
    const { player, settle, tick } = await ready();
    for (let n = 0; n < 5; n += 1) player.step(1);
    player.step(-2);
    await settle();
    await tick(200);
    expect(player.get().frame).toBe(3);
    player.step(-100);
    await settle();
    expect(player.get().frame).toBe(0);
  });

  it('steps without an index too', async () => {
    const { player, settle } = await ready(100, false);
    player.step(1);
    await settle();
    expect(player.get()).toMatchObject({ timeUs: 40_000, frame: null });
    player.step(3);
    await settle();
    expect(player.get().timeUs).toBe(160_000);
    player.step(-1);
    await settle();
    expect(player.get().timeUs).toBe(120_000);
    player.step(-2);
    await settle();
    expect(player.get().timeUs).toBe(40_000);
    player.step(1);
    player.step(1);
    await settle();
    expect(player.get().timeUs).toBe(120_000);
  });

  it('dragging asks for one frame at a time, and for the newest after a while', async () => {
    const { player, worker, settle, tick } = await ready();
    let release: () => void = () => undefined;
    worker.gate = new Promise((resolve) => {
      release = resolve;
    });
    worker.log.length = 0;
    for (let us = 0; us < 800_000; us += 40_000) player.seek(us + 40_000);
    await settle();
    expect(worker.log).toEqual(['at 45000']);
    await tick(100);
    expect(worker.log).toHaveLength(1);
    await tick(60);
    expect(worker.log).toEqual(['at 45000', 'at 805000']);
    release();
    await settle();
    expect(player.get().frame).toBe(20);
    expect(worker.open).toBe(1);
  });

  it('one frame that cannot be decoded does not end the player', async () => {
    const { player, worker, settle } = await ready();
    worker.problems = [damaged];
    player.seek(400_000);
    await settle();
    expect(player.get()).toMatchObject({ status: 'ready', frame: 0, failure: { reason: 'damaged' } });
    player.step(1);
    await settle();
    expect(player.get()).toMatchObject({ frame: 11, failure: null });
    worker.problems = [failure('unsupported_media', 'unreadable_file', 'gone')];
    player.seek(0);
    await settle();
    expect(player.get()).toMatchObject({ status: 'failed', failure: { reason: 'unreadable_file' } });
  });
});

describe('playing', () => {
  it('plays in time, pauses on the frame that is shown, and steps on without asking again', async () => {
    const { player, worker, run, settle, pendingFrames } = await ready();
    player.play();
    expect(player.get()).toMatchObject({ playing: true, rate: 1 });
    await run(1000);
    const { frame } = player.get();
    expect(frame).toBeGreaterThanOrEqual(23);
    expect(frame).toBeLessThanOrEqual(25);
    player.pause();
    expect(player.get()).toMatchObject({ playing: false, frame });
    expect(pendingFrames()).toBe(0);
    await run(100);
    expect(player.get().frame).toBe(frame);
    worker.log.length = 0;
    player.step(1);
    await settle();
    expect(player.get().frame).toBe((frame ?? 0) + 1);
    player.play();
    await run(200);
    expect(worker.log).toEqual([]);
    player.dispose();
    expect(worker.open).toBe(0);
  });

  it('ends on the last frame and starts over from there', async () => {
    const { player, run } = await ready(10);
    player.play(2);
    await run(600);
    expect(player.get()).toMatchObject({ playing: false, frame: 9, rate: 1 });
    player.toggle();
    await run(64);
    expect(player.get().playing).toBe(true);
    expect(player.get().frame).toBeLessThan(3);
  });

  it('plays a stretch to its last frame, once or again and again', async () => {
    const { player, run, settle } = await ready();
    player.playRange(400_000, 600_000);
    await run(600);
    expect(player.get()).toMatchObject({ playing: false, frame: 14 });
    player.playRange(400_000, 600_000, true);
    const seen = new Set<number | null>();
    player.subscribe(() => seen.add(player.get().frame));
    await run(2000);
    expect(player.get().playing).toBe(true);
    expect([...seen].toSorted()).toEqual([10, 11, 12, 13, 14]);
    player.seek(2_000_000);
    await run(400);
    expect(player.get().frame).toBeGreaterThan(50);
    player.playRange(5, 5);
    await settle();
    expect(player.get().frame).toBeGreaterThan(50);
  });

  it('goes backward and stops at the first frame; goes fast and stops at the last', async () => {
    const { player, run, settle } = await ready();
    player.seek(2_000_000);
    await settle();
    player.play(-2);
    await run(500);
    const { frame } = player.get();
    expect(frame).toBeGreaterThanOrEqual(24);
    expect(frame).toBeLessThanOrEqual(27);
    await run(700);
    expect(player.get()).toMatchObject({ playing: false, frame: 0 });
    player.play(8);
    await run(256);
    expect(player.get().frame).toBeGreaterThan(40);
    await run(500);
    expect(player.get()).toMatchObject({ playing: false, frame: 99 });
  });

  it('drops frames rather than fall behind when animation frames are few', async () => {
    const { player, run } = await ready();
    player.play();
    await run(64);
    await run(1000, 200);
    expect(player.get().frame).toBeGreaterThan(15);
  });

  it('seeks while it plays, and a pause before the frame has come still goes there', async () => {
    const { player, run, settle } = await ready();
    player.seek(3_000_000);
    await settle();
    player.play();
    await run(100);
    player.seek(1_000_000);
    expect(player.get().playing).toBe(true);
    player.pause();
    await settle();
    expect(player.get()).toMatchObject({ playing: false, frame: 25 });
  });

  it('a stretch that cannot be decoded stops and says why', async () => {
    const { player, worker, run } = await ready();
    player.play();
    await run(100);
    worker.problems = [damaged];
    await run(400);
    expect(player.get()).toMatchObject({ status: 'ready', playing: false, failure: { reason: 'damaged' } });
  });

  it('goes on when the worker dies', async () => {
    const { player, worker, run } = await ready();
    player.play();
    await run(400);
    worker.crash();
    await run(1000);
    expect(player.get().playing).toBe(true);
    expect(player.get().frame).toBeGreaterThan(30);
    expect(worker.log.filter((entry) => entry.startsWith('open'))).toHaveLength(2);
    player.dispose();
    expect(worker.open).toBe(0);
  });

  it('sound without pictures has a position', async () => {
    const { player, run, settle } = setUp(
      { timesUs: [], endUs: 1_000_000 },
      { media: { ...media, videoOrder: null } },
    );
    await settle();
    expect(player.get().status).toBe('ready');
    player.seek(300_000);
    expect(player.get().timeUs).toBe(300_000);
    player.play();
    await run(300);
    expect(player.get().timeUs).toBeGreaterThan(500_000);
    await run(600);
    expect(player.get()).toMatchObject({ playing: false, timeUs: 1_000_000 });
  });
});

describe('whatever is done', () => {
  it('the state is a frame of the index, no frame leaks, and nothing runs after the end', async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('seek' as const), n: fc.integer({ min: -100_000, max: 5_000_000 }) }),
      fc.record({ do: fc.constant('step' as const), n: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ do: fc.constant('play' as const), n: fc.constantFrom(1, 2, 4, -1, -8, 0) }),
      fc.record({ do: fc.constant('range' as const), n: fc.integer({ min: 0, max: 3_900_000 }) }),
      fc.record({ do: fc.constant('pause' as const), n: fc.constant(0) }),
      fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ do: fc.constant('crash' as const), n: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const { player, worker, run, settle, pendingFrames } = await ready();
        for (const one of actions) {
          if (one.do === 'seek') player.seek(one.n);
          else if (one.do === 'step') player.step(one.n);
          else if (one.do === 'play') player.play(one.n);
          else if (one.do === 'range') player.playRange(one.n, one.n + 200_000, one.n % 2 === 0);
          else if (one.do === 'pause') player.pause();
          else if (one.do === 'crash') worker.crash();
          else await run(one.n);
          const { frame, timeUs, frameEndUs } = player.get();
          expect(timeUs).toBe((frame ?? NaN) * 40_000);
          expect(frameEndUs).toBe(timeUs + 40_000);
        }
        player.pause();
        await run(400, 100);
        const { frame, playing } = player.get();
        expect(playing).toBe(false);
        await run(100);
        expect(player.get().frame).toBe(frame);
        expect(pendingFrames()).toBe(0);
        player.seek(1_000_000);
        await settle();
        await run(400, 100);
        expect(player.get()).toMatchObject({ frame: 25, status: 'ready' });
        player.dispose();
        await settle();
        expect(worker.open).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

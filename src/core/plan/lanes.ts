/** How long work takes that runs side by side: the longest first, on workers that take each other's time. Pure. */

/** What is rendered: each a time that it takes alone, milliseconds. */
export interface LaneWork {
  /** Sound pieces, which come first. */
  readonly sound: readonly number[];
  /** One encode of all the sound, as soon as its pieces are there. */
  readonly encodeSound: number;
  /** Pictures, in any order. */
  readonly pictures: readonly number[];
}

/**
 * When the last of it is done.
 *
 * @param lanes how many run side by side
 * @param drag how much longer everything takes for each further lane that is busy: 0 where every worker has a core of its
 *   own, 1 where they all share one
 */
export function makespan(work: LaneWork, lanes: number, drag: number): number {
  const most = Math.max(1, lanes);
  const waiting = [
    ...work.sound.map((ms) => ({ left: ms, isSound: true })),
    ...[...work.pictures].sort((a, b) => b - a).map((ms) => ({ left: ms, isSound: false })),
  ];
  let next = 0;
  let running: { left: number; isSound: boolean }[] = [];
  let soundLeft = work.sound.length;
  let soundWaits = work.encodeSound > 0;
  let nowMs = 0;
  for (;;) {
    while (running.length < most) {
      if (soundWaits && soundLeft === 0) {
        soundWaits = false;
        running.push({ left: work.encodeSound, isSound: false });
        continue;
      }
      const item = waiting[next];
      if (item === undefined) break;
      next += 1;
      running.push({ ...item });
    }
    if (running.length === 0) return nowMs;
    const least = Math.min(...running.map(({ left }) => left));
    nowMs += least * (1 + drag * (running.length - 1));
    for (const item of running) item.left -= least;
    soundLeft -= running.filter(({ left, isSound }) => isSound && left <= 0).length;
    running = running.filter(({ left }) => left > 0);
  }
}

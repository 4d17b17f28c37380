/** Where an asset's own time begins and ends in the clock of its file. */

/** Sound that begins more than this before the picture is something to hear; less is an encoder's run-in. */
const LEAD_US = 500_000;
/** No recording is longer: a thousand hours. Damaged files say centuries. */
const LONGEST_US = 1000 * 3600 * 1_000_000;
/** Up to an hour anything may be as small as it likes; beyond it even a picture that stands still takes more than this, bytes per second. */
const ANY_US = 3600 * 1_000_000;
const LEAST_RATE = 16;

/**
 * Asset time 0, in the file's clock: the first picture, so that frame n of a constant-rate film lies at n / rate in
 * every container. (Muxers shift pictures by a few hundredths of a second to make room for the run-in of sound or
 * for B-frames.) Only sound that begins long before the picture sets the clock earlier.
 *
 * @param pictureUs first presentation time of the picture, null without one; microseconds
 * @param soundUs first presentation time of the sound, null without one; microseconds
 */
export function originOf(pictureUs: number | null, soundUs: number | null): number {
  if (pictureUs === null) return Math.round(soundUs ?? 0);
  const soundFirst = soundUs !== null && pictureUs - soundUs > LEAD_US;
  return Math.round(soundFirst ? soundUs : pictureUs);
}

/**
 * Where the asset ends, in the file's clock: with the last of its tracks, of which those have no say whose times make no sense. Null when
 * that is all of them.
 *
 * @param ends where its tracks end, microseconds
 * @param bytes of the file
 */
export function endOf(ends: readonly number[], originUs: number, bytes: number): number | null {
  const possible = ends.filter((endUs) => isPossible(endUs - originUs, bytes));
  return possible.length === 0 ? null : Math.max(...possible);
}

/** Whether a file of so many bytes can be so long, microseconds. */
export function isPossible(durationUs: number, bytes: number): boolean {
  const mostUs = Math.max(ANY_US, (bytes / LEAST_RATE) * 1_000_000);
  return durationUs <= Math.min(LONGEST_US, mostUs);
}

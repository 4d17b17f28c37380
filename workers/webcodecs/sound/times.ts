/** What the times of sound packets mean, codec by codec and container by container. Pure. */

/** Matroska counts whole milliseconds: a packet's time can be off by half of one. */
const COARSE_SECONDS = 0.001;

/**
 * A packet's time without the rounding of a container that counts milliseconds, as far as its packets follow each
 * other without a gap from the first one on. Wherever a file is entered, the same packet gets the same time: stretches
 * that are decoded separately join without a seam.
 */
export function unrounded(seconds: number, firstSeconds: number, packetSeconds: number): number {
  if (packetSeconds <= 0) return seconds;
  const count = Math.round((seconds - firstSeconds) / packetSeconds);
  const exact = firstSeconds + count * packetSeconds;
  return Math.abs(exact - seconds) <= COARSE_SECONDS ? exact : seconds;
}

/** Samples at 48 kHz that an Opus decoder gives before the sound, from its identification header; 0 without one. */
export function opusPreSkip(description: Uint8Array): number {
  if (description.byteLength < 19) return 0;
  return new DataView(description.buffer, description.byteOffset, description.byteLength).getUint16(10, true);
}

/**
 * The identification header with no samples to skip. Browsers skip them wherever decoding begins, in the middle of a
 * file too, and some do not skip at all: without, every packet gives all of its sound.
 */
export function withoutPreSkip(description: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(description);
  if (copy.byteLength >= 19) new DataView(copy.buffer).setUint16(10, 0, true);
  return copy;
}

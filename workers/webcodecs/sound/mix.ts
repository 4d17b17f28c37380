/**
 * Channels to other channels, as FFmpeg's resampler does it, so that both engines give the same sound: coefficients
 * from its default matrix, made smaller where a sum could exceed full scale. Pure.
 *
 * Order of 5.1 everywhere here: left, right, centre, bass, back left, back right.
 */

/** For each output channel the share of each input channel. */
export type MixMatrix = readonly (readonly number[])[];

const HALF = Math.SQRT1_2;

/** FFmpeg's default matrices between mono, stereo and 5.1; the bass is left out. Not yet made smaller. */
const RAW: Readonly<Record<string, MixMatrix>> = {
  '1>2': [[HALF], [HALF]],
  '1>6': [[0], [0], [1], [0], [0], [0]],
  '2>1': [[HALF, HALF]],
  '2>6': [
    [1, 0],
    [0, 1],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  '6>1': [[HALF, HALF, 1, 0, 0.5, 0.5]],
  '6>2': [
    [1, 0, HALF, 0, HALF, 0],
    [0, 1, HALF, 0, 0, HALF],
  ],
};

/** The matrix, `identity` where nothing is to be done, null where the channels have no agreed meaning. */
export function mixMatrix(from: number, to: number): MixMatrix | 'identity' | null {
  if (from === to) return 'identity';
  const raw = RAW[`${String(from)}>${String(to)}`];
  if (raw === undefined) return null;
  const loudest = Math.max(...raw.map((row) => row.reduce((sum, share) => sum + Math.abs(share), 0)));
  return loudest <= 1 ? raw : raw.map((row) => row.map((share) => share / loudest));
}

/** Mixes planes. Answers the same planes where nothing is to be done. */
export function mix(
  planes: readonly Float32Array[],
  matrix: MixMatrix | 'identity',
): readonly Float32Array[] {
  if (matrix === 'identity') return planes;
  const frames = planes[0]?.length ?? 0;
  return matrix.map((row) => {
    const out = new Float32Array(frames);
    for (const [channel, share] of row.entries()) {
      const plane = planes[channel];
      if (share === 0 || plane === undefined) continue;
      for (let n = 0; n < frames; n += 1) out[n] = (out[n] as number) + share * (plane[n] as number);
    }
    return out;
  });
}

/** How much the bench does. Every figure says in the results what it was made with. */

const number = (name: string, otherwise: number): number => {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is "${text}", which is not a count.`);
  return value;
};

const quick = process.env['BENCH_QUICK'] === '1';
const long = process.env['BENCH_LONG'] === '1';

/** Seconds of the footage that everything longer is looped from: whole GOPs, and whole AAC packets of 1024 at 48 kHz. */
export const BASE_SECONDS = 64;
/** Frames per second, and frames from one key frame to the next, of all 1080p sources. */
export const FPS = 30;
export const GOP = 60;

/** What this run does. */
export const settings = {
  /** BENCH_QUICK=1: a look at whether everything works, not figures to quote. */
  quick,
  /** BENCH_LONG=1: half an hour is really half an hour. */
  long,
  /** BENCH_REPEAT: repetitions of everything that is timed. */
  repeats: Math.round(number('BENCH_REPEAT', quick ? 1 : 5)),
  /** BENCH_ENGINE: which engine "ours" is, where a row does not say. */
  engine: process.env['BENCH_ENGINE'] ?? 'auto',
  /** Ranges of the reel, how long each is, and how often the base is looped for its ten minutes. */
  reelRanges: quick ? 3 : 8,
  rangeSeconds: quick ? 2 : 6,
  reelRounds: quick ? 2 : 10,
  /** Length of a full re-encode. */
  encodeSeconds: quick ? 4 : 60,
  /** Length of a re-encode by the ffmpeg engine alone. */
  ffmpegSeconds: quick ? 4 : 16,
  /** Scenes of the reel of which one is changed, and how long each is. */
  scenes: quick ? 4 : 10,
  sceneSeconds: quick ? 1 : 5,
  /** How often the base is looped for the hour, and in which round the cut lies (47 · 64 s is minute 50). */
  hourRounds: quick ? 6 : 57,
  hourRound: quick ? 5 : 47,
  /** Seconds that are cut out of the hour. */
  cutSeconds: quick ? 4 : 60,
  /** Seconds of each file that the picture is judged on. */
  pictureSeconds: quick ? 1 : 8,
  /** Minutes of the long re-encode. */
  longMinutes: long ? 30 : quick ? 0.2 : 3,
  /** Gigabytes of the big import. */
  importGigabytes: quick ? 0.3 : 2,
} as const;

/** What the settings are, for the results. */
export const settingsText = (): string =>
  [
    settings.quick ? 'QUICK (shortened work: not figures to quote)' : 'full',
    `${settings.repeats} repetition${settings.repeats === 1 ? '' : 's'}`,
    `engine ${settings.engine}`,
    ...(settings.long ? ['long'] : []),
  ].join(', ');

/**
 * What is worked on: 1080p30 H.264 with a key frame every 2 s and AAC, made of real footage where the folder of real
 * files lies beside the checkout and native ffmpeg can code it, else of painted clips. Kept under the system's folder for
 * temporary files, by what it was made from.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateClip } from '../../fixtures/generate.ts';
import { loopFile } from './loop.ts';
import { nativeVersion, runNative, type Range } from './native.ts';
import { BASE_SECONDS, FPS, GOP, settings } from './settings.ts';

/** A source file. */
export interface Footage {
  readonly path: string;
  /** What it shows, for the results. */
  readonly name: string;
}

/**
 * How many bits the pictures took. `lean` lies below the ceiling of quality high, so that an export may copy it; `rich` is
 * like a camera's, above that of medium, so that nothing of it fits and a full re-encode is one.
 */
export type Richness = 'lean' | 'rich';
const CRF = { lean: 19, rich: 12 } as const;

const REAL = fileURLToPath(new URL('../../../../shared/media', import.meta.url));

/** Real files that the 1080p sources are cut together from. */
const REEL_FILES = [
  'sowt-with-video.mov',
  'VID_20191220_170832.mp4',
  'ocean.webm',
  'rotate-buck-bunny.mp4',
  'car-detection.mp4',
];
/** Real files that the picture is judged on, each at its own size and rate. */
const PICTURE_FILES = [...REEL_FILES, 'nasa_13013.mp4'];
/** So many real files are looked at in a quick run. */
const QUICK_PICTURES = 2;

const realFiles = (names: readonly string[]): readonly string[] =>
  nativeVersion() === null ? [] : names.map((name) => join(REAL, name)).filter((path) => existsSync(path));

/** The file made by a recipe, made when it is not there yet. */
async function kept(
  recipe: unknown,
  name: string,
  make: (path: string) => Promise<unknown>,
): Promise<string> {
  const folder = join(tmpdir(), 'reelkeep-bench-footage');
  mkdirSync(folder, { recursive: true });
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
  const path = join(folder, `${key}-${name}`);
  if (existsSync(path)) return path;
  console.log(`  making ${name} once …`);
  const draft = join(folder, `tmp-${randomBytes(6).toString('hex')}-${name}`);
  try {
    await make(draft);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return path;
}

const identity = (path: string): readonly [string, number] => [path, statSync(path).size];

const H264 = ['-c:v', 'libx264', '-preset', 'medium', '-bf', '2', '-sc_threshold', '0'] as const;
const BT709 = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709'] as const;

/** The files twice over, all brought to 1080p30 by filling the frame, cut to the length of the base. */
function reelArguments(files: readonly string[], crf: number, target: string): readonly string[] {
  const inputs = [...files, ...files];
  const filters = inputs.flatMap((_, input) => [
    `[${String(input)}:v]fps=${String(FPS)},scale=1920:1080:force_original_aspect_ratio=increase,crop=1920:1080,setsar=1,format=yuv420p[v${String(input)}]`,
    `[${String(input)}:a]aresample=48000,aformat=channel_layouts=stereo[a${String(input)}]`,
  ]);
  const joined = inputs.map((_, input) => `[v${String(input)}][a${String(input)}]`).join('');
  // Sound is counted anew after joining: times that a container rounded would leave holes of 3 ms between packets.
  return [
    ...inputs.flatMap((path) => ['-i', path]),
    '-filter_complex',
    [
      ...filters,
      `${joined}concat=n=${String(inputs.length)}:v=1:a=1[v][s];[s]aresample=async=1:first_pts=0,asetpts=N/SR/TB,apad[a]`,
    ].join(';'),
    ...['-map', '[v]', '-map', '[a]', '-t', String(BASE_SECONDS)],
    ...[...H264, '-crf', String(crf), '-g', String(GOP), '-keyint_min', String(GOP), ...BT709],
    ...['-c:a', 'aac', '-b:a', '192k', target],
  ];
}

/** The base: `BASE_SECONDS` long. */
export async function baseFootage(richness: Richness): Promise<Footage> {
  const crf = CRF[richness];
  const files = realFiles(REEL_FILES);
  // With fewer files the base would not be filled.
  if (files.length === REEL_FILES.length) {
    const path = await kept(
      ['reel', files.map(identity), reelArguments(files, crf, 'out')],
      `real-1080p-${richness}.mp4`,
      (target) => runNative(reelArguments(files, crf, target)),
    );
    return { path, name: `real footage (${richness})` };
  }
  const seconds = 8;
  const painted = await generateClip({
    clipId: 12,
    seconds,
    width: 1920,
    height: 1080,
    rate: { num: FPS, den: 1 },
    gop: GOP,
    crf,
  });
  const path = await kept(['painted', identity(painted)], `painted-1080p-${richness}.mp4`, (target) =>
    loopFile(painted, target, BASE_SECONDS / seconds, seconds),
  );
  return { path, name: 'painted clips (no real files here, or no native ffmpeg)' };
}

/** The base again and again. */
export async function loopedFootage(rounds: number, richness: Richness = 'lean'): Promise<Footage> {
  const base = await baseFootage(richness);
  const path = await kept(
    ['looped', identity(base.path), rounds],
    `looped-${richness}-${String(rounds)}.mp4`,
    (target) => loopFile(base.path, target, rounds, BASE_SECONDS),
  );
  return { path, name: `${base.name}, ${((rounds * BASE_SECONDS) / 60).toFixed(1)} min` };
}

/** Files that the picture is judged on: nearly lossless H.264 at each file's own size and rate, without sound. */
export async function pictureFootage(): Promise<readonly Footage[]> {
  if (nativeVersion() === null) return [];
  const files = realFiles(PICTURE_FILES);
  if (files.length === 0) {
    const { path } = await baseFootage('rich');
    return [{ path, name: 'painted clip' }];
  }
  const made: Footage[] = [];
  for (const file of settings.quick ? files.slice(0, QUICK_PICTURES) : files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const filter = 'scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1,format=yuv420p';
    const args = [
      ...['-t', '12', '-i', file, '-map', '0:v:0', '-vf', filter, '-fps_mode', 'cfr'],
      // One key frame only, and it is left out: with another one behind it, `high` would copy from there on.
      ...[...H264, '-crf', '6', '-g', '100000', ...BT709],
    ];
    const path = await kept(['picture', identity(file), args], `${name.replace(/\W/g, '-')}.mp4`, (target) =>
      runNative([...args, target]),
    );
    made.push({ path, name });
  }
  return made;
}

/** Ranges spread over the looped footage, none of them beginning or ending on a key frame. */
export function reelRanges(): readonly Range[] {
  const total = settings.reelRounds * BASE_SECONDS * FPS;
  const stride = Math.floor((total - 20 * FPS) / settings.reelRanges / GOP) * GOP;
  return Array.from({ length: settings.reelRanges }, (_, position) => {
    const first = 10 * FPS + position * stride + 7 + 6 * position;
    return { start: first / FPS, end: (first + settings.rangeSeconds * FPS) / FPS };
  });
}

/** A range that begins at the second frame: no part of the work is done by a lucky key frame. */
export const fromSecondFrame = (seconds: number): Range => ({ start: 1 / FPS, end: 1 / FPS + seconds });

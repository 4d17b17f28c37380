/** Native ffmpeg, where it is installed: what the same work costs outside of a browser. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Sample } from './repeat.ts';

let version: string | null | undefined;

/** First line of `ffmpeg -version`, null where there is none. */
export function nativeVersion(): string | null {
  if (version === undefined) {
    try {
      version = execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
    } catch {
      version = null;
    }
  }
  return version;
}

/** Runs native ffmpeg; answers with how long it took and what it said. Throws with its last lines when it fails. */
export async function runNative(
  args: readonly string[],
  loglevel = 'error',
): Promise<{ readonly seconds: number; readonly log: string }> {
  const began = performance.now();
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-loglevel', loglevel, '-y', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail).on('close', done);
  });
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${log.trim().split('\n').slice(-3).join(' ')}`);
  return { seconds: (performance.now() - began) / 1000, log };
}

/** A folder for what native ffmpeg writes; removed with `removeWork`. */
export function workFolder(): string {
  const parent = join(tmpdir(), 'reelkeep-bench-work');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'run-'));
}

/** Removes a work folder. */
export function removeWork(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A contender that runs one native command. `args` is asked for each time, and writes to the path it is given. */
export function nativeContender(name: string, args: (target: string) => readonly string[]): Contender {
  if (nativeVersion() === null) return { name, run: null, missing: 'native ffmpeg is not installed' };
  return {
    name,
    run: async (): Promise<Sample> => {
      const folder = workFolder();
      try {
        const target = join(folder, 'out.mp4');
        const { seconds } = await runNative(args(target));
        return { seconds, bytes: statSync(target).size };
      } finally {
        removeWork(folder);
      }
    },
  };
}

/** Seconds, from inclusive, to exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One command that re-encodes ranges of a file to one file, as anybody would write it. */
export const encodeRanges = (
  source: string,
  ranges: readonly Range[],
  crf: number,
  target: string,
): readonly string[] => [
  ...ranges.flatMap(({ start, end }) => [
    '-ss',
    start.toFixed(6),
    '-t',
    (end - start).toFixed(6),
    '-i',
    source,
  ]),
  '-filter_complex',
  `${ranges.map((_, input) => `[${String(input)}:v][${String(input)}:a]`).join('')}concat=n=${String(ranges.length)}:v=1:a=1[v][a]`,
  ...['-map', '[v]', '-map', '[a]', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)],
  ...['-c:a', 'aac', target],
];

/** One command that re-encodes one range, scaled where a height is given. */
export const encodeRange = (
  source: string,
  { start, end }: Range,
  crf: number,
  target: string,
  height: number | null = null,
): readonly string[] => [
  ...['-ss', start.toFixed(6), '-t', (end - start).toFixed(6), '-i', source],
  ...(height === null ? [] : ['-vf', `scale=-2:${String(height)}`]),
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-c:a', 'aac', target],
];

/** One command that copies the packets of ranges from the key frames before them. */
export function copyRanges(source: string, ranges: readonly Range[], target: string): readonly string[] {
  const list = `${target}.txt`;
  const lines = ranges.flatMap(({ start, end }) => [
    `file '${source}'`,
    `inpoint ${start.toFixed(6)}`,
    `outpoint ${end.toFixed(6)}`,
  ]);
  writeFileSync(list, ['ffconcat version 1.0', ...lines, ''].join('\n'));
  return ['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', target];
}

/** One command that copies about so many bytes from the start of a file. */
export const copyBytes = (source: string, bytes: number, target: string): readonly string[] => [
  ...['-i', source, '-c', 'copy', '-fs', String(Math.round(bytes)), target],
];

/** How close a file's pictures are to a filtered source's: SSIM over all planes in dB, −10·log10(1 − All). */
export async function ssim(path: string, source: string, sourceFilter: string): Promise<number> {
  const { log } = await runNative(
    [
      ...['-i', path, '-i', source, '-lavfi'],
      `[0:v]settb=AVTB,setpts=N[a];[1:v]${sourceFilter},settb=AVTB,setpts=N[b];[a][b]ssim`,
      ...['-an', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ],
    'info',
  );
  const all = Number(/SSIM .*All:([\d.]+)/.exec(log)?.[1] ?? Number.NaN);
  if (!Number.isFinite(all)) throw new Error(`no SSIM in: ${log.slice(-300)}`);
  return -10 * Math.log10(Math.max(1e-10, 1 - all));
}

/** Number of pictures in a file. */
export async function countPictures(path: string): Promise<number> {
  const { log } = await runNative(
    ['-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    'info',
  );
  return Number([...log.matchAll(/frame=\s*(\d+)/g)].at(-1)?.[1] ?? Number.NaN);
}

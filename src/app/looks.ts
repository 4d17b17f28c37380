/** Very small pictures of an asset, for comparing one version of a film with another. */
import { failure, type Failure } from '../core/base/failure.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Look } from '../core/project/carry.ts';
import type { PictureRun } from '../core/plan/certify-runs.ts';
import { primaryVideo, type Asset } from '../core/schema/asset.ts';
import type { FrameIndex } from '../core/schema/frame-index.ts';
import { frameOnDisplay, keyFrameAtOrBefore, timeOfFrame } from '../core/timeline/frames.ts';
import type { Runtime } from './runtime.ts';

/** Frames decoded by one call: cancelling is quick and silence is noticed. */
const MOST_FRAMES = 240;
/** A call of so few frames that is silent for so long is stuck. Milliseconds. */
const STALL_MS = 120_000;

/** A film that is looked at. */
export interface Looked {
  readonly asset: Asset;
  readonly file: File;
  readonly index: FrameIndex;
}

/** How a look goes on, and how it is stopped. */
export interface LookOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

interface Group {
  readonly key: number;
  last: number;
  readonly frames: number[];
}

/** The groups of pictures that hold some frames, each with the frames that are wanted of it. */
function groupsOf(index: FrameIndex, frames: readonly number[]): readonly Group[] {
  const groups = new Map<number, Group>();
  for (const frame of [...new Set(frames)].sort((a, b) => a - b)) {
    const key = keyFrameAtOrBefore(index, frame);
    const group = groups.get(key) ?? { key, last: frame, frames: [] };
    group.last = frame;
    group.frames.push(frame);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Groups in portions of so many frames that are decoded by one call. */
function portionsOf(groups: readonly Group[]): readonly (readonly Group[])[] {
  const portions: Group[][] = [];
  let frames = Infinity;
  for (const group of groups) {
    const cost = group.last - group.key + 1;
    if (frames + cost > MOST_FRAMES) {
      portions.push([]);
      frames = 0;
    }
    portions.at(-1)?.push(group);
    frames += cost;
  }
  return portions;
}

/**
 * Looks at the frames on display at some times (asset time, microseconds). `unsupported_media`/`no_browser_decoder` where the
 * browser cannot decode the film.
 */
export async function looksAt(
  { analysis }: Pick<Runtime, 'analysis'>,
  { asset, file, index }: Looked,
  timesUs: readonly number[],
  { signal, onProgress }: LookOptions,
): Promise<Result<readonly Look[], Failure>> {
  const track = primaryVideo(asset.probe);
  if (track?.decodable !== true || asset.probe.reader !== 'packets') {
    return err(
      failure('unsupported_media', 'no_browser_decoder', `The browser cannot decode "${asset.name}".`, {
        name: asset.name,
        codec: track?.codec ?? '',
      }),
    );
  }
  const { originUs } = asset.probe;
  const fileUs = (frame: number): number => Math.round(timeOfFrame(index, frame) + originUs);
  const groups = groupsOf(
    index,
    timesUs.map((timeUs) => frameOnDisplay(index, timeUs)),
  );
  const portions = portionsOf(groups);
  const looks: Look[] = [];
  let done = 0;
  const results = await Promise.all(
    portions.map(async (portion) => {
      const runs = portion.map(({ key, last, frames }): PictureRun => ({
        keyUs: fileUs(key),
        throughUs: fileUs(last),
        extra: 0,
        fullUs: [],
        lookUs: frames.map(fileUs),
      }));
      const result = await analysis.call((api) => api.decodeRuns(file, track.order, runs), {
        signal,
        stallMs: STALL_MS,
      });
      done += 1;
      onProgress(done / portions.length);
      return result;
    }),
  );
  for (const result of results) {
    if (!result.ok) return result;
    for (const { pictures } of result.value) {
      for (const { timeUs, luma } of pictures) looks.push({ timeUs: timeUs - originUs, luma });
    }
  }
  return ok(looks);
}

/** Comments for burn-in, and where they are seen in a finished file: by the colour of a solid spot, frame by frame. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Annotation, Shape } from '../../../src/core/schema/annotation.ts';
import type { AnnotationId, AssetId } from '../../../src/core/base/ids.ts';
import { mustRunFfmpeg } from '../../fixtures/ffmpeg-node.ts';
import { displayedFrames } from '../../fixtures/spec.ts';
import type { FrameRange } from './expect-exact.ts';

/** A place in 0..1 of the displayed frame. */
export type Place = readonly [x: number, y: number];

const ISO = '2026-11-20T08:00:00.000Z';

/** A comment as it is saved; what is left out is empty. */
export function commentOn(assetId: string, id: string, more: Partial<Annotation>): Annotation {
  return {
    version: 1,
    id: id as AnnotationId,
    assetId: assetId as AssetId,
    timeUs: 0,
    durationUs: null,
    text: '',
    author: '',
    color: '#ff00ff',
    category: null,
    shapes: [],
    replies: [],
    resolved: null,
    createdAt: ISO,
    updatedAt: ISO,
    ...more,
  };
}

/** A shape that fills a spot with its colour: a line to and fro, closer than it is wide. */
export function spot([x, y]: Place, size = 0.1): Shape {
  const rows = 24;
  const points = Array.from({ length: rows * 2 }, (_, i): readonly [number, number] => {
    const row = Math.floor(i / 2);
    const right = i % 4 === 1 || i % 4 === 2;
    return [x + (right ? size / 2 : -size / 2), y - size / 2 + (size * row) / rows];
  });
  return { kind: 'freehand', points };
}

/** Red, green and blue of some places in every frame of a file, as displayed. */
export async function colorsOf(
  path: string,
  size: { readonly width: number; readonly height: number },
  places: readonly Place[],
): Promise<readonly (readonly (readonly [number, number, number])[])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'reelkeep-painted-'));
  try {
    const out = join(folder, 'pictures');
    const { width, height } = size;
    await mustRunFfmpeg({
      args: [
        ...['-i', 'input', '-map', '0:v:0', '-vf', `scale=${String(width)}:${String(height)}`],
        ...['-pix_fmt', 'rgb24', '-fps_mode', 'passthrough', '-f', 'rawvideo', 'out'],
      ],
      inputPaths: { input: path },
      outputPaths: { out },
    });
    const data = readFileSync(out);
    const frames = data.length / (width * height * 3);
    return Array.from({ length: frames }, (_, frame) =>
      places.map(([x, y]) => {
        const at = ((frame * height + Math.round(y * height)) * width + Math.round(x * width)) * 3;
        return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a colour is the one that was painted, allowing for 4:2:0 and an encoder. */
export function isColor([r, g, b]: readonly [number, number, number], color: string): boolean {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return Math.hypot(r - part(1), g - part(3), b - part(5)) < 90;
}

/**
 * The frames of an output on which a comment must be seen, worked out from the clip alone: from the frame that is on display at its time,
 * up to the first whose time is not below its end.
 */
export function expectedFrames(
  ranges: readonly FrameRange[],
  { assetId, timeUs, durationUs }: Annotation,
  shownUs: number,
): number[] {
  const seen: number[] = [];
  let out = 0;
  for (const range of ranges) {
    const frames = displayedFrames(range.spec);
    const origin = frames[0]?.ptsUs ?? 0;
    for (let n = range.first; n < range.stop; n += 1, out += 1) {
      if (timeUs === null || range.assetId !== assetId) continue;
      const from = (frames[n]?.ptsUs ?? 0) - origin;
      const next = (frames[n + 1]?.ptsUs ?? Infinity) - origin;
      const onDisplay = from <= timeUs && timeUs < next;
      if (onDisplay || (from > timeUs && from < timeUs + (durationUs ?? shownUs))) seen.push(out);
    }
  }
  return seen;
}

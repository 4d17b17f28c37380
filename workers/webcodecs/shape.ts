/** From a decoded picture to the one that is encoded: what a step's filter says, without a detour over RGB. */
import { matrixChange, type MatrixChange } from '../../src/core/schema/color.ts';
import type { EncodeVideoStep, VideoSettings } from '../../src/core/schema/plan.ts';
import { changeMatrix, mirror, pad, plane, scale, turn, type Plane, type Planes } from './planes.ts';
import { CodecProblem } from './problem.ts';

/** Turns decoded pictures into those to encode; whoever gets one closes it, and still closes the decoded one. */
export type Shaper = (frame: VideoFrame, timestampUs: number, durationUs: number) => Promise<VideoFrame>;

/** WebCodecs' names of formats with 8 bits or more of 4:2:0. */
const BITS: Readonly<Record<string, number>> = { I420: 8, I420A: 8, NV12: 8, I420P10: 10, I420P12: 12 };

async function readPlanes(frame: VideoFrame): Promise<Planes> {
  const { format } = frame;
  const bits = BITS[format ?? ''];
  if (format === null || bits === undefined)
    throw new CodecProblem(`Pictures in the form ${String(format)} are not handled.`);
  const bytes = new Uint8Array(frame.allocationSize());
  const layout = await frame.copyTo(bytes);
  const width = frame.visibleRect?.width ?? frame.codedWidth;
  const height = frame.visibleRect?.height ?? frame.codedHeight;
  const chromaWidth = Math.ceil(width / 2);
  const chromaHeight = Math.ceil(height / 2);
  const take = (index: number, w: number, h: number, step = 1, skip = 0): Plane => {
    const place = layout[index];
    const out = plane(w, h);
    if (place === undefined) return out;
    if (bits > 8) {
      const words = new Uint16Array(bytes.buffer);
      const round = 1 << (bits - 9);
      for (let row = 0; row < h; row += 1) {
        const start = (place.offset + row * place.stride) / 2;
        for (let i = 0; i < w; i += 1) {
          out.data[row * w + i] = Math.min(255, ((words[start + i] ?? 0) + round) >> (bits - 8));
        }
      }
      return out;
    }
    for (let row = 0; row < h; row += 1) {
      const start = place.offset + row * place.stride + skip;
      if (step === 1) out.data.set(bytes.subarray(start, start + w), row * w);
      else for (let i = 0; i < w; i += 1) out.data[row * w + i] = bytes[start + i * step] ?? 0;
    }
    return out;
  };
  const y = take(0, width, height);
  if (format === 'NV12') {
    return { y, u: take(1, chromaWidth, chromaHeight, 2), v: take(1, chromaWidth, chromaHeight, 2, 1) };
  }
  return { y, u: take(1, chromaWidth, chromaHeight), v: take(2, chromaWidth, chromaHeight) };
}

const each = (planes: Planes, work: (plane: Plane, chroma: boolean) => Plane): Planes => ({
  y: work(planes.y, false),
  u: work(planes.u, true),
  v: work(planes.v, true),
});

function shapePlanes(
  planes: Planes,
  step: EncodeVideoStep,
  change: MatrixChange | null,
  toFull: boolean,
): Planes {
  const { filter } = step;
  let picture = each(planes, (from) => turn(from, filter.rotate));
  if (filter.flip) picture = each(picture, mirror);
  const width = filter.fit === 'pad' ? filter.innerWidth : filter.width;
  const height = filter.fit === 'pad' ? filter.innerHeight : filter.height;
  picture = each(picture, (from, chroma) =>
    scale(from, chroma ? width / 2 : width, chroma ? height / 2 : height),
  );
  if (change !== null) picture = changeMatrix(picture, change);
  if (filter.fit !== 'pad') return picture;
  // Chroma has half the places: the picture starts on an even one.
  const left = Math.floor((filter.width - width) / 4) * 2;
  const top = Math.floor((filter.height - height) / 4) * 2;
  return each(picture, (from, chroma) =>
    chroma
      ? pad(from, filter.width / 2, filter.height / 2, left / 2, top / 2, 128)
      : pad(from, filter.width, filter.height, left, top, toFull ? 0 : 16),
  );
}

function frameOf(planes: Planes, timestampUs: number, durationUs: number, fullRange: boolean): VideoFrame {
  const { y, u, v } = planes;
  const data = new Uint8Array(y.data.length + u.data.length + v.data.length);
  data.set(y.data, 0);
  data.set(u.data, y.data.length);
  data.set(v.data, y.data.length + u.data.length);
  return new VideoFrame(data, {
    format: 'I420',
    codedWidth: y.width,
    codedHeight: y.height,
    timestamp: timestampUs,
    duration: durationUs,
    colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange },
  });
}

/**
 * How a step's pictures are shaped. Where size alone changes, or nothing at all, the decoded picture goes to the encoder
 * as it is: encoders scale in 4:2:0 by themselves.
 */
export function shaperFor(step: EncodeVideoStep, settings: VideoSettings): Shaper {
  const { filter } = step;
  const change = matrixChange(filter, settings);
  const plain = filter.rotate === 0 && !filter.flip && filter.fit !== 'pad' && change === null;
  const toFull = settings.color.fullRange ?? false;
  // Letters painted on a small picture would be enlarged with it; on one that is made smaller they only get finer.
  const isPainted = step.overlay !== undefined;
  const isEnlarged = ({ visibleRect, codedWidth, codedHeight }: VideoFrame): boolean =>
    (visibleRect?.width ?? codedWidth) < filter.width || (visibleRect?.height ?? codedHeight) < filter.height;
  return async (frame, timestampUs, durationUs) => {
    const asIs =
      plain && !(isPainted && isEnlarged(frame)) && (frame.format === 'I420' || frame.format === 'NV12');
    if (asIs) return new VideoFrame(frame, { timestamp: timestampUs, duration: durationUs });
    const planes = await readPlanes(frame);
    return frameOf(shapePlanes(planes, step, change, toFull), timestampUs, durationUs, toFull);
  };
}

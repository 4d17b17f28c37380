/**
 * The very small picture of a frame that finished files are held against: luma averaged over a grid. Always as code
 * values of limited range (black 16, white 235), whatever the frame has, so that two frames compare however they came.
 */
import { REFERENCE_HEIGHT, REFERENCE_WIDTH } from '../../src/runtime/contract/reference.ts';

/** Pixels looked at along each side of a cell: enough for a mean that noise does not move. */
const SAMPLES = 16;

/** One plane of pixels. */
interface Plane {
  readonly data: Uint8Array | Uint16Array;
  readonly offset: number;
  /** Items from row to row, and from pixel to pixel. */
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** Means over the grid of what `valueAt` gives for a position in the plane's data. Pure. */
function gridOf(plane: Plane, valueAt: (at: number) => number): Uint8Array<ArrayBuffer> {
  const grid = new Uint8Array(REFERENCE_WIDTH * REFERENCE_HEIGHT);
  for (let row = 0; row < REFERENCE_HEIGHT; row++) {
    const top = Math.floor((row * plane.height) / REFERENCE_HEIGHT);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * plane.height) / REFERENCE_HEIGHT));
    const down = Math.max(1, Math.floor((bottom - top) / SAMPLES));
    for (let column = 0; column < REFERENCE_WIDTH; column++) {
      const left = Math.floor((column * plane.width) / REFERENCE_WIDTH);
      const right = Math.max(left + 1, Math.floor(((column + 1) * plane.width) / REFERENCE_WIDTH));
      const across = Math.max(1, Math.floor((right - left) / SAMPLES));
      let sum = 0;
      let count = 0;
      for (let y = top; y < bottom; y += down) {
        const line = plane.offset + y * plane.stride;
        for (let x = left; x < right; x += across) {
          sum += valueAt(line + x * plane.step);
          count++;
        }
      }
      grid[row * REFERENCE_WIDTH + column] = Math.round(sum / count);
    }
  }
  return grid;
}

/** Kept between frames: a picture is some megabytes. */
let scratch = new ArrayBuffer(0);

function scratchOf(bytes: number): ArrayBuffer {
  if (scratch.byteLength < bytes) scratch = new ArrayBuffer(bytes);
  return scratch;
}

/** Frames are copied one after the other: they share the scratch. */
let turn: Promise<unknown> = Promise.resolve();

async function measure(frame: VideoFrame): Promise<Uint8Array<ArrayBuffer> | null> {
  const { format } = frame;
  const rect = frame.visibleRect;
  if (rect === null) return null;
  const { width, height } = rect;
  const planar = format !== null && /^(I4|NV12)/.test(format);
  const options: VideoFrameCopyToOptions = planar || format !== null ? {} : { format: 'RGBA' };
  const buffer = scratchOf(frame.allocationSize(options));
  const [layout] = await frame.copyTo(buffer, options);
  if (layout === undefined) return null;
  if (!planar) {
    const data = new Uint8Array(buffer);
    const [red, blue] = format?.startsWith('BGR') === true ? [2, 0] : [0, 2];
    return gridOf(
      { data, offset: layout.offset, stride: layout.stride, step: 4, width, height },
      (at) =>
        16 +
        (219 / 255) *
          (0.2126 * (data[at + red] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + blue] ?? 0)),
    );
  }
  // I420P10 and its like: two bytes for each value.
  const deep = /P1([02])$/.exec(format);
  const data = deep === null ? new Uint8Array(buffer) : new Uint16Array(buffer);
  const bytes = data.BYTES_PER_ELEMENT;
  const scale = deep === null ? 1 : deep[1] === '0' ? 1 / 4 : 1 / 16;
  const plane = {
    data,
    offset: layout.offset / bytes,
    stride: layout.stride / bytes,
    step: 1,
    width,
    height,
  };
  return frame.colorSpace.fullRange === true
    ? gridOf(plane, (at) => 16 + (219 / 255) * scale * (data[at] ?? 0))
    : gridOf(plane, (at) => scale * (data[at] ?? 0));
}

/** Luma of a frame over the grid; null where the browser does not give its pixels. The frame stays open. */
export function lumaGrid(frame: VideoFrame): Promise<Uint8Array<ArrayBuffer> | null> {
  const mine = turn.then(() => measure(frame)).catch(() => null);
  turn = mine;
  return mine;
}

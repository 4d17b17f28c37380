/** Painted pictures in ffmpeg's arguments: inputs of their own, laid over the step's pictures by their times. Pure. */
import type { StepOverlay } from '../../../core/schema/overlay.ts';
import type { VideoFilter } from '../../../core/schema/plan.ts';
import { COMMENTS_INPUT, STRIP_INPUT } from '../../contract/ffmpeg.ts';

/** Painted pictures have no run-in, no index and one packet at a time. */
function inputArgs(name: string): string[] {
  return ['-f', 'matroska', '-i', `/in/${name}`];
}

/** Where the strip lies: along the edge that is the lower one as displayed. Its own size is the input's. */
function stripPlace({ rotation }: StepOverlay, filter: VideoFilter): string {
  const padded = filter.fit === 'pad';
  const width = padded ? filter.innerWidth : filter.width;
  const height = padded ? filter.innerHeight : filter.height;
  // Borders as the pad filter lays them: on even pixels.
  const left = padded ? Math.floor((filter.width - width) / 4) * 2 : 0;
  const top = padded ? Math.floor((filter.height - height) / 4) * 2 : 0;
  const x = rotation === 90 ? `${String(left + width)}-w` : String(left);
  const y = rotation === 0 ? `${String(top + height)}-h` : String(top);
  return `x=${x}:y=${y}`;
}

/** Nothing is converted: the pictures come in the format of the frames, with alpha. */
const BLEND = 'format=yuv420:eof_action=repeat:repeatlast=1';

/**
 * The inputs and the filter graph of a step that paints. Each painted picture stands from its time until the next one's, as the overlay
 * filter takes the last one that is not later than a frame: frames at varying times are met as well as those at constant ones.
 *
 * @param chain what is done to the step's own pictures
 * @param stream the step's stream in the source, e.g. `0:0`
 */
export function paintedArgs(
  overlay: StepOverlay,
  filter: VideoFilter,
  chain: readonly string[],
  stream: string,
): { readonly inputs: readonly string[]; readonly graph: readonly string[] } {
  const layers = [
    ...(overlay.comments.length === 0 ? [] : [{ name: COMMENTS_INPUT, place: 'x=0:y=0' }]),
    ...(overlay.strip === null ? [] : [{ name: STRIP_INPUT, place: stripPlace(overlay, filter) }]),
  ];
  const parts = [`[${stream}]${chain.join(',')}[v0]`];
  for (const [position, { place }] of layers.entries()) {
    const [from, to] = [`v${String(position)}`, `v${String(position + 1)}`];
    const input = `p${String(position)}`;
    parts.push(`[${String(position + 1)}:0]settb=1/1000000[${input}]`);
    parts.push(`[${from}][${input}]overlay=${place}:${BLEND}[${to}]`);
  }
  return {
    inputs: layers.flatMap(({ name }) => inputArgs(name)),
    graph: ['-filter_complex', parts.join(';'), '-map', `[v${String(layers.length)}]`],
  };
}

/** What VP9 says of colour: in its own key frames, and in the codec string that an MP4 header is made from. Pure. */
import type { ColorInfo } from '../../src/core/schema/asset.ts';

/** Numbers of `color_space` (VP9 bitstream specification, 7.2.2) by WebCodecs' names of matrices; 0 says nothing. */
const COLOR_SPACE: Readonly<Record<string, number>> = {
  bt470bg: 1,
  bt709: 2,
  smpte170m: 3,
  'bt2020-ncl': 5,
};
/** `frame_sync_code`, which every key frame holds. */
const SYNC_CODE = 0x498342;
/** First bits of profile 0: marker 0b10, profile 2, show_existing_frame, frame_type (0: key); two more flags follow. */
const KEY_HEAD = 0b100000;

/**
 * A key frame of profile 0 with the colour that the output is to have; encoders write what they make of the picture's
 * own. Other packets come back as they are.
 */
export function withVp9Color(packet: Uint8Array, color: Pick<ColorInfo, 'matrix' | 'fullRange'>): Uint8Array {
  const [head = 0, a = 0, b = 0, c = 0, after] = packet;
  const isKey = head >> 2 === KEY_HEAD && ((a << 16) | (b << 8) | c) === SYNC_CODE;
  if (!isKey || after === undefined) return packet;
  const space = COLOR_SPACE[color.matrix ?? ''] ?? 0;
  const changed = packet.slice();
  // Three bits of color_space, one of color_range, then the size.
  changed[4] = (space << 5) | ((color.fullRange ?? false) ? 0x10 : 0) | (after & 0x0f);
  return changed;
}

/** A codec string that says of colour what is given: what it leaves out, readers take to be BT.709. */
export function vp9CodecString(
  codec: string,
  numbers: { readonly primaries: number; readonly transfer: number; readonly matrix: number },
  fullRange: boolean,
): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const { primaries, transfer, matrix } = numbers;
  const parts = codec.split('.').slice(0, 4);
  return [...parts, '01', two(primaries), two(transfer), two(matrix), fullRange ? '01' : '00'].join('.');
}

/**
 * Uncompressed pictures with alpha and exact times as Matroska: the way to hand ffmpeg pictures of any duration. (Raw video has a constant
 * rate, and the concat demuxer rounds times to that of its first file.) Pure.
 */

function elementId(id: number): number[] {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

function size8(length: number): number[] {
  const bytes = [0x01, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 7, rest = length; i > 0; i -= 1, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

function element(id: number, content: readonly number[]): number[] {
  return [...elementId(id), ...size8(content.length), ...content];
}

function unsigned(id: number, value: number): number[] {
  return element(id, value === 0 ? [0] : elementId(value));
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

/** FFmpeg's own code for planar 4:2:0 with alpha: `Y4`, eleven, eight. */
const YUVA420P = [0x59, 0x34, 11, 8];

/** Everything before the first picture; one tick of its times is a microsecond. */
export function matroskaHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = element(0x1a45dfa3, [
    ...unsigned(0x4286, 1),
    ...unsigned(0x42f7, 1),
    ...unsigned(0x42f2, 4),
    ...unsigned(0x42f3, 8),
    ...element(0x4282, ascii('matroska')),
    ...unsigned(0x4287, 4),
    ...unsigned(0x4285, 2),
  ]);
  const info = element(0x1549a966, unsigned(0x2ad7b1, 1000));
  const video = element(0xe0, [
    ...unsigned(0xb0, width),
    ...unsigned(0xba, height),
    ...element(0x2eb524, YUVA420P),
  ]);
  const track = element(0xae, [
    ...unsigned(0xd7, 1),
    ...unsigned(0x73c5, 1),
    ...unsigned(0x83, 1),
    ...element(0x86, ascii('V_UNCOMPRESSED')),
    ...video,
  ]);
  const unknownSize = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  return Uint8Array.from([
    ...header,
    ...elementId(0x18538067),
    ...unknownSize,
    ...info,
    ...element(0x1654ae6b, track),
  ]);
}

/**
 * What comes before each picture: a cluster of its own, as a block's time is only 16 bits away from its cluster's.
 *
 * @param pictureLength bytes of the picture that follows
 */
export function matroskaPictureHeader(timeUs: number, pictureLength: number): Uint8Array<ArrayBuffer> {
  const time = unsigned(0xe7, timeUs);
  const blockHead = [0x81, 0, 0, 0x80];
  const block = [...elementId(0xa3), ...size8(blockHead.length + pictureLength), ...blockHead];
  return Uint8Array.from([
    ...elementId(0x1f43b675),
    ...size8(time.length + block.length + pictureLength),
    ...time,
    ...block,
  ]);
}

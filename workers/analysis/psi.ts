/** The program map of an MPEG transport stream: which streams there are, in ffmpeg's order. ISO/IEC 13818-1. Pure. */
import { transportStride } from './sniff.ts';

/** One elementary stream of the program map. */
export interface TransportStream {
  /** Position in the program map: ffmpeg's stream number. */
  readonly index: number;
  readonly pid: number;
  readonly type: number;
  readonly descriptors: readonly number[];
}

/** Stream types of pictures that the packet reader does not read: MPEG-1/2, MPEG-4 Part 2, VC-1, VVC, AVS, Dirac. */
const OTHER_PICTURES = new Set([0x01, 0x02, 0x10, 0x33, 0x42, 0xd1, 0xd4, 0xea]);
/** Sound that it does not read: LATM. */
const OTHER_SOUND = new Set([0x11]);

/** What kind of stream it is, as far as the packet reader cannot read it. */
export function unreadKind(stream: TransportStream): 'video' | 'audio' | null {
  if (OTHER_PICTURES.has(stream.type)) return 'video';
  if (OTHER_SOUND.has(stream.type)) return 'audio';
  return null;
}

/** A section's bytes, put together from the packets of one pid. */
function sections(bytes: Uint8Array, offset: number, stride: number, pid: number): Uint8Array | null {
  const body: number[] = [];
  for (let at = offset; at + 188 <= bytes.length; at += stride) {
    if (bytes[at] !== 0x47) continue;
    const packetPid = (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0);
    if (packetPid !== pid) continue;
    const control = ((bytes[at + 3] ?? 0) >> 4) & 3;
    let start = at + 4;
    if ((control & 2) !== 0) start += 1 + (bytes[at + 4] ?? 0);
    if ((control & 1) === 0 || start >= at + 188) continue;
    if (((bytes[at + 1] ?? 0) & 0x40) !== 0) {
      start += 1 + (bytes[start] ?? 0);
      body.length = 0;
    } else if (body.length === 0) continue;
    for (let i = start; i < at + 188; i++) body.push(bytes[i] ?? 0);
    if (body.length >= 3) {
      const wanted = 3 + ((((body[1] ?? 0) & 0x0f) << 8) | (body[2] ?? 0));
      if (body.length >= wanted) return Uint8Array.from(body.slice(0, wanted));
    }
  }
  return null;
}

/** Reads the first program map found in these bytes; null when there is none. */
export function readProgramMap(bytes: Uint8Array): readonly TransportStream[] | null {
  const layout = transportStride(bytes);
  if (layout === null) return null;
  const pat = sections(bytes, layout.offset, layout.stride, 0);
  if (pat === null) return null;
  let mapPid: number | null = null;
  for (let at = 8; at + 4 <= pat.length - 4; at += 4) {
    const program = ((pat[at] ?? 0) << 8) | (pat[at + 1] ?? 0);
    if (program !== 0) mapPid ??= (((pat[at + 2] ?? 0) & 0x1f) << 8) | (pat[at + 3] ?? 0);
  }
  if (mapPid === null) return null;
  const map = sections(bytes, layout.offset, layout.stride, mapPid);
  if (map?.[0] !== 2) return null;
  const streams: TransportStream[] = [];
  let at = 12 + ((((map[10] ?? 0) & 0x0f) << 8) | (map[11] ?? 0));
  while (at + 5 <= map.length - 4) {
    const length = (((map[at + 3] ?? 0) & 0x0f) << 8) | (map[at + 4] ?? 0);
    const descriptors: number[] = [];
    for (let d = at + 5; d + 2 <= at + 5 + length; d += 2 + (map[d + 1] ?? 0)) descriptors.push(map[d] ?? 0);
    streams.push({
      index: streams.length,
      pid: (((map[at + 1] ?? 0) & 0x1f) << 8) | (map[at + 2] ?? 0),
      type: map[at] ?? 0,
      descriptors,
    });
    at += 5 + length;
  }
  return streams;
}

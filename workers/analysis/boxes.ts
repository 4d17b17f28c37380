/**
 * What the packet reader does not tell about an ISO-BMFF file (MP4, MOV): the order of all tracks as ffmpeg numbers
 * them, edit lists, encryption, time of recording, and whether the file is cut off. Reads headers and the moov only.
 * Boxes: ISO/IEC 14496-12; QuickTime File Format.
 */
import { latin1, readRange, viewOf } from '../shared/bytes.ts';

/** One entry of an edit list, in the clocks that it is written in. */
export interface Edit {
  /** Movie time scale units; 0 means "to the end" in fragmented files. */
  readonly duration: number;
  /** Media time scale units; -1 is an empty edit. */
  readonly mediaTime: number;
  readonly rate: number;
}

/** One `trak`. */
export interface IsoTrack {
  /** Position among all `trak` boxes: ffmpeg's stream number. */
  readonly index: number;
  readonly id: number;
  /** Handler: vide, soun, text, sbtl, meta, tmcd ... */
  readonly handler: string;
  /** Sample entry; the original one where the track is encrypted. */
  readonly entry: string;
  readonly objectType: number | null;
  readonly encrypted: boolean;
  readonly timescale: number;
  readonly edits: readonly Edit[];
  /** Samples in the moov's own table (0 in fragmented files). */
  readonly samples: number;
}

/** The movie header and the tracks. */
export interface IsoMovie {
  readonly timescale: number;
  /** Seconds since 1904, 0 when not set. */
  readonly created: number;
  readonly tracks: readonly IsoTrack[];
  /** The moov is compressed (`cmov`), which nobody here reads. */
  readonly compressed: boolean;
}

/** The file's structure. */
export interface IsoFile {
  readonly movie: IsoMovie | null;
  readonly hasData: boolean;
  readonly fragmented: boolean;
  /** The last box says more bytes than the file has. */
  readonly cut: boolean;
  /** Smallest composition offset below 0 in the first fragment, by track id, media time scale units. */
  readonly negativeOffsets: ReadonlyMap<number, number>;
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Boxes that lie in a row. Stops at the first impossible size. */
function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const view = viewOf(bytes);
  let at = from;
  while (at + 8 <= to) {
    let size = view.getUint32(at);
    const type = latin1(bytes, at + 4, at + 8);
    let header = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (size === 0) size = to - at;
    if (size < header) return;
    yield { type, start: at + header, end: Math.min(to, at + size) };
    at += size;
  }
}

function find(bytes: Uint8Array, box: Box, ...path: readonly string[]): Box | null {
  let current: Box = box;
  for (const type of path) {
    let next: Box | null = null;
    for (const child of boxes(bytes, current.start, current.end)) {
      if (child.type === type) {
        next = child;
        break;
      }
    }
    if (next === null) return null;
    current = next;
  }
  return current;
}

function readEdits(bytes: Uint8Array, box: Box | null): readonly Edit[] {
  if (box === null || box.end - box.start < 8) return [];
  const view = viewOf(bytes);
  const wide = view.getUint8(box.start) === 1;
  const size = wide ? 20 : 12;
  const count = Math.min(view.getUint32(box.start + 4), Math.floor((box.end - box.start - 8) / size));
  return Array.from({ length: count }, (_, i) => {
    const at = box.start + 8 + i * size;
    return wide
      ? {
          duration: Number(view.getBigUint64(at)),
          mediaTime: Number(view.getBigInt64(at + 8)),
          rate: view.getInt32(at + 16) / 65536,
        }
      : {
          duration: view.getUint32(at),
          mediaTime: view.getInt32(at + 4),
          rate: view.getInt32(at + 8) / 65536,
        };
  });
}

/** The objectTypeIndication of an `esds` box. */
function objectTypeOf(bytes: Uint8Array, box: Box): number | null {
  let at = box.start + 4;
  const header = (): number => {
    const tag = bytes[at++] ?? 0;
    for (let i = 0; i < 4; i++) if (((bytes[at++] ?? 0) & 0x80) === 0) break;
    return tag;
  };
  if (header() !== 3) return null;
  const flags = bytes[at + 2] ?? 0;
  at += 3 + ((flags & 0x80) !== 0 ? 2 : 0) + ((flags & 0x20) !== 0 ? 2 : 0);
  if ((flags & 0x40) !== 0) at += 1 + (bytes[at] ?? 0);
  return header() === 4 ? (bytes[at] ?? null) : null;
}

function readTrack(bytes: Uint8Array, trak: Box, index: number): IsoTrack {
  const view = viewOf(bytes);
  const u32 = (box: Box | null, offset: number): number =>
    box === null || box.start + offset + 4 > box.end ? 0 : view.getUint32(box.start + offset);
  const wide = (box: Box | null): boolean => box !== null && bytes[box.start] === 1;
  const tkhd = find(bytes, trak, 'tkhd');
  const mdhd = find(bytes, trak, 'mdia', 'mdhd');
  const hdlr = find(bytes, trak, 'mdia', 'hdlr');
  const stbl = find(bytes, trak, 'mdia', 'minf', 'stbl');
  const stsd = stbl === null ? null : find(bytes, stbl, 'stsd');
  const stsz = stbl === null ? null : (find(bytes, stbl, 'stsz') ?? find(bytes, stbl, 'stz2'));
  const handler = hdlr === null ? '' : latin1(bytes, hdlr.start + 8, hdlr.start + 12);

  let entry = '';
  let objectType: number | null = null;
  let encrypted = false;
  if (stsd !== null) {
    for (const box of boxes(bytes, stsd.start + 8, stsd.end)) {
      entry = box.type;
      encrypted ||= entry === 'encv' || entry === 'enca' || entry === 'drmi' || entry === 'drms';
      // The entry's own boxes follow a fixed header whose length depends on kind and QuickTime version: look for
      // the two that matter by name instead.
      for (let at = box.start + 8; at + 8 <= box.end; at++) {
        const type = latin1(bytes, at, at + 4);
        if (type === 'esds') objectType ??= objectTypeOf(bytes, { type, start: at + 4, end: box.end });
        if (type === 'frma' && encrypted) entry = latin1(bytes, at + 4, at + 8);
      }
      break;
    }
  }
  return {
    index,
    id: u32(tkhd, wide(tkhd) ? 20 : 12),
    handler,
    entry,
    objectType,
    encrypted,
    timescale: u32(mdhd, wide(mdhd) ? 20 : 12),
    edits: readEdits(bytes, find(bytes, trak, 'edts', 'elst')),
    samples: u32(stsz, 8),
  };
}

/** Parses the bytes of a moov box (with its header). Pure. */
export function parseMoov(bytes: Uint8Array): IsoMovie | null {
  const [moov] = boxes(bytes, 0, bytes.length);
  if (moov?.type !== 'moov') return null;
  const view = viewOf(bytes);
  const mvhd = find(bytes, moov, 'mvhd');
  const wide = mvhd !== null && bytes[mvhd.start] === 1;
  const tracks: IsoTrack[] = [];
  for (const box of boxes(bytes, moov.start, moov.end)) {
    if (box.type === 'trak') tracks.push(readTrack(bytes, box, tracks.length));
  }
  return {
    timescale: mvhd === null ? 0 : view.getUint32(mvhd.start + (wide ? 20 : 12)),
    created:
      mvhd === null ? 0 : wide ? Number(view.getBigUint64(mvhd.start + 4)) : view.getUint32(mvhd.start + 4),
    tracks,
    compressed: find(bytes, moov, 'cmov') !== null,
  };
}

/** Smallest negative composition offset of each track in a moof. Pure. */
export function negativeOffsets(bytes: Uint8Array): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const view = viewOf(bytes);
  const [moof] = boxes(bytes, 0, bytes.length);
  if (moof?.type !== 'moof') return found;
  for (const traf of boxes(bytes, moof.start, moof.end)) {
    if (traf.type !== 'traf') continue;
    const tfhd = find(bytes, traf, 'tfhd');
    if (tfhd === null) continue;
    const id = view.getUint32(tfhd.start + 4);
    for (const trun of boxes(bytes, traf.start, traf.end)) {
      // Offsets are signed from version 1 on; bit 0x800 says that they are there.
      const flags = trun.type === 'trun' ? view.getUint32(trun.start) : 0;
      if (flags >>> 24 === 0 || (flags & 0x800) === 0) continue;
      const size = [0x100, 0x200, 0x400, 0x800].filter((bit) => (flags & bit) !== 0).length * 4;
      let at = trun.start + 8 + ((flags & 1) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 4 : 0);
      for (let i = view.getUint32(trun.start + 4); i > 0 && at + size <= trun.end; i--, at += size) {
        const offset = view.getInt32(at + size - 4);
        if (offset < (found.get(id) ?? 0)) found.set(id, offset);
      }
    }
  }
  return found;
}

/** The seconds by which the first real edit moves a track: media time minus the empty edits before it. */
export function editOffset(track: IsoTrack, movieTimescale: number): number {
  let empty = 0;
  for (const edit of track.edits) {
    if (edit.mediaTime === -1) empty += edit.duration;
    else return (edit.mediaTime - Math.round((empty / movieTimescale) * track.timescale)) / track.timescale;
  }
  return 0;
}

/** File time in seconds at which the edit list ends the track; null when nothing ends it. */
export function editEnd(track: IsoTrack, movieTimescale: number): number | null {
  if (movieTimescale <= 0) return null;
  let total = 0;
  let real = false;
  for (const edit of track.edits) {
    if (edit.mediaTime !== -1) {
      if (edit.duration === 0) return null;
      real = true;
    }
    total += edit.duration;
  }
  return real ? total / movieTimescale : null;
}

/** Whether the packet reader follows this edit list: empty edits, then one real one at normal speed. */
export function editsAreSimple(track: IsoTrack, movieTimescale: number): boolean {
  const real = track.edits.filter((edit) => edit.mediaTime !== -1);
  if (real.some((edit) => edit.rate !== 1)) return false;
  const firstReal = track.edits.findIndex((edit) => edit.mediaTime !== -1);
  if (track.edits.slice(Math.max(0, firstReal)).some((edit) => edit.mediaTime === -1) && firstReal >= 0)
    return false;
  // Edits that follow each other without a jump are one edit.
  for (let i = 1; i < real.length; i++) {
    const before = real[i - 1];
    const edit = real[i];
    if (before === undefined || edit === undefined) continue;
    const expected = before.mediaTime + (before.duration / movieTimescale) * track.timescale;
    if (Math.abs(edit.mediaTime - expected) > (track.timescale / movieTimescale) * 1.5) return false;
  }
  return true;
}

/** Looks at the top-level boxes, without reading what lies in them but for the moov and the first moof's header. */
export async function readIso(file: Blob): Promise<IsoFile> {
  let movie: IsoMovie | null = null;
  let hasData = false;
  let fragmented = false;
  let cut = false;
  let offsets: ReadonlyMap<number, number> = new Map();
  let at = 0;
  // A file of very many fragments needs no walk to its end: the first one after the moov says enough.
  for (let count = 0; count < 4096 && at + 8 <= file.size; count++) {
    const head = await readRange(file, at, at + 16);
    const view = viewOf(head);
    let size = view.getUint32(0);
    const type = latin1(head, 4, 8);
    if (size === 1) size = head.length >= 16 ? Number(view.getBigUint64(8)) : 0;
    else if (size === 0) size = file.size - at;
    if (size < 8) break;
    if (at + size > file.size) cut = true;
    if (type === 'mdat') hasData = true;
    if (type === 'moov' && !cut) movie = parseMoov(await readRange(file, at, at + size));
    if (type === 'moof') {
      fragmented = true;
      hasData = true;
      if (!cut) offsets = negativeOffsets(await readRange(file, at, at + size));
      if (movie !== null) break;
    }
    at += size;
  }
  return { movie, hasData, fragmented, cut, negativeOffsets: offsets };
}

/**
 * What the packet reader does not tell about a Matroska file: the order of all tracks as ffmpeg numbers them, which
 * ones are encrypted, the recording date, the codec delay, and an end for files without an index. RFC 9559.
 */
import { latin1, readRange, viewOf } from '../shared/bytes.ts';

/** One TrackEntry. */
export interface MatroskaTrack {
  /** ffmpeg's stream number. */
  readonly index: number;
  readonly number: number;
  /** 1 video, 2 audio, 17 subtitle. */
  readonly type: number;
  readonly codecId: string;
  readonly encrypted: boolean;
  readonly compressed: boolean;
  readonly codecDelayNs: number;
}

/** The segment's head. */
export interface MatroskaFile {
  readonly tickNs: number;
  /** Microseconds, null where the file does not say (live recordings). */
  readonly durationUs: number | null;
  /** ISO-8601. */
  readonly date: string | null;
  readonly tracks: readonly MatroskaTrack[];
  /** The file has an index (Cues), so seeking to its end is cheap. */
  readonly hasCues: boolean;
  /** The segment says more bytes than the file has. */
  readonly cut: boolean;
}

interface Element {
  readonly id: number;
  readonly start: number;
  /** Null when the size is not known (live recordings). */
  readonly end: number | null;
}

const ID = {
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  cues: 0x1c53bb6b,
  cluster: 0x1f43b675,
} as const;

/** A variable-length number: the length marker kept (ids) or taken off (sizes). Null when it does not fit. */
function vint(
  bytes: Uint8Array,
  at: number,
  keepMarker: boolean,
): { value: number; length: number; all: boolean } | null {
  const first = bytes[at];
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) return null;
  let value = keepMarker ? first : first & (0xff >> length);
  let all = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    all &&= byte === 0xff;
  }
  return { value, length, all };
}

function element(bytes: Uint8Array, at: number): Element | null {
  const id = vint(bytes, at, true);
  if (id === null || id.length > 4) return null;
  const size = vint(bytes, at + id.length, false);
  if (size === null) return null;
  const start = at + id.length + size.length;
  return { id: id.value, start, end: size.all ? null : start + size.value };
}

/** Elements in a row; stops where the bytes end or make no sense. */
function* elements(
  bytes: Uint8Array,
  from: number,
  to: number,
): Generator<{ id: number; start: number; end: number }> {
  let at = from;
  while (at < to) {
    const found = element(bytes, at);
    if (found === null) return;
    const end = Math.min(found.end ?? to, to);
    yield { id: found.id, start: found.start, end };
    at = end;
  }
}

function uint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

function float(bytes: Uint8Array, start: number, end: number): number {
  const view = viewOf(bytes);
  return end - start === 4 ? view.getFloat32(start) : end - start === 8 ? view.getFloat64(start) : 0;
}

interface Info {
  tickNs: number;
  ticks: number;
  date: string | null;
}

function readInfo(bytes: Uint8Array): Info {
  const info: Info = { tickNs: 1_000_000, ticks: 0, date: null };
  for (const { id, start, end } of elements(bytes, 0, bytes.length)) {
    if (id === 0x2ad7b1) info.tickNs = uint(bytes, start, end);
    if (id === 0x4489) info.ticks = float(bytes, start, end);
    if (id === 0x4461 && end - start === 8) {
      // Nanoseconds since 2001-01-01.
      const ms = Date.UTC(2001, 0, 1) + Number(viewOf(bytes).getBigInt64(start) / 1_000_000n);
      if (Math.abs(ms) < 8.64e15 && ms > 0) info.date = new Date(ms).toISOString();
    }
  }
  return info;
}

/** Parses the body of a Tracks element. Pure. */
export function parseTracks(bytes: Uint8Array): readonly MatroskaTrack[] {
  const tracks: MatroskaTrack[] = [];
  for (const entry of elements(bytes, 0, bytes.length)) {
    if (entry.id !== 0xae) continue;
    let number = 0;
    let type = 0;
    let codecId = '';
    let encrypted = false;
    let compressed = false;
    let codecDelayNs = 0;
    for (const { id, start, end } of elements(bytes, entry.start, entry.end)) {
      if (id === 0xd7) number = uint(bytes, start, end);
      if (id === 0x83) type = uint(bytes, start, end);
      if (id === 0x86) codecId = latin1(bytes, start, end).replace(/\0+$/, '');
      if (id === 0x56aa) codecDelayNs = uint(bytes, start, end);
      if (id === 0x6d80) {
        for (const encoding of elements(bytes, start, end)) {
          let kind = 0;
          for (const part of elements(bytes, encoding.start, encoding.end)) {
            if (part.id === 0x5033) kind = uint(bytes, part.start, part.end);
            if (part.id === 0x5035) kind = 1;
          }
          if (kind === 1) encrypted = true;
          else compressed = true;
        }
      }
    }
    // ffmpeg gives no stream to other kinds (buttons, control) and to tracks without a codec.
    if (![1, 2, 17, 33].includes(type) || codecId === '') continue;
    tracks.push({ index: tracks.length, number, type, codecId, encrypted, compressed, codecDelayNs });
  }
  return tracks;
}

/** Reads the head of a Matroska file; null when there is no segment. */
export async function readMatroska(file: Blob): Promise<MatroskaFile | null> {
  const at = async (position: number): Promise<Element | null> => {
    const found = element(await readRange(file, position, position + 16), 0);
    return found === null
      ? null
      : {
          id: found.id,
          start: position + found.start,
          end: found.end === null ? null : position + found.end,
        };
  };
  let position = 0;
  let segment: Element | null = null;
  for (let i = 0; i < 8 && segment === null; i++) {
    const found = await at(position);
    if (found === null) return null;
    if (found.id === ID.segment) segment = found;
    else if (found.end === null) return null;
    else position = found.end;
  }
  if (segment === null) return null;

  let info: Info = { tickNs: 1_000_000, ticks: 0, date: null };
  let tracks: readonly MatroskaTrack[] = [];
  let hasCues = false;
  const seeks = new Map<number, number>();
  const take = async (found: Element): Promise<void> => {
    if (found.end === null || found.end - found.start > 16 * 1024 * 1024) return;
    const body = await readRange(file, found.start, found.end);
    if (found.id === ID.info) info = readInfo(body);
    if (found.id === ID.tracks) tracks = parseTracks(body);
    if (found.id === ID.seekHead) {
      for (const seek of elements(body, 0, body.length)) {
        let id = 0;
        let offset = 0;
        for (const part of elements(body, seek.start, seek.end)) {
          if (part.id === 0x53ab) id = uint(body, part.start, part.end);
          if (part.id === 0x53ac) offset = uint(body, part.start, part.end);
        }
        seeks.set(id, offset);
      }
    }
  };
  position = segment.start;
  for (let i = 0; i < 64; i++) {
    const found = await at(position);
    if (found === null || found.id === ID.cluster) break;
    if (found.id === ID.cues) hasCues = true;
    else await take(found);
    if (found.end === null) break;
    position = found.end;
  }
  for (const id of [ID.tracks, ID.info, ID.cues]) {
    const offset = seeks.get(id);
    if (offset === undefined || (id === ID.tracks && tracks.length > 0) || (id === ID.info && info.ticks > 0))
      continue;
    const found = await at(segment.start + offset);
    if (found?.id !== id) continue;
    if (id === ID.cues) hasCues = true;
    else await take(found);
  }
  return {
    tickNs: info.tickNs,
    durationUs: info.ticks > 0 ? (info.ticks * info.tickNs) / 1000 : null,
    date: info.date,
    tracks,
    hasCues,
    cut: segment.end !== null && segment.end > file.size,
  };
}

/** The last block time of each track in the last clusters of these bytes, ticks. Pure. */
export function lastBlocks(bytes: Uint8Array): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (let at = bytes.length - 8; at >= 0; at--) {
    if (bytes[at] !== 0x1f || viewOf(bytes).getUint32(at) !== ID.cluster) continue;
    const cluster = element(bytes, at);
    // The reader leaves out a cluster that the file's end cuts, so it does not count here either.
    if (cluster === null || (cluster.end !== null && cluster.end > bytes.length)) continue;
    let time: number | null = null;
    const block = (start: number): void => {
      const track = vint(bytes, start, false);
      if (track === null || time === null || start + track.length + 2 > bytes.length) return;
      const ticks = time + viewOf(bytes).getInt16(start + track.length);
      last.set(track.value, Math.max(last.get(track.value) ?? 0, ticks));
    };
    for (const { id, start, end } of elements(
      bytes,
      cluster.start,
      Math.min(cluster.end ?? bytes.length, bytes.length),
    )) {
      if (id === 0xe7) time = uint(bytes, start, end);
      if (id === 0xa3) block(start);
      if (id === 0xa0)
        for (const part of elements(bytes, start, end)) if (part.id === 0xa1) block(part.start);
      if (id === ID.cluster) break;
    }
    // One cluster before a short last one holds the end of every track that the last one does not.
    if (last.size > 1) break;
  }
  return last;
}

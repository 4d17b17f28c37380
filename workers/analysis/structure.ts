/**
 * What our own readers of container headers say about a file, in one shape: ffmpeg's stream numbers, encryption,
 * edit ends, and the distance between ffmpeg's clock and the packet reader's.
 */
import { familyOf } from './profile.ts';
import { readRange } from '../shared/bytes.ts';
import { editEnd, editOffset, editsAreSimple, readIso, type IsoFile, type IsoTrack } from './boxes.ts';
import { readMatroska, type MatroskaFile } from './ebml.ts';
import { readProgramMap, unreadKind, type TransportStream } from './psi.ts';
import type { Sniffed } from './sniff.ts';

/** One stream of the container, whoever can read it. */
export interface Stream {
  /** ffmpeg's stream number. */
  readonly index: number;
  /** The id by which the packet reader calls it (track id, track number, pid). */
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'subtitle' | 'data';
  readonly codec: string;
  readonly encrypted: boolean;
  /** The packet reader cannot give its packets with right times; ffmpeg may. */
  readonly needsFfmpeg: boolean;
  /** File time at which an edit list ends it, microseconds. */
  readonly editEndUs: number | null;
  readonly editTickUs: number;
  /** ffmpeg's time (with edit lists ignored) minus the packet reader's, microseconds. */
  readonly engineOffsetUs: number;
  /** Samples that the header counts, null where it does not. */
  readonly samples: number | null;
}

/** The file's structure. */
export interface Structure {
  readonly streams: readonly Stream[];
  readonly iso: IsoFile | null;
  readonly matroska: MatroskaFile | null;
}

const NOTHING: Structure = { streams: [], iso: null, matroska: null };

/** How far into a transport stream the program map is looked for. */
const TRANSPORT_LOOK = 2 * 1024 * 1024;

function isoKind(track: IsoTrack): Stream['kind'] {
  if (track.handler === 'vide') return 'video';
  if (track.handler === 'soun') return 'audio';
  return ['text', 'sbtl', 'subt', 'subp', 'clcp'].includes(track.handler) ? 'subtitle' : 'data';
}

function isoStreams(iso: IsoFile): readonly Stream[] {
  const movie = iso.movie;
  if (movie === null) return [];
  return movie.tracks.map((track) => {
    const end = iso.fragmented ? null : editEnd(track, movie.timescale);
    // In fragments with signed composition offsets ffmpeg 5.1 adds the largest negative one to every time
    // (mov_update_dts_shift) without taking it off the decode times, as it does in files with one moov.
    const shift = track.timescale > 0 ? -(iso.negativeOffsets.get(track.id) ?? 0) / track.timescale : 0;
    const offset = track.timescale > 0 && movie.timescale > 0 ? editOffset(track, movie.timescale) : 0;
    return {
      index: track.index,
      id: track.id,
      kind: isoKind(track),
      codec: familyOf(track.entry, track.objectType),
      encrypted: track.encrypted,
      needsFfmpeg: movie.timescale > 0 && !editsAreSimple(track, movie.timescale),
      editEndUs: end === null ? null : end * 1e6,
      editTickUs: movie.timescale > 0 ? 1e6 / movie.timescale : 0,
      engineOffsetUs: Math.round((offset + shift) * 1e6),
      samples: iso.fragmented ? null : track.samples,
    };
  });
}

const MATROSKA_KINDS: Readonly<Record<number, Stream['kind']>> = { 1: 'video', 2: 'audio', 17: 'subtitle' };

function matroskaStreams(file: MatroskaFile): readonly Stream[] {
  return file.tracks.map((track) => ({
    index: track.index,
    id: track.number,
    kind: MATROSKA_KINDS[track.type] ?? 'data',
    codec: familyOf(track.codecId, null),
    encrypted: track.encrypted,
    // The packet reader drops compressed tracks; Video for Windows tracks carry decode times.
    needsFfmpeg: track.compressed || track.codecId.startsWith('V_MS/VFW'),
    editEndUs: null,
    editTickUs: 0,
    // ffmpeg takes the codec delay off every time, rounded to the track's clock.
    engineOffsetUs: -Math.round((track.codecDelayNs / file.tickNs) * 1) * (file.tickNs / 1000),
    samples: null,
  }));
}

function transportStreams(streams: readonly TransportStream[]): readonly Stream[] {
  return streams.map((stream) => {
    const unread = unreadKind(stream);
    return {
      index: stream.index,
      id: stream.pid,
      kind: unread ?? 'data',
      codec:
        unread === null
          ? `ts_${stream.type.toString(16).padStart(2, '0')}`
          : unread === 'video'
            ? 'mpegvideo'
            : 'aac_latm',
      encrypted: false,
      needsFfmpeg: unread !== null,
      editEndUs: null,
      editTickUs: 0,
      engineOffsetUs: 0,
      samples: null,
    };
  });
}

/** Reads the structure. Files of other kinds have none: their streams are numbered as the packet reader does. */
export async function readStructure(file: Blob, sniffed: Sniffed): Promise<Structure> {
  if (sniffed.kind === 'iso') {
    const iso = await readIso(file);
    return { ...NOTHING, iso, streams: isoStreams(iso) };
  }
  if (sniffed.kind === 'matroska') {
    const matroska = await readMatroska(file);
    return matroska === null ? NOTHING : { ...NOTHING, matroska, streams: matroskaStreams(matroska) };
  }
  if (sniffed.kind === 'mpegts') {
    const map = readProgramMap(await readRange(file, 0, TRANSPORT_LOOK));
    return map === null ? NOTHING : { ...NOTHING, streams: transportStreams(map) };
  }
  return NOTHING;
}

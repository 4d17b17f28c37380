/** Where a track ends, without reading the file. */
import type { EncodedPacketSink, InputTrack } from 'mediabunny';
import { readRange } from '../shared/bytes.ts';
import { lastBlocks } from './ebml.ts';
import { countThere, head, readAll, type Window } from './packets.ts';
import { buildFrameIndex, typicalStep } from './frame-index.ts';
import type { Stream, Structure } from './structure.ts';

/** Below this a file may be read whole to find its end. */
const SMALL = 48 * 1024 * 1024;
/** How much of the tail is searched for the last clusters of a live recording. */
const TAIL = 8 * 1024 * 1024;

/** A track's end in the file's clock. */
export interface TrackEnd {
  readonly endUs: number;
  readonly estimated: boolean;
  /** The bytes end before the header says so. */
  readonly truncated: boolean;
}

/** The typical length of a packet: from the times for pictures, from the headers for sound. */
export function typicalDuration(window: Window): number {
  const sorted = window.table.times.slice().sort((a, b) => a - b);
  return typicalStep(sorted);
}

/** The last packet's end as the reader finds it, cut at the edit's end. */
async function lastPacketEnd(
  sink: EncodedPacketSink,
  window: Window,
  stream: Stream | null,
): Promise<number | null> {
  const last = await sink.getPacket(Infinity, { metadataOnly: true });
  if (last === null) return null;
  const start = last.timestamp * 1e6;
  const end = start + (last.duration > 0 ? last.duration * 1e6 : typicalDuration(window));
  if (stream?.editEndUs === null || stream?.editEndUs === undefined) return end;
  // Rounding of the edit's length is not a cut.
  return end > stream.editEndUs + stream.editTickUs * 2 ? stream.editEndUs : end;
}

/** The end of a track whose last packet is in the file; null when it is not (a cut file promises what it lacks). */
async function endIfWhole(
  sink: EncodedPacketSink,
  window: Window,
  stream: Stream | null,
): Promise<number | null> {
  try {
    return (await sink.getPacket(Infinity)) === null ? null : await lastPacketEnd(sink, window, stream);
  } catch {
    return null;
  }
}

async function isoEnd(sink: EncodedPacketSink, window: Window, stream: Stream | null): Promise<TrackEnd> {
  const whole = await endIfWhole(sink, window, stream);
  if (whole !== null) return { endUs: whole, estimated: false, truncated: false };
  const all = await readAll(sink, () => undefined);
  const there = await countThere(sink, all.table);
  const index = buildFrameIndex(head(all.table, there), {
    originUs: 0,
    editEndUs: stream?.editEndUs ?? null,
    editTickUs: stream?.editTickUs ?? 0,
    complete: false,
  });
  return { endUs: index.endUs, estimated: false, truncated: there < all.table.times.length || !all.complete };
}

/** Finds a track's end. */
export async function trackEnd(
  file: Blob,
  track: InputTrack,
  sink: EncodedPacketSink,
  window: Window,
  structure: Structure,
  stream: Stream | null,
): Promise<TrackEnd> {
  if (structure.iso !== null) return isoEnd(sink, window, stream);
  if (window.whole) {
    const ends = window.table.times.map((time, i) => {
      const own = window.table.durations[i] ?? 0;
      return time + (own > 0 ? own : typicalDuration(window));
    });
    return { endUs: Math.max(0, ...ends), estimated: false, truncated: false };
  }
  const matroska = structure.matroska;
  if (matroska !== null && !matroska.hasCues && file.size > SMALL) {
    // A live recording has neither length nor index, and the reader would read every cluster of it.
    const tail = lastBlocks(await readRange(file, file.size - TAIL, file.size));
    const ticks = tail.get(track.id);
    if (ticks !== undefined) {
      return {
        endUs: (ticks * matroska.tickNs) / 1000 + typicalDuration(window),
        estimated: false,
        truncated: false,
      };
    }
    if (matroska.durationUs !== null)
      return { endUs: matroska.durationUs, estimated: true, truncated: false };
  }
  const seekable = matroska !== null || structure.streams.length > 0;
  if (!seekable) {
    // MP3, ADTS, WAV, FLAC, Ogg: the header says it, or the size does.
    const told = await track.getDurationFromMetadata();
    if (told !== null && told > 0) return { endUs: told * 1e6, estimated: false, truncated: false };
    if (file.size > SMALL) {
      const stats = await track.computePacketStats(500);
      if (stats.averageBitrate > 0) {
        return { endUs: (file.size * 8e6) / stats.averageBitrate, estimated: true, truncated: false };
      }
    }
  }
  try {
    const endUs = await lastPacketEnd(sink, window, stream);
    if (endUs !== null) return { endUs, estimated: false, truncated: false };
  } catch {
    // The tail is damaged: what can be read counts.
  }
  const all = await readAll(sink, () => undefined);
  const last = all.table.times.reduce((high, time) => Math.max(high, time), 0);
  return { endUs: last + typicalDuration(window), estimated: false, truncated: !all.complete };
}

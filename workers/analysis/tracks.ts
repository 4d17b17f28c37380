/** One track of the packet reader → its part of the probe, and what is needed to choose the primary ones. */
import { EncodedPacketSink, type InputAudioTrack, type InputTrack, type InputVideoTrack } from 'mediabunny';
import type { AudioTrackProbe, ColorInfo, VideoTrackProbe } from '../../src/core/schema/asset.ts';
import { sha256 } from '../shared/sha256.ts';
import { bytesOf } from '../shared/bytes.ts';
import { parseAvcRecord } from '../shared/h264/avc-record.ts';
import { parseSequenceSet } from '../shared/h264/parameter-sets.ts';
import { decodes } from './decodes.ts';
import { trackEnd, typicalDuration, type TrackEnd } from './ends.ts';
import { readWindow, type Window } from './packets.ts';
import { bitDepthOf, familyOf, profileOf } from './profile.ts';
import { detectRate, type WholeTrack } from './rate.ts';
import type { Stream, Structure } from './structure.ts';

/** Packets that are looked at for rate and key frames: ten seconds of 30 fps. */
const VIDEO_PACKETS = 300;
const AUDIO_PACKETS = 8;
/** Key frames that are visited where that is only a lookup in a table. */
const KEY_VISITS = 64;

/** A track that has packets. */
export interface ReadTrack<Track, Reader> {
  readonly track: Track;
  readonly reader: Reader;
  readonly end: TrackEnd;
  /** First time that is presented (0 at least where hidden frames come before), microseconds, file clock. */
  readonly startUs: number;
  readonly isDefault: boolean;
  readonly side: boolean;
  /** Pictures are, or may be, stored as two fields. */
  readonly interlaced: boolean;
  /** Frames per second that really come, for telling film from thumbnails. */
  readonly framesPerSecond: number;
}

/** The file's tracks as far as the reader gives them, with their streams. */
export interface TrackContext {
  readonly file: Blob;
  readonly structure: Structure;
  readonly tracks: readonly InputTrack[];
}

/** The stream of a track; files without a structure are numbered as they come. */
export function streamOf(context: TrackContext, track: InputTrack): Stream | null {
  return context.structure.streams.find((stream) => stream.id === track.id) ?? null;
}

function indexOf(context: TrackContext, track: InputTrack): number {
  return streamOf(context, track)?.index ?? Math.max(0, context.tracks.indexOf(track));
}

function keySpacing(
  times: readonly number[],
  endUs: number,
  whole: boolean,
): VideoTrackProbe['keyFrameSpacing'] {
  const steps: number[] = [];
  for (let i = 1; i < times.length; i++) steps.push((times[i] ?? 0) - (times[i - 1] ?? 0));
  const last = times.at(-1);
  // The last group is whole only when everything was looked at.
  if (whole && last !== undefined && endUs > last) steps.push(endUs - last);
  if (steps.length === 0) return null;
  const sorted = steps.slice().sort((a, b) => a - b);
  return {
    typicalUs: Math.round(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0),
    maxUs: Math.round(sorted.at(-1) ?? 0),
  };
}

async function keyTimes(
  sink: EncodedPacketSink,
  window: Window,
  cheap: boolean,
): Promise<{ readonly times: readonly number[]; readonly whole: boolean }> {
  const seen = window.table.times.filter((_, i) => window.table.keys[i] === true);
  if (window.whole || !cheap) return { times: seen.sort((a, b) => a - b), whole: window.whole };
  const times: number[] = [];
  const headers = { metadataOnly: true };
  let packet = await sink.getFirstKeyPacket(headers);
  while (packet !== null && times.length < KEY_VISITS) {
    times.push(packet.timestamp * 1e6);
    packet = await sink.getNextKeyPacket(packet, headers);
  }
  return { times: times.sort((a, b) => a - b), whole: packet === null };
}

async function wholeTrack(
  sink: EncodedPacketSink,
  window: Window,
  stream: Stream | null,
): Promise<WholeTrack | null> {
  if (stream?.samples === null || stream?.samples === undefined || window.whole) return null;
  const last = await sink.getPacket(Infinity, { metadataOnly: true });
  if (last === null) return null;
  const firstUs = window.table.times.reduce((low, time) => Math.min(low, time), Infinity);
  return { frames: stream.samples, firstUs, lastUs: last.timestamp * 1e6 };
}

/** The first frame that is shown: what an edit list hides has ended before 0. */
function firstShown(window: Window): number {
  const sorted = window.table.times.slice().sort((a, b) => a - b);
  let i = 0;
  while (i < sorted.length - 1 && (sorted[i + 1] ?? 0) < 0.5) i++;
  return sorted[i] ?? 0;
}

function rightAngle(rotation: number): 0 | 90 | 180 | 270 {
  const turned = ((rotation % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

const positive = (value: number): number => Math.max(1, Math.round(value));

/** Whether H.264's parameter sets allow fields (frame_mbs_only_flag 0; ITU-T H.264, 7.4.2.1.1). */
function mayHoldFields(description: Uint8Array | null): boolean {
  const record = description === null ? null : parseAvcRecord(description);
  try {
    return record?.sps.some((set) => !parseSequenceSet(set).frameMbsOnly) ?? false;
  } catch {
    return false; // What is wrong with the set, decoding will tell.
  }
}

/** Reads a picture track; null when it has no packets. */
export async function readVideo(
  context: TrackContext,
  track: InputVideoTrack,
  order: number,
): Promise<ReadTrack<VideoTrackProbe, InputVideoTrack> | null> {
  const sink = new EncodedPacketSink(track);
  const stream = streamOf(context, track);
  const window = await readWindow(sink, VIDEO_PACKETS);
  if (window.table.times.length === 0) return null;
  const end = await trackEnd(context.file, track, sink, window, context.structure, stream);

  const config = await track.getDecoderConfig().catch(() => null);
  const codec =
    (await track.getCodec()) ?? stream?.codec ?? familyOf(String(await track.getInternalCodecId()), null);
  const codecString = await track.getCodecParameterString().catch(() => null);
  const description = bytesOf(config?.description);
  const space = await track.getColorSpace().catch((): VideoColorSpaceInit => ({}));
  const color: ColorInfo = {
    primaries: space.primaries ?? null,
    transfer: space.transfer ?? null,
    matrix: space.matrix ?? null,
    fullRange: space.fullRange ?? null,
  };
  const resolution = await track.getTimeResolution();
  const sorted = window.table.times.slice().sort((a, b) => a - b);
  const frameRate = detectRate(
    end.truncated && window.whole ? sorted.filter((time) => time < end.endUs) : sorted,
    1e6 / Math.max(1, resolution),
    (end.truncated ? null : await wholeTrack(sink, window, stream)) ?? undefined,
  );
  const iso = context.structure.iso;
  const seekable = (iso !== null && !iso.fragmented) || context.structure.matroska?.hasCues === true;
  const keys = await keyTimes(sink, window, iso !== null && !iso.fragmented);
  const disposition = await track.getDisposition();
  const firstUs = firstShown(window);
  const probe: VideoTrackProbe = {
    index: indexOf(context, track),
    order,
    codec,
    codecString,
    profile: profileOf(codec, codecString),
    codedWidth: positive(await track.getCodedWidth()),
    codedHeight: positive(await track.getCodedHeight()),
    displayWidth: positive(await track.getDisplayWidth()),
    displayHeight: positive(await track.getDisplayHeight()),
    rotation: rightAngle(await track.getRotation()),
    flip: await track.getFlip(),
    frameRate,
    color,
    bitDepth: bitDepthOf(codec, codecString, description),
    hdr: ['pq', 'hlg'].includes(space.transfer ?? ''),
    keyFrameSpacing: keySpacing(keys.times, end.endUs, keys.whole),
    decodable: (await track.canDecode()) && (await decodes(track, sink, seekable ? end.endUs / 2 : null)),
    firstUs: Math.round(firstUs),
    configHash: description === null ? null : await sha256(description),
    engineOffsetUs: stream?.engineOffsetUs ?? 0,
  };
  const span = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) + typicalDuration(window);
  return {
    track: probe,
    reader: track,
    end,
    startUs: Math.max(0, firstUs),
    isDefault: disposition.default,
    side: disposition.commentary,
    interlaced: codec === 'avc' && mayHoldFields(description),
    framesPerSecond: sorted.length < 2 || span <= 0 ? 0 : (sorted.length * 1e6) / span,
  };
}

/** Reads a sound track; null when it has no packets. */
export async function readAudio(
  context: TrackContext,
  track: InputAudioTrack,
  order: number,
): Promise<ReadTrack<AudioTrackProbe, InputAudioTrack> | null> {
  const sink = new EncodedPacketSink(track);
  const stream = streamOf(context, track);
  const window = await readWindow(sink, AUDIO_PACKETS);
  const first = window.table.times[0];
  if (first === undefined) return null;
  const end = await trackEnd(context.file, track, sink, window, context.structure, stream);
  const codec =
    (await track.getCodec()) ?? stream?.codec ?? familyOf(String(await track.getInternalCodecId()), null);
  const codecString = await track.getCodecParameterString().catch(() => null);
  const language = await track.getLanguageCode();
  const disposition = await track.getDisposition();
  return {
    track: {
      index: indexOf(context, track),
      order,
      codec,
      codecString,
      profile: profileOf(codec, codecString),
      sampleRate: positive(await track.getSampleRate()),
      channels: positive(await track.getNumberOfChannels()),
      language: language === 'und' ? null : language,
      decodable: await track.canDecode(),
      firstUs: Math.round(first),
      engineOffsetUs: stream?.engineOffsetUs ?? 0,
    },
    reader: track,
    end,
    startUs: Math.max(0, first),
    isDefault: disposition.default,
    side: disposition.commentary || disposition.visuallyImpaired,
    interlaced: false,
    framesPerSecond: 0,
  };
}

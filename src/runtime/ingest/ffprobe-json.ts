/**
 * ffprobe's JSON → a probe, for files that the packet reader does not know (AVI, FLV, WMV, MPEG-PS, MPEG-2 ...).
 * Pure: text in, data out. What ffprobe prints is data of a stranger's file: nothing of it is believed unchecked.
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { gcd, toRational, type Rational } from '../../core/base/time.ts';
import type { AudioTrackProbe, FrameRate, Probe, VideoTrackProbe } from '../../core/schema/asset.ts';
import { originOf } from '../../core/timeline/origin.ts';

/** ffprobe's own score of how sure it is; below this it found something in noise. */
const MIN_SCORE = 20;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'unknown' && value !== 'N/A' ? value : null;
}

function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

const seconds = (value: unknown): number | null => {
  const parsed = number(value);
  return parsed === null ? null : parsed * 1e6;
};

/** `30000/1001` or `4:3`; null for `0/0`. */
export function ratio(value: unknown): Rational | null {
  const match = typeof value === 'string' ? /^(\d+)[/:](\d+)$/.exec(value) : null;
  const num = Number(match?.[1] ?? 0);
  const den = Number(match?.[2] ?? 0);
  if (num <= 0 || den <= 0) return null;
  const divisor = gcd(num, den);
  return { num: num / divisor, den: den / divisor };
}

const CODECS: Readonly<Record<string, string>> = { h264: 'avc', mpeg1video: 'mpeg1video' };
const SOUND_CODECS: Readonly<Record<string, string>> = {
  pcm_s16le: 'pcm-s16',
  pcm_s16be: 'pcm-s16be',
  pcm_u8: 'pcm-u8',
};
const TRANSFERS: Readonly<Record<string, string>> = { smpte2084: 'pq', 'arib-std-b67': 'hlg' };
const MATRICES: Readonly<Record<string, string>> = { bt2020nc: 'bt2020-ncl', gbr: 'rgb' };
const CONTAINERS: Readonly<Record<string, string>> = {
  avi: 'avi',
  asf: 'asf',
  flv: 'flv',
  live_flv: 'flv',
  mpeg: 'mpegps',
  mpegts: 'mpegts',
  mpegvideo: 'mpegvideo',
  matroska: 'mkv',
  mov: 'mov',
  ogg: 'ogg',
  mp3: 'mp3',
  wav: 'wav',
  rm: 'rm',
};

/** Picture formats that ffprobe reads as a "video" of one frame. */
const STILLS = /(^|,)(image2|png_pipe|jpeg_pipe|bmp_pipe|tiff_pipe|webp_pipe|gif|[a-z0-9]+_pipe)(,|$)/;
/** "Formats" that are text that ffmpeg can turn into pictures or subtitles. */
const TEXTS =
  /(^|,)(tty|srt|webvtt|ass|subviewer|microdvd|concat|ffmetadata|hls|dash|sdp|aqtitle|vobsub)(,|$)/;

/** Display size: square pixels, then turned. */
function displaySize(stream: Json, rotation: number): { width: number; height: number } {
  const width = Math.max(1, Math.round(number(stream['width']) ?? 1));
  const height = Math.max(1, Math.round(number(stream['height']) ?? 1));
  const shape = ratio(stream['sample_aspect_ratio']) ?? { num: 1, den: 1 };
  const wide = shape.num >= shape.den ? Math.round((width * shape.num) / shape.den) : width;
  const tall = shape.num >= shape.den ? height : Math.round((height * shape.den) / shape.num);
  return rotation % 180 === 0 ? { width: wide, height: tall } : { width: tall, height: wide };
}

/** Clockwise degrees. ffprobe tells the counter-clockwise angle of the display matrix. */
function rotationOf(stream: Json): 0 | 90 | 180 | 270 {
  const tags = isObject(stream['tags']) ? stream['tags'] : {};
  const matrix = list(stream['side_data_list']).find((side) => number(side['rotation']) !== null);
  const clockwise = matrix === undefined ? (number(tags['rotate']) ?? 0) : -(number(matrix['rotation']) ?? 0);
  const turned = (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

function bitDepth(stream: Json): number | null {
  const raw = number(stream['bits_per_raw_sample']);
  if (raw !== null && raw > 0) return raw;
  const format = text(stream['pix_fmt']);
  if (format === null) return null;
  return Number(/(?:p|gray|rgb|bgr)(9|10|12|14|16)(?:le|be)$/.exec(format)?.[1] ?? 8);
}

/** Constant when ffprobe's two rates agree and the packets looked at lie on that lattice. */
export function frameRateOf(stream: Json, timesUs: readonly number[]): FrameRate {
  const real = ratio(stream['r_frame_rate']);
  const average = ratio(stream['avg_frame_rate']);
  const sorted = timesUs.slice().sort((a, b) => a - b);
  const span = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  const measured = sorted.length > 1 && span > 0 ? ((sorted.length - 1) * 1e6) / span : null;
  const fps =
    average !== null ? average.num / average.den : (measured ?? (real === null ? 25 : real.num / real.den));
  const variable: FrameRate = { kind: 'variable', average: toRational(fps) };
  if (real === null) return variable;
  const rate = toRational(real.num / real.den);
  // Interlaced material tells the field rate as the real one; a rate that only few frames have is no rate.
  if (Math.abs(real.num / real.den / fps - 1) > 0.005) return variable;
  const step = (1e6 * rate.den) / rate.num;
  let low = 0;
  let high = 0;
  sorted.forEach((time, i) => {
    const off = time - (sorted[0] ?? 0) - i * step;
    low = Math.min(low, off);
    high = Math.max(high, off);
  });
  // Containers with a millisecond clock (FLV, ASF) round each time.
  return high - low <= Math.max(2_100, step * 0.04) ? { kind: 'constant', rate } : variable;
}

interface Packets {
  readonly times: readonly number[];
  readonly keys: readonly number[];
}

/** Times of the packets that were listed for a stream: when shown, or all by decode time where some lack that. */
function packetsOf(root: Json, index: number): Packets {
  const packets = list(root['packets']).filter((packet) => number(packet['stream_index']) === index);
  const column = packets.every((packet) => seconds(packet['pts_time']) !== null) ? 'pts_time' : 'dts_time';
  const times: number[] = [];
  const keys: number[] = [];
  for (const packet of packets) {
    const time = seconds(packet[column]);
    // Times with holes say nothing about the rate.
    if (time === null) return { times: [], keys: [] };
    times.push(time);
    if (text(packet['flags'])?.startsWith('K') === true) keys.push(time);
  }
  times.sort((a, b) => a - b);
  // The listing stops in the middle of reordering: the last few times may have holes between them.
  return { times: times.length < 40 ? times : times.slice(0, -16), keys: keys.sort((a, b) => a - b) };
}

function keySpacing(keys: readonly number[]): VideoTrackProbe['keyFrameSpacing'] {
  const steps = keys.slice(1).map((time, i) => time - (keys[i] ?? 0));
  if (steps.length === 0) return null;
  const sorted = steps.slice().sort((a, b) => a - b);
  return {
    typicalUs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    maxUs: Math.round(sorted.at(-1) ?? 0),
  };
}

function videoTrack(stream: Json, index: number, order: number, packets: Packets): VideoTrackProbe {
  const rotation = rotationOf(stream);
  const display = displaySize(stream, rotation);
  const name = text(stream['codec_name']) ?? 'unknown';
  const transfer = text(stream['color_transfer']);
  const matrix = text(stream['color_space']);
  const range = text(stream['color_range']);
  return {
    index,
    order,
    codec: CODECS[name] ?? name,
    codecString: null,
    profile: text(stream['profile']),
    codedWidth: Math.max(1, number(stream['width']) ?? 1),
    codedHeight: Math.max(1, number(stream['height']) ?? 1),
    displayWidth: Math.max(1, display.width),
    displayHeight: Math.max(1, display.height),
    rotation,
    flip: false,
    frameRate: frameRateOf(stream, packets.times),
    color: {
      primaries: text(stream['color_primaries']),
      transfer: transfer === null ? null : (TRANSFERS[transfer] ?? transfer),
      matrix: matrix === null ? null : (MATRICES[matrix] ?? matrix),
      fullRange: range === 'pc' ? true : range === 'tv' ? false : null,
    },
    bitDepth: bitDepth(stream),
    hdr: transfer !== null && TRANSFERS[transfer] !== undefined,
    keyFrameSpacing: keySpacing(packets.keys),
    // The browser's decoder needs packets, and only ffmpeg can read them here.
    decodable: false,
    firstUs: Math.round(seconds(stream['start_time']) ?? packets.times[0] ?? 0),
    configHash: null,
  };
}

function audioTrack(stream: Json, index: number, order: number): AudioTrackProbe {
  const tags = isObject(stream['tags']) ? stream['tags'] : {};
  const name = text(stream['codec_name']) ?? 'unknown';
  const language = text(tags['language']);
  return {
    index,
    order,
    codec: SOUND_CODECS[name] ?? name,
    codecString: null,
    profile: text(stream['profile']),
    sampleRate: Math.max(1, number(stream['sample_rate']) ?? 1),
    channels: Math.max(1, number(stream['channels']) ?? 1),
    language: language === 'und' ? null : language,
    decodable: false,
    firstUs: Math.round(seconds(stream['start_time']) ?? 0),
  };
}

function isoDate(value: unknown): string | null {
  const raw = text(value);
  // `2012-09-10 20:52:00` of AVI is the camera's own time; without a zone it is read as UTC, as ffmpeg does.
  const date =
    raw === null
      ? Number.NaN
      : Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(raw) ? `${raw.replace(' ', 'T')}Z` : raw);
  return Number.isNaN(date) || date <= 0 ? null : new Date(date).toISOString();
}

const isAttachedPicture = (stream: Json): boolean =>
  isObject(stream['disposition']) && number(stream['disposition']['attached_pic']) === 1;

const refuse = (reason: Failure['reason'], message: string): Result<never, Failure> =>
  err(failure('unsupported_media', reason, message));

/** A probe, or null in place of its length when ffprobe does not know it (raw streams): then packets must be counted. */
export interface ParsedProbe {
  readonly probe: Probe;
  readonly lengthKnown: boolean;
}

/** Parses ffprobe's `-show_format -show_streams -show_packets` JSON. */
export function parseFfprobe(json: string): Result<ParsedProbe, Failure> {
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    return refuse('not_media', 'The file is not in a known video or sound format.');
  }
  if (!isObject(root)) return refuse('not_media', 'The file is not in a known video or sound format.');
  const format = isObject(root['format']) ? root['format'] : {};
  const streams = list(root['streams']);
  const formatName = text(format['format_name']) ?? '';
  if (TEXTS.test(formatName)) return refuse('text_file', 'The file is text, not a video.');
  if (STILLS.test(formatName)) return refuse('still_image', 'The file is a still picture.');
  const score = number(format['probe_score']) ?? 100;
  if (formatName === '' || score < MIN_SCORE) {
    return refuse('not_media', 'The file is not in a known video or sound format.');
  }
  const video: VideoTrackProbe[] = [];
  const audio: AudioTrackProbe[] = [];
  const other: Probe['other'] = [];
  let pictures = 0;
  let bestVideo: number | null = null;
  let bestArea = -1;
  const spans = new Map<number, { readonly start: number | null; readonly length: number | null }>();
  for (const [position, stream] of streams.entries()) {
    const index = number(stream['index']) ?? position;
    const kind = text(stream['codec_type']) ?? 'data';
    const codec = text(stream['codec_name']) ?? 'unknown';
    const unknown = codec === 'unknown';
    if (kind === 'video' && isAttachedPicture(stream)) {
      pictures++;
    } else if (kind === 'video' && !unknown && (number(stream['width']) ?? 0) > 0) {
      const track = videoTrack(stream, index, pictures++, packetsOf(root, index));
      video.push(track);
      if (track.codedWidth * track.codedHeight > bestArea) {
        bestArea = track.codedWidth * track.codedHeight;
        bestVideo = video.length - 1;
      }
    } else if (kind === 'audio' && !unknown && (number(stream['channels']) ?? 0) > 0) {
      audio.push(audioTrack(stream, index, audio.length));
    } else {
      other.push({ kind, codec });
      continue;
    }
    spans.set(index, { start: seconds(stream['start_time']), length: seconds(stream['duration']) });
  }
  if (video.length === 0 && audio.length === 0) {
    return streams.some((stream) => ['video', 'audio'].includes(text(stream['codec_type']) ?? ''))
      ? refuse('no_decoder', 'The codec of this file is not known.')
      : refuse('no_tracks', 'The file has no picture and no sound.');
  }
  let ends = 0;
  const starts = [bestVideo === null ? undefined : video[bestVideo], audio[0]].map((track) => {
    const span = track === undefined ? undefined : spans.get(track.index);
    const start = span?.start ?? null;
    if (start === null) return null;
    const length = span?.length ?? null;
    if (length !== null) ends = Math.max(ends, start + length);
    return start;
  });
  const [pictureUs = null, soundUs = null] = starts;
  const start = seconds(format['start_time']);
  const length = seconds(format['duration']);
  const originUs = originOf(pictureUs, soundUs ?? (pictureUs === null ? start : null));
  const endUs = ends > 0 ? ends : length === null ? null : (start ?? originUs) + length;
  const durationUs = endUs === null ? 0 : Math.max(0, Math.round(endUs) - originUs);
  const warnings: Probe['warnings'] = [];
  if (video.length > 1) warnings.push('several_video_tracks');
  const shown =
    bestVideo === null ? undefined : streams.find(({ index }) => index === video[bestVideo]?.index);
  if (/^(tt|bb|tb|bt)$/.test(text(shown?.['field_order']) ?? '')) warnings.push('interlaced');
  // MPEG-PS and raw streams: ffprobe reckons the length from the size.
  if (ends === 0 || durationUs === 0) warnings.push('duration_estimated');
  const tags = isObject(format['tags']) ? format['tags'] : {};
  return ok({
    probe: {
      container: CONTAINERS[formatName.split(',')[0] ?? ''] ?? formatName.split(',')[0] ?? 'unknown',
      reader: 'ffmpeg',
      durationUs,
      originUs,
      video,
      audio,
      other,
      primaryVideo: bestVideo,
      primaryAudio: audio.length > 0 ? 0 : null,
      recordedAt: isoDate(tags['creation_time'] ?? tags['date']),
      warnings,
    },
    lengthKnown: durationUs > 0,
  });
}

/** What ffprobe's own complaint means. */
export function ffprobeFailure(log: readonly string[]): Failure {
  const tail = log.slice(-8).join('\n');
  const make = (reason: Failure['reason'], message: string): Failure =>
    failure('unsupported_media', reason, message, { log: tail });
  // "moov atom not found" is no sign of a cut file here: real ones are refused before, and by its name alone ffmpeg
  // takes noise called .mp4 for one.
  if (/partial file/i.test(tail)) return make('truncated', 'The file is cut off.');
  if (/encrypt|decryption|DRM/i.test(tail)) return make('encrypted', 'The file is encrypted.');
  if (/No such file|Permission denied|Input\/output error/i.test(tail)) {
    return make('unreadable_file', 'The file cannot be read: it was moved, deleted or changed.');
  }
  if (/could not find codec parameters/i.test(tail)) return make('damaged', 'The file is damaged.');
  return make('not_media', 'The file is not in a known video or sound format.');
}

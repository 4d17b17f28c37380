/**
 * Steps of a plan as ffmpeg arguments. Pure, so that they can be tested alone, shown to the person, and be the
 * content key of what they make: the same arguments on the same source give the same segment.
 */
import { microsToDecimal } from '../../../core/base/time.ts';
import { matrixChange, outputMatrix } from '../../../core/schema/color.ts';
import { HAS_EDIT_LISTS, primaryVideo, type ColorInfo, type Probe } from '../../../core/schema/asset.ts';
import type {
  AudioSettings,
  DecodeAudioStep,
  EncodeVideoStep,
  StepReason,
  VideoFilter,
  VideoSettings,
} from '../../../core/schema/plan.ts';
import { paintedArgs } from './painted.ts';

/** Name under which a source is mounted: never the person's file name, which is hostile text. */
export const SOURCE_PATH = '/in/source';
/** Output names. */
export const VIDEO_SEGMENT = 'segment.mp4';
/** PCM: raw little-endian 16-bit, interleaved. */
export const PCM_SEGMENT = 'sound.pcm';
/** Encoded sound. */
export const AUDIO_SEGMENT = 'sound.m4a';

/** How far before the wanted time sound is decoded, so that the decoder has run in (AAC needs a packet or two). */
const SOUND_PREROLL_US = 500_000;
/** How far before the key frame containers without a precise index are entered. */
const LOOSE_SEEK_US = 1_000_000;
/** Containers whose index leads to the exact packet. */
const PRECISE_SEEK = new Set(['mp4', 'mov', 'mkv', 'webm']);
/** Trim points lie this far before a frame's own time, so that rounding cannot lose the frame. */
const TRIM_GUARD_US = 500;

/**
 * What x264 is told beside its preset. Compiled to WebAssembly its search for motion below the pixel costs a third of its time
 * for some hundredths of the size; the preview's preset has gone without from the start (decision 0013).
 */
const X264_SEARCH: Readonly<Record<VideoSettings['preset'], string>> = {
  veryfast: 'subme=1:me=dia:',
  ultrafast: '',
};
/** What the constant rate factor is lowered by for it: the picture is then what the preset alone would give. */
const CRF_GIVEN_BACK: Readonly<Record<VideoSettings['preset'], number>> = { veryfast: 0.5, ultrafast: 0 };

/** ffmpeg's names for colour values that WebCodecs names otherwise. */
const FFMPEG_COLOR: Readonly<Record<string, string>> = {
  pq: 'smpte2084',
  hlg: 'arib-std-b67',
  linear: 'linear',
  'iec61966-2-1': 'iec61966-2-1',
  rgb: 'gbr',
  'bt2020-ncl': 'bt2020nc',
};

/** What the scale filter calls the matrices; it knows fewer names than the encoder's options. */
const SCALE_MATRIX: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
};

function colorName(value: string | null): string | null {
  if (value === null || !/^[a-z0-9-]{2,24}$/.test(value)) return null;
  return FFMPEG_COLOR[value] ?? value;
}

/** What the output does not say is named, too: left out, ffmpeg takes it from the source's pictures. */
function colorArgs(color: ColorInfo): string[] {
  return [
    '-color_primaries',
    colorName(color.primaries) ?? 'unknown',
    '-color_trc',
    colorName(color.transfer) ?? 'unknown',
    '-colorspace',
    colorName(color.matrix) ?? 'unknown',
    '-color_range',
    color.fullRange === true ? 'pc' : 'tv',
  ];
}

/** What is done to samples so that they are what the output's tags, or their absence, say. Null when nothing is. */
function matrixOptions(filter: VideoFilter, settings: VideoSettings): string[] | null {
  const change = filter.toneMap ? null : matrixChange(filter, settings);
  if (change === null) return null;
  const { from, to, fromFull, toFull } = change;
  const range = [`in_range=${fromFull ? 'full' : 'limited'}`, `out_range=${toFull ? 'full' : 'limited'}`];
  const input = SCALE_MATRIX[colorName(from) ?? ''];
  const output = SCALE_MATRIX[colorName(to) ?? ''];
  if (input === undefined || output === undefined || input === output) return range;
  return [`in_color_matrix=${input}`, `out_color_matrix=${output}`, ...range];
}

/** The end of a tone map: the output's matrix and range, in zscale's names. */
function toneMapped(settings: VideoSettings): string {
  const matrix = outputMatrix(settings) === 'smpte170m' ? '170m' : 'bt709';
  const range = settings.color.fullRange === true ? 'full' : 'limited';
  return `zscale=t=bt709:m=${matrix}:r=${range}`;
}

/**
 * Edit lists are read once, by the probe, which gives every track its offset: ffmpeg and the packet reader understand
 * some of them differently, and must not both apply them.
 */
function editListArgs(probe: Probe): string[] {
  return probe.reader === 'packets' && HAS_EDIT_LISTS.has(probe.container) ? ['-ignore_editlist', '1'] : [];
}

/** Opens the source at a time of its own clock; the frames and samples to take are picked by filters. */
function enterArgs(probe: Probe, seekUs: number, more: readonly string[] = []): string[] {
  return [
    ...['-nostdin', '-copyts', '-noaccurate_seek', '-seek_timestamp', '1', ...more],
    // At the very start there is nothing to enter: reading from the first packet is always right.
    ...(seekUs > 0 ? ['-ss', microsToDecimal(seekUs)] : []),
    ...editListArgs(probe),
    ...['-i', SOURCE_PATH],
  ];
}

/** Asset time 0 in the clock that ffmpeg gives a track; edit lists and codec delays can set it apart from the file's. */
function engineOrigin(probe: Probe, track: { readonly engineOffsetUs?: number | undefined } | null): number {
  return probe.originUs + (track?.engineOffsetUs ?? 0);
}

/**
 * Whether the ffmpeg engine can make packets with these settings. Its core hangs in Opus (the core's stack is too
 * small for it), and WebM takes nothing else of what it makes; sound of any codec it can still decode to PCM.
 */
export function canEncodeWithFfmpeg(settings: VideoSettings | AudioSettings): boolean {
  return settings.codec === 'avc' || settings.codec === 'aac';
}

/**
 * The picture filters between decoding and encoding. What the filter says of turning and mirroring is done by ffmpeg
 * before them, by the file's own metadata, or not at all (see `turnArgs`).
 */
export function filterChain(filter: VideoFilter, settings: VideoSettings): string[] {
  const chain: string[] = [];
  if (filter.toneMap) {
    // Linear light, map highlights (Hable's curve), back to BT.709. FFmpeg's documented chain for HDR to SDR.
    const { sourceColor } = filter;
    const input = [
      `tin=${colorName(sourceColor.transfer) ?? 'smpte2084'}`,
      `pin=${colorName(sourceColor.primaries) ?? 'bt2020'}`,
      `min=${colorName(sourceColor.matrix) ?? 'bt2020nc'}`,
      `rin=${sourceColor.fullRange === true ? 'full' : 'limited'}`,
    ].join(':');
    chain.push(
      `zscale=${input}:t=linear:npl=100`,
      'format=gbrpf32le',
      'zscale=p=bt709',
      'tonemap=tonemap=hable:desat=0',
      toneMapped(settings),
      'format=yuv420p',
    );
  }
  const convert = matrixOptions(filter, settings);
  if (filter.fit !== 'none' || convert !== null) {
    const size = [`w=${String(filter.innerWidth)}`, `h=${String(filter.innerHeight)}`];
    // Without these a change of the matrix is off by up to five of 255.
    const flags = `flags=bicubic${convert === null ? '' : '+accurate_rnd+full_chroma_int'}`;
    chain.push(`scale=${[...size, flags, ...(convert ?? [])].join(':')}`);
  }
  if (filter.fit === 'pad') {
    chain.push(
      `pad=w=${String(filter.width)}:h=${String(filter.height)}:x=(ow-iw)/2:y=(oh-ih)/2:color=black`,
    );
  }
  chain.push('setsar=1', `format=${settings.color.fullRange === true ? 'yuvj420p' : 'yuv420p'}`);
  return chain;
}

/**
 * Old x264 coded 4:4:4 with a mistake that FFmpeg makes up for when it knows the encoder's build, which only the first
 * packet of a file names: entered anywhere else, such a file decodes to garbage.
 */
function needsFirstPacket(
  track: { readonly codec: string; readonly profile: string | null } | null,
): boolean {
  return track?.codec === 'avc' && (track.profile ?? '').includes('4:4:4');
}

/**
 * A file of so few pictures has no B-frames: FFmpeg's reader of MP4 leaves the last places of its table out of account, and
 * then finds pictures that are shown before they are decoded.
 */
const FEW_FRAMES = 24;

/**
 * The short ends of a copied clip get no B-frames: where the copied packets have none, a few among thousands only make
 * readers guess the decode times wrong (FFmpeg's own leaves the last entries of the composition table out of account).
 */
const BESIDE_COPIES: ReadonlySet<StepReason> = new Set(['cut_before_key_frame', 'cut_after_last_reference']);

/** Where the output keeps the rotation as metadata, pictures are taken as they are stored. */
function turnArgs(filter: VideoFilter, track: { readonly rotation: number } | null): string[] {
  return filter.rotate === 0 && (track?.rotation ?? 0) !== 0 ? ['-noautorotate'] : [];
}

/**
 * One chunk of picture: enter at the key frame before, decode, keep exactly the chunk's frames with their own time
 * stamps (nothing doubled or dropped), filter, encode. Times in the segment count from the chunk's start.
 */
export function videoChunkArgs(
  step: EncodeVideoStep,
  probe: Probe,
  settings: VideoSettings,
  /** Enter the file this much earlier: used when a first try lost frames. */
  extraSeekUs = 0,
): string[] {
  const track = primaryVideo(probe);
  const origin = engineOrigin(probe, track);
  const loose = PRECISE_SEEK.has(probe.container) ? 0 : LOOSE_SEEK_US;
  const seekUs = needsFirstPacket(track) ? 0 : Math.max(0, step.seekUs + origin - loose - extraSeekUs);
  const from = step.firstFrameUs + origin - TRIM_GUARD_US;
  const to = step.stopFrameUs + origin - TRIM_GUARD_US;
  const chain = [
    'settb=1/1000000',
    `trim=start=${microsToDecimal(from)}:end=${microsToDecimal(to)}`,
    // The first frame may have appeared before the cut; it is held from the cut on.
    `setpts=max(0\\,PTS-${String(step.startUs + origin)})`,
    ...filterChain(step.filter, settings),
  ];
  const stream = `0:${String(track?.index ?? 0)}`;
  const painted = step.overlay === undefined ? null : paintedArgs(step.overlay, step.filter, chain, stream);
  return [
    ...enterArgs(probe, seekUs, turnArgs(step.filter, track)),
    ...(painted === null ? ['-map', stream] : [...painted.inputs, ...painted.graph]),
    '-an',
    '-sn',
    '-dn',
    '-map_metadata',
    '-1',
    ...(painted === null ? ['-vf', chain.join(',')] : []),
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '1:1000000',
    '-c:v',
    'libx264',
    '-preset',
    settings.preset,
    '-profile:v',
    'high',
    '-level:v',
    (settings.level / 10).toFixed(1),
    '-crf',
    String(step.rate.crf - CRF_GIVEN_BACK[settings.preset]),
    '-maxrate',
    String(step.rate.maxBitrate),
    '-bufsize',
    String(step.rate.maxBitrate * 2),
    '-g',
    String(settings.gop),
    ...(BESIDE_COPIES.has(step.reason) || step.frames < FEW_FRAMES ? ['-bf', '0'] : []),
    '-x264-params',
    `${X264_SEARCH[settings.preset]}sps-id=${String(settings.parameterSetId)}:open-gop=0:force-cfr=0`,
    ...colorArgs(settings.color),
    '-threads',
    '1',
    '-f',
    'mp4',
    `/out/${VIDEO_SEGMENT}`,
  ];
}

const LAYOUT: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1' };

/** One stretch of sound as PCM with exactly `step.samples` samples, silence where the source has none. */
export function soundChunkArgs(
  step: DecodeAudioStep,
  probe: Probe | null,
  settings: AudioSettings,
): string[] {
  const layout = LAYOUT[settings.channels] ?? 'stereo';
  const rate = String(settings.sampleRate);
  const fades: string[] = [];
  if (step.fadeInSamples > 0) fades.push(`afade=t=in:ss=0:ns=${String(step.fadeInSamples)}`);
  if (step.fadeOutSamples > 0) {
    const from = step.samples - step.fadeOutSamples;
    fades.push(`afade=t=out:ss=${String(from)}:ns=${String(step.fadeOutSamples)}`);
  }
  const exact = [`atrim=end_sample=${String(step.samples)}`, `apad=whole_len=${String(step.samples)}`];
  const output = ['-f', 's16le', '-c:a', 'pcm_s16le', `/out/${PCM_SEGMENT}`];
  const track = probe?.audio[step.track] ?? null;
  if (probe === null || track === null) {
    const source = `anullsrc=r=${rate}:cl=${layout}`;
    return [
      '-nostdin',
      '-f',
      'lavfi',
      '-i',
      source,
      '-af',
      exact.join(','),
      '-frames:a',
      String(Math.ceil(step.samples / 1024) + 1),
      ...output,
    ];
  }
  const startUs = step.startUs + engineOrigin(probe, track);
  const seekUs = startUs - SOUND_PREROLL_US;
  const chain = [
    'asettb=1/1000000',
    `asetpts=PTS-${String(startUs)}`,
    // first_pts=0 cuts what lies before the start and pads what begins late; async fills gaps inside.
    `aresample=${rate}:async=1:first_pts=0`,
    `aformat=sample_fmts=s16:channel_layouts=${layout}`,
    ...exact,
    ...fades,
  ];
  return [
    ...enterArgs(probe, seekUs),
    '-map',
    `0:${String(track.index)}`,
    '-vn',
    '-sn',
    '-dn',
    '-map_metadata',
    '-1',
    '-af',
    chain.join(','),
    ...output,
  ];
}

/** All PCM of an output, encoded once. The input is one Blob made of all stretches. */
export function soundEncodeArgs(settings: AudioSettings): string[] {
  return [
    '-nostdin',
    '-f',
    's16le',
    '-ar',
    String(settings.sampleRate),
    '-ac',
    String(settings.channels),
    '-i',
    SOURCE_PATH,
    '-c:a',
    // See `canEncodeWithFfmpeg`: other codecs never get here.
    'aac',
    '-b:a',
    String(settings.bitrate),
    '-map_metadata',
    '-1',
    '-f',
    'mp4',
    `/out/${AUDIO_SEGMENT}`,
  ];
}

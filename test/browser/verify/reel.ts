/** Makes a finished file of two clips, right or with one thing wrong, with the plan and the evidence that belong to it. */
import { registerAacEncoder } from '@mediabunny/aac-encoder';
import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
  Quality,
} from 'mediabunny';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { frameToMicros } from '../../../src/core/base/time.ts';
import type { Asset, Probe } from '../../../src/core/schema/asset.ts';
import type { EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import type { PictureReference } from '../../../src/runtime/contract/reference.ts';
import type { VerifyEvidence } from '../../../src/runtime/contract/verifier.ts';
import { lumaGrid } from '../../../workers/shared/luma.ts';

export const WIDTH = 640;
export const HEIGHT = 360;
const RATE = { num: 25, den: 1 };
const SAMPLE_RATE = 48_000;
const ASSET = 'asset-a' as AssetId;

/** What is wrong with the file. */
export interface Defects {
  /** Which frame of the scene is shown in place of frame i of the output. */
  readonly shows?: (frame: number) => number | 'black';
  readonly soundLateMs?: number;
  readonly gainDb?: number;
  readonly otherSound?: boolean;
}

let registered = false;

/** Frame `frame` of a scene in which everything moves; greys only, so that luma means the same in every matrix. */
function paint(context: OffscreenCanvasRenderingContext2D, frame: number | 'black'): void {
  context.fillStyle = 'black';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  if (frame === 'black') return;
  for (let i = 0; i < 12; i++) {
    const grey = String(60 + ((i * 53) % 180));
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    const x = (i * 97 + frame * (4 + (i % 5))) % WIDTH;
    context.fillRect(x - 60, (i * 30) % HEIGHT, 120, 60);
  }
}

interface Coded {
  readonly packets: readonly EncodedPacket[];
  readonly config: VideoDecoderConfig;
  readonly references: readonly PictureReference[];
}

/** Encodes frames; a key frame each second. References are of the pictures of `meant`. */
async function encode(
  count: number,
  shows: (frame: number) => number | 'black',
  meant: (frame: number) => number,
): Promise<Coded> {
  const packets: EncodedPacket[] = [];
  let config: VideoDecoderConfig | undefined;
  const encoder = new VideoEncoder({
    output: (chunk, meta) => {
      packets.push(EncodedPacket.fromEncodedChunk(chunk));
      config ??= meta?.decoderConfig;
    },
    error: (cause) => {
      throw cause;
    },
  });
  encoder.configure({
    codec: 'avc1.4d401f',
    width: WIDTH,
    height: HEIGHT,
    bitrate: 2_000_000,
    framerate: 25,
    latencyMode: 'realtime',
  });
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d')!;
  const references: PictureReference[] = [];
  const frameOf = (frame: number): VideoFrame =>
    new VideoFrame(context.canvas, { timestamp: frameToMicros(frame, RATE), duration: 40_000 });
  for (let frame = 0; frame < count; frame++) {
    if (frame < 2 || frame >= count - 2) {
      paint(context, meant(frame));
      const right = frameOf(frame);
      references.push({ offsetUs: frameToMicros(frame, RATE), luma: (await lumaGrid(right))! });
      right.close();
    }
    paint(context, shows(frame));
    const picture = frameOf(frame);
    encoder.encode(picture, { keyFrame: frame % 25 === 0 });
    picture.close();
  }
  await encoder.flush();
  encoder.close();
  return { packets, config: config!, references };
}

/** Music of a kind: chirps and hiss, different at every moment. Mono, -20 to -10 dB. */
function sound(samples: number, seed: number): Float32Array {
  const out = new Float32Array(samples);
  let state = seed;
  let low = 0;
  for (let i = 0; i < samples; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    low += 0.1 * (state / 2 ** 31 - 1 - low);
    const t = (i % 24_000) / SAMPLE_RATE;
    out[i] = 0.8 * low + 0.15 * Math.sin(2 * Math.PI * (200 + 900 * t + (seed % 7) * 40) * t);
  }
  return out;
}

function pcmOf(mono: Float32Array): Blob {
  return new Blob([Int16Array.from(mono, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32_767))]);
}

async function mux(
  pictures: readonly (readonly [packet: EncodedPacket, frame: number])[],
  config: VideoDecoderConfig,
  mono: Float32Array | null,
): Promise<File> {
  if (!registered) registerAacEncoder();
  registered = true;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video, { frameRate: 25 });
  const audio = new AudioSampleSource({ codec: 'aac', quality: new Quality('medium') });
  if (mono !== null) output.addAudioTrack(audio);
  await output.start();
  for (const [i, [packet, frame]] of pictures.entries()) {
    await video.add(
      packet.clone({ timestamp: frame / 25, duration: 0.04 }),
      i === 0 ? { decoderConfig: config } : undefined,
    );
  }
  if (mono !== null) {
    const sample = new AudioSample({
      data: new Float32Array(mono),
      format: 'f32-planar',
      numberOfChannels: 1,
      sampleRate: SAMPLE_RATE,
      // The encoder puts one empty packet in front: hidden by the edit list, so that sample 0 is heard at 0.
      timestamp: -1024 / SAMPLE_RATE,
    });
    await audio.add(sample);
    sample.close();
  }
  await output.finalize();
  return new File([target.buffer!], 'reel.mp4');
}

const color = { primaries: null, transfer: null, matrix: null, fullRange: null };

function assetOf(file: File): Asset {
  const probe: Probe = {
    container: 'mp4',
    reader: 'packets',
    durationUs: 6_000_000,
    originUs: 0,
    video: [
      {
        index: 0,
        order: 0,
        codec: 'avc',
        codecString: null,
        profile: null,
        codedWidth: WIDTH,
        codedHeight: HEIGHT,
        displayWidth: WIDTH,
        displayHeight: HEIGHT,
        rotation: 0,
        flip: false,
        frameRate: { kind: 'constant', rate: RATE },
        color,
        bitDepth: 8,
        hdr: false,
        keyFrameSpacing: null,
        decodable: true,
        firstUs: 0,
        configHash: null,
      },
    ],
    audio: [],
    other: [],
    primaryVideo: 0,
    primaryAudio: null,
    recordedAt: null,
    warnings: [],
  };
  return {
    version: 1,
    id: ASSET,
    name: 'source.mp4',
    kind: 'video',
    bytes: file.size,
    fingerprint: 'f',
    type: 'video/mp4',
    importedAt: '2026-01-01T00:00:00.000Z',
    source: 'link',
    probe,
  };
}

/** Clip 1: seconds 2 to 5 of the source, copied. Clip 2: frames 10 to 85, encoded. */
export const COPIED = { first: 50, frames: 75 };
export const ENCODED = { first: 10, frames: 75 };

function planOf(): RenderPlan {
  const rate = { quality: 'medium' as const, crf: 23, maxBitrate: 2_000_000 };
  const time = (frame: number): number => frameToMicros(frame, RATE);
  const encoded: EncodeVideoStep = {
    kind: 'encode-video',
    id: 'v1.0',
    clip: 1,
    assetId: ASSET,
    startUs: time(ENCODED.first),
    endUs: time(ENCODED.first + ENCODED.frames),
    outStartUs: time(COPIED.frames),
    frames: ENCODED.frames,
    firstFrameUs: time(ENCODED.first),
    stopFrameUs: time(ENCODED.first + ENCODED.frames),
    seekUs: 0,
    filter: {
      width: WIDTH,
      height: HEIGHT,
      fit: 'none',
      innerWidth: WIDTH,
      innerHeight: HEIGHT,
      rotate: 0,
      flip: false,
      toneMap: false,
      sourceColor: color,
      untaggedMatrix: 'smpte170m',
    },
    rate,
    reason: 'starts_off_key_frame',
  };
  const durationUs = time(COPIED.frames + ENCODED.frames);
  const clip = { assetId: ASSET, label: '' };
  return {
    version: 2,
    output: {
      container: 'mp4',
      fileName: 'reel.mp4',
      durationUs,
      video: {
        width: WIDTH,
        height: HEIGHT,
        frames: COPIED.frames + ENCODED.frames,
        rotation: 0,
        rate: RATE,
        settings: {
          codec: 'avc',
          width: WIDTH,
          height: HEIGHT,
          rate,
          preset: 'veryfast',
          gop: 25,
          fps: 25,
          level: 31,
          parameterSetId: 0,
          color,
        },
      },
      audio: { codec: 'aac', sampleRate: SAMPLE_RATE, channels: 1, bitrate: 128_000 },
    },
    clips: [
      {
        ...clip,
        position: 0,
        startUs: time(COPIED.first),
        endUs: time(COPIED.first + COPIED.frames),
        outStartUs: 0,
        outEndUs: time(COPIED.frames),
        frames: COPIED.frames,
      },
      {
        ...clip,
        position: 1,
        startUs: encoded.startUs,
        endUs: encoded.endUs,
        outStartUs: encoded.outStartUs,
        outEndUs: durationUs,
        frames: ENCODED.frames,
      },
    ],
    steps: [
      {
        kind: 'copy-video',
        id: 'v0.0',
        clip: 0,
        assetId: ASSET,
        startUs: time(COPIED.first),
        endUs: time(COPIED.first + COPIED.frames),
        outStartUs: 0,
        frames: COPIED.frames,
        reason: 'packets_fit',
      },
      encoded,
    ],
    deviations: [],
    summary: { copied: 1, smart: [], encoded: [], sound: 'encoded' },
    estimate: { wallMs: 0, bytes: 0, storageBytes: 0 },
  };
}

/** A source of six seconds, made once. */
let source: Promise<{ readonly file: File; readonly asset: Asset }> | null = null;

async function makeSource(): Promise<{ readonly file: File; readonly asset: Asset }> {
  const { packets, config } = await encode(
    150,
    (frame) => frame,
    (frame) => frame,
  );
  const file = await mux(
    packets.map((packet, i) => [packet, i] as const),
    config,
    null,
  );
  return { file, asset: assetOf(file) };
}

/** The packets of the copied stretch. */
async function copiedPackets(file: File): Promise<EncodedPacket[]> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  const track = (await input.getPrimaryVideoTrack())!;
  const sink = new EncodedPacketSink(track);
  const packets: EncodedPacket[] = [];
  for await (const packet of sink.packets((await sink.getKeyPacket(2.001)) ?? undefined)) {
    packets.push(packet);
    if (packets.length === COPIED.frames) break;
  }
  input.dispose();
  return packets;
}

/** A finished file with its plan and evidence. `copied` says which frames of the source the copy holds. */
export async function makeReel(
  defects: Defects = {},
): Promise<{ readonly file: File; readonly plan: RenderPlan; readonly evidence: VerifyEvidence }> {
  source ??= makeSource();
  const { file: sourceFile, asset } = await source;
  const shows = defects.shows ?? ((frame) => frame - COPIED.frames + ENCODED.first);
  const segment = await encode(
    ENCODED.frames,
    (frame) => shows(frame + COPIED.frames),
    (frame) => frame + ENCODED.first,
  );
  const samples = ((COPIED.frames + ENCODED.frames) * SAMPLE_RATE) / 25;
  const planned = sound(samples, 5);
  const gain = 10 ** ((defects.gainDb ?? 0) / 20);
  const late = Math.round(((defects.soundLateMs ?? 0) * SAMPLE_RATE) / 1000);
  const basis = defects.otherSound === true ? sound(samples, 77) : planned;
  const heard = Float32Array.from(basis, (_, i) => (basis[i - late] ?? 0) * gain);
  const pictures = [...(await copiedPackets(sourceFile)), ...segment.packets];
  const file = await mux(
    pictures.map((packet, i) => [packet, i] as const),
    segment.config,
    heard,
  );
  return {
    file,
    plan: planOf(),
    evidence: {
      clipFrames: [COPIED.frames, ENCODED.frames],
      references: new Map([['v1.0', segment.references]]),
      pcm: pcmOf(planned),
      sources: new Map([[ASSET, { asset, file: sourceFile }]]),
    },
  };
}

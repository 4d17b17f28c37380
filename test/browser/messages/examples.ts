/**
 * One example at least of everything that crosses a worker, a channel or a store. The types make the lists complete: a method
 * of a worker, or a message between tabs, that has no example here does not compile.
 */
import type { AssetId, ClipId, ExportId } from '../../../src/core/base/ids.ts';
import { failure } from '../../../src/core/base/failure.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import type { VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import { DOCUMENT_VERSION, type ProjectDocument } from '../../../src/core/schema/document.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../../src/core/schema/encoder.ts';
import type { Export, ExportProgress } from '../../../src/core/schema/export.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { LogEntry } from '../../../src/core/schema/log.ts';
import type {
  AudioSettings,
  DecodeAudioStep,
  EncodeVideoStep,
  VideoSettings,
} from '../../../src/core/schema/plan.ts';
import type { StoragePolicy } from '../../../src/core/schema/storage-policy.ts';
import type { TabMessage } from '../../../src/core/schema/tab-message.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { AssemblyWorkerApi } from '../../../src/runtime/contract/assembly.ts';
import type { PlaybackFrame, PlaybackWorkerApi } from '../../../src/runtime/contract/playback.ts';
import type { SegmentRecord } from '../../../src/runtime/contract/stores.ts';
import type { CodecOutcome, WebcodecsWorkerApi } from '../../../src/runtime/contract/webcodecs.ts';
import { fakeAsset, FAKE_CLIPS } from '../../unit/ui/fake-data.ts';
import { fakeExport, FAKE_EXPORTS } from '../../unit/ui/fake-exports.ts';
import { COMMENT_PICTURE } from './examples-pictures.ts';
import { FONTS, OVERLAY } from './examples-overlay.ts';

/** What a callback is called with; everything else as it is. */
type Crossing<T> = T extends (...args: infer Args) => void ? { readonly calls: readonly Args[] } : T;
/** For each method: what it is called with, and every kind of answer. */
export type MethodExamples<Api> = {
  readonly [Method in keyof Api]: Api[Method] extends (...args: infer Args) => Promise<infer Answer>
    ? {
        readonly asks: { readonly [Place in keyof Args]: Crossing<Args[Place]> };
        readonly answers: readonly Answer[];
      }
    : never;
};

const ID = 'export_0011223344556677' as ExportId;
const ASSET = 'asset_0011223344556677' as AssetId;
export const BROKEN = failure('engine_failed', 'worker_crashed', 'It ended.', {
  tail: 'Zeile\n둘',
  code: -1,
  last: null,
});

export const file = new File(['picture and sound'], '결승전 – Tor.mp4', {
  type: 'video/mp4',
  lastModified: 1_700_000_000_000,
});
export const blob = new Blob([new Uint8Array([0, 0, 0, 1, 255])], { type: 'video/mp4' });
const luma = Uint8Array.from({ length: 32 * 18 }, (_, at) => at % 256);

export const settings: VideoSettings = {
  codec: 'avc',
  width: 1280,
  height: 720,
  rate: { quality: 'high', crf: 18, maxBitrate: 8_000_000 },
  preset: 'veryfast',
  gop: 60,
  fps: 29.97,
  level: 40,
  parameterSetId: 7,
  color: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
};
const sound: AudioSettings = { codec: 'aac', sampleRate: 48_000, channels: 2, bitrate: 192_000 };
export const encode: EncodeVideoStep = {
  kind: 'encode-video',
  id: 'v0.1',
  clip: 0,
  assetId: ASSET,
  startUs: 1_001_000,
  endUs: 2_002_000,
  outStartUs: 0,
  frames: 30,
  firstFrameUs: 1_001_000,
  stopFrameUs: 2_002_000,
  seekUs: 0,
  filter: {
    width: 1280,
    height: 720,
    fit: 'pad',
    innerWidth: 960,
    innerHeight: 720,
    rotate: 90,
    flip: false,
    toneMap: false,
    sourceColor: { primaries: null, transfer: null, matrix: null, fullRange: null },
    untaggedMatrix: 'bt709',
  },
  rate: settings.rate,
  reason: 'comments_painted',
  overlay: OVERLAY,
};
const decode: DecodeAudioStep = {
  kind: 'decode-audio',
  id: 'a0',
  clip: 0,
  assetId: null,
  track: 0,
  startUs: 0,
  endUs: 1_000_000,
  samples: 48_000,
  fadeInSamples: 240,
  fadeOutSamples: 0,
};
const question: EncoderQuestion = { codec: 'avc', mode: 'software', width: 641, height: 361, fps: 30 };
const answer: EncoderAnswer = {
  question,
  works: false,
  fault: 'failed',
  problem: 'Odd sizes cannot be encoded.',
  encodeFps: null,
  decodeFps: 1 / 3,
};
const outcome: CodecOutcome = {
  data: blob,
  frames: 30,
  config: ['{"codec":"avc1.640028"}', '48000 Hz'],
  wallMs: 12.75,
  references: [{ offsetUs: 0, luma }],
};
export const INDEX: FrameIndex = {
  version: 1,
  timesUs: Float64Array.from([-33_367, 0, 33_367, 66_733]),
  flags: Uint8Array.from([FRAME_KEY | FRAME_CLOSED, 0, 0, FRAME_KEY]),
  endUs: 100_100,
  complete: false,
};

export const ANALYSIS: MethodExamples<AnalysisWorkerApi> = {
  ping: { asks: [], answers: ['pong'] },
  probe: {
    asks: [file, file.name],
    answers: [
      ok(fakeAsset('a', 'a.mp4').probe),
      err(failure('unsupported_media', 'damaged', 'No.', { tryFfmpeg: true })),
    ],
  },
  fingerprint: { asks: [file], answers: [ok('17-00ff'), err(BROKEN)] },
  poster: { asks: [file, 0, 1_000_000, 320], answers: [ok(blob)] },
  frameIndex: { asks: [file, 0, -1_000, { calls: [[0], [0.5], [1]] }], answers: [ok(INDEX)] },
  keyFrameIsClean: { asks: [file, 0, 2_002_000], answers: [ok(true), ok(false)] },
  readBack: {
    asks: [blob],
    answers: [
      ok({
        container: 'mp4',
        video: {
          codec: 'avc',
          width: 1280,
          height: 720,
          rotation: 0,
          timesUs: Float64Array.from([0, 33_367]),
          keys: Uint8Array.from([1, 0]),
          sizes: Float64Array.from([9_000, 12]),
          endUs: 66_733,
          decodable: true,
        },
        audio: { codec: 'aac', sampleRate: 48_000, channels: 2, firstUs: -21_333, endUs: 66_667 },
      }),
      ok({ container: 'webm', video: null, audio: null }),
    ],
  },
  decodeRuns: {
    asks: [file, 0, [{ keyUs: 0, throughUs: 66_733, extra: 2, fullUs: [[0, 33_367]], lookUs: [0] }]],
    answers: [ok([{ framesDecoded: 3, problem: null, pictures: [{ timeUs: 0, luma }] }])],
  },
  commentPicture: COMMENT_PICTURE,
  compareSound: {
    asks: [file, { pcm: blob, sampleRate: 48_000, channels: 2, atUs: [0, 400_000] }],
    answers: [
      ok([
        { atUs: 0, offsetUs: null, likeness: 0, plannedDb: -Infinity, foundDb: -Infinity },
        { atUs: 400_000, offsetUs: -12, likeness: 0.99, plannedDb: -18.2, foundDb: -18.3 },
      ]),
    ],
  },
};

export const ASSEMBLY: MethodExamples<AssemblyWorkerApi> = {
  ping: { asks: [], answers: ['pong'] },
  assemble: {
    asks: [
      {
        container: 'mov',
        video: {
          codec: 'avc',
          rotation: 90,
          rate: { num: 30_000, den: 1_001 },
          pieces: [
            {
              stepId: 'v0.0',
              kind: 'source',
              data: file,
              order: 0,
              fromUs: 0,
              toUs: 1_001_000,
              outStartUs: 0,
              outEndUs: 1_001_000,
              frames: 30,
            },
          ],
        },
        audio: {
          codec: 'aac',
          pieces: [
            {
              stepId: 'sound',
              kind: 'segment',
              data: blob,
              order: 0,
              fromUs: 0,
              toUs: 1_001_000,
              outStartUs: 0,
              outEndUs: 1_001_000,
            },
          ],
        },
        durationUs: 1_001_000,
        path: 'reelkeep/exports/x/결승전.mov',
      },
      { calls: [[0.25], [1]] },
    ],
    answers: [
      ok({ bytes: 12, videoPackets: 30, audioPackets: 47 }),
      err(failure('engine_failed', 'copy_unsafe', 'No.', { stepId: 'v0.0' })),
      err(failure('quota_exceeded', 'no_space', 'Full.')),
    ],
  },
};

export const WEBCODECS: MethodExamples<WebcodecsWorkerApi> = {
  ping: { asks: [], answers: ['pong'] },
  renderPicture: {
    asks: [
      { step: encode, settings, mode: 'hardware', source: { file, originUs: 0, order: 0 }, fonts: FONTS },
      { calls: [[0], [29]] },
    ],
    answers: [ok(outcome), err(BROKEN)],
  },
  decodeSound: {
    asks: [{ step: decode, settings: sound, source: { file, originUs: -5, order: 1 } }, { calls: [[0.5]] }],
    answers: [ok({ ...outcome, frames: 0, references: [] })],
  },
  encodeSound: { asks: [{ settings: sound, pcm: blob }, { calls: [[1]] }], answers: [ok(outcome)] },
  measureEncoder: { asks: [question], answers: [ok(answer)] },
};

/** A picture is made anew for each crossing: whoever sends one gives it away. */
export const playback = (
  frame: () => VideoFrame,
): Omit<MethodExamples<PlaybackWorkerApi>, 'close'> & {
  readonly close: { readonly asks: readonly []; readonly answers: readonly undefined[] };
} => {
  const picture = (): PlaybackFrame => ({
    frame: frame(),
    timeUs: 33_367,
    durationUs: 33_366,
    rotation: 270,
  });
  return {
    ping: { asks: [], answers: ['pong'] },
    open: {
      asks: [{ file, videoOrder: 0, audioOrder: null, originUs: 12 }],
      answers: [ok(null), err(BROKEN)],
    },
    frameAt: { asks: [33_367], answers: [ok(picture()), ok(null)] },
    startFrames: { asks: [0], answers: [ok(null)] },
    nextFrames: { asks: [8], answers: [ok([picture(), picture()]), ok([])] },
    startSound: { asks: [0], answers: [ok(null)] },
    nextSound: {
      asks: [250_000],
      answers: [
        ok([
          {
            startUs: 0,
            sampleRate: 48_000,
            channels: [Float32Array.from([0, 0.5, -1]), Float32Array.from([1e-9, -0, 1])],
          },
        ]),
      ],
    },
    close: { asks: [], answers: [undefined] },
  };
};

export const PROGRESS: ExportProgress = {
  exportId: ID,
  status: 'processing',
  stage: 'assembling',
  percent: 87.3,
  elapsedMs: 12_345,
  etaMs: null,
  speed: 3.25,
  stepsDone: 5,
  stepsTotal: 9,
};

export const TAB_MESSAGES: { readonly [Type in TabMessage['type']]: Extract<TabMessage, { type: Type }> } = {
  changed: { type: 'changed', id: ID, progress: PROGRESS, isNew: true },
  removed: { type: 'removed', id: ID },
  asked: { type: 'asked', id: ID, what: 'pause' },
  queue: { type: 'queue', id: ID },
  freed: { type: 'freed' },
  policy: { type: 'policy' },
};

const segment: SegmentRecord = {
  key: '0f'.repeat(32),
  kind: 'video',
  bytes: 5,
  frames: 30,
  complaints: 0,
  references: [{ offsetUs: 0, luma }],
  createdAt: '2026-11-20T10:00:00.000Z',
  usedAt: '2026-11-20T10:00:00.000Z',
  usedBy: [ID],
};
const log: LogEntry = {
  time: '2026-11-20T10:00:00.000Z',
  event: 'step_failed',
  jobId: ID,
  durationMs: 12.5,
  code: 'worker_stuck',
  data: { rung: 'webcodecs-hardware', pixels: 921_600, reused: false, code: null },
};
const policy: StoragePolicy = { keepDays: null, softBytes: 1, hardBytes: 2, cacheBytes: 0 };
const hdr: Partial<VideoTrackProbe> = {
  codec: 'hevc',
  hdr: true,
  bitDepth: 10,
  color: { primaries: 'bt2020', transfer: 'hlg', matrix: 'bt2020-ncl', fullRange: null },
};
const asset = fakeAsset('a1', '결승전 – Tor <b>.mp4');
const video = asset.probe.video[0];
const document: ProjectDocument = {
  version: DOCUMENT_VERSION,
  id: 'main',
  name: 'Cup final / 결승전',
  assetOrder: [asset.id],
  clips: [...FAKE_CLIPS, { ...FAKE_CLIPS[0]!, id: 'c9' as ClipId, audioTrack: 2 }],
  updatedAt: '2026-11-20T10:00:00.000Z',
};

/** What the stores hold. */
export const RECORDS: Readonly<Record<string, unknown>> = {
  asset,
  'asset with HDR pictures': { ...asset, probe: { ...asset.probe, video: [{ ...video, ...hdr }] } },
  document,
  'frame index': INDEX,
  segment,
  'segment data': blob,
  source: { kind: 'copy', path: `sources/${asset.id}` },
  'log entry': log,
  'storage policy': policy,
  'encoder measures': [answer],
  failure: BROKEN,
  ...Object.fromEntries(FAKE_EXPORTS.map(({ record }) => [`export, ${record.status}`, record])),
  'export that waits': fakeExport('e9', {
    waitingFor: 'storage',
    paused: true,
    pinned: true,
    order: 0.5,
    origin: { documentId: 'main', clipIds: ['c1' as ClipId] },
    actual: {
      wallMs: 1,
      bytes: 2,
      storageBytes: 3,
      stages: { rendering: 1 },
      work: { ffmpeg: { wallMs: 1, steps: 1, pixels: 921_600 } },
    },
  } satisfies Partial<Export>),
};

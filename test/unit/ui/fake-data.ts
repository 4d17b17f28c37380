/** Made-up files and ranges for the interface's tests and for looking at it. */
import type { AssetView, ImportItem } from '../../../src/app/studio/types.ts';
import { failure } from '../../../src/core/base/failure.ts';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import type { Asset, AudioTrackProbe, VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import type { Clip } from '../../../src/core/schema/document.ts';

const video = (part: Partial<VideoTrackProbe>): VideoTrackProbe => ({
  index: 0,
  order: 0,
  codec: 'avc',
  codecString: 'avc1.640028',
  profile: 'High',
  codedWidth: 1920,
  codedHeight: 1080,
  displayWidth: 1920,
  displayHeight: 1080,
  rotation: 0,
  flip: false,
  frameRate: { kind: 'constant', rate: { num: 30000, den: 1001 } },
  color: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
  bitDepth: 8,
  hdr: false,
  keyFrameSpacing: { typicalUs: 2_002_000, maxUs: 4_004_000 },
  decodable: true,
  firstUs: 0,
  configHash: null,
  ...part,
});

const audio = (part: Partial<AudioTrackProbe>): AudioTrackProbe => ({
  index: 1,
  order: 0,
  codec: 'aac',
  codecString: 'mp4a.40.2',
  profile: 'LC',
  sampleRate: 48000,
  channels: 2,
  language: 'und',
  decodable: true,
  firstUs: 0,
  ...part,
});

export function fakeAsset(
  id: string,
  name: string,
  part: Partial<Asset> = {},
  probe: Partial<Asset['probe']> = {},
): Asset {
  return {
    version: 1,
    id: id as AssetId,
    name,
    kind: 'video',
    bytes: 1_840_332_112,
    fingerprint: `1840332112-9f2c44b0e1d7a85566b2c0ff41${id}`,
    type: 'video/mp4',
    importedAt: '2025-03-04T09:12:00.000Z',
    source: 'handle',
    probe: {
      container: 'mp4',
      reader: 'packets',
      durationUs: 421_421_000,
      originUs: 0,
      video: [video({})],
      audio: [audio({})],
      other: [],
      primaryVideo: 0,
      primaryAudio: 0,
      recordedAt: '2025-03-01T14:22:10.000Z',
      warnings: [],
      ...probe,
    },
    ...part,
  };
}

export const FAKE_ASSETS: readonly AssetView[] = [
  { asset: fakeAsset('a1', 'Cup final – wide camera.mp4'), posterUrl: null, access: 'ready' },
  {
    asset: fakeAsset(
      'a2',
      '인터뷰_김서연_2차_최종.mov',
      { bytes: 734_003_200, source: 'link' },
      {
        container: 'mov',
        durationUs: 1_284_500_000,
        video: [
          video({
            codec: 'hevc',
            codecString: 'hvc1.2.4.L153.B0',
            profile: 'Main 10',
            displayWidth: 2160,
            displayHeight: 3840,
            rotation: 90,
            hdr: true,
            bitDepth: 10,
            decodable: false,
            color: { primaries: 'bt2020', transfer: 'hlg', matrix: 'bt2020-ncl', fullRange: false },
            frameRate: { kind: 'variable', average: { num: 60000, den: 1001 } },
          }),
        ],
        warnings: ['several_video_tracks'],
      },
    ),
    posterUrl: null,
    access: 'ready',
  },
  {
    asset: fakeAsset(
      'a3',
      'screen-recording-2025-02-27-keynote-rehearsal-take-04.webm',
      { bytes: 96_400_000 },
      {
        container: 'webm',
        durationUs: 3_723_000_000,
        video: [video({ codec: 'vp9', frameRate: { kind: 'variable', average: { num: 24, den: 1 } } })],
        audio: [audio({ codec: 'opus' })],
        warnings: ['duration_estimated', 'truncated'],
      },
    ),
    posterUrl: null,
    access: 'ask',
  },
  {
    asset: fakeAsset(
      'a4',
      'room-tone.wav',
      { kind: 'audio', bytes: 17_280_044 },
      {
        container: 'wav',
        durationUs: 90_000_000,
        video: [],
        primaryVideo: null,
        audio: [audio({ codec: 'pcm-s16' })],
      },
    ),
    posterUrl: null,
    access: 'missing',
  },
];

export const FAKE_IMPORTS: readonly ImportItem[] = [
  { id: 'i1', name: 'match-2-second-half.mkv', state: 'reading', failure: null, assetId: null },
  {
    id: 'i2',
    name: 'notes from the meeting.txt',
    state: 'failed',
    failure: failure('unsupported_media', 'text_file', 'This is text.'),
    assetId: null,
  },
  {
    id: 'i3',
    name: 'broken-download.mp4',
    state: 'failed',
    failure: failure('unsupported_media', 'truncated', 'The file ends early.'),
    assetId: null,
  },
];

const clip = (id: string, asset: string, start: number, end: number, label: string): Clip => ({
  id: id as ClipId,
  assetId: asset as AssetId,
  startUs: Math.round((start * 1_001_000_000) / 30_000),
  endUs: Math.round((end * 1_001_000_000) / 30_000),
  label,
});

export const FAKE_CLIPS: readonly Clip[] = [
  clip('c1', 'a1', 900, 1530, 'Opening whistle'),
  clip('c2', 'a1', 3120, 4200, '첫 골 – 왼쪽 측면 크로스'),
  clip('c3', 'a2', 2400, 3060, 'Coach reacts'),
  clip('c4', 'a1', 8100, 9500, ''),
];

/** Made-up plans and exports for the interface's tests and for looking at it. */
import type { ExportView } from '../../../src/app/studio/types.ts';
import { failure } from '../../../src/core/base/failure.ts';
import type { AssetId, ExportId } from '../../../src/core/base/ids.ts';
import type { CertificateCheck } from '../../../src/core/schema/certificate.ts';
import { EXPORT_VERSION, type Export } from '../../../src/core/schema/export.ts';
import {
  PLAN_VERSION,
  type PlanStep,
  type RenderPlan,
  type VideoSettings,
} from '../../../src/core/schema/plan.ts';
import type { CheckedSpec, ExportSpec } from '../../../src/core/schema/spec.ts';
import { FAKE_CLIPS } from './fake-data.ts';

export function fakePlan(spec: ExportSpec): RenderPlan {
  let outUs = 0;
  const clips = spec.segments.map((segment, position) => {
    const length = segment.endUs - segment.startUs;
    const outStartUs = outUs;
    outUs += length;
    return {
      position,
      assetId: segment.assetId as AssetId,
      label: segment.label ?? '',
      startUs: segment.startUs,
      endUs: segment.endUs,
      outStartUs,
      outEndUs: outUs,
      frames: Math.round((length * 30) / 1_001_000),
    };
  });
  // The first and the last clip are copied but for their ends.
  const smart = spec.cut === 'keyframe' ? [] : clips.filter((one) => one.position % 3 === 0);
  const encoded = spec.cut === 'keyframe' ? [] : clips.filter((one) => one.position === 1);
  const steps: PlanStep[] = clips.flatMap((one): PlanStep[] => {
    const part = encoded.includes(one) ? 1_400_000 : 0;
    const base = { clip: one.position, assetId: one.assetId, outStartUs: one.outStartUs, frames: one.frames };
    const copy: PlanStep = {
      kind: 'copy-video',
      id: `copy-${String(one.position)}`,
      startUs: one.startUs + part,
      endUs: one.endUs,
      reason: 'packets_fit',
      ...base,
    };
    if (part === 0) return [copy];
    const encode: PlanStep = {
      kind: 'encode-video',
      id: `encode-${String(one.position)}`,
      startUs: one.startUs,
      endUs: one.startUs + part,
      firstFrameUs: one.startUs,
      stopFrameUs: one.startUs + part,
      seekUs: one.startUs,
      filter: {
        width: 1920,
        height: 1080,
        fit: 'none',
        innerWidth: 1920,
        innerHeight: 1080,
        rotate: 0,
        flip: false,
        toneMap: false,
        sourceColor: { primaries: null, transfer: null, matrix: null, fullRange: null },
        untaggedMatrix: 'bt709',
      },
      rate: { quality: 'high', crf: 18, maxBitrate: 8_000_000 },
      reason: 'starts_off_key_frame',
      ...base,
    };
    return [encode, copy];
  });
  if (spec.audio !== 'drop')
    steps.push({ kind: 'encode-audio', id: 'sound', samples: Math.round(outUs * 0.048) });
  return {
    version: PLAN_VERSION,
    output: {
      container: spec.format ?? 'mp4',
      fileName: `${spec.name}.${spec.format ?? 'mp4'}`,
      durationUs: outUs,
      video: {
        width: 1920,
        height: 1080,
        frames: 0,
        rotation: 0,
        rate: { num: 30000, den: 1001 },
        settings: { codec: spec.format === 'webm' ? 'vp9' : 'avc' } as VideoSettings,
      },
      audio: {
        codec: spec.format === 'webm' ? 'opus' : 'aac',
        sampleRate: 48000,
        channels: 2,
        bitrate: 192_000,
      },
    },
    clips,
    steps,
    deviations:
      spec.cut === 'keyframe'
        ? [{ code: 'cut_moved', clip: 0, params: { startMs: 834, endMs: 0 } }]
        : [
            { code: 'rate_variable', clip: null, params: {} },
            { code: 'hdr_tone_mapped', clip: 2, params: { transfer: 'hlg' } },
          ],
    summary: {
      copied: clips.length - encoded.length - smart.length,
      smart: smart.map((one) => ({
        clip: one.position,
        copiedFrames: one.frames - 31,
        encodedFrames: 31,
      })),
      encoded: encoded.map((one) => ({ clip: one.position, reason: 'starts_off_key_frame' })),
      sound: spec.audio === 'drop' ? 'none' : 'encoded',
    },
    estimate: { wallMs: 14_200, bytes: Math.round(outUs * 1.05), storageBytes: Math.round(outUs * 2.2) },
  };
}

export function fakeExport(id: string, part: Partial<Export>): Export {
  const spec: CheckedSpec = {
    version: 1,
    name: part.name ?? 'Match day',
    type: 'combined',
    segments: FAKE_CLIPS.map(({ assetId, startUs, endUs, label }) => ({ assetId, startUs, endUs, label })),
    format: 'mp4',
    resolution: 'source',
    quality: 'high',
    cut: 'exact',
    burnIn: false,
    audio: 'keep',
    surround: 'downmix',
    enlarge: false,
  };
  const plan = fakePlan(spec);
  return {
    version: EXPORT_VERSION,
    id: id as ExportId,
    name: spec.name,
    type: 'combined',
    format: 'mp4',
    status: 'processing',
    stage: 'rendering',
    percent: 41,
    createdAt: '2025-03-04T10:00:00.000Z',
    startedAt: '2025-03-04T10:00:01.000Z',
    completedAt: null,
    bytes: 0,
    files: [],
    waitingFor: null,
    error: null,
    spec,
    plan,
    receipts: [],
    estimate: plan.estimate,
    actual: null,
    deviations: plan.deviations,
    certificate: null,
    stale: false,
    expiresAt: null,
    order: Number(id.replaceAll(/\D/g, '')) || 1,
    paused: false,
    pinned: false,
    origin: { documentId: 'p', clipIds: null },
    ...part,
  };
}

const running = fakeExport('e1', { name: 'Match day' });
const check = (name: CertificateCheck['name'], found: string) => ({
  name,
  passed: true,
  expected: found,
  found,
});

export const FAKE_EXPORTS: readonly ExportView[] = [
  {
    record: running,
    progress: {
      exportId: running.id,
      status: 'processing',
      stage: 'rendering',
      percent: 41.6,
      elapsedMs: 5_300,
      etaMs: 7_800,
      speed: 8.4,
      stepsDone: 5,
      stepsTotal: 12,
    },
  },
  {
    record: fakeExport('e2', {
      name: 'Goals only',
      status: 'completed',
      percent: 100,
      bytes: 48_220_114,
      completedAt: '2025-03-04T09:40:12.000Z',
      files: [{ name: 'Goals only.mp4', type: 'video/mp4', bytes: 48_220_114, path: 'x' }],
      actual: { wallMs: 11_320, bytes: 48_220_114 },
      expiresAt: '2025-03-11T09:40:12.000Z',
      stale: true,
      certificate: {
        version: 2,
        checkedAt: '2025-03-04T09:40:12.000Z',
        fileName: 'Goals only.mp4',
        bytes: 48_220_114,
        fingerprint: 'x',
        decoder: 'webcodecs',
        passed: true,
        checks: [
          check('tracks', 'avc 1920×1080, aac 2 ch'),
          check('duration', '126.026 s'),
          check('frame_count', '3777'),
          check('frame_times', '3777 of 3777'),
          check('joins_decode', '5'),
          check('join_pictures', '12 pictures at 5 places, largest difference 3.2 of 255'),
          check('sound_offset', '0.1 ms off, 5 places compared'),
          check('loudness', '-0.1 dB'),
          { ...check('black_or_frozen', 'not compared: no picture was decoded'), skipped: true },
        ],
        joins: [
          { atUs: 0, framesDecoded: 12, clean: true, problem: null, crossed: true, difference: 1.24 },
          { atUs: 21_021_000, framesDecoded: 12, clean: true, problem: null, crossed: true, difference: 3.2 },
          { atUs: 57_057_000, framesDecoded: 12, clean: true, problem: null, difference: null },
        ],
      },
      receipts: [
        {
          stepId: 'encode-1',
          kind: 'encode-video',
          engine: 'ffmpeg',
          reused: false,
          wallMs: 4_100,
          bytes: 1_204_113,
          argv: [
            '-ss',
            '104.104',
            '-i',
            'in.mp4',
            '-t',
            '1.4',
            '-c:v',
            'libx264',
            '-crf',
            '18',
            '-vf',
            "select='gte(t,0)'",
            'out.mp4',
          ],
          attempts: 2,
        },
        {
          stepId: 'encode-3',
          kind: 'encode-video',
          engine: 'webcodecs',
          reused: false,
          wallMs: 380,
          bytes: 904_113,
          argv: ['{"codec":"avc1.640028","width":1920,"hardwareAcceleration":"prefer-software"}'],
          attempts: 1,
        },
        {
          stepId: 'encode-4',
          kind: 'encode-video',
          engine: 'webcodecs',
          reused: true,
          wallMs: 0,
          bytes: 904_113,
          argv: [],
          attempts: 0,
        },
        {
          stepId: 'sound',
          kind: 'encode-audio',
          engine: 'webcodecs',
          reused: false,
          wallMs: 1_180,
          bytes: 3_024_113,
          argv: ['mp4a.40.2 192000 (@mediabunny/aac-encoder)', '48000 Hz, 2 channels'],
          attempts: 1,
        },
      ],
    }),
    progress: null,
  },
  {
    record: fakeExport('e3', {
      name: '하이라이트 2부',
      status: 'failed',
      completedAt: '2025-03-04T08:12:00.000Z',
      error: failure('quota_exceeded', 'no_space', 'Needs 2.1 GB, 0.4 GB free.', { needed: 2_100_000_000 }),
    }),
    progress: null,
  },
];

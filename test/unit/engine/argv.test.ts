import { describe, expect, it } from 'vitest';
import { planRender } from '../../../src/core/plan/plan.ts';
import type { DecodeAudioStep, EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec } from '../../../src/core/schema/spec.ts';
import {
  canEncodeWithFfmpeg,
  filterChain,
  soundChunkArgs,
  soundEncodeArgs,
  videoChunkArgs,
} from '../../../src/runtime/engine/ffmpeg/argv.ts';
import { parseProgress } from '../../../workers/ffmpeg/progress.ts';
import { makeSource, type MadeUp } from '../plan/helpers.ts';

function planned(made: MadeUp): { plan: RenderPlan; source: ReturnType<typeof makeSource> } {
  const source = makeSource(made);
  const spec = parseExportSpec({
    version: 1,
    name: 'test',
    type: 'combined',
    segments: [
      { assetId: 'asset-a', startUs: 1_010_000, endUs: 2_000_000 },
      { assetId: 'asset-a', startUs: 40_000, endUs: 1_040_000 },
    ],
  });
  if (!spec.ok) throw new Error(spec.error.message);
  const plan = planRender({
    spec: spec.value,
    sources: new Map([[source.asset.id, source]]),
    cleanKeys: new Set(),
    neverCopy: new Set(),
    canDecode: () => true,
    workers: 1,
    pixelsPerSecond: 14e6,
  });
  if (!plan.ok) throw new Error(plan.error.message);
  return { plan: plan.value, source };
}

function firstChunk(made: MadeUp, originUs = 0): string[] {
  const { plan, source } = planned(made);
  const step = plan.steps.find(
    (candidate): candidate is EncodeVideoStep => candidate.kind === 'encode-video',
  );
  if (step === undefined || plan.output.video === null) throw new Error('no chunk');
  return videoChunkArgs(step, { ...source.asset.probe, originUs }, plan.output.video.settings);
}

const after = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

describe('picture arguments', () => {
  it('take frames by their own time stamps and hold the first from the cut on', () => {
    const args = firstChunk({ gop: 10 });
    expect(after(args, '-vf')).toContain('trim=start=0.999500:end=');
    expect(after(args, '-vf')).toContain('setpts=max(0\\,PTS-1000000)');
    expect(after(args, '-ss')).toBe('0.800000');
    expect(args).toContain('passthrough');
    expect(after(args, '-x264-params')).toContain('sps-id=13');
  });

  it('let x264 search less than its preset, and give back in bits what that costs', () => {
    const args = firstChunk({ gop: 10 });
    expect(after(args, '-preset')).toBe('veryfast');
    expect(after(args, '-x264-params')).toMatch(/^subme=1:me=dia:/);
    expect(after(args, '-crf')).toBe('17.5');
  });

  it('work in the file’s own clock', () => {
    const args = firstChunk({ gop: 10, container: 'mpegts' }, 1_400_000);
    expect(after(args, '-vf')).toContain('trim=start=2.399500');
    // A transport stream has no index: it is entered well before.
    expect(after(args, '-ss')).toBe('1.200000');
  });

  it('enter H.264 4:4:4 at its first packet, which names the encoder whose mistake has to be made up for', () => {
    expect(firstChunk({ gop: 10, track: { profile: 'High 4:4:4 Predictive' } })).not.toContain('-ss');
  });

  it('turn pictures as the file says, or leave them as they are stored where the output says it', () => {
    const rotated = { rotation: 90, displayWidth: 720, displayHeight: 1280 } as const;
    const { plan, source } = planned({ gop: 10, track: rotated });
    const step = plan.steps.find(
      (candidate): candidate is EncodeVideoStep => candidate.kind === 'encode-video',
    );
    const settings = plan.output.video?.settings;
    if (step === undefined || settings === undefined) throw new Error('no chunk');
    expect(step.filter.rotate).toBe(90);
    expect(videoChunkArgs(step, source.asset.probe, settings)).not.toContain('-noautorotate');
    const stored = { ...step, filter: { ...step.filter, rotate: 0 as const } };
    const args = videoChunkArgs(stored, source.asset.probe, settings);
    expect(args.indexOf('-noautorotate')).toBeGreaterThanOrEqual(0);
    expect(args.indexOf('-noautorotate')).toBeLessThan(args.indexOf('-i'));
    // Mirroring is the decoder's work too.
    expect(firstChunk({ gop: 10, track: { flip: true } })).not.toContain('-noautorotate');
  });

  it('leave out B-frames in the short ends of a copied clip', () => {
    const { plan, source } = planned({ gop: 10 });
    const step = plan.steps.find(
      (candidate): candidate is EncodeVideoStep => candidate.kind === 'encode-video',
    );
    const settings = plan.output.video?.settings;
    if (step === undefined || settings === undefined) throw new Error('no chunk');
    expect(videoChunkArgs(step, source.asset.probe, settings)).not.toContain('-bf');
    const end = { ...step, reason: 'cut_before_key_frame' as const };
    expect(after(videoChunkArgs(end, source.asset.probe, settings), '-bf')).toBe('0');
  });

  it('take the rate of the step', () => {
    const { plan, source } = planned({ gop: 10 });
    const step = plan.steps.find(
      (candidate): candidate is EncodeVideoStep => candidate.kind === 'encode-video',
    );
    const settings = plan.output.video?.settings;
    if (step === undefined || settings === undefined) throw new Error('no chunk');
    const rate = { quality: 'high', crf: 19, maxBitrate: 9_000_000 } as const;
    const args = videoChunkArgs({ ...step, rate }, source.asset.probe, settings);
    expect([after(args, '-crf'), after(args, '-maxrate'), after(args, '-bufsize')]).toEqual([
      '18.5',
      '9000000',
      '18000000',
    ]);
  });

  it('are for H.264 only, as sound is encoded to AAC only', () => {
    const { video, audio } = planned({}).plan.output;
    if (video === null || audio === null) throw new Error('no settings');
    expect([canEncodeWithFfmpeg(video.settings), canEncodeWithFfmpeg(audio)]).toEqual([true, true]);
    expect(canEncodeWithFfmpeg({ ...video.settings, codec: 'vp9' })).toBe(false);
    expect(canEncodeWithFfmpeg({ ...audio, codec: 'opus' })).toBe(false);
  });

  it('never name the person’s file', () => {
    expect(firstChunk({}).join(' ')).not.toContain('asset-a');
  });

  it('tone-map HDR and pad odd shapes', () => {
    const color = { primaries: 'bt2020', transfer: 'pq', matrix: 'bt2020-ncl', fullRange: false };
    const { plan } = planned({});
    const settings = plan.output.video?.settings;
    if (settings === undefined) throw new Error('no settings');
    const base = {
      width: 1280,
      height: 720,
      innerWidth: 404,
      innerHeight: 720,
      rotate: 0,
      flip: false,
      sourceColor: color,
      untaggedMatrix: 'bt709',
    } as const;
    const chain = filterChain({ ...base, fit: 'pad', toneMap: true }, settings).join(',');
    expect(chain).toContain('tin=smpte2084');
    expect(chain).toContain('tonemap=tonemap=hable');
    expect(chain).toContain('pad=w=1280:h=720');
  });
});

describe('sound arguments', () => {
  it('ask for an exact number of samples and fade at joins', () => {
    const { plan, source } = planned({});
    const step = plan.steps.find(
      (candidate): candidate is DecodeAudioStep => candidate.kind === 'decode-audio',
    );
    if (step === undefined || plan.output.audio === null) throw new Error('no sound');
    const filter = after(soundChunkArgs(step, source.asset.probe, plan.output.audio), '-af');
    expect(filter).toContain(
      `atrim=end_sample=${String(step.samples)},apad=whole_len=${String(step.samples)}`,
    );
    expect(filter).toContain('asetpts=PTS-1000000');
    expect(filter).toContain(`afade=t=out:ss=${String(step.samples - 144)}:ns=144`);
    expect(filter).not.toContain('afade=t=in');
  });
});

describe('sound of six channels and of another track', () => {
  it('is laid out as 5.1 from the track of the step', () => {
    const { plan, source } = planned({});
    const step = plan.steps.find(
      (candidate): candidate is DecodeAudioStep => candidate.kind === 'decode-audio',
    );
    const [first] = source.asset.probe.audio;
    if (step === undefined || first === undefined || plan.output.audio === null) throw new Error('no sound');
    const settings = { ...plan.output.audio, channels: 6 };
    const probe = { ...source.asset.probe, audio: [first, { ...first, index: 3, engineOffsetUs: 40_000 }] };
    const args = soundChunkArgs({ ...step, track: 1 }, probe, settings);
    expect(after(args, '-map')).toBe('0:3');
    expect(after(args, '-af')).toContain('channel_layouts=5.1');
    expect(after(args, '-af')).toContain('asetpts=PTS-1040000');
    const silence = soundChunkArgs({ ...step, assetId: null }, null, settings);
    expect(after(silence, '-i')).toBe('anullsrc=r=48000:cl=5.1');
    expect(after(soundEncodeArgs(settings), '-ac')).toBe('6');
  });
});

describe('status lines', () => {
  it('are read with frames and time', () => {
    expect(
      parseProgress('frame=   49 fps= 24 q=24.0 size= 215kB time=00:01:01.13 bitrate=1549.9kbits/s'),
    ).toEqual({
      frames: 49,
      timeUs: 61_130_000,
    });
    expect(parseProgress('size=     312kB time=00:00:02.00 bitrate=N/A')).toEqual({
      frames: null,
      timeUs: 2_000_000,
    });
    expect(parseProgress('frame=    0 fps=0.0 q=0.0 time=-00:00:00.04')).toEqual({ frames: 0, timeUs: 0 });
    expect(parseProgress('Stream #0:0: Video: h264')).toBeNull();
  });
});

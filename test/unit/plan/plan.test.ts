import { describe, expect, it } from 'vitest';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { frameToMicros } from '../../../src/core/base/time.ts';
import { makeSource, plan, range, tryPlan } from './helpers.ts';

describe('copy or encode', () => {
  const source = makeSource();

  it('copies a range from a key frame to the end', () => {
    const { summary, steps } = plan({ segments: [range('asset-a', 100, 250)] }, [source]);
    expect(summary).toMatchObject({ copied: 1, encoded: [] });
    expect(steps.find((step) => step.kind === 'copy-video')).toMatchObject({ frames: 150, outStartUs: 0 });
  });

  it.each([
    ['starts_off_key_frame', makeSource(), range('asset-a', 101, 145), {}],
    ['ends_inside_group', makeSource({ closedEvery: 3 }), range('asset-a', 100, 107), {}],
    ['codec_differs', makeSource({ track: { codec: 'vp9' } }), range('asset-a', 0, 50), {}],
    [
      'size_changes',
      makeSource({ track: { codedWidth: 1440, displayWidth: 1920 } }),
      range('asset-a', 0, 50),
      {},
    ],
    ['parameters_in_band', makeSource({ track: { configHash: null } }), range('asset-a', 0, 50), {}],
    ['open_group', makeSource(), range('asset-a', 50, 100), { clean: false }],
    ['check_failed_before', makeSource(), range('asset-a', 50, 100), { neverCopy: [0] }],
  ] as const)('encodes and says %s', (reason, made, segment, more) => {
    const { summary } = plan({ segments: [segment] }, [made], more);
    expect(summary).toMatchObject({ copied: 0, encoded: [{ clip: 0, reason }] });
  });

  it('encodes for a smaller resolution, and copies when the source already fits', () => {
    const big = makeSource({
      track: { codedWidth: 1920, codedHeight: 1080, displayWidth: 1920, displayHeight: 1080 },
    });
    const scaled = plan({ segments: [range('asset-a', 0, 50)], resolution: '720p' }, [big]);
    expect(scaled.output.video).toMatchObject({ width: 1280, height: 720 });
    expect(scaled.summary.encoded).toEqual([{ clip: 0, reason: 'size_changes' }]);
    const same = plan({ segments: [range('asset-a', 0, 50)], resolution: '1080p' }, [big]);
    expect(same.summary.copied).toBe(1);
  });

  it('keeps portrait portrait and never makes a picture larger', () => {
    const portrait = makeSource({
      track: { codedWidth: 1920, codedHeight: 1080, displayWidth: 1080, displayHeight: 1920, rotation: 90 },
    });
    expect(
      plan({ segments: [range('asset-a', 0, 50)], resolution: '720p' }, [portrait]).output.video,
    ).toMatchObject({
      width: 720,
      height: 1280,
    });
    expect(
      plan({ segments: [range('asset-a', 0, 50)], resolution: '4k' }, [portrait]).output.video,
    ).toMatchObject({
      width: 1080,
      height: 1920,
    });
  });

  it('copies pictures of several encoders where they are of one kind', () => {
    const other = makeSource({ id: 'asset-b', track: { configHash: 'config-b' } });
    const { summary } = plan({ segments: [range('asset-a', 0, 100), range('asset-b', 0, 50)] }, [
      source,
      other,
    ]);
    expect(summary).toMatchObject({ copied: 2, encoded: [] });
  });

  it('copies the larger group of equal parameters and encodes the odd clip', () => {
    const odd = makeSource({
      id: 'asset-b',
      track: { configHash: 'config-b', codecString: 'avc1.6e001f', bitDepth: 10 },
    });
    const { summary } = plan(
      { segments: [range('asset-a', 0, 100), range('asset-b', 0, 50), range('asset-a', 100, 200)] },
      [source, odd],
    );
    expect(summary).toMatchObject({ copied: 2, encoded: [{ clip: 1, reason: 'parameters_differ' }] });
  });

  it('does not mix copies with encoded pictures where the pixel format differs', () => {
    const deep = makeSource({ track: { codecString: 'avc1.6e001f', bitDepth: 10 } });
    const { summary } = plan({ segments: [range('asset-a', 0, 50), range('asset-a', 7, 50)] }, [deep]);
    expect(summary.encoded.map((entry) => entry.reason)).toEqual([
      'pixel_format_differs',
      'starts_off_key_frame',
    ]);
  });

  it('refuses to encode what the engine cannot decode', () => {
    const result = tryPlan({ segments: [range('asset-a', 0, 50)] }, [
      makeSource({ track: { codec: 'av1', decodable: false } }),
    ]);
    expect(result).toMatchObject({ ok: false, error: { code: 'unsupported_media', reason: 'no_decoder' } });
  });
});

describe('HDR', () => {
  const color = { primaries: 'bt2020', transfer: 'pq', matrix: 'bt2020-ncl', fullRange: false };
  const hdr = (codec: string) => makeSource({ track: { codec, hdr: true, bitDepth: 10, color } });

  it('is mapped where ffmpeg decodes it, and refused where only the browser does', () => {
    const { deviations, output } = plan({ segments: [range('asset-a', 0, 50)] }, [hdr('hevc')]);
    expect(deviations.map((entry) => entry.code)).toContain('hdr_tone_mapped');
    expect(output.video?.settings.color.transfer).toBe('bt709');
    expect(tryPlan({ segments: [range('asset-a', 0, 50)] }, [hdr('av1')])).toMatchObject({
      error: { code: 'unsupported_media', reason: 'hdr_unsupported' },
    });
    expect(tryPlan({ segments: [range('asset-a', 0, 50)], format: 'webm' }, [hdr('hevc')])).toMatchObject({
      error: { code: 'unsupported_media', reason: 'hdr_unsupported' },
    });
  });
});

describe('colour', () => {
  const sd = { primaries: 'smpte170m', transfer: 'bt709', matrix: 'smpte170m', fullRange: false };

  it('is the one of the copied packets, and the odd clip is brought to it', () => {
    const most = makeSource({ track: { color: sd } });
    const odd = makeSource({ id: 'asset-b', track: { configHash: 'config-b' } });
    const { output, summary } = plan({ segments: [range('asset-a', 0, 200), range('asset-b', 0, 50)] }, [
      most,
      odd,
    ]);
    expect(output.video?.settings.color).toEqual(sd);
    expect(summary).toMatchObject({ copied: 1, encoded: [{ clip: 1, reason: 'parameters_differ' }] });
  });

  it('is that of the copied packets beside HDR, too: the tone map ends in it', () => {
    const most = makeSource({ track: { color: sd } });
    const hdr = makeSource({ id: 'asset-b', track: { codec: 'hevc', hdr: true } });
    const { output, summary } = plan({ segments: [range('asset-a', 0, 200), range('asset-b', 0, 50)] }, [
      most,
      hdr,
    ]);
    expect(output.video?.settings.color).toEqual(sd);
    expect(summary).toMatchObject({ copied: 1, encoded: [{ clip: 1, reason: 'codec_differs' }] });
  });

  it('of packets that nothing can be brought to keeps them from being copied beside others', () => {
    const wide = { primaries: 'bt2020', transfer: 'bt709', matrix: 'bt2020-ncl', fullRange: false };
    const most = makeSource({ track: { color: wide } });
    const odd = makeSource({ id: 'asset-b' });
    const segments = [range('asset-a', 0, 200), range('asset-b', 0, 50)];
    const { summary } = plan({ segments }, [most, odd]);
    expect(summary.encoded.map((entry) => entry.reason)).toEqual(['color_differs', 'parameters_differ']);
    expect(plan({ segments: segments.slice(0, 1) }, [most]).output.video?.settings.color).toEqual(wide);
  });
});

describe('a size that is asked for', () => {
  it('enlarges only on request', () => {
    const asked = { segments: [range('asset-a', 0, 50)], resolution: '1080p' } as const;
    const kept = plan(asked, [makeSource()]);
    expect(kept.output.video).toMatchObject({ width: 1280, height: 720 });
    expect(kept.deviations.map((entry) => entry.code)).toContain('not_enlarged');
    const enlarged = plan({ ...asked, enlarge: true }, [makeSource()]);
    expect(enlarged.output.video).toMatchObject({ width: 1920, height: 1080 });
    expect(enlarged.deviations.map((entry) => entry.code)).not.toContain('not_enlarged');
    expect(enlarged.summary.encoded).toEqual([{ clip: 0, reason: 'size_changes' }]);
  });
});

describe('WebM', () => {
  const vp9 = (id: string, track: object = {}) =>
    makeSource({
      id,
      container: 'webm',
      track: { codec: 'vp9', codecString: 'vp09.00.31.08', configHash: null, ...track },
      audio: { codec: 'opus' },
    });

  it('copies VP9 and Opus, without looking at key frames', () => {
    const made = plan({ segments: [range('asset-a', 0, 250)], format: 'webm' }, [vp9('asset-a')], {
      clean: false,
    });
    expect(made.output).toMatchObject({
      container: 'webm',
      video: { settings: { codec: 'vp9' } },
      audio: { codec: 'opus', sampleRate: 48_000 },
    });
    expect(made.steps.map((step) => step.kind)).toEqual(['copy-video', 'copy-audio']);
  });

  it('joins two sources of one shape, smart-cuts, and encodes H.264', () => {
    const { summary } = plan(
      {
        segments: [range('asset-a', 0, 100), range('asset-b', 20, 107), range('asset-c', 0, 50)],
        format: 'webm',
      },
      [vp9('asset-a'), vp9('asset-b'), makeSource({ id: 'asset-c' })],
      { clean: false },
    );
    expect(summary).toMatchObject({
      copied: 1,
      // Packets are never reordered: nothing to encode at the end.
      smart: [{ clip: 1, copiedFrames: 57, encodedFrames: 30 }],
      encoded: [{ clip: 2, reason: 'codec_differs' }],
    });
  });

  it('does not mix profiles, and bakes a rotation in', () => {
    const deep = vp9('asset-b', { codecString: 'vp09.02.31.10', bitDepth: 10 });
    const mixed = plan({ segments: [range('asset-a', 0, 150), range('asset-b', 0, 50)], format: 'webm' }, [
      vp9('asset-a'),
      deep,
    ]);
    expect(mixed.summary).toMatchObject({ copied: 1, encoded: [{ clip: 1, reason: 'parameters_differ' }] });
    const turned = plan({ segments: [range('asset-a', 0, 100)], format: 'webm' }, [
      vp9('asset-a', { rotation: 90, displayWidth: 720, displayHeight: 1280 }),
    ]);
    expect(turned.output.video).toMatchObject({ rotation: 0, width: 720, height: 1280 });
    expect(turned.summary.encoded).toEqual([{ clip: 0, reason: 'rotation_baked' }]);
  });

  it('refuses what only ffmpeg can decode', () => {
    const avi = makeSource({ track: { codec: 'mpeg4', decodable: false } });
    expect(tryPlan({ segments: [range('asset-a', 0, 50)], format: 'webm' }, [avi])).toMatchObject({
      error: { code: 'unsupported_media', reason: 'no_browser_decoder' },
    });
    expect(tryPlan({ segments: [range('asset-a', 0, 50)] }, [avi])).toMatchObject({ ok: true });
  });
});

describe('key-frame cut', () => {
  it('moves the cut outwards and says by how much', () => {
    const { clips, deviations, summary } = plan({ segments: [range('asset-a', 60, 75)], cut: 'keyframe' }, [
      makeSource({ closedEvery: 50 }),
    ]);
    expect(summary.copied).toBe(1);
    expect(clips[0]).toMatchObject({ startUs: 2_000_000, endUs: 4_000_000, frames: 50 });
    expect(deviations).toContainEqual({ code: 'cut_moved', clip: 0, params: { startMs: 400, endMs: 1000 } });
  });
});

describe('ranges against the media', () => {
  it('refuses a range outside, clamps a small overrun, refuses an unknown asset', () => {
    const source = makeSource();
    expect(
      tryPlan({ segments: [{ assetId: 'asset-a', startUs: 11_000_000, endUs: 12_000_000 }] }, [source]),
    ).toMatchObject({
      error: { code: 'out_of_range', reason: 'range_outside_media' },
    });
    expect(
      plan({ segments: [{ assetId: 'asset-a', startUs: 0, endUs: 10_200_000 }] }, [source]).deviations,
    ).toContainEqual({
      code: 'range_clamped',
      clip: 0,
      params: { ms: 200 },
    });
    expect(tryPlan({ segments: [{ assetId: 'nobody', startUs: 0, endUs: 1 }] }, [source])).toMatchObject({
      error: { code: 'not_found' },
    });
  });
});

describe('sound', () => {
  it('is joined sample-exactly: positions come from the output time line', () => {
    const rate = { num: 30000, den: 1001 };
    const source = makeSource({ rate, frames: 3000 });
    const segments = Array.from({ length: 11 }, (_, i) => range('asset-a', i * 100 + 7, i * 100 + 44, rate));
    const { steps, output } = plan({ segments }, [source]);
    const decoded = steps.filter((step) => step.kind === 'decode-audio');
    const total = decoded.reduce((sum, step) => sum + step.samples, 0);
    expect(total).toBe(Math.round((output.durationUs * 48_000) / 1e6));
    let at = 0;
    for (const [i, step] of decoded.entries()) {
      const videoStart = frameToMicros(i * 37, rate);
      expect(Math.abs(at / 48 - videoStart / 1000)).toBeLessThan(0.03);
      at += step.samples;
    }
    expect(decoded[0]).toMatchObject({ fadeInSamples: 0, fadeOutSamples: 144 });
    expect(decoded[10]).toMatchObject({ fadeInSamples: 144, fadeOutSamples: 0 });
  });

  it('has no fade where the sound goes on unbroken', () => {
    const { steps } = plan({ segments: [range('asset-a', 3, 20), range('asset-a', 20, 40)] }, [makeSource()]);
    const decoded = steps.filter((step) => step.kind === 'decode-audio');
    expect(decoded.map((step) => [step.fadeInSamples, step.fadeOutSamples])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('is copied for the whole file, silent where a clip has none, dropped on request', () => {
    const source = makeSource();
    const mute = makeSource({ id: 'asset-b', audio: null });
    expect(plan({ segments: [range('asset-a', 0, 250)] }, [source]).steps.map((step) => step.kind)).toEqual([
      'copy-video',
      'copy-audio',
    ]);
    const mixed = plan({ segments: [range('asset-a', 0, 50), range('asset-b', 0, 50)] }, [source, mute]);
    expect(mixed.steps.find((step) => step.kind === 'decode-audio' && step.assetId === null)).toBeDefined();
    expect(mixed.deviations.map((entry) => entry.code)).toContain('silence_added');
    expect(plan({ segments: [range('asset-a', 0, 50)], audio: 'drop' }, [source]).output.audio).toBeNull();
  });
});

describe('the sound track', () => {
  const source = makeSource();
  const [first] = source.asset.probe.audio;
  if (first === undefined) throw new Error('the source has sound');
  const two = {
    ...source,
    asset: {
      ...source.asset,
      probe: {
        ...source.asset.probe,
        audio: [first, { ...first, index: 2, order: 1, channels: 6, sampleRate: 44_100 }],
      },
    },
  };

  it('is the one that a segment names', () => {
    const segments = [range('asset-a', 7, 60), { ...range('asset-a', 60, 90), audioTrack: 1 }];
    const { steps, deviations } = plan({ segments }, [two]);
    const decoded = steps.filter((step) => step.kind === 'decode-audio');
    expect(decoded.map((step) => step.track)).toEqual([0, 1]);
    // Another track is heard from there on: that is a join, though the picture goes on.
    expect(decoded[0]?.fadeOutSamples).toBeGreaterThan(0);
    expect(deviations.filter((entry) => entry.code === 'tracks_left_out')).toHaveLength(2);
    const whole = plan({ segments: [{ ...range('asset-a', 0, 250), audioTrack: 1 }], surround: 'keep' }, [
      two,
    ]);
    expect(whole.steps.find((step) => step.kind === 'copy-audio')).toMatchObject({ track: 1 });
    expect(whole.output.audio).toMatchObject({ channels: 6, sampleRate: 44_100 });
  });

  it('must be there', () => {
    const segments = [range('asset-a', 0, 50), { ...range('asset-a', 0, 50), audioTrack: 2 }];
    expect(tryPlan({ segments }, [two])).toMatchObject({
      error: { code: 'invalid_spec', reason: 'bad_spec', details: { path: 'segments.1.audioTrack' } },
    });
  });

  it('of 5.1 is mixed down, or kept on request, and never copied as what it should not be', () => {
    const surround = makeSource({ audio: { channels: 6 } });
    const whole = [range('asset-a', 0, 250)];
    const down = plan({ segments: whole }, [surround]);
    expect(down.output.audio?.channels).toBe(2);
    expect(down.summary.sound).toBe('encoded');
    expect(down.deviations.map((entry) => entry.code)).toContain('sound_downmixed');
    expect(plan({ segments: whole, surround: 'keep' }, [surround]).summary.sound).toBe('copied');
    const kept = plan({ segments: [range('asset-a', 3, 50)], surround: 'keep' }, [surround]);
    expect(kept.output.audio).toMatchObject({ channels: 6, bitrate: 480_000 });
    expect(kept.deviations.map((entry) => entry.code)).not.toContain('sound_downmixed');
  });
});

describe('a constant rate with a hole further on', () => {
  it('keeps the times of the frames, so that pictures stay with their sound', () => {
    const source = makeSource({ frames: 250 });
    // 400 ms are missing after frame 120.
    const timesUs = source.index.timesUs.map((time, i) => (i > 120 ? time + 400_000 : time));
    const index = { ...source.index, timesUs, endUs: source.index.endUs + 400_000 };
    const holed = {
      asset: { ...source.asset, probe: { ...source.asset.probe, durationUs: index.endUs } },
      index,
    };
    const { output, clips } = plan(
      { segments: [{ assetId: 'asset-a', startUs: 4_040_000, endUs: 6_400_000 }] },
      [holed],
    );
    expect(output.video?.rate).toBeNull();
    expect(output.durationUs).toBe(2_360_000);
    expect(clips[0]?.frames).toBe(49);
    const before = plan({ segments: [{ assetId: 'asset-a', startUs: 40_000, endUs: 2_000_000 }] }, [holed]);
    expect(before.output.video?.rate).toEqual({ num: 25, den: 1 });
  });
});

it('plans are plain data', () => {
  const made = plan({ segments: [range('asset-a', 1, 101)] }, [makeSource()]);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made.clips[0]?.assetId satisfies AssetId | undefined).toBe('asset-a');
});

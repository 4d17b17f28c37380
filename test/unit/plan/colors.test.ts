/** Colour, size and key-frame cuts where sources differ: only the odd clip is changed, and what is shown stays what it was. */
import { describe, expect, it } from 'vitest';
import type { ColorInfo, VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import { matrixOf, readAlike, untaggedMatrix } from '../../../src/core/schema/color.ts';
import type { EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { filterChain, videoChunkArgs } from '../../../src/runtime/engine/ffmpeg/argv.ts';
import { colorNumbers, containerColor, vuiColor } from '../../../workers/webcodecs/config.ts';
import { matrixChange } from '../../../src/core/schema/color.ts';
import { vp9CodecString, withVp9Color } from '../../../workers/webcodecs/vp9-color.ts';
import { cleanAt, makeSource, plan, range, type MadeUp } from './helpers.ts';

const UNTAGGED: ColorInfo = { primaries: null, transfer: null, matrix: null, fullRange: false };
const HD: ColorInfo = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false };
const SD: ColorInfo = {
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  matrix: 'smpte170m',
  fullRange: false,
};

function sized(width: number, height: number, color = UNTAGGED): Partial<VideoTrackProbe> {
  return { codedWidth: width, codedHeight: height, displayWidth: width, displayHeight: height, color };
}

const source = (id: string, track: Partial<VideoTrackProbe>, more: MadeUp = {}) =>
  makeSource({ id, track: { configHash: id, ...track }, ...more });

function settingsOf(made: RenderPlan) {
  const settings = made.output.video?.settings;
  if (settings === undefined) throw new Error('no picture');
  return settings;
}

function encodeOf(made: RenderPlan, clip = 0): EncodeVideoStep {
  const step = made.steps.find(
    (candidate): candidate is EncodeVideoStep => candidate.kind === 'encode-video' && candidate.clip === clip,
  );
  if (step === undefined) throw new Error('nothing is encoded');
  return step;
}

/** What both engines do to the samples of a clip that is encoded: from which matrix to which, null for nothing. */
function changes(made: RenderPlan, clip = 0): string | null {
  const step = encodeOf(made, clip);
  const change = matrixChange(step.filter, settingsOf(made));
  const chain = filterChain(step.filter, settingsOf(made)).join(',');
  const options = /in_color_matrix=(\w+):out_color_matrix=(\w+)/.exec(chain);
  const ranges = /in_range=(\w+):out_range=(\w+)/.exec(chain);
  if (change === null) {
    expect(options).toBeNull();
    expect(ranges).toBeNull();
    return null;
  }
  expect(ranges?.slice(1)).toEqual([
    change.fromFull ? 'full' : 'limited',
    change.toFull ? 'full' : 'limited',
  ]);
  if (change.from === change.to) expect(options).toBeNull();
  else expect(options?.slice(1)).toEqual([change.from, change.to]);
  const full = (is: boolean): string => (is ? ' full' : '');
  return `${change.from}${full(change.fromFull)} > ${change.to}${full(change.toFull)}`;
}

describe('pictures without a tag', () => {
  it('are read by the lines that are coded', () => {
    expect([360, 576, 719, 720, 1080].map(untaggedMatrix)).toEqual([
      'smpte170m',
      'smpte170m',
      'smpte170m',
      'bt709',
      'bt709',
    ]);
    expect(matrixOf({ ...SD, matrix: 'bt470bg' }, 'bt709')).toBe('smpte170m');
  });

  it('are read alike by every player only where size and, above 720 lines, codec agree', () => {
    const at = (codec: string, codedHeight: number) => ({ codec, codedHeight });
    expect(readAlike(at('avc', 360), at('vp9', 576))).toBe(true);
    expect(readAlike(at('avc', 360), at('avc', 640))).toBe(false);
    expect(readAlike(at('avc', 600), at('avc', 704))).toBe(true);
    expect(readAlike(at('avc', 720), at('avc', 1080))).toBe(true);
    expect(readAlike(at('avc', 720), at('vp9', 720))).toBe(false);
  });

  const small = source('asset-a', sized(640, 360));
  const segments = [range('asset-a', 10, 60)];

  it('stay untagged and unchanged at their own size, in another codec, too', () => {
    for (const format of ['mp4', 'webm'] as const) {
      const made = plan({ segments, format, quality: 'low' }, [small]);
      expect(settingsOf(made).color).toEqual(UNTAGGED);
      expect(changes(made)).toBeNull();
    }
  });

  it('become BT.709, and are called so, where they get so many lines that players read them otherwise', () => {
    for (const format of ['mp4', 'webm'] as const) {
      const made = plan({ segments, format, resolution: '720p', enlarge: true }, [small]);
      expect(settingsOf(made).color).toEqual(HD);
      expect(changes(made)).toBe('smpte170m > bt709');
    }
  });

  it('are called what they are where the other codec would be read otherwise, and in a small preview', () => {
    const large = source('asset-a', sized(1280, 720));
    const webm = plan({ segments, format: 'webm' }, [large]);
    expect(settingsOf(webm).color).toEqual(HD);
    expect(changes(webm)).toBeNull();
    const preview = plan({ segments }, [large], { preview: true });
    expect(settingsOf(preview)).toMatchObject({ height: 360, color: HD });
    expect(changes(preview)).toBeNull();
  });

  it('keep tags that sources have, whatever the size', () => {
    const tagged = source('asset-a', sized(640, 360, SD));
    const made = plan({ segments, resolution: '720p', enlarge: true }, [tagged]);
    expect(settingsOf(made).color).toEqual(SD);
    expect(changes(made)).toBeNull();
  });
});

describe('unequal sources', () => {
  const small = source('asset-a', sized(640, 360), { frames: 300 });

  it('take the colour of the packets that are copied: an odd matrix or range is brought to it', () => {
    const segments = [range('asset-a', 0, 250), range('asset-b', 10, 60)];
    const odd = (color: ColorInfo) => plan({ segments }, [small, source('asset-b', sized(640, 360, color))]);
    for (const [color, change] of [
      [HD, 'bt709 > smpte170m'],
      [{ ...HD, fullRange: true }, 'bt709 full > smpte170m'],
      [{ ...UNTAGGED, fullRange: true }, 'smpte170m full > smpte170m'],
      [SD, null],
    ] as const) {
      const made = odd(color);
      expect(settingsOf(made).color).toEqual(UNTAGGED);
      expect(made.summary).toMatchObject({ copied: 1, encoded: [{ clip: 1, reason: 'parameters_differ' }] });
      expect(changes(made, 1)).toBe(change);
    }
  });

  it('take the size of most of the time, not of most pixels', () => {
    const large = source('asset-b', sized(1280, 720), { frames: 300 });
    const made = plan({ segments: [range('asset-a', 0, 250), range('asset-b', 0, 50)] }, [small, large]);
    expect(made.output.video).toMatchObject({ width: 640, height: 360 });
    expect(made.summary).toMatchObject({ copied: 1, encoded: [{ clip: 1, reason: 'size_changes' }] });
    expect(changes(made, 1)).toBe('bt709 > smpte170m');
    expect(made.deviations.map(({ code }) => code)).not.toContain('clip_enlarged');
    // Several clips of one size count together; of equal lengths the larger picture wins.
    const three = plan(
      { segments: [range('asset-a', 0, 50), range('asset-b', 0, 80), range('asset-a', 50, 100)] },
      [small, large],
    );
    expect(three.output.video).toMatchObject({ width: 640, height: 360 });
    const tie = plan({ segments: [range('asset-a', 0, 50), range('asset-b', 0, 50)] }, [small, large]);
    expect(tie.output.video).toMatchObject({ width: 1280, height: 720 });
  });

  it('say so where a small picture is enlarged without being asked to be', () => {
    const large = source('asset-b', sized(1280, 720), { frames: 300 });
    const segments = [range('asset-b', 0, 250), range('asset-a', 0, 50)];
    const enlarged = { code: 'clip_enlarged', clip: 1, params: { width: 640, height: 360 } };
    const made = plan({ segments }, [small, large]);
    expect(made.deviations).toContainEqual(enlarged);
    expect(made.summary).toMatchObject({ copied: 1, encoded: [{ clip: 1 }] });
    expect(changes(made, 1)).toBe('smpte170m > bt709');
    // A size that is asked for still is the one of most pixels.
    const asked = plan(
      { segments: [range('asset-a', 0, 250), range('asset-b', 0, 50)], resolution: '1080p' },
      [small, large],
    );
    expect(asked.output.video).toMatchObject({ width: 1280, height: 720 });
    expect(asked.deviations).toContainEqual({ ...enlarged, clip: 0 });
    expect(plan({ segments, enlarge: true }, [small, large]).deviations).not.toContainEqual(enlarged);
  });

  it('make an odd size even without calling it larger', () => {
    const odd = source('asset-a', sized(641, 361));
    const made = plan({ segments: [range('asset-a', 0, 50)] }, [odd]);
    expect(made.deviations.map(({ code }) => code)).toEqual(['odd_size_evened']);
  });
});

describe('what is written of colour', () => {
  it('by ffmpeg is told even when it is nothing, so that it does not take the source’s', () => {
    const small = source('asset-a', sized(640, 360));
    const made = plan({ segments: [range('asset-a', 10, 60)], quality: 'low' }, [small]);
    const args = videoChunkArgs(encodeOf(made), small.asset.probe, settingsOf(made));
    for (const option of ['-color_primaries', '-color_trc', '-colorspace'])
      expect(args[args.indexOf(option) + 1]).toBe('unknown');
  });

  it('by the browser’s codecs is nothing where the output says nothing, and what is known otherwise', () => {
    expect(vuiColor(UNTAGGED)).toBeNull();
    expect(containerColor(UNTAGGED)).toBeUndefined();
    expect(vuiColor({ ...UNTAGGED, fullRange: true })).toMatchObject({ matrix: 2, fullRange: true });
    expect(containerColor({ ...UNTAGGED, matrix: 'smpte170m' })).toMatchObject({ matrix: 'smpte170m' });
  });

  it('in VP9 key frames is the output’s, whatever the encoder made of the picture', () => {
    // frame_marker 2, profile 0, a key frame that is shown; sync code; color_space 2, color_range 0, first bits of the size.
    const key = Uint8Array.of(0x82, 0x49, 0x83, 0x42, 0x40 | 0x05, 0xf0, 0x16);
    const space = (color: ColorInfo) => (withVp9Color(key, color)[4] ?? 0) >> 4;
    expect(space(UNTAGGED)).toBe(0);
    expect(space(HD)).toBe(0b0100);
    expect(space(SD)).toBe(0b0110);
    expect(space({ ...HD, fullRange: true })).toBe(0b0101);
    expect([...withVp9Color(key, UNTAGGED)]).toEqual([0x82, 0x49, 0x83, 0x42, 0x05, 0xf0, 0x16]);
    expect(key[4]).toBe(0x45);
    const delta = Uint8Array.of(0x86, 0x49, 0x83, 0x42, 0x45);
    expect(withVp9Color(delta, UNTAGGED)).toBe(delta);
    expect(vp9CodecString('vp09.00.30.08', colorNumbers(UNTAGGED), false)).toBe(
      'vp09.00.30.08.01.02.02.02.00',
    );
    expect(vp9CodecString('vp09.00.30.08.01.01.01.01.00', colorNumbers(SD), false)).toBe(
      'vp09.00.30.08.01.06.06.06.00',
    );
  });
});

describe('a key-frame cut without a key frame to start from', () => {
  const outline = (made: RenderPlan) =>
    made.steps.flatMap((step) =>
      step.kind === 'copy-video' || step.kind === 'encode-video'
        ? [`${step.kind === 'copy-video' ? 'copy' : 'encode'} ${String(step.frames)}`]
        : [],
    );
  const base = makeSource({ frames: 250, gop: 50 });
  /** The first `hidden` frames of a film are hidden by its edit list, with the key frame that the rest depends on. */
  const cutInto = (hidden: number, container = 'mp4') =>
    makeSource({
      container,
      index: {
        ...base.index,
        timesUs: base.index.timesUs.slice(0, 250 - hidden),
        flags: base.index.flags.slice(hidden),
        endUs: (250 - hidden) * 40_000,
      },
    });

  it('encodes only what lies before the first one inside, and says so', () => {
    const made = plan({ segments: [range('asset-a', 0, 230)], cut: 'keyframe' }, [cutInto(20)]);
    expect(outline(made)).toEqual(['encode 30', 'copy 200']);
    expect(made.clips[0]).toMatchObject({ startUs: 0, frames: 230 });
    expect(made.deviations).toContainEqual({
      code: 'stream_reencoded',
      clip: 0,
      params: { codec: 'avc' },
    });
    expect(made.deviations.map(({ code }) => code)).not.toContain('cut_moved');
    expect(made.summary.smart).toEqual([{ clip: 0, copiedFrames: 200, encodedFrames: 30 }]);
    // Behind the first key frame there is one to move to.
    const behind = plan({ segments: [range('asset-a', 40, 230)], cut: 'keyframe' }, [cutInto(20)]);
    expect(outline(behind)).toEqual(['copy 200']);
    expect(behind.deviations).toContainEqual({
      code: 'cut_moved',
      clip: 0,
      params: { startMs: 400, endMs: 0 },
    });
  });

  it('gives the true reason where there is none inside, either', () => {
    const reason = (...args: Parameters<typeof plan>) => plan(...args).summary.encoded[0]?.reason;
    const segments = [range('asset-a', 2, 20)];
    expect(reason({ segments, cut: 'keyframe' }, [cutInto(20)])).toBe('edit_list_cuts_in');
    expect(reason({ segments, cut: 'keyframe' }, [cutInto(20, 'mkv')])).toBe('starts_off_key_frame');
    expect(reason({ segments, cut: 'keyframe' }, [base], { clean: false })).toBe('open_group');
  });

  it('starts at the first closed group of a source that begins with an open one', () => {
    const made = plan({ segments: [range('asset-a', 0, 250)], cut: 'keyframe' }, [base], {
      clean: cleanAt(base, [100, 150]),
    });
    expect(outline(made)).toEqual(['encode 50', 'encode 50', 'copy 150']);
  });
});

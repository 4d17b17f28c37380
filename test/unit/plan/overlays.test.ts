import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnnotationId, AssetId } from '../../../src/core/base/ids.ts';
import { visibleAt } from '../../../src/core/plan/overlay-times.ts';
import { untouchedSpans } from '../../../src/core/plan/overlays.ts';
import { keyFramesBehind } from '../../../src/core/plan/smart-cut.ts';
import type { Annotation } from '../../../src/core/schema/annotation.ts';
import { FRAME_CLOSED, FRAME_KEY, type FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import type { ExportSpec } from '../../../src/core/schema/spec.ts';
import { layOut } from '../../../src/core/timeline/layout.ts';
import { parseExportSpec } from '../../../src/core/schema/spec.ts';
import { cleanAt, decodeOrder, indexOf, makeSource, plan, range } from './helpers.ts';

const ISO = '2026-11-20T08:00:00.000Z';

function comment(
  id: string,
  timeUs: number | null,
  durationUs: number | null,
  more: Partial<Annotation> = {},
): Annotation {
  return {
    version: 1,
    id: id as AnnotationId,
    assetId: 'asset-a' as AssetId,
    timeUs,
    durationUs,
    text: `Comment ${id}`,
    author: 'Dana',
    color: '#ff4d4f',
    category: null,
    shapes: [],
    replies: [],
    resolved: null,
    createdAt: ISO,
    updatedAt: ISO,
    ...more,
  };
}

/** Frames of a film of 25 frames per second, as a comment's window. */
const frames = (id: string, first: number, stop: number, more: Partial<Annotation> = {}): Annotation =>
  comment(id, first * 40_000, (stop - first) * 40_000, more);

const burn = (comments: readonly Annotation[], more: Partial<ExportSpec> = {}): Partial<ExportSpec> => ({
  burnIn: true,
  comments,
  ...more,
});

type PictureStep = Extract<RenderPlan['steps'][number], { kind: 'copy-video' | 'encode-video' }>;

const pictures = (made: RenderPlan): PictureStep[] =>
  made.steps.filter(
    (step): step is PictureStep => step.kind === 'copy-video' || step.kind === 'encode-video',
  );

const painted = (made: RenderPlan): EncodeVideoStep[] =>
  pictures(made).filter(
    (step): step is EncodeVideoStep => step.kind === 'encode-video' && step.overlay !== undefined,
  );

/** Steps as `kind first-stop`, in frames of a film of 25 frames per second. */
function outline(made: RenderPlan): string[] {
  return pictures(made).map((step) => {
    const first = Math.round(step.startUs / 40_000);
    return `${step.kind === 'copy-video' ? 'copy' : step.reason} ${String(first)}-${String(first + step.frames)}`;
  });
}

/** What is on each frame of a source, by number, worked out from the plan's steps. */
function shownOn(made: RenderPlan, index: FrameIndex): Map<number, string> {
  const shown = new Map<number, string>();
  for (const step of painted(made)) {
    for (const [frame, timeUs] of index.timesUs.entries()) {
      if (timeUs < step.firstFrameUs || timeUs >= step.stopFrameUs) continue;
      const visible = step.overlay === undefined ? [] : visibleAt(step.overlay, timeUs);
      if (visible.length > 0) shown.set(frame, visible.map(({ number }) => number).join());
    }
  }
  return shown;
}

describe('what is encoded for painted comments', () => {
  const source = makeSource({ frames: 500, gop: 25 });
  const whole = [range('asset-a', 0, 500)];
  const one = { workers: 1, pixelsPerSecond: 150e6 };

  it('is the touched stretch, up to the next key frame; the rest is copied', () => {
    const made = plan(
      { segments: whole, ...burn([frames('a', 110, 130), frames('b', 300, 310)]) },
      [source],
      one,
    );
    expect(outline(made)).toEqual([
      'copy 0-110',
      'comments_painted 110-150',
      'copy 150-300',
      'comments_painted 300-325',
      'copy 325-500',
    ]);
    expect(made.summary).toMatchObject({
      copied: 0,
      smart: [],
      encoded: [{ clip: 0, reason: 'comments_painted' }],
    });
    expect(made.output.video?.frames).toBe(500);
  });

  it('is nothing where no comment is in the range, or none is asked for', () => {
    const comments = [frames('a', 400, 420), frames('b', 10, 20, { assetId: 'asset-b' as AssetId })];
    const part = [range('asset-a', 0, 300)];
    expect(outline(plan({ segments: part, ...burn(comments) }, [source], one))).toEqual(['copy 0-300']);
    expect(outline(plan({ segments: part, comments, burnIn: false }, [source], one))).toEqual(['copy 0-300']);
  });

  it('goes by closed groups and clean key frames', () => {
    const index = indexOf(decodeOrder({ frames: 250, gop: 50, b: 3 }));
    const withB = makeSource({ index });
    // Anchors stand at 100, 104 ...: packets before 111 can be parted behind 108.
    const made = plan(
      { segments: [range('asset-a', 0, 250)], ...burn([frames('a', 111, 120)]) },
      [withB],
      one,
    );
    expect(outline(made)).toEqual(['copy 0-109', 'comments_painted 109-150', 'copy 150-250']);
    const dirty = plan({ segments: [range('asset-a', 0, 250)], ...burn([frames('a', 111, 120)]) }, [withB], {
      ...one,
      clean: cleanAt(withB, [0, 200]),
    });
    expect(outline(dirty)).toEqual(['copy 0-109', 'comments_painted 109-200', 'copy 200-250']);
  });

  it('paints at both ends of a clip, and where the cut lies off key frames', () => {
    const comments = [frames('a', 95, 103), frames('b', 390, 450)];
    const made = plan({ segments: [range('asset-a', 101, 397)], ...burn(comments) }, [source], one);
    expect(outline(made)).toEqual(['comments_painted 101-125', 'copy 125-390', 'comments_painted 390-397']);
    expect([...shownOn(made, source.index)]).toEqual([
      [101, '1'],
      [102, '1'],
      ...Array.from({ length: 7 }, (_, i) => [390 + i, '2']),
    ]);
  });

  it('encodes what is painted where the cut is at key frames, too, and says so', () => {
    const made = plan(
      { segments: [range('asset-a', 60, 400)], cut: 'keyframe', ...burn([frames('a', 200, 210)]) },
      [source],
      one,
    );
    expect(outline(made)).toEqual(['copy 50-200', 'comments_painted 200-225', 'copy 225-400']);
    expect(made.deviations.map(({ code }) => code)).toContain('stream_reencoded');
  });

  it('leaves the sound of a whole file as it is', () => {
    const sound = (spec: Partial<ExportSpec>): string =>
      plan({ segments: whole, ...spec }, [source], one).summary.sound;
    expect(sound(burn([frames('a', 110, 130)]))).toBe('copied');
    expect(sound(burn([], { strip: 'both' }))).toBe('copied');
    expect(sound({ segments: [range('asset-a', 13, 400)], ...burn([frames('a', 110, 130)]) })).toBe(
      'encoded',
    );
    expect(
      sound({ segments: [range('asset-a', 50, 400)], cut: 'keyframe', ...burn([frames('a', 110, 130)]) }),
    ).toBe('copied');
  });

  it('is every frame where a strip is wanted', () => {
    const made = plan({ segments: whole, ...burn([], { strip: 'timecode' }) }, [source], one);
    expect(pictures(made).every((step) => step.reason === 'comments_painted')).toBe(true);
    expect(painted(made).every(({ overlay }) => overlay?.strip?.name === null)).toBe(true);
    expect(made.summary.encoded).toEqual([{ clip: 0, reason: 'comments_painted' }]);
  });

  it('takes each frame once and shows each comment on exactly its frames, whatever the comments', () => {
    const window = fc.record({ first: fc.nat(240), length: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(
        fc.array(window, { maxLength: 12 }),
        fc.nat(100),
        fc.integer({ min: 30, max: 150 }),
        fc.constantFrom(12, 25, 250),
        fc.boolean(),
        (list, first, length, gop, dirty) => {
          const film = makeSource({ frames: 250, gop, closedEvery: 3 });
          const comments = list.map((one, i) =>
            frames(`c${String(i).padStart(2, '0')}`, one.first, one.first + one.length),
          );
          const made = plan(
            { segments: [range('asset-a', first, first + length)], ...burn(comments) },
            [film],
            {
              clean: dirty ? cleanAt(film, [0, 50, 125]) : true,
            },
          );
          const steps = pictures(made);
          let at = first;
          for (const step of steps) {
            expect(Math.round(step.startUs / 40_000)).toBe(at);
            at += step.frames;
            if (step.kind === 'copy-video') {
              const from = at - step.frames;
              expect((film.index.flags[from] ?? 0) & FRAME_KEY).toBe(FRAME_KEY);
              expect(at === 250 || ((film.index.flags[at] ?? 0) & FRAME_CLOSED) !== 0).toBe(true);
            }
          }
          expect(at).toBe(first + length);
          const shown = shownOn(made, film.index);
          for (let frame = first; frame < first + length; frame += 1) {
            const visible = list.filter(
              (one) => frame >= one.first && frame < Math.min(250, one.first + one.length),
            );
            expect((shown.get(frame) ?? '').split(',').filter((n) => n !== '').length).toBe(visible.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what a step knows of comments', () => {
  const source = makeSource({ frames: 500, gop: 25 });
  const one = { workers: 1, pixelsPerSecond: 150e6 };

  it('numbers them in order of appearance, the same one alike wherever it is seen', () => {
    const other = makeSource({ id: 'asset-b', frames: 500, gop: 25 });
    const comments = [
      frames('late', 300, 310),
      frames('early', 100, 110),
      frames('elsewhere', 10, 20, { assetId: 'asset-b' as AssetId }),
      frames('unseen', 450, 460),
    ];
    const segments = [range('asset-b', 0, 100), range('asset-a', 90, 320), range('asset-a', 290, 320)];
    const made = plan({ segments, ...burn(comments) }, [source, other], one);
    const numbers = painted(made).flatMap(({ clip, overlay }) =>
      (overlay?.comments ?? []).map(
        ({ comment: { number, text } }) => `${String(clip)}: ${String(number)} ${text}`,
      ),
    );
    expect(numbers).toEqual([
      '0: 1 Comment elsewhere',
      '1: 2 Comment early',
      '1: 3 Comment late',
      '2: 3 Comment late',
    ]);
  });

  it('never has a comment without a time, and lists how many there are', () => {
    const legacy = [1, 2].map((n) => comment(`old${String(n)}`, null, null));
    const made = plan(
      { segments: [range('asset-a', 0, 100)], ...burn([...legacy, frames('a', 5, 9)]) },
      [source],
      one,
    );
    expect(made.deviations).toContainEqual({
      code: 'legacy_comments_left_out',
      clip: null,
      params: { count: 2 },
    });
    expect(
      painted(made).flatMap(({ overlay }) => overlay?.comments.map((each) => each.comment.text)),
    ).toEqual(['Comment a']);
    const without = plan({ segments: [range('asset-a', 0, 100)], comments: legacy }, [source], one);
    expect(without.deviations).toEqual([]);
  });

  it('shows a comment without a duration for three seconds, or as long as is set', () => {
    const stops = (more: Partial<ExportSpec>): number[] => {
      const made = plan(
        { segments: [range('asset-a', 0, 500)], ...burn([comment('a', 4_000_000, null)], more) },
        [source],
        one,
      );
      const shown = [...shownOn(made, source.index).keys()];
      return [Math.min(...shown), Math.max(...shown)];
    };
    expect(stops({})).toEqual([100, 174]);
    expect(stops({ shownUs: 1_000_000 })).toEqual([100, 124]);
  });

  it('does not change with comments beyond it', () => {
    const overlays = (comments: readonly Annotation[]): unknown =>
      painted(plan({ segments: [range('asset-a', 0, 500)], ...burn(comments) }, [source], one)).find(
        ({ startUs }) => startUs === 100 * 40_000,
      )?.overlay;
    const own = frames('a', 100, 110);
    expect(overlays([own])).toEqual(overlays([own, frames('b', 300, 305)]));
    expect(overlays([own])).not.toEqual(overlays([{ ...own, text: 'Another text' }]));
  });

  it('keeps a rotation that stays metadata for the painter', () => {
    const turned = makeSource({
      frames: 500,
      gop: 25,
      track: { rotation: 90, displayWidth: 720, displayHeight: 1280 },
    });
    const made = plan(
      { segments: [range('asset-a', 0, 500)], ...burn([frames('a', 100, 110)]) },
      [turned],
      one,
    );
    expect(made.output.video?.rotation).toBe(90);
    expect(painted(made).map(({ overlay }) => overlay?.rotation)).toEqual([90]);
  });
});

describe('key frames that are looked at for painted comments', () => {
  it('are those behind each touched stretch', () => {
    const source = makeSource({ frames: 500, gop: 25 });
    const parsed = parseExportSpec({
      version: 1,
      name: 'x',
      type: 'combined',
      segments: [range('asset-a', 101, 397)],
    });
    if (!parsed.ok) throw new Error(parsed.error.message);
    const clips = layOut(parsed.value, new Map([[source.asset.id, source]]));
    const [clip] = clips.ok ? clips.value : [];
    if (clip === undefined) throw new Error('no clip');
    const touched = [
      { first: 10, stop: 20 },
      { first: 110, stop: 130 },
      { first: 300, stop: 310 },
      { first: 490, stop: 495 },
    ];
    const behind = keyFramesBehind(clip, touched).map((times) => times.map((us) => us / 40_000));
    expect(behind).toEqual([
      [150, 175, 200, 225, 250, 275],
      [325, 350, 375],
    ]);
  });

  it('leaves nothing between touched stretches out', () => {
    expect(
      untouchedSpans({ first: 0, stop: 100 }, [
        { first: 10, stop: 20 },
        { first: 90, stop: 100 },
      ]),
    ).toEqual([
      { first: 0, stop: 10 },
      { first: 20, stop: 90 },
    ]);
    expect(untouchedSpans({ first: 5, stop: 10 }, [{ first: 0, stop: 20 }])).toEqual([]);
    expect(untouchedSpans({ first: 5, stop: 10 }, [])).toEqual([{ first: 5, stop: 10 }]);
  });
});

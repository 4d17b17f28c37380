/** What the export panel says and asks for: plans, options, receipts, certificates. */
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import type { AssetId, ClipId } from '../../../src/core/base/ids.ts';
import { checked, text } from '../../../src/core/plan/certify-text.ts';
import type { Certificate } from '../../../src/core/schema/certificate.ts';
import type { Receipt } from '../../../src/core/schema/export.ts';
import type { PlanStep } from '../../../src/core/schema/plan.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';
import { choicesOf, DEFAULT_CHOICES, hasSurround, specOf } from '../../../src/ui/exports/choices.ts';
import { checkWords, inWords } from '../../../src/ui/exports/check-text.ts';
import { countSmart, deviationsShown, outlookOf } from '../../../src/ui/exports/summary.ts';
import { checksOf, joinsOf, stepsDone, workOf } from '../../../src/ui/exports/work.ts';
import { isOneFrame } from '../../../src/ui/format/text.ts';
import { soundTrackName } from '../../../src/ui/media/sound-tracks.ts';
import { en } from '../../../src/ui/messages/en.ts';
import { hasCheckText, type Translate } from '../../../src/ui/messages/i18n.tsx';
import { ko } from '../../../src/ui/messages/ko.ts';
import { createWorkspace } from '../../../src/ui/workspace/workspace.ts';
import { FAKE_ASSETS, FAKE_CLIPS, fakeAsset } from './fake-data.ts';
import { fakeExport, fakePlan } from './fake-exports.ts';
import { createFakeStudio } from './fake-studio.ts';

const receipt = (part: Partial<Receipt> & Pick<Receipt, 'stepId'>): Receipt => ({
  kind: 'encode-video',
  engine: 'webcodecs',
  reused: false,
  wallMs: 5,
  bytes: 10,
  argv: [],
  attempts: 1,
  ...part,
});
const copy = (id: string, clip: number): PlanStep => ({
  kind: 'copy-video',
  id,
  clip,
  assetId: 'a1' as AssetId,
  startUs: 0,
  endUs: 1,
  outStartUs: 0,
  frames: 1,
  reason: 'packets_fit',
});

const asset = (id: string) => fakeAsset(id, id);
const track = asset('x').probe.audio[0]!;
const several = fakeAsset(
  'a1',
  'film.mkv',
  {},
  {
    audio: [track, { ...track, index: 2, order: 1, codec: 'ac3', channels: 6, language: 'kor' }],
  },
);

describe('ranges copied but for their ends', () => {
  const plan = fakePlan({ version: 1, name: 'x', type: 'combined', segments: FAKE_CLIPS });

  it('are counted together, frames and all', () => {
    const frames = plan.clips[0]!.frames + plan.clips[3]!.frames;
    expect(countSmart(plan)).toEqual({ count: 2, encodedFrames: 62, frames });
    expect(countSmart({ ...plan, summary: { ...plan.summary, smart: [] } })).toBeNull();
  });

  it('say so one by one', () => {
    const { frames } = plan.clips[0]!;
    expect(outlookOf(plan).map(({ smart }) => smart)).toEqual([
      { encodedFrames: 31, frames },
      null,
      null,
      { encodedFrames: 31, frames: plan.clips[3]!.frames },
    ]);
  });
});

describe('the spec', () => {
  it('holds the sound track of each range, and options only where they were offered', () => {
    const clips = [FAKE_CLIPS[0]!, { ...FAKE_CLIPS[1]!, audioTrack: 1 }];
    const spec = specOf(clips, 'x'.repeat(300), { ...DEFAULT_CHOICES, format: 'webm' }, false);
    expect(spec.segments.map(({ audioTrack }) => audioTrack)).toEqual([undefined, 1]);
    expect(spec).toMatchObject({ format: 'webm', resolution: 'source' });
    expect(spec).not.toHaveProperty('surround');
    expect(spec).not.toHaveProperty('enlarge');
    expect(exportSpecSchema.safeParse(spec).success).toBe(true);
    const more = specOf(
      clips,
      'x',
      { ...DEFAULT_CHOICES, surround: 'keep', resolution: '4k', enlarge: true },
      true,
    );
    expect(more).toMatchObject({ surround: 'keep', enlarge: true });
    expect(specOf(clips, 'x', { ...DEFAULT_CHOICES, audio: 'drop' }, true)).not.toHaveProperty('surround');
  });

  it('asks for a CSV with nothing that is of pictures, and for a bundle with both', () => {
    const clips = [FAKE_CLIPS[0]!];
    const csv = specOf(clips, 'x', { ...DEFAULT_CHOICES, type: 'csv', burnIn: true }, true, 500_000);
    expect(Object.keys(csv).sort()).toEqual(['csv', 'name', 'segments', 'shownUs', 'type', 'version']);
    const bundle = specOf(clips, 'x', { ...DEFAULT_CHOICES, type: 'bundle', csv: 'interchange' }, false);
    expect(bundle).toMatchObject({ type: 'bundle', csv: 'interchange', format: 'mp4' });
    for (const spec of [csv, bundle]) expect(exportSpecSchema.safeParse(spec).success).toBe(true);
  });

  it('paints comments only where the ranges show some', () => {
    const choices = { ...DEFAULT_CHOICES, burnIn: true, strip: 'both' } as const;
    const spec = specOf([FAKE_CLIPS[0]!], 'x', choices, false, 500_000);
    expect(spec).toMatchObject({ burnIn: true, strip: 'both', shownUs: 500_000 });
    expect(choicesOf(exportSpecSchema.parse(spec))).toEqual({ ...choices, name: 'x' });
    const none = specOf([FAKE_CLIPS[0]!], 'x', choices, false, null);
    for (const key of ['burnIn', 'strip', 'shownUs', 'csv']) expect(none).not.toHaveProperty(key);
    const unpainted = specOf([FAKE_CLIPS[0]!], 'x', DEFAULT_CHOICES, false, 500_000);
    expect(unpainted).not.toHaveProperty('shownUs');
  });

  it('offers surround where a chosen track has more than two channels', () => {
    const clip = FAKE_CLIPS[0]!;
    expect(hasSurround([clip], [several])).toBe(false);
    expect(hasSurround([{ ...clip, audioTrack: 1 }], [several])).toBe(true);
    expect(hasSurround([{ ...clip, audioTrack: 9 }], [several])).toBe(false);
    expect(hasSurround([clip], [])).toBe(false);
  });
});

describe('sound tracks', () => {
  it('are named by number, language, codec and channels', () => {
    const t = (key: string, values?: Readonly<Record<string, string | number>>): string =>
      `${key}=${String(values?.['count'])}`;
    const name = (position: number, language: 'en' | 'ko'): string =>
      soundTrackName(several.probe.audio[position]!, position, t, language);
    expect(name(0, 'en')).toBe('1: AAC, details.channels=2');
    expect(name(1, 'en')).toBe('2: Korean, AC-3, details.channels=6');
    expect(name(1, 'ko')).toBe('2: 한국어, AC-3, details.channels=6');
    const odd = { ...track, language: 'not a language' };
    expect(soundTrackName(odd, 0, t as never, 'en')).toContain('not a language');
  });

  it('can be chosen for all ranges of a file in one step, and new ranges follow', () => {
    const studio = createFakeStudio();
    studio.assets.set([{ ...FAKE_ASSETS[0]!, asset: several }, ...FAKE_ASSETS.slice(1)]);
    const workspace = createWorkspace(studio);
    const tracks = () => studio.document.get().document.clips.map(({ audioTrack }) => audioTrack);
    workspace.takeSoundTrack(several, 1);
    expect(tracks()).toEqual([1, 1, undefined, 1]);
    workspace.addRange();
    workspace.duplicateClip('c1' as ClipId);
    expect(tracks()).toEqual([1, 1, 1, undefined, 1, 1]);
    for (let step = 0; step < 3; step += 1) studio.document.undo();
    expect(tracks()).toEqual([undefined, undefined, undefined, undefined]);
    workspace.takeSoundTrack(several, 1);
    workspace.takeSoundTrack(several, 0);
    expect(tracks()).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('receipts', () => {
  const base = fakeExport('e', { status: 'completed' });
  const record = {
    ...base,
    plan: { ...base.plan, steps: [copy('v0.0', 0), ...base.plan.steps, copy('v9.0', 3)] },
    receipts: [
      receipt({ stepId: 'sound', kind: 'encode-audio', engine: 'ffmpeg', argv: ['-i', 'x'] }),
      receipt({ stepId: 'encode-1', argv: ['{"hardwareAcceleration":"prefer-hardware"}'] }),
      receipt({ stepId: 'elsewhere', reused: true, engine: 'ffmpeg' }),
    ],
  };

  it('stand in the order of the plan, copies among them', () => {
    const steps = stepsDone(record);
    expect(steps[0]).toMatchObject({ id: 'v0.0', doer: 'copy', clip: 0, cost: null });
    expect(steps.find(({ id }) => id === 'encode-1')).toMatchObject({ doer: 'hardware', clip: 1 });
    expect(steps.at(-1)).toMatchObject({ id: 'elsewhere', reused: true });
    const copies = record.plan.steps.filter(({ kind }) => kind === 'copy-video').length;
    expect(workOf(steps)).toEqual({ webcodecs: 1, ffmpeg: 1, copied: copies, reused: 1 });
  });

  it('are numbered where several of a kind belong to one range, and know the clip of a ZIP they belong to', () => {
    const steps = [...record.plan.steps].map((step) => step.id);
    const again = ['a', 'b', 'c'].map((id) => receipt({ stepId: id, kind: 'encode-video' }));
    const more = stepsDone({ ...record, receipts: again });
    expect(more.filter(({ doer }) => doer !== 'copy').map(({ piece }) => piece)).toEqual([
      { n: 1, total: 3 },
      { n: 2, total: 3 },
      { n: 3, total: 3 },
    ]);
    expect(stepsDone(record).find(({ id }) => id === 'encode-1')?.piece).toBeNull();
    const sound = receipt({ stepId: 'p3.sound', kind: 'encode-audio' });
    expect(steps).not.toContain('p3.sound');
    const clipOf = (parts: [] | undefined) =>
      stepsDone({ ...record, parts, receipts: [sound] }).find(({ id }) => id === 'p3.sound')?.clip;
    expect([clipOf([]), clipOf(undefined)]).toEqual([2, null]);
  });

  it('of an export that is not finished hold no copies', () => {
    expect(stepsDone({ ...record, status: 'failed' }).map(({ id }) => id)).toEqual([
      'encode-1',
      'sound',
      'elsewhere',
    ]);
  });

  it('tell software from hardware by the settings, and do not guess', () => {
    const doers = [['{"hardwareAcceleration":"prefer-software"}'], ['opus 128000']].map(
      (argv) => stepsDone({ ...record, receipts: [receipt({ stepId: 'a', argv })] }).at(-1)?.doer,
    );
    expect(doers).toEqual(['software', 'webcodecs']);
  });
});

describe('what a certificate says', () => {
  const voice = (language: 'en' | 'ko') => {
    const t = createTranslator({ locale: language, messages: { en, ko }[language] });
    return { t: t as unknown as Translate, language, knows: hasCheckText };
  };
  const check = checked(
    'tracks',
    true,
    [text('container', { container: 'mp4' }), text('no_picture', {}), text('sound', { codec: 'aac' })],
    [text('picture', { codec: 'avc', width: 1920, height: 1080, rotation: 90 }), text('no_sound', {})],
  );

  it('is said in both languages, from the codes', () => {
    expect(checkWords(check, voice('en'))).toEqual({
      expected: 'MP4: no picture, AAC',
      found: 'H.264 1920 × 1080 turned 90°, no sound',
    });
    expect(checkWords(check, voice('ko'))).toEqual({
      expected: 'MP4: 영상 없음, AAC',
      found: 'H.264 1920 × 1080 90° 회전, 소리 없음',
    });
    const sound = [
      text('at', { us: 1_234_567 }),
      text('level', { db: -0.04 }),
      text('offset', { ms: -0.02 }),
    ];
    expect(inWords(sound, voice('en'))).toBe('1.235 s: 0.0 dB, 0.0 ms off');
    expect(inWords([text('level', { db: 0.44 })], voice('en'))).toBe('+0.4 dB');
    expect(inWords([text('places_compared', { count: 1 })], voice('en'))).toBe('1 place compared');
    const run = [text('started_together', {}), text('run_in', { us: 21_333 })];
    expect(inWords(run, voice('en'))).toBe('with the picture, its run-in of 0.021 s is not played');
    expect(inWords(run, voice('ko'))).toMatch(/^영상과 함께, .*0\.021초/);
  });

  it('is its own English where an older or a newer build wrote it', () => {
    const { name, passed, expected, found } = check;
    expect(checkWords({ name, passed, expected, found }, voice('ko'))).toEqual({ expected, found });
    const newer = { ...check, foundText: [{ code: 'not_yet_thought_of', params: {} }] as never };
    expect(checkWords(newer, voice('ko')).found).toBe(found);
  });

  it('counts apart what had nothing to compare', () => {
    const certificate = { checks: [check, check, { ...check, skipped: true }] } as unknown as Certificate;
    expect(checksOf(certificate)).toEqual({ passed: 2, skipped: 1 });
  });
});

describe('a single frame', () => {
  it('has no rate that varies', () => {
    const plan = fakePlan({ version: 1, name: 'x', type: 'combined', segments: FAKE_CLIPS });
    const variable = { code: 'rate_variable' as const, clip: null, params: {} };
    expect(deviationsShown(plan, [variable])).toEqual([variable]);
    const one = { ...plan, clips: plan.clips.map((clip) => ({ ...clip, frames: 1 })) };
    expect(deviationsShown(one, [variable])).toEqual([]);
  });

  it('is told from a file whose rate varies', () => {
    const video = FAKE_ASSETS[0]!.asset.probe.video[0]!;
    const frameRate = { kind: 'variable' as const, average: { num: 25, den: 1 } };
    const file = (durationUs: number) =>
      fakeAsset('v', 'v.mp4', {}, { durationUs, video: [{ ...video, frameRate }] });
    expect(isOneFrame(file(40_000))).toBe(true);
    expect(isOneFrame(file(80_000))).toBe(false);
    expect(isOneFrame(FAKE_ASSETS[0]!.asset)).toBe(false);
  });
});

describe('joins of a certificate', () => {
  const certificate = (joins: Certificate['joins']): Certificate => ({
    version: 2,
    checkedAt: '2026-11-20T10:00:00.000Z',
    fileName: 'x.mp4',
    bytes: 1,
    fingerprint: 'x',
    decoder: 'webcodecs',
    checks: [],
    joins,
    passed: true,
  });

  it('are counted, with the largest difference of a picture', () => {
    const clean = { framesDecoded: 4, clean: true, problem: null };
    const broken = { atUs: 9, framesDecoded: 0, clean: false, problem: 'no picture' };
    expect(
      joinsOf(
        certificate([
          { atUs: 0, ...clean, difference: 0.4 },
          { atUs: 5, ...clean, difference: 2.5 },
          { atUs: 7, ...clean, difference: null },
          broken,
        ]),
      ),
    ).toEqual({ clean: 3, total: 4, difference: 2.5, problems: [broken] });
  });

  it('of version 1 have no difference to show', () => {
    const join = { atUs: 0, framesDecoded: 4, clean: true, problem: null };
    expect(joinsOf({ ...certificate([join]), version: 1 })).toMatchObject({ clean: 1, difference: null });
  });
});

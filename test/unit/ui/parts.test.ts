/** What a card says of an export of separate clips. */
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import type { ExportPart } from '../../../src/core/schema/export.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';
import { choicesOf, DEFAULT_CHOICES, specOf } from '../../../src/ui/exports/choices.ts';
import { partsText } from '../../../src/ui/exports/Parts.tsx';
import { standingOf } from '../../../src/ui/exports/job-text.ts';
import { filesOf, outlookOf, partCounts, pictureShares } from '../../../src/ui/exports/summary.ts';
import { en } from '../../../src/ui/messages/en.ts';
import type { Translate } from '../../../src/ui/messages/i18n.tsx';
import { ko } from '../../../src/ui/messages/ko.ts';
import { FAKE_ASSETS, FAKE_CLIPS } from './fake-data.ts';
import { fakeExport, fakePlan } from './fake-exports.ts';

const partsOf = (failed: number, total: number): ExportPart[] =>
  Array.from({ length: total }, (_, position) => ({
    position,
    name: `${String(position + 1)}.mp4`,
    plan: null,
    status: position < failed ? 'failed' : 'completed',
    error: position < failed ? failure('unsupported_media', 'damaged', 'damaged') : null,
    deviations: [],
    certificate: null,
    file: null,
    entry: position < failed ? null : { file: 0, at: 40, bytes: 10 },
  }));

describe('separate clips', () => {
  it.each([
    [en, 'en', 1, '9 of 10 clips · 1 failed'],
    [en, 'en', 0, '10 of 10 clips'],
    [ko, 'ko', 1, '클립 10개 중 9개 · 1개 실패'],
  ] as const)('says how many there are (%#)', (messages, locale, failed, said) => {
    const t = createTranslator({ locale, messages: messages as typeof en }) as Translate;
    expect(partsText(fakeExport('e', { type: 'clips', parts: partsOf(failed, 10) }), t)).toBe(said);
  });

  it('says nothing of them for one file', () => {
    expect(partCounts(fakeExport('e', {}))).toBeNull();
  });

  it('are finished in part where some are missing', () => {
    const files = [{ name: 'x.zip', type: 'application/zip', bytes: 1, path: 'x' }];
    const record = (failed: number) =>
      fakeExport('e', { type: 'clips', status: 'completed', files, parts: partsOf(failed, 3) });
    expect([0, 2].map((failed) => standingOf(record(failed)))).toEqual(['completed', 'partial']);
  });

  it('that cannot be made are neither copied nor encoded', () => {
    const plan = fakePlan({ version: 1, name: 'x', type: 'clips', segments: FAKE_CLIPS });
    const [, , clip] = plan.clips;
    const length = clip!.endUs - clip!.startUs;
    const lost = {
      ...plan,
      clips: plan.clips.map((one) => (one === clip ? { ...one, frames: 0, outEndUs: one.outStartUs } : one)),
      steps: plan.steps.filter((step) => !('clip' in step) || step.clip !== 2),
      deviations: [{ code: 'clip_failed' as const, clip: 2, params: { reason: 'damaged' } }],
    };
    expect(outlookOf(lost).map(({ failed }) => failed)).toEqual([null, null, 'damaged', null]);
    const all = plan.clips.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0);
    expect(pictureShares(lost)?.failed).toBeCloseTo(length / all);
    expect(pictureShares(plan)?.failed).toBe(0);
    expect(filesOf(lost, null, []).count).toBe(3);
  });

  it('have one size, or different ones', () => {
    const plan = fakePlan({ version: 1, name: 'x', type: 'clips', segments: FAKE_CLIPS });
    const sized = (width: number) => ({
      ...plan,
      output: { ...plan.output, video: { ...plan.output.video!, width } },
    });
    const parts = (widths: readonly number[]) =>
      partsOf(0, widths.length).map((part, at) => ({ ...part, plan: sized(widths[at]!) }));
    expect(filesOf(plan, parts([640, 640]), [])).toEqual({ count: 2, size: { width: 640, height: 1080 } });
    expect(filesOf(plan, parts([640, 320]), [])).toEqual({ count: 2, size: 'different' });
    // Only what they make together is planned: copied packets have the size of their source.
    const assets = FAKE_ASSETS.map(({ asset }) => asset);
    expect(filesOf(plan, null, assets)).toEqual({ count: 4, size: 'different' });
    expect(filesOf(plan, null, [])).toEqual({ count: 4, size: null });
  });

  it('are a choice that a spec keeps', () => {
    const spec = specOf(FAKE_CLIPS, 'Match', { ...DEFAULT_CHOICES, type: 'clips' }, false);
    const checked = exportSpecSchema.parse(spec);
    expect(checked.type).toBe('clips');
    expect(choicesOf(checked).type).toBe('clips');
  });
});

/** What a card says of an export of separate clips. */
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/core/base/failure.ts';
import type { ExportPart } from '../../../src/core/schema/export.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';
import { choicesOf, DEFAULT_CHOICES, specOf } from '../../../src/ui/exports/choices.ts';
import { partsText } from '../../../src/ui/exports/Parts.tsx';
import { partCounts } from '../../../src/ui/exports/summary.ts';
import { en } from '../../../src/ui/messages/en.ts';
import type { Translate } from '../../../src/ui/messages/i18n.tsx';
import { ko } from '../../../src/ui/messages/ko.ts';
import { FAKE_CLIPS } from './fake-data.ts';
import { fakeExport } from './fake-exports.ts';

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

  it('are a choice that a spec keeps', () => {
    const spec = specOf(FAKE_CLIPS, 'Match', { ...DEFAULT_CHOICES, type: 'clips' }, false);
    const checked = exportSpecSchema.parse(spec);
    expect(checked.type).toBe('clips');
    expect(choicesOf(checked).type).toBe('clips');
  });
});

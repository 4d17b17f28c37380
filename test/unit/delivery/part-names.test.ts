import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_FILE_NAME } from '../../../src/runtime/delivery/file-name.ts';
import { partNames } from '../../../src/runtime/delivery/part-names.ts';

test('clips are numbered, and named by their label or the export', () => {
  expect(
    partNames(['Goal', undefined, '  ', 'Goal', '../../x', 'CON', '한글'.normalize('NFD')], 'Match', 'mp4'),
  ).toEqual([
    '01_Goal.mp4',
    '02_Match.mp4',
    '03_Match.mp4',
    '04_Goal.mp4',
    '05_.. .. x.mp4',
    '06_CON.mp4',
    '07_한글.mp4',
  ]);
});

test('as many digits as the last one needs', () => {
  const names = partNames(
    Array.from({ length: 120 }, () => 'a'),
    'b',
    'webm',
  );
  expect([names[0], names[119]]).toEqual(['001_a.webm', '120_a.webm']);
});

test('whatever labels say: no two names are the same, none is a path, none too long, all in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 300 }), { nil: undefined })),
      (labels) => {
        const names = partNames(labels, 'x', 'mp4');
        expect(new Set(names.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(labels.length);
        expect([...names].sort()).toEqual(names);
        for (const name of names) {
          // eslint-disable-next-line no-control-regex -- they are what is looked for
          expect(name).not.toMatch(/[<>:"/\\|?*\u0000-\u001f]/);
          expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME);
          expect(name.endsWith('.mp4')).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});

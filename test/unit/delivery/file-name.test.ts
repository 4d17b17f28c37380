import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FILE_NAME, safeFileName, uniqueFileName } from '../../../src/runtime/delivery/file-name.ts';

describe('safeFileName', () => {
  it.each([
    ['Match day', 'mp4', 'Match day.mp4'],
    ['Match day.MP4', 'mp4', 'Match day.mp4'],
    ['경기 하이라이트', 'mp4', '경기 하이라이트.mp4'],
    ['한글'.normalize('NFD'), 'csv', '한글.csv'],
    ['../../etc/passwd', 'mp4', 'etc passwd.mp4'],
    ['C:\\Users\\me', 'mp4', 'C Users me.mp4'],
    ['a<b>c:d"e/f\\g|h?i*j', 'mp4', 'a b c d e f g h i j.mp4'],
    ['line\nbreak\u0000\tand tab', 'mp4', 'line break and tab.mp4'],
    ['dots... ', 'mp4', 'dots.mp4'],
    ['.hidden', 'mp4', 'hidden.mp4'],
    ['CON', 'mp4', '_CON.mp4'],
    ['nul.tar', 'gz', '_nul.tar.gz'],
    ['com1', '', '_com1'],
    ['console', 'mp4', 'console.mp4'],
    ['LPT¹', 'mp4', '_LPT¹.mp4'],
    ['', 'mp4', 'reelkeep.mp4'],
    ['...', 'mp4', 'reelkeep.mp4'],
    ['///', '', 'reelkeep'],
    ['exe.\u202egpj', 'mp4', 'exe.gpj.mp4'],
    ['.mp4', 'mp4', 'reelkeep.mp4'],
    ['a\ud800b', 'mp4', 'a\ufffdb.mp4'],
    ['v1.2', 'mp4', 'v1.2.mp4'],
  ])('%j with %j is %j', (name, extension, expected) => {
    expect(safeFileName(name, extension)).toBe(expected);
  });

  it('cuts at a whole character and keeps the extension', () => {
    const long = safeFileName('👨‍👩‍👧‍👦'.repeat(50), 'mp4');
    expect(long.length).toBeLessThanOrEqual(MAX_FILE_NAME);
    expect(long).toMatch(/^(👨‍👩‍👧‍👦)+\.mp4$/u);
    const korean = safeFileName('가'.repeat(300), 'mp4');
    expect(new TextEncoder().encode(korean).length).toBeLessThanOrEqual(240);
    expect(korean).toMatch(/^가{70,}\.mp4$/);
    expect(safeFileName('a'.repeat(300), 'mp4')).toBe(`${'a'.repeat(MAX_FILE_NAME - 4)}.mp4`);
    expect(safeFileName(`${'a'.repeat(115)}.b`, 'mp4')).toBe(`${'a'.repeat(115)}.mp4`);
  });

  it('every text becomes one safe name, and a safe name stays as it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom('.', ' ', '/', '\\', 'con', 'nul', '가', '\u202e', 'mp4'),
        maxLength: 30,
      }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('mp4', 'zip', 'csv'), (name, extension) => {
        const safe = safeFileName(name, extension);
        expect(safe.endsWith(`.${extension}`)).toBe(true);
        expect(safe.length).toBeLessThanOrEqual(MAX_FILE_NAME);
        expect(safe.length).toBeGreaterThan(extension.length + 1);
        expect(safe).toBe(safe.normalize('NFC'));
        // eslint-disable-next-line no-control-regex -- none may be left
        expect(safe).not.toMatch(/[<>:"/\\|?*\u0000-\u001f\u202a-\u202e]/);
        expect(safe).not.toMatch(/^[. ]|[. ]$/);
        expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./i);
        expect(safeFileName(safe, extension)).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('uniqueFileName', () => {
  it('numbers what is taken, whatever the case', () => {
    expect(uniqueFileName('Goal', 'mp4', [])).toBe('Goal.mp4');
    expect(uniqueFileName('Goal', 'mp4', ['goal.MP4'])).toBe('Goal (2).mp4');
    expect(uniqueFileName('Goal', 'mp4', ['Goal.mp4', 'Goal (2).mp4'])).toBe('Goal (3).mp4');
    expect(uniqueFileName('골', 'mp4', ['골.mp4'.normalize('NFD')])).toBe('골 (2).mp4');
  });

  it('stays within the limit', () => {
    const long = 'a'.repeat(300);
    const taken = [safeFileName(long, 'mp4')];
    for (let n = 0; n < 12; n += 1) taken.push(uniqueFileName(long, 'mp4', taken));
    expect(new Set(taken).size).toBe(13);
    for (const name of taken) expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME);
  });
});

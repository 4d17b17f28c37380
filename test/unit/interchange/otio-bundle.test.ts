import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otio } from '../../../src/core/interchange/otio.ts';
import { isOtioz, otiozContent, otiozLayout, otiozPaths } from '../../../src/core/interchange/otio-bundle.ts';
import { context, film, FILM, input, read } from './xml-support.ts';

const one = film();

describe('bundles', () => {
  it('have the layout that readers look for', () => {
    const media = [
      one,
      film({ id: 'two', name: '../ONE.mov' }),
      film({ id: 'three', name: 'con.mp4' }),
      film({ id: 'four', name: '영상 1.mov', rate: FILM }),
    ];
    const layout = otiozLayout(input({}, media));
    if (!layout.ok) throw new Error(layout.error.message);
    expect(layout.value.texts.map(({ name }) => name)).toEqual(['content.otio', 'version.txt']);
    expect(layout.value.texts[1]?.text).toBe('1.0.0');
    expect(layout.value.media).toEqual([
      { name: 'media/one.mov', mediaId: 'one' },
      { name: 'media/_ONE.mov', mediaId: 'two' },
      { name: 'media/_con.mp4', mediaId: 'three' },
      { name: 'media/영상 1.mov', mediaId: 'four' },
    ]);
    const content = otiozContent(layout.value.texts);
    expect(content.ok && content.value).toContain('"target_url": "media/%EC%98%81%EC%83%81%201.mov"');
    expect(content.ok && read(otio, content.value, context(...media)).exchange.title).toBe('Cut');
  });

  it('never have a path that leaves the folder, or two of one name', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom(
              '..',
              '.',
              '',
              'a/../../b',
              'C:\\x',
              'nul',
              'A.mov',
              'a.MOV',
              '\u202egpj.exe',
              'x'.repeat(500),
            ),
          ),
          { maxLength: 8 },
        ),
        (names) => {
          const paths = [...otiozPaths(names.map((name, at_) => film({ id: String(at_), name }))).values()];
          expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(names.length);
          for (const path of paths) expect(path).toMatch(/^media\/[^/\\:*?"<>|\p{Cc}\p{Surrogate}]{1,140}$/u);
          for (const path of paths) expect(path).not.toMatch(/^media\/(?:\.+|.*[. ])$|\u202e/);
        },
      ),
    );
  });

  it('of newer layouts or without a time line are refused', () => {
    const content = { name: 'content.otio', text: '{}' };
    expect(otiozContent([content]).ok).toBe(true);
    expect(otiozContent([content, { name: 'version.txt', text: '1.2.0\n' }]).ok).toBe(true);
    expect(otiozContent([content, { name: 'version.txt', text: '2.0.0' }]).ok).toBe(false);
    expect(otiozContent([{ name: 'x/content.otio', text: '{}' }]).ok).toBe(false);
    expect(isOtioz(['content.otio', 'version.txt'])).toBe(true);
    expect(isOtioz(['other.otio'])).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { mediaNames, paletteOf } from '../../../src/core/interchange/fields.ts';
import { cutTo, oneLine } from '../../../src/core/interchange/lines.ts';
import { lossNotes } from '../../../src/core/interchange/loss.ts';
import { film } from './support.ts';

describe('losses', () => {
  it('are counted by kind, with the first place', () => {
    const notes = lossNotes();
    notes.unreadable(3, 'x\ny');
    notes.unreadable(9, 'z');
    notes.notCarried('tags', 0);
    notes.notCarried('tags', 2);
    notes.notCarried('cues', 1);
    expect(notes.list()).toEqual([
      { code: 'unreadable_line', count: 2, params: { line: 3, found: 'x y' } },
      { code: 'not_carried', count: 2, params: { what: 'tags' } },
      { code: 'not_carried', count: 1, params: { what: 'cues' } },
    ]);
  });

  it('are a short list, whatever a text names', () => {
    const notes = lossNotes();
    for (let at = 0; at < 5000; at += 1) notes.add('unknown_media', { name: `film ${String(at)}` });
    expect(notes.list().length).toBeLessThanOrEqual(101);
    expect(notes.list().reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  });
});

describe('text', () => {
  it('is never cut inside a character', () => {
    expect(cutTo('a🙂b', 2)).toBe('a');
    expect(cutTo('a🙂b', 3)).toBe('a🙂');
    expect(cutTo('ab', 3)).toBe('ab');
  });

  it('fits on one line', () => {
    expect(oneLine(' a\r\n\tb\0\u2028c ')).toBe('a b c');
  });
});

describe('films', () => {
  const all = [
    film(),
    film(undefined, { id: 'b', name: 'B.mov' }),
    film(undefined, { id: 'c', name: 'b.mp4' }),
  ];
  const names = mediaNames(all);

  it('are found by name, without folder, case and ending', () => {
    expect(names.find('C:\\in\\TAKE 1.MP4')?.id).toBe('a1');
    expect(names.find('/x/take 1')?.id).toBe('a1');
    expect(names.find('Take 1.mov')?.id).toBe('a1');
    expect(names.find('b.mov')?.id).toBe('b');
  });

  it('are not guessed at where two would do', () => {
    expect(names.find('b')).toBeNull();
    expect(names.find('nothing')).toBeNull();
    expect(mediaNames([film(), film(undefined, { id: 'z' })]).find('Take 1.mp4')).toBeNull();
  });
});

describe('a palette', () => {
  const palette = paletteOf({ red: '#ff0000', blue: '#0000ff' }, 'red');

  it('has the nearest colour, and says when that is another', () => {
    expect(palette.nameOf('#1010EE')).toBe('blue');
    expect(palette.nameOf(null)).toBe('red');
    expect(palette.holds('#0000FF')).toBe(true);
    expect(palette.holds('#1010ee')).toBe(false);
    expect(palette.colorOf('Blue')).toBe('#0000ff');
    expect(palette.colorOf('constructor')).toBeNull();
  });
});

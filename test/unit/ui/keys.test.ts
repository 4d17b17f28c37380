import { describe, expect, it } from 'vitest';
import {
  actionOf,
  isSingleKey,
  keepsKey,
  KEYMAP,
  takesText,
  type KeyPress,
} from '../../../src/ui/keys/keymap.ts';

const press = (code: string, part: Partial<KeyPress> = {}): KeyPress => ({
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  ...part,
});
const action = (code: string, part: Partial<KeyPress> = {}) =>
  actionOf(press(code, part), { singleKeys: true });

describe('the keyboard', () => {
  it('has no key twice', () => {
    const seen = KEYMAP.flatMap((binding) => binding.chords).map(
      ({ code, mod, shift, alt }) => `${code} ${String(mod)} ${String(shift)} ${String(alt)}`,
    );
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('goes by the place of the key', () => {
    expect(action('KeyJ')).toBe('shuttleBack');
    expect(action('Space')).toBe('toggle');
    expect(action('Comma')).toBe('frameBack');
    expect(action('ArrowRight', { shiftKey: true })).toBe('secondForward');
    expect(action('KeyX', { altKey: true })).toBe('clearMarks');
    expect(action('KeyX')).toBeNull();
    expect(action('Equal')).toBe('goto');
    expect(action('Equal', { shiftKey: true })).toBe('zoomIn');
    expect(action('Slash', { ctrlKey: true })).toBe('loop');
    expect(action('Slash', { shiftKey: true })).toBe('help');
  });

  it('goes by the sign for the question mark, wherever the keyboard has it', () => {
    // German, French, and a keyboard that is driven without its Shift key.
    expect(action('Minus', { key: '?', shiftKey: true })).toBe('help');
    expect(action('KeyM', { key: '?', shiftKey: true })).toBe('help');
    expect(action('Slash', { key: '?' })).toBe('help');
    expect(action('Slash', { key: '_', shiftKey: true })).toBeNull();
    expect(action('Slash', { key: '?', shiftKey: true, ctrlKey: true })).toBeNull();
    expect(action('Slash', { key: '/', ctrlKey: true })).toBe('loop');
    expect(action('Slash', { key: '?', shiftKey: true, keyCode: 229 })).toBeNull();
    // The others keep their place, whatever they type.
    expect(action('KeyJ', { key: 'ㅓ' })).toBe('shuttleBack');
  });

  it('takes Command for Ctrl', () => {
    expect(action('KeyZ', { metaKey: true })).toBe('undo');
    expect(action('KeyZ', { ctrlKey: true, shiftKey: true })).toBe('redo');
    expect(action('KeyY', { ctrlKey: true })).toBe('redo');
    expect(action('KeyI', { ctrlKey: true })).toBeNull();
  });

  it('rests while a syllable is composed', () => {
    expect(action('KeyJ', { isComposing: true })).toBeNull();
    expect(action('KeyJ', { keyCode: 229 })).toBeNull();
  });

  it('repeats what makes sense to repeat', () => {
    expect(action('ArrowLeft', { repeat: true })).toBe('frameBack');
    expect(action('Space', { repeat: true })).toBeNull();
    expect(action('Enter', { repeat: true })).toBeNull();
    expect(action('KeyL', { repeat: true })).toBeNull();
  });

  it('lets single keys be switched off', () => {
    const off = (code: string, part: Partial<KeyPress> = {}) =>
      actionOf(press(code, part), { singleKeys: false });
    expect(off('KeyJ')).toBeNull();
    expect(off('Comma')).toBeNull();
    expect(off('KeyZ', { ctrlKey: true })).toBe('undo');
    expect(off('ArrowLeft')).toBe('frameBack');
    for (const { chords } of KEYMAP) {
      for (const chord of chords)
        if (/^Key[A-Z]$/.test(chord.code)) expect(isSingleKey(chord)).toBe(!chord.mod && !chord.alt);
    }
  });

  it('leaves fields alone, and buttons their own keys', () => {
    expect(keepsKey({ tagName: 'INPUT' }, 'KeyJ')).toBe(true);
    expect(keepsKey({ tagName: 'SELECT' }, 'ArrowUp')).toBe(true);
    expect(keepsKey({ tagName: 'DIV', isContentEditable: true }, 'KeyJ')).toBe(true);
    expect(keepsKey({ tagName: 'BUTTON' }, 'Space')).toBe(true);
    expect(keepsKey({ tagName: 'BUTTON' }, 'KeyJ')).toBe(false);
    expect(keepsKey({ tagName: 'DIV' }, 'Space')).toBe(false);
    for (const type of [undefined, 'text', 'search', 'number'] as const)
      expect(takesText({ tagName: 'INPUT', ...(type === undefined ? {} : { type }) })).toBe(true);
    expect(takesText({ tagName: 'TEXTAREA' })).toBe(true);
    for (const type of ['radio', 'checkbox', 'range'])
      expect(takesText({ tagName: 'INPUT', type })).toBe(false);
    expect(takesText({ tagName: 'SELECT' })).toBe(false);
  });
});

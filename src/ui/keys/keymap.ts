/**
 * The keyboard in one table, by the place of the key (`event.code`), so that it works while a Korean input method
 * is on. Nothing fires in fields or while a syllable is being composed.
 */

/** What a key does. */
export type KeyAction =
  | 'toggle'
  | 'shuttleBack'
  | 'shuttleStop'
  | 'shuttleForward'
  | 'frameBack'
  | 'frameForward'
  | 'secondBack'
  | 'secondForward'
  | 'markIn'
  | 'markOut'
  | 'clearMarks'
  | 'addRange'
  | 'editPrevious'
  | 'editNext'
  | 'start'
  | 'end'
  | 'goto'
  | 'undo'
  | 'redo'
  | 'remove'
  | 'zoomIn'
  | 'zoomOut'
  | 'loop'
  | 'moveUp'
  | 'moveDown'
  | 'comment'
  | 'commentPrevious'
  | 'commentNext'
  | 'commentLoop'
  | 'commentSearch'
  | 'help';

/** One key with its modifiers. `mod` is Ctrl, or Command on Apple keyboards. */
export interface Chord {
  readonly code: string;
  readonly mod?: true;
  readonly shift?: true;
  readonly alt?: true;
  /** How the key is written in the help. */
  readonly cap: string;
  /** The sign itself counts, wherever the keyboard has it and whatever is held to type it. */
  readonly sign?: true;
}

/** One line of the table. */
export interface Binding {
  readonly action: KeyAction;
  readonly group: 'groupPlay' | 'groupMark' | 'groupMove' | 'groupEdit' | 'groupReview';
  readonly chords: readonly Chord[];
  /** Whether holding the key repeats the action. */
  readonly repeat?: true;
}

export const KEYMAP: readonly Binding[] = [
  { action: 'toggle', group: 'groupPlay', chords: [{ code: 'Space', cap: 'Space' }] },
  { action: 'shuttleBack', group: 'groupPlay', chords: [{ code: 'KeyJ', cap: 'J' }] },
  { action: 'shuttleStop', group: 'groupPlay', chords: [{ code: 'KeyK', cap: 'K' }] },
  { action: 'shuttleForward', group: 'groupPlay', chords: [{ code: 'KeyL', cap: 'L' }] },
  { action: 'loop', group: 'groupPlay', chords: [{ code: 'Slash', mod: true, cap: '/' }] },

  { action: 'markIn', group: 'groupMark', chords: [{ code: 'KeyI', cap: 'I' }] },
  { action: 'markOut', group: 'groupMark', chords: [{ code: 'KeyO', cap: 'O' }] },
  { action: 'clearMarks', group: 'groupMark', chords: [{ code: 'KeyX', alt: true, cap: 'X' }] },
  {
    action: 'addRange',
    group: 'groupMark',
    chords: [
      { code: 'Enter', cap: 'Enter' },
      { code: 'NumpadEnter', cap: 'Enter' },
      { code: 'KeyR', cap: 'R' },
    ],
  },

  {
    action: 'frameBack',
    group: 'groupMove',
    repeat: true,
    chords: [
      { code: 'ArrowLeft', cap: '←' },
      { code: 'Comma', cap: ',' },
    ],
  },
  {
    action: 'frameForward',
    group: 'groupMove',
    repeat: true,
    chords: [
      { code: 'ArrowRight', cap: '→' },
      { code: 'Period', cap: '.' },
    ],
  },
  {
    action: 'secondBack',
    group: 'groupMove',
    repeat: true,
    chords: [{ code: 'ArrowLeft', shift: true, cap: '←' }],
  },
  {
    action: 'secondForward',
    group: 'groupMove',
    repeat: true,
    chords: [{ code: 'ArrowRight', shift: true, cap: '→' }],
  },
  { action: 'editPrevious', group: 'groupMove', repeat: true, chords: [{ code: 'ArrowUp', cap: '↑' }] },
  { action: 'editNext', group: 'groupMove', repeat: true, chords: [{ code: 'ArrowDown', cap: '↓' }] },
  { action: 'start', group: 'groupMove', chords: [{ code: 'Home', cap: 'Home' }] },
  { action: 'end', group: 'groupMove', chords: [{ code: 'End', cap: 'End' }] },
  {
    action: 'goto',
    group: 'groupMove',
    chords: [
      { code: 'KeyG', cap: 'G' },
      { code: 'Equal', cap: '=' },
    ],
  },
  {
    action: 'zoomIn',
    group: 'groupMove',
    repeat: true,
    chords: [
      { code: 'Equal', shift: true, cap: '+' },
      { code: 'NumpadAdd', cap: '+' },
    ],
  },
  {
    action: 'zoomOut',
    group: 'groupMove',
    repeat: true,
    chords: [
      { code: 'Minus', cap: '−' },
      { code: 'NumpadSubtract', cap: '−' },
    ],
  },

  { action: 'comment', group: 'groupReview', chords: [{ code: 'KeyM', cap: 'M' }] },
  {
    action: 'commentPrevious',
    group: 'groupReview',
    repeat: true,
    chords: [
      { code: 'ArrowUp', shift: true, cap: '↑' },
      { code: 'BracketLeft', cap: '[' },
    ],
  },
  {
    action: 'commentNext',
    group: 'groupReview',
    repeat: true,
    chords: [
      { code: 'ArrowDown', shift: true, cap: '↓' },
      { code: 'BracketRight', cap: ']' },
    ],
  },
  { action: 'commentLoop', group: 'groupReview', chords: [{ code: 'KeyL', shift: true, cap: 'L' }] },
  { action: 'commentSearch', group: 'groupReview', chords: [{ code: 'Slash', cap: '/', sign: true }] },

  { action: 'undo', group: 'groupEdit', repeat: true, chords: [{ code: 'KeyZ', mod: true, cap: 'Z' }] },
  {
    action: 'redo',
    group: 'groupEdit',
    repeat: true,
    chords: [
      { code: 'KeyZ', mod: true, shift: true, cap: 'Z' },
      { code: 'KeyY', mod: true, cap: 'Y' },
    ],
  },
  {
    action: 'remove',
    group: 'groupEdit',
    chords: [
      { code: 'Delete', cap: 'Delete' },
      { code: 'Backspace', cap: '⌫' },
    ],
  },
  { action: 'moveUp', group: 'groupEdit', repeat: true, chords: [{ code: 'ArrowUp', alt: true, cap: '↑' }] },
  {
    action: 'moveDown',
    group: 'groupEdit',
    repeat: true,
    chords: [{ code: 'ArrowDown', alt: true, cap: '↓' }],
  },
  { action: 'help', group: 'groupEdit', chords: [{ code: 'Slash', shift: true, cap: '?', sign: true }] },
];

/** What matters of a keyboard event. */
export interface KeyPress {
  readonly code: string;
  /** The sign that it types; absent or longer than one where there is none. */
  readonly key?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  /** 229 while an input method works on the key. */
  readonly keyCode?: number;
}

/** Whether a chord has no Ctrl, Alt or Command: such keys can be switched off (WCAG 2.1.4). */
export function isSingleKey(chord: Chord): boolean {
  const letterOrSign = !['Delete', 'Backspace', 'Home', 'End', 'Enter', 'NumpadEnter', 'Space'].includes(
    chord.code,
  );
  return (
    chord.mod === undefined && chord.alt === undefined && letterOrSign && !chord.code.startsWith('Arrow')
  );
}

/** The action of a key, null when there is none. */
export function actionOf(press: KeyPress, options: { readonly singleKeys: boolean }): KeyAction | null {
  if (press.isComposing || press.keyCode === 229) return null;
  const mod = press.ctrlKey || press.metaKey;
  const types = press.key?.length === 1;
  for (const binding of KEYMAP) {
    if (press.repeat && binding.repeat !== true) continue;
    const hit = binding.chords.some(
      (chord) =>
        (chord.sign === true && types
          ? chord.cap === press.key
          : chord.code === press.code && (chord.shift ?? false) === press.shiftKey) &&
        (chord.mod ?? false) === mod &&
        (chord.alt ?? false) === press.altKey &&
        (options.singleKeys || !isSingleKey(chord)),
    );
    if (hit) return binding.action;
  }
  return null;
}

/** Elements that take keys for themselves. */
export interface KeyTarget {
  readonly tagName: string;
  readonly type?: string;
  readonly isContentEditable?: boolean;
}

const BUTTON_LIKE = new Set(['BUTTON', 'A', 'SUMMARY', 'VIDEO']);

/** Kinds of `input` into which nothing is typed. */
const CLICKED = new Set(['radio', 'checkbox', 'range', 'button', 'submit', 'reset', 'color', 'file']);

/** Whether the focused element takes text. */
export function takesText(target: KeyTarget): boolean {
  if (target.isContentEditable === true || target.tagName === 'TEXTAREA') return true;
  return target.tagName === 'INPUT' && !CLICKED.has(target.type ?? 'text');
}

/** Whether the focused element keeps a key to itself: fields all of them, buttons Space and Enter. */
export function keepsKey(target: KeyTarget, code: string): boolean {
  if (target.isContentEditable === true) return true;
  if (target.tagName === 'INPUT' || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  if (target.tagName === 'VIDEO') return true;
  return BUTTON_LIKE.has(target.tagName) && (code === 'Space' || code === 'Enter' || code === 'NumpadEnter');
}

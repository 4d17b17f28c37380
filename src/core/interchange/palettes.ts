/** The colours of other programs' markers. Their red is our usual one, so that a comment of the usual colour comes back as it was. */
import { DEFAULT_COLOR } from '../schema/annotation.ts';
import { paletteOf } from './fields.ts';

/** Avid, and the locators of CMX3600 edit lists. */
export const avidPalette = paletteOf(
  {
    red: DEFAULT_COLOR,
    green: '#00ff00',
    blue: '#0000ff',
    cyan: '#00ffff',
    magenta: '#ff00ff',
    yellow: '#ffff00',
    black: '#000000',
    white: '#ffffff',
  },
  'red',
);

/** DaVinci Resolve. */
export const resolvePalette = paletteOf(
  {
    Blue: '#007fe3',
    Cyan: '#00ced0',
    Green: '#00ad00',
    Yellow: '#f09d00',
    Red: DEFAULT_COLOR,
    Pink: '#ff44c8',
    Purple: '#9013fe',
    Fuchsia: '#c02e6f',
    Rose: '#ffa1b9',
    Lavender: '#a193c8',
    Sky: '#92e2fd',
    Mint: '#72db00',
    Lemon: '#dce95a',
    Sand: '#c4915e',
    Cocoa: '#6e5143',
    Cream: '#f5ebe1',
  },
  'Red',
);

import { expect, it } from 'vitest';
import { originOf } from '../../../src/core/timeline/origin.ts';

it.each([
  ['the first picture, whatever shift a muxer gave it', 21_333, 0, 21_333],
  ['the first picture when sound begins later', 0, 333_000, 0],
  ['a transport stream’s own clock', 1_480_000, 1_400_000, 1_480_000],
  ['sound that begins long before the picture', 2_000_000, 0, 0],
  ['the first picture without sound', 40_000, null, 40_000],
  ['the first sound without picture', null, 25_057, 25_057],
])('asset time 0 is %s', (_, pictureUs, soundUs, originUs) => {
  expect(originOf(pictureUs, soundUs)).toBe(originUs);
});

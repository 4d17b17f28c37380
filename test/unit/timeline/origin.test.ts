import { expect, it } from 'vitest';
import { endOf, LONGEST_US, originOf } from '../../../src/core/timeline/origin.ts';

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

it.each([
  ['with the last of its tracks', [2_000_000, 2_100_000], 0, 2_100_000],
  ['without the track that says centuries', [2_000_000, 5_718_122_608_226_666], 0, 2_000_000],
  ['without the track that says nothing', [NaN, 2_000_000, Infinity], 0, 2_000_000],
  ['wherever its clock stands', [90_000_000_000_000 + 5], 90_000_000_000_000, 90_000_000_000_005],
  ['nowhere where none makes sense', [LONGEST_US + 1], 0, null],
  ['nowhere without tracks', [], 0, null],
])('an asset ends %s', (_, ends, originUs, endUs) => {
  expect(endOf(ends, originUs)).toBe(endUs);
});

import { expect, it } from 'vitest';
import { endOf, originOf } from '../../../src/core/timeline/origin.ts';

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

const MB = 1_000_000;
const HOUR_US = 3600 * 1_000_000;

it.each([
  ['with the last of its tracks', [2_000_000, 2_100_000], 0, MB, 2_100_000],
  ['without the track that says centuries', [2_000_000, 5_718_122_608_226_666], 0, 1e15, 2_000_000],
  ['without the track for which the file is far too small', [2_000_000, 12 * HOUR_US], 0, 98_000, 2_000_000],
  [
    'with a track of a day, where there is something of it',
    [2_000_000, 24 * HOUR_US],
    0,
    2 * MB,
    24 * HOUR_US,
  ],
  ['with a track of an hour, however little there is of it', [HOUR_US], 0, 5000, HOUR_US],
  ['without the track that says nothing', [NaN, 2_000_000, Infinity], 0, MB, 2_000_000],
  ['wherever its clock stands', [90_000_000_000_000 + 5], 90_000_000_000_000, MB, 90_000_000_000_005],
  ['nowhere where none makes sense', [1001 * HOUR_US], 0, 1e15, null],
  ['nowhere without tracks', [], 0, MB, null],
])('an asset ends %s', (_, ends, originUs, bytes, endUs) => {
  expect(endOf(ends, originUs, bytes)).toBe(endUs);
});

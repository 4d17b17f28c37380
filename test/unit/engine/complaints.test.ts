/** What the decoder's log says about a stream, and what it only says about entering it. */
import { expect, test } from 'vitest';
import { complaintsIn } from '../../../src/runtime/engine/ffmpeg/renderer.ts';

const LOST = [
  '[mp2 @ 0x1] Header missing',
  'Error while decoding stream #0:1: Invalid data found when processing input',
];

test('a damaged picture is a complaint, a status line is none', () => {
  expect(
    complaintsIn([
      'frame=  60 fps=0.0 q=-0.0 size=N/A time=00:00:01.96',
      '[h264 @ 0x1] error while decoding MB 12 3, bytestream -5',
      '[h264 @ 0x1] concealing 1200 DC, 1200 AC, 1200 MV errors in P frame',
    ]),
  ).toBe(2);
});

test('packets lost where a file is entered are not damage; many are', () => {
  expect(complaintsIn([...LOST, ...LOST, ...LOST, ...LOST])).toBe(0);
  const many = Array.from({ length: 20 }, () => LOST).flat();
  expect(complaintsIn(many)).toBe(14);
});

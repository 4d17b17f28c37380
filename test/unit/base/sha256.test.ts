/** SHA-256 piece by piece is that of the whole. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSha256, sha256Plain } from '../../../src/core/base/sha256.ts';

const wanted = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

test('of every length, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), (pieces) => {
      const sum = createSha256();
      for (const piece of pieces) sum.update(piece);
      const whole = new Uint8Array(Buffer.concat(pieces));
      expect(sum.hex()).toBe(wanted(whole));
      expect(sha256Plain(whole)).toBe(wanted(whole));
    }),
  );
});

test('of every length around a block', () => {
  for (let length = 0; length <= 200; length += 1) {
    const data = Uint8Array.from({ length }, (_, n) => n * 7);
    const sum = createSha256();
    sum.update(data.subarray(0, length >> 1));
    sum.update(data.subarray(length >> 1));
    expect(sum.hex(), String(length)).toBe(wanted(data));
  }
});

test('of a view into a larger buffer', () => {
  const data = new Uint8Array(1000).map((_, n) => n).subarray(333, 777);
  const sum = createSha256();
  sum.update(data);
  expect(sum.hex()).toBe(wanted(data));
});

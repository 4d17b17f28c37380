import { expect, test } from 'vitest';
import { digestOf } from '../../../src/runtime/artifacts/digest.ts';

const MIB = 1024 * 1024;

test('the checksum is of all bytes, behind the first piece that is read at once, too', async () => {
  const bytes = new Uint8Array(33 * MIB);
  const whole = await digestOf(new Blob([bytes]));
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestOf(new Blob([bytes.slice(0, 5), bytes.slice(5)]))).toBe(whole);
  for (const at of [0, 16 * MIB, bytes.length - 1]) {
    const other = bytes.slice();
    other[at] = 1;
    expect(await digestOf(new Blob([other]))).not.toBe(whole);
  }
  expect(await digestOf(new Blob([bytes.subarray(1)]))).not.toBe(whole);
  expect(await digestOf(new Blob([]))).toMatch(/^[0-9a-f]{64}$/);
});

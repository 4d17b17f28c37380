import { describe, expect, it } from 'vitest';
import {
  mergeAvcRecords,
  parseAvcRecord,
  ppsId,
  spsId,
  toFourByteLengths,
  writeAvcRecord,
  type AvcRecord,
} from '../../../workers/assembly/avc.ts';

/** A parameter set whose id is written as an Exp-Golomb number after `head`. */
function withId(head: readonly number[], id: number, rest = 0x5a): Uint8Array {
  const value = id + 1;
  const length = Math.floor(Math.log2(value));
  const bits = '0'.repeat(length) + value.toString(2) + rest.toString(2).padStart(8, '0');
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Uint8Array.from([...head, ...bytes.map((byte) => Number.parseInt(byte, 2))]);
}
const sps = (id: number, rest?: number): Uint8Array => withId([0x67, 0x64, 0x00, 0x1f], id, rest);
const pps = (id: number, rest?: number): Uint8Array => withId([0x68], id, rest);

const record = (id: number, more: Partial<AvcRecord> = {}): AvcRecord => ({
  profile: 100,
  compatibility: 0,
  level: 31,
  lengthSize: 4,
  sps: [sps(id)],
  pps: [pps(id)],
  tail: Uint8Array.of(0xfd, 0xf8, 0xf8, 0),
  ...more,
});

describe('H.264 parameter sets', () => {
  it.each([0, 1, 2, 7, 13, 30, 31])('reads the id %i', (id) => {
    expect(spsId(sps(id))).toBe(id);
    expect(ppsId(pps(id))).toBe(id);
  });

  it('reads what it writes', () => {
    const written = writeAvcRecord(record(3, { sps: [sps(3), sps(4)], pps: [pps(3), pps(4), pps(5)] }));
    expect(parseAvcRecord(written)).toEqual(
      record(3, { sps: [sps(3), sps(4)], pps: [pps(3), pps(4), pps(5)] }),
    );
  });

  it('refuses what is not a record', () => {
    expect(parseAvcRecord(Uint8Array.of(0, 1, 2, 3, 4, 5, 6))).toBeNull();
    expect(parseAvcRecord(writeAvcRecord(record(0)).slice(0, 12))).toBeNull();
  });

  it('lists the sets of two encoders side by side under the more demanding profile and level', () => {
    const merged = mergeAvcRecords([
      record(0, { profile: 66, compatibility: 0xc0, level: 30 }),
      record(13, { level: 40 }),
    ]);
    expect(merged).toMatchObject({ ok: true, value: { profile: 100, level: 40 } });
    if (merged.ok) expect(merged.value.sps.map(spsId)).toEqual([0, 13]);
  });

  it('takes equal sets once and refuses different sets of one id', () => {
    const same = mergeAvcRecords([record(0), record(0)]);
    expect(same.ok && same.value.sps.length).toBe(1);
    const clash = mergeAvcRecords([record(0), record(0, { sps: [sps(0, 0x33)] })]);
    expect(clash).toMatchObject({ ok: false, error: { reason: 'copy_unsafe' } });
  });

  it('rewrites lengths, and refuses a length that runs over the end', () => {
    expect(toFourByteLengths(Uint8Array.of(0, 2, 9, 8, 0, 1, 7), 2)).toEqual(
      Uint8Array.of(0, 0, 0, 2, 9, 8, 0, 0, 0, 1, 7),
    );
    expect(toFourByteLengths(Uint8Array.of(0, 9, 1), 2)).toBeNull();
  });
});

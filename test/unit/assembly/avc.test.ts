import { describe, expect, it } from 'vitest';
import {
  madeAlike,
  mergeAvcRecords,
  parseAvcRecord,
  toFourByteLengths,
  writeAvcRecord,
  type AvcRecord,
} from '../../../workers/shared/h264/avc-record.ts';
import {
  lookOf,
  parsePictureSet,
  parseSequenceSet,
  rewritePictureSet,
  rewriteSequenceSet,
} from '../../../workers/shared/h264/parameter-sets.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from((text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
/** Of OpenH264 and of x264, both with id 0. */
const SETS = [
  { sps: hex('67640c28ac191a80780227e59a80858083c2211a80'), pps: hex('68ce3c80') },
  { sps: hex('6764000aacd944269a808080a0000003002000000641e244b2c0'), pps: hex('68ebe3cb22c0') },
] as const;

const sps = (id: number, encoder: 0 | 1 = 0): Uint8Array => rewriteSequenceSet(SETS[encoder].sps, id, 'keep');
const pps = (id: number, encoder: 0 | 1 = 0): Uint8Array => rewritePictureSet(SETS[encoder].pps, id, id);
const spsIds = (sets: readonly Uint8Array[]): number[] => sets.map((set) => parseSequenceSet(set).id);
const ppsIds = (sets: readonly Uint8Array[]): number[] => sets.map((set) => parsePictureSet(set).id);

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
  it.each([0, 1, 2, 7, 13, 30, 31])('gives and reads the id %i', (id) => {
    expect(spsIds([sps(id), sps(id, 1)])).toEqual([id, id]);
    expect(ppsIds([pps(id), pps(id, 1)])).toEqual([id, id]);
    expect(sps(0)).toEqual(SETS[0].sps);
    expect(pps(0, 1)).toEqual(SETS[1].pps);
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
    expect(merged).toMatchObject({
      ok: true,
      value: { record: { profile: 100, level: 40 }, renumberings: [null, null] },
    });
    if (merged.ok) expect(spsIds(merged.value.record.sps)).toEqual([0, 13]);
  });

  it('takes the sets of several encoders, those of many chunks once', () => {
    const merged = mergeAvcRecords([0, 13, 0, 14, 15, 13, 14].map((id) => record(id)));
    expect(merged.ok && spsIds(merged.value.record.sps)).toEqual([0, 13, 14, 15]);
    expect(merged.ok && ppsIds(merged.value.record.pps)).toEqual([0, 13, 14, 15]);
  });

  it('different sets of one id: the later ones get another, the same one each time', () => {
    const other = record(0, { sps: [sps(0, 1)], pps: [pps(0, 1)] });
    const merged = mergeAvcRecords([record(0), other, record(0), other]);
    if (!merged.ok) throw new Error(merged.error.message);
    const { record: all, renumberings } = merged.value;
    expect(spsIds(all.sps)).toEqual([0, 31]);
    expect(ppsIds(all.pps)).toEqual([0, 255]);
    expect(renumberings.map((each) => each !== null)).toEqual([false, true, false, true]);
    expect(all.pps.map((set) => parsePictureSet(set).sequenceId)).toEqual([0, 31]);
  });

  it('sets of one track say the same about how pictures look, and out of order as far as any', () => {
    const own = [record(0, { sps: [sps(0, 1)] }), record(0)];
    const alike = madeAlike(own);
    const looks = alike.flatMap((each) => each.sps.map(lookOf));
    expect(looks[1]).toEqual(looks[0]);
    // x264 said 2 and 4, OpenH264 0 and 1.
    expect(looks[0]?.order).toEqual({ reorder: 2, buffering: 4 });
    expect(looks[0]?.color).toEqual(lookOf(sps(0, 1)).color);
    const equal = [record(3), record(3)];
    expect(madeAlike(equal)).toBe(equal);
    const damaged = [record(0), record(0, { sps: [Uint8Array.of(0x67, 100, 0)] })];
    expect(madeAlike(damaged)).toBe(damaged);
  });

  it('damaged sets cannot share a track', () => {
    const merged = mergeAvcRecords([record(0), record(0, { sps: [Uint8Array.of(0x67, 100, 0)] })]);
    expect(merged).toMatchObject({ ok: false, error: { reason: 'copy_unsafe' } });
  });

  it('rewrites lengths, and refuses a length that runs over the end', () => {
    expect(toFourByteLengths(Uint8Array.of(0, 2, 9, 8, 0, 1, 7), 2)).toEqual(
      Uint8Array.of(0, 0, 0, 2, 9, 8, 0, 0, 0, 1, 7),
    );
    expect(toFourByteLengths(Uint8Array.of(0, 9, 1), 2)).toBeNull();
  });
});

/**
 * Parameter sets of H.264 (ITU-T H.264, 7.3.2) and the record that MP4 keeps them in (avcC, ISO/IEC 14496-15,
 * 5.3.3). One track can hold pictures of two encoders when each names its own sets: the record then lists both.
 */
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import { sameBytes } from '../bytes.ts';
import { lookOf, parseSequenceSet, rewriteSequenceSet } from './parameter-sets.ts';
import { joinUnits, SharedSets, splitUnits, type Renumbering } from './renumber.ts';

/** The parts of an avcC record. */
export interface AvcRecord {
  readonly profile: number;
  readonly compatibility: number;
  readonly level: number;
  /** Bytes of the length in front of each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
  /** What follows the sets (chroma format and depth of the High profiles). */
  readonly tail: Uint8Array;
}

/** Reads an avcC record; null when it is not one. */
export function parseAvcRecord(bytes: Uint8Array): AvcRecord | null {
  if (bytes.length < 7 || bytes[0] !== 1) return null;
  let at = 5;
  const take = (count: number): Uint8Array[] | null => {
    const list: Uint8Array[] = [];
    for (let i = 0; i < count; i += 1) {
      const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      if (length === 0 || at + 2 + length > bytes.length) return null;
      list.push(bytes.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    return list;
  };
  const spsCount = (bytes[at] ?? 0) & 0x1f;
  at += 1;
  const sps = take(spsCount);
  if (sps === null || at >= bytes.length) return null;
  const ppsCount = bytes[at] ?? 0;
  at += 1;
  const pps = take(ppsCount);
  if (pps === null) return null;
  return {
    profile: bytes[1] ?? 0,
    compatibility: bytes[2] ?? 0,
    level: bytes[3] ?? 0,
    lengthSize: ((bytes[4] ?? 0) & 3) + 1,
    sps,
    pps,
    tail: bytes.slice(at),
  };
}

/** Writes an avcC record with 4-byte lengths. */
export function writeAvcRecord(record: AvcRecord): Uint8Array {
  const size =
    7 + [...record.sps, ...record.pps].reduce((sum, set) => sum + 2 + set.length, 0) + record.tail.length;
  const out = new Uint8Array(size);
  out.set([1, record.profile, record.compatibility, record.level, 0xff, 0xe0 | record.sps.length]);
  let at = 6;
  const put = (sets: readonly Uint8Array[]): void => {
    for (const set of sets) {
      out.set([set.length >> 8, set.length & 0xff], at);
      out.set(set, at + 2);
      at += 2 + set.length;
    }
  };
  put(record.sps);
  out[at] = record.pps.length;
  at += 1;
  put(record.pps);
  out.set(record.tail, at);
  return out;
}

/** What an encoder that does not say how far its pictures are out of order may do; more only makes decoders wait. */
const UNSAID_ORDER = 4;

const sameSets = (a: AvcRecord, b: AvcRecord): boolean =>
  a.sps.length === b.sps.length &&
  a.sps.every((set, i) => {
    const other = b.sps[i];
    return other !== undefined && sameBytes(set, other);
  });

/**
 * The records with sets that say the same about how pictures look: as the first one, and out of order as far as any of
 * them. As they are where all are equal, or where one is damaged.
 */
export function madeAlike(records: readonly AvcRecord[]): readonly AvcRecord[] {
  const [first] = records;
  const [leading] = first?.sps ?? [];
  if (first === undefined || leading === undefined) return records;
  if (records.every((record) => sameSets(record, first))) return records;
  try {
    const sets = records.flatMap((record) => record.sps);
    const orders = sets.map((set) => lookOf(set).order);
    const reorder = Math.max(...orders.map((order) => order?.reorder ?? UNSAID_ORDER));
    const buffering = Math.max(
      reorder,
      ...orders.map((order) => order?.buffering ?? UNSAID_ORDER),
      ...sets.map((set) => parseSequenceSet(set).refFrames),
    );
    const look = { ...lookOf(leading), order: { reorder, buffering } };
    return records.map((record) => ({
      ...record,
      sps: record.sps.map((set) => rewriteSequenceSet(set, parseSequenceSet(set).id, look)),
    }));
  } catch (cause) {
    if (cause instanceof RangeError) return records;
    throw cause;
  }
}

/** One record for pictures of several encoders, and how the pictures of each must be renumbered (null: not at all). */
export interface MergedRecord {
  readonly record: AvcRecord;
  readonly renumberings: readonly (Renumbering | null)[];
}

/** Merges records; the ids of earlier ones are kept before those of later ones. `copy_unsafe` for damaged sets. */
export function mergeAvcRecords(records: readonly AvcRecord[]): Result<MergedRecord, Failure> {
  const [first] = records;
  if (first === undefined)
    return err(failure('internal', 'unexpected', 'No decoder configuration to merge.'));
  const shared = new SharedSets();
  const renumberings: (Renumbering | null)[] = [];
  let leading = first;
  let compatibility = 0xff;
  let level = 0;
  for (const record of records) {
    try {
      renumberings.push(shared.add(record));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      return err(failure('engine_failed', 'copy_unsafe', `Pictures cannot share a track: ${cause.message}`));
    }
    // A decoder sizes itself by the record: name the more demanding profile and level.
    if (record.profile > leading.profile) leading = record;
    compatibility &= record.compatibility;
    level = Math.max(level, record.level);
  }
  const { profile, tail } = leading;
  const record = { profile, compatibility, level, lengthSize: 4, sps: shared.sps, pps: shared.pps, tail };
  return ok({ record, renumberings });
}

/** NAL units with lengths of another size to lengths of 4 bytes. Null when a length runs over the end. */
export function toFourByteLengths(data: Uint8Array, lengthSize: number): Uint8Array | null {
  try {
    return joinUnits(splitUnits(data, lengthSize));
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/**
 * Parameter sets of H.264 (ITU-T H.264, 7.3.2) and the record that MP4 keeps them in (avcC, ISO/IEC 14496-15,
 * 5.3.3). One track can hold pictures of two encoders when each names its own sets: the record then lists both.
 */
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';

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

/** The unsigned Exp-Golomb number (H.264, 9.1) that starts at a byte, emulation prevention removed. */
function firstNumber(nal: Uint8Array, from: number): number {
  const bytes: number[] = [];
  for (let i = from, zeros = 0; i < nal.length && bytes.length < 8; i += 1) {
    const byte = nal[i] ?? 0;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes.push(byte);
  }
  const bit = (position: number): number => ((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1;
  let zeros = 0;
  while (zeros < 31 && bit(zeros) === 0) zeros += 1;
  let value = 0;
  for (let i = 0; i <= zeros; i += 1) value = value * 2 + bit(zeros + i);
  return value - 1;
}

/** seq_parameter_set_id: after the NAL header, profile, constraints and level. */
export function spsId(sps: Uint8Array): number {
  return firstNumber(sps, 4);
}

/** pic_parameter_set_id: right after the NAL header. */
export function ppsId(pps: Uint8Array): number {
  return firstNumber(pps, 1);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Adds sets that are not there yet; null when one has the id of a different one. */
function union(
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
  idOf: (set: Uint8Array) => number,
): Uint8Array[] | null {
  const list = [...a];
  for (const set of b) {
    const rival = list.find((other) => idOf(other) === idOf(set));
    if (rival === undefined) list.push(set);
    else if (!sameBytes(rival, set)) return null;
  }
  return list;
}

/** One record for pictures of several encoders. `copy_unsafe` when two different sets have the same id. */
export function mergeAvcRecords(records: readonly AvcRecord[]): Result<AvcRecord, Failure> {
  const [first, ...rest] = records;
  if (first === undefined)
    return err(failure('internal', 'unexpected', 'No decoder configuration to merge.'));
  let merged = first;
  for (const record of rest) {
    const sps = union(merged.sps, record.sps, spsId);
    const pps = union(merged.pps, record.pps, ppsId);
    if (sps === null || pps === null) {
      return err(
        failure('engine_failed', 'copy_unsafe', 'Copied and encoded pictures use the same parameter set id.'),
      );
    }
    const leading = record.profile > merged.profile ? record : merged;
    merged = {
      // A decoder sizes itself by the record: name the more demanding profile and level.
      profile: leading.profile,
      compatibility: merged.compatibility & record.compatibility,
      level: Math.max(merged.level, record.level),
      lengthSize: 4,
      sps,
      pps,
      tail: leading.tail,
    };
  }
  return ok(merged);
}

/** NAL units with lengths of another size to lengths of 4 bytes. Null when a length runs over the end. */
export function toFourByteLengths(data: Uint8Array, lengthSize: number): Uint8Array | null {
  const units: Uint8Array[] = [];
  let at = 0;
  let total = 0;
  while (at + lengthSize <= data.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + (data[at + i] ?? 0);
    at += lengthSize;
    if (at + length > data.length) return null;
    units.push(data.subarray(at, at + length));
    total += 4 + length;
    at += length;
  }
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let to = 0;
  for (const unit of units) {
    view.setUint32(to, unit.length);
    out.set(unit, to + 4);
    to += 4 + unit.length;
  }
  return out;
}

/**
 * H.264 pictures under other parameter-set ids, so that pictures of several encoders can share a track
 * (docs/decisions/0005): encoders number their sets from 0, nearly all of them.
 */
import { sameBytes } from '../bytes.ts';
import {
  parsePictureSet,
  parseSequenceSet,
  rewritePictureSet,
  rewriteSequenceSet,
  type PictureSet,
  type SequenceSet,
} from './parameter-sets.ts';
import { rewriteSlice } from './slices.ts';

const NAL_SLICE = 1;
const NAL_IDR = 5;

/** NAL units of a packet with lengths of so many bytes. Throws a RangeError when a length runs over the end. */
export function splitUnits(data: Uint8Array, lengthSize = 4): Uint8Array[] {
  const units: Uint8Array[] = [];
  let at = 0;
  while (at + lengthSize <= data.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + (data[at + i] ?? 0);
    at += lengthSize;
    if (at + length > data.length) throw new RangeError('H.264: a NAL unit runs over the end of its packet');
    units.push(data.subarray(at, at + length));
    at += length;
  }
  return units;
}

/** The other way round, with 4-byte lengths. */
export function joinUnits(units: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const unit of units) {
    view.setUint32(at, unit.length);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return out;
}

const NAL_SPS = 7;
const NAL_PPS = 8;

/** A packet without the parameter sets inside of it; the very same bytes where there are none. Throws a RangeError. */
export function leaveOutSets(data: Uint8Array): Uint8Array {
  const units = splitUnits(data);
  const kept = units.filter((unit) => {
    const type = (unit[0] ?? 0) & 0x1f;
    return type !== NAL_SPS && type !== NAL_PPS;
  });
  return kept.length === units.length ? data : joinUnits(kept);
}

/** The sets of one encoder's record. */
export interface AvcSets {
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

/** Every id that a set of a kind may have: its own first, then from the far end, where encoders do not number. */
function candidates(own: number, highest: number): number[] {
  return [own, ...Array.from({ length: highest + 1 }, (_, i) => highest - i).filter((id) => id !== own)];
}

/** Gives the slices of one record's pictures their new ids. */
export class Renumbering {
  readonly #pictures: ReadonlyMap<number, PictureSet>;
  readonly #sequences: ReadonlyMap<number, SequenceSet>;
  readonly #newIds: ReadonlyMap<number, number>;

  constructor(sets: AvcSets, newPictureIds: ReadonlyMap<number, number>) {
    this.#sequences = new Map(sets.sps.map(parseSequenceSet).map((set) => [set.id, set]));
    this.#pictures = new Map(sets.pps.map(parsePictureSet).map((set) => [set.id, set]));
    this.#newIds = newPictureIds;
  }

  /**
   * A packet under the new ids. Parameter sets inside of it are left out (the record has them all), and so is what is
   * no slice. Throws a RangeError on damaged bytes.
   */
  packet(data: Uint8Array): Uint8Array {
    const sets = {
      picture: (id: number) => this.#pictures.get(id) ?? null,
      sequence: (id: number) => this.#sequences.get(id) ?? null,
    };
    const units = splitUnits(data).filter((unit) => {
      const type = (unit[0] ?? 0) & 0x1f;
      return type === NAL_SLICE || type === NAL_IDR;
    });
    return joinUnits(units.map((unit) => rewriteSlice(unit, sets, (id) => this.#newIds.get(id) ?? id)));
  }
}

/** Parameter sets of several encoders under ids that do not clash. */
export class SharedSets {
  readonly #sps = new Map<number, Uint8Array>();
  readonly #pps = new Map<number, Uint8Array>();

  get sps(): readonly Uint8Array[] {
    return [...this.#sps.values()];
  }

  get pps(): readonly Uint8Array[] {
    return [...this.#pps.values()];
  }

  /**
   * Takes in a record's sets. Answers how its pictures must be renumbered: null where they can stay as they are. Throws a
   * RangeError on damaged sets, or when there is no id left.
   */
  add(sets: AvcSets): Renumbering | null {
    const sequenceIds = new Map<number, number>();
    for (const nal of sets.sps) {
      const { id } = parseSequenceSet(nal);
      const place = this.#place(this.#sps, candidates(id, 31), (wanted) =>
        wanted === id ? nal : rewriteSequenceSet(nal, wanted, 'keep'),
      );
      sequenceIds.set(id, place);
    }
    const pictureIds = new Map<number, number>();
    let changed = false;
    for (const nal of sets.pps) {
      const { id, sequenceId } = parsePictureSet(nal);
      const sequence = sequenceIds.get(sequenceId) ?? sequenceId;
      const place = this.#place(this.#pps, candidates(id, 255), (wanted) =>
        wanted === id && sequence === sequenceId ? nal : rewritePictureSet(nal, wanted, sequence),
      );
      pictureIds.set(id, place);
      changed ||= place !== id;
    }
    return changed ? new Renumbering(sets, pictureIds) : null;
  }

  /** The first id that is free or that already means the very same set. */
  #place(taken: Map<number, Uint8Array>, ids: readonly number[], under: (id: number) => Uint8Array): number {
    for (const id of ids) {
      const rival = taken.get(id);
      const nal = under(id);
      if (rival !== undefined && !sameBytes(rival, nal)) continue;
      taken.set(id, nal);
      return id;
    }
    throw new RangeError('H.264: there is no parameter-set id left');
  }
}

/** Slice headers (ITU-T H.264, 7.3.3): the same slice under another picture parameter set id. */
import { BitReader, BitWriter, escapeNal, stopBitOf, unescapeNal } from './bits.ts';
import type { PictureSet, SequenceSet } from './parameter-sets.ts';

const isB = (type: number): boolean => type % 5 === 1;
const isIntra = (type: number): boolean => type % 5 === 2 || type % 5 === 4;

/** Parameter sets by id, as a slice names them. */
export interface ParameterSets {
  picture(id: number): PictureSet | null;
  sequence(id: number): SequenceSet | null;
}

interface SliceHeader {
  readonly pictureSet: PictureSet;
  /** Bits of the picture parameter set id. */
  readonly idStarts: number;
  readonly idEnds: number;
  /** Where the header ends and the slice's data begins. */
  readonly ends: number;
}

function skipReferenceLists(reader: BitReader, type: number): void {
  for (let list = 0; list < (isIntra(type) ? 0 : isB(type) ? 2 : 1); list += 1) {
    if (!reader.flag()) continue;
    for (let op = reader.ue(); op !== 3; op = reader.ue()) reader.ue();
  }
}

function skipWeights(reader: BitReader, counts: readonly number[], hasChroma: boolean): void {
  reader.ue();
  if (hasChroma) reader.ue();
  for (const count of counts) {
    for (let i = 0; i < count; i += 1) {
      if (reader.flag()) {
        reader.se();
        reader.se();
      }
      if (hasChroma && reader.flag()) for (let k = 0; k < 4; k += 1) reader.se();
    }
  }
}

function skipMarking(reader: BitReader, idr: boolean): void {
  if (idr) {
    reader.u(2);
    return;
  }
  if (!reader.flag()) return;
  for (let op = reader.ue(); op !== 0; op = reader.ue()) {
    if (op === 1 || op === 3) reader.ue();
    if (op === 2) reader.ue();
    if (op === 3 || op === 6) reader.ue();
    if (op === 4) reader.ue();
  }
}

function readHeader(raw: Uint8Array, sets: ParameterSets): SliceHeader {
  const header = raw[0] ?? 0;
  const idr = (header & 0x1f) === 5;
  const reader = new BitReader(raw, 8);
  reader.ue();
  const type = reader.ue();
  const idStarts = reader.position;
  const pictureSet = sets.picture(reader.ue());
  const idEnds = reader.position;
  const sequence = pictureSet === null ? null : sets.sequence(pictureSet.sequenceId);
  if (pictureSet === null || sequence === null)
    throw new RangeError('H.264: a slice names unknown parameter sets');
  if (sequence.separateColourPlanes) reader.u(2);
  reader.u(sequence.frameNumBits);
  let field = false;
  if (!sequence.frameMbsOnly) {
    field = reader.flag();
    if (field) reader.bit();
  }
  if (idr) reader.ue();
  if (sequence.pocType === 0) {
    reader.u(sequence.pocLsbBits);
    if (pictureSet.bottomFieldPicOrder && !field) reader.se();
  } else if (sequence.pocType === 1 && !sequence.deltaPicOrderAlwaysZero) {
    reader.se();
    if (pictureSet.bottomFieldPicOrder && !field) reader.se();
  }
  if (pictureSet.redundantPicCount) reader.ue();
  if (isB(type)) reader.bit();
  let [l0, l1] = pictureSet.refIdxDefault;
  if (!isIntra(type) && reader.flag()) {
    l0 = reader.ue() + 1;
    if (isB(type)) l1 = reader.ue() + 1;
  }
  skipReferenceLists(reader, type);
  const weighted = isB(type)
    ? pictureSet.weightedBipred === 1
    : !isIntra(type) && pictureSet.weightedPrediction;
  if (weighted) skipWeights(reader, isB(type) ? [l0, l1] : [l0], sequence.chromaFormat !== 0);
  if ((header >> 5) % 4 !== 0) skipMarking(reader, idr);
  if (pictureSet.cabac && !isIntra(type)) reader.ue();
  reader.se();
  // SP and SI slices are of the Extended profile, which nobody encodes.
  if (pictureSet.deblockingControl && reader.ue() !== 1) {
    reader.se();
    reader.se();
  }
  return { pictureSet, idStarts, idEnds, ends: reader.position };
}

/**
 * The slice under another picture parameter set id. The id has a variable length, so that everything after it moves by
 * some bits: CAVLC data simply moves along, CABAC data stays on its byte boundary behind a longer or shorter alignment.
 * Throws a RangeError on damaged bytes.
 */
export function rewriteSlice(
  nal: Uint8Array,
  sets: ParameterSets,
  newId: (id: number) => number,
): Uint8Array {
  const raw = unescapeNal(nal);
  const { pictureSet, idStarts, idEnds, ends } = readHeader(raw, sets);
  const writer = new BitWriter(raw.length + 8);
  writer.copy(raw, 0, idStarts);
  writer.ue(newId(pictureSet.id));
  if (pictureSet.cabac) {
    writer.copy(raw, idEnds, ends);
    // cabac_alignment_one_bit (7.3.4)
    while (writer.position % 8 !== 0) writer.bit(1);
    writer.copy(raw, Math.ceil(ends / 8) * 8, raw.length * 8);
  } else {
    writer.copy(raw, idEnds, stopBitOf(raw));
    writer.trail();
  }
  return escapeNal(writer.bytes());
}

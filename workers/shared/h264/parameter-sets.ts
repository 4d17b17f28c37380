/** Parameter sets (ITU-T H.264, 7.3.2.1 and 7.3.2.2, annex E): what slices need of them, and writing them anew. */
import { BitReader, BitWriter, escapeNal, stopBitOf, unescapeNal } from './bits.ts';

/** What a slice header's reading depends on, of the sequence parameter set. */
export interface SequenceSet {
  readonly id: number;
  readonly separateColourPlanes: boolean;
  readonly chromaFormat: number;
  readonly frameNumBits: number;
  readonly pocType: number;
  readonly pocLsbBits: number;
  readonly deltaPicOrderAlwaysZero: boolean;
  readonly frameMbsOnly: boolean;
  /** Pictures that a decoder keeps to refer to. */
  readonly refFrames: number;
}

/** What a slice header's reading depends on, of the picture parameter set. */
export interface PictureSet {
  readonly id: number;
  readonly sequenceId: number;
  readonly cabac: boolean;
  readonly bottomFieldPicOrder: boolean;
  readonly sliceGroups: number;
  readonly refIdxDefault: readonly [l0: number, l1: number];
  readonly weightedPrediction: boolean;
  readonly weightedBipred: number;
  readonly deblockingControl: boolean;
  readonly redundantPicCount: boolean;
}

/** Colour values of VUI (tables E-3 to E-5). */
export interface VuiColor {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: boolean;
}

/** How far pictures are out of order (bitstream_restriction): how many are held back, how many are kept. */
export interface VuiOrder {
  readonly reorder: number;
  readonly buffering: number;
}

/**
 * What a set says about how pictures look. FFmpeg's decoder, which browsers use, starts anew where this changes in the
 * middle of a stream, and Chromium then leaves out pictures: all sets of a track must say the same.
 */
export interface VuiLook {
  /** aspect_ratio_idc (table E-1), with width and height for 255; null where nothing is said. */
  readonly aspect: {
    readonly idc: number;
    readonly width: number;
    readonly height: number;
  } | null;
  /** Null where nothing is said. */
  readonly color: VuiColor | null;
  /** Null where nothing is said. */
  readonly order: VuiOrder | null;
}

/** Square pixels, said aloud, as x264 does. */
export const SQUARE_PIXELS: VuiLook['aspect'] = { idc: 1, width: 0, height: 0 };

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

function skipScalingLists(reader: BitReader, chromaFormat: number): void {
  const lists = chromaFormat === 3 ? 12 : 8;
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    const size = list < 6 ? 16 : 64;
    let last = 8;
    let next = 8;
    for (let i = 0; i < size; i += 1) {
      if (next !== 0) next = (last + reader.se() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

/** Reads up to where the VUI's presence is said; the reader stands right before that flag. */
function readSequence(raw: Uint8Array): {
  readonly set: SequenceSet;
  readonly idEnds: number;
  readonly reader: BitReader;
} {
  const reader = new BitReader(raw, 8);
  const profile = reader.u(8);
  reader.u(16);
  const id = reader.ue();
  const idEnds = reader.position;
  let chromaFormat = 1;
  let separateColourPlanes = false;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = reader.ue();
    if (chromaFormat === 3) separateColourPlanes = reader.flag();
    reader.ue();
    reader.ue();
    reader.bit();
    if (reader.flag()) skipScalingLists(reader, chromaFormat);
  }
  const frameNumBits = reader.ue() + 4;
  const pocType = reader.ue();
  let pocLsbBits = 0;
  let deltaPicOrderAlwaysZero = false;
  if (pocType === 0) pocLsbBits = reader.ue() + 4;
  else if (pocType === 1) {
    deltaPicOrderAlwaysZero = reader.flag();
    reader.se();
    reader.se();
    const cycle = reader.ue();
    for (let i = 0; i < cycle; i += 1) reader.se();
  }
  const refFrames = reader.ue();
  reader.bit();
  reader.ue();
  reader.ue();
  const frameMbsOnly = reader.flag();
  if (!frameMbsOnly) reader.bit();
  reader.bit();
  if (reader.flag()) for (let i = 0; i < 4; i += 1) reader.ue();
  return {
    set: {
      id,
      separateColourPlanes,
      chromaFormat,
      frameNumBits,
      pocType,
      pocLsbBits,
      deltaPicOrderAlwaysZero,
      frameMbsOnly,
      refFrames,
    },
    idEnds,
    reader,
  };
}

/** Reads a sequence parameter set. Throws a RangeError on damaged bytes. */
export function parseSequenceSet(nal: Uint8Array): SequenceSet {
  return readSequence(unescapeNal(nal)).set;
}

/** Reads a picture parameter set. Throws a RangeError on damaged bytes. */
export function parsePictureSet(nal: Uint8Array): PictureSet {
  const reader = new BitReader(unescapeNal(nal), 8);
  const id = reader.ue();
  const sequenceId = reader.ue();
  const cabac = reader.flag();
  const bottomFieldPicOrder = reader.flag();
  const sliceGroups = reader.ue() + 1;
  if (sliceGroups > 1) throw new RangeError('H.264: slice groups are not handled');
  const refIdxDefault = [reader.ue() + 1, reader.ue() + 1] as const;
  const weightedPrediction = reader.flag();
  const weightedBipred = reader.u(2);
  reader.se();
  reader.se();
  reader.se();
  const deblockingControl = reader.flag();
  reader.bit();
  const redundantPicCount = reader.flag();
  return {
    id,
    sequenceId,
    cabac,
    bottomFieldPicOrder,
    sliceGroups,
    refIdxDefault,
    weightedPrediction,
    weightedBipred,
    deblockingControl,
    redundantPicCount,
  };
}

const UNSPECIFIED = 2;
const EXTENDED_SAR = 255;

function skipHrd(reader: BitReader): void {
  const count = reader.ue() + 1;
  reader.u(8);
  for (let i = 0; i < count; i += 1) {
    reader.ue();
    reader.ue();
    reader.bit();
  }
  reader.u(20);
}

/** Reads what lies between the colour and the restriction; the reader then stands before the restriction's flag. */
function skipMiddle(reader: BitReader): void {
  if (reader.flag()) {
    reader.ue();
    reader.ue();
  }
  if (reader.flag()) {
    reader.u(32);
    reader.u(32);
    reader.bit();
  }
  let buffered = false;
  for (let kind = 0; kind < 2; kind += 1) {
    if (!reader.flag()) continue;
    skipHrd(reader);
    buffered = true;
  }
  if (buffered) reader.bit();
  reader.bit();
}

function readOrder(reader: BitReader): VuiOrder | null {
  if (!reader.flag()) return null;
  reader.bit();
  for (let i = 0; i < 4; i += 1) reader.ue();
  return { reorder: reader.ue(), buffering: reader.ue() };
}

function writeOrder(writer: BitWriter, order: VuiOrder | null): void {
  writer.bit(order === null ? 0 : 1);
  if (order === null) return;
  // Vectors may point beyond the edges; sizes are not limited (0), vectors as far as the standard lets them.
  writer.bit(1);
  for (const value of [0, 0, 16, 16, order.reorder, order.buffering]) writer.ue(value);
}

interface Head {
  readonly aspect: VuiLook['aspect'];
  readonly color: VuiColor | null;
  readonly overscan: readonly number[];
}

/** Reads the beginning of the VUI, from behind the flag of its presence. */
function readHead(reader: BitReader): Head {
  let aspect: VuiLook['aspect'] = null;
  if (reader.flag()) {
    const idc = reader.u(8);
    const extended = idc === EXTENDED_SAR;
    aspect = { idc, width: extended ? reader.u(16) : 0, height: extended ? reader.u(16) : 0 };
  }
  const overscan = [reader.bit()];
  if (overscan[0] === 1) overscan.push(reader.bit());
  let color: VuiColor | null = null;
  if (reader.flag()) {
    reader.u(3);
    const fullRange = reader.flag();
    const described = reader.flag();
    const value = (): number => (described ? reader.u(8) : UNSPECIFIED);
    color = { fullRange, primaries: value(), transfer: value(), matrix: value() };
  }
  return { aspect, color, overscan };
}

function writeHead(writer: BitWriter, { aspect, color }: VuiLook, overscan: readonly number[]): void {
  writer.bit(aspect === null ? 0 : 1);
  if (aspect !== null) {
    writer.u(aspect.idc, 8);
    if (aspect.idc === EXTENDED_SAR) {
      writer.u(aspect.width, 16);
      writer.u(aspect.height, 16);
    }
  }
  for (const bit of overscan) writer.bit(bit);
  writer.bit(color === null ? 0 : 1);
  if (color === null) return;
  // video_format 5: unspecified.
  writer.u(5, 3);
  writer.bit(color.fullRange ? 1 : 0);
  const values = [color.primaries, color.transfer, color.matrix];
  const described = values.some((value) => value !== UNSPECIFIED);
  writer.bit(described ? 1 : 0);
  if (described) for (const value of values) writer.u(value, 8);
}

/** What a sequence parameter set says about how pictures look. */
export function lookOf(nal: Uint8Array): VuiLook {
  const { reader } = readSequence(unescapeNal(nal));
  if (!reader.flag()) return { aspect: null, color: null, order: null };
  const { aspect, color } = readHead(reader);
  skipMiddle(reader);
  return { aspect, color, order: readOrder(reader) };
}

/** The sequence parameter set with another id, and with the given look unless that is kept. */
export function rewriteSequenceSet(nal: Uint8Array, id: number, look: VuiLook | 'keep'): Uint8Array {
  const raw = unescapeNal(nal);
  const { idEnds, reader } = readSequence(raw);
  const writer = new BitWriter(raw.length + 32);
  writer.copy(raw, 0, 32);
  writer.ue(id);
  if (look === 'keep') writer.copy(raw, idEnds, stopBitOf(raw));
  else {
    writer.copy(raw, idEnds, reader.position);
    const hasVui = reader.flag();
    writer.bit(1);
    if (hasVui) {
      const { overscan } = readHead(reader);
      writeHead(writer, look, overscan);
      const start = reader.position;
      skipMiddle(reader);
      writer.copy(raw, start, reader.position);
    } else {
      writeHead(writer, look, [0]);
      // No chroma location, timing, buffering or structure.
      writer.u(0, 5);
    }
    writeOrder(writer, look.order);
  }
  writer.trail();
  return escapeNal(writer.bytes());
}

/** The picture parameter set with other ids. */
export function rewritePictureSet(nal: Uint8Array, id: number, sequenceId: number): Uint8Array {
  const raw = unescapeNal(nal);
  const reader = new BitReader(raw, 8);
  reader.ue();
  reader.ue();
  const writer = new BitWriter(raw.length + 8);
  writer.copy(raw, 0, 8);
  writer.ue(id);
  writer.ue(sequenceId);
  writer.copy(raw, reader.position, stopBitOf(raw));
  writer.trail();
  return escapeNal(writer.bytes());
}

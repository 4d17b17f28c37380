/** Reads the packets of pieces in the order and with the times that the output gives them. */
import {
  EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
} from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { frameDuration, frameToMicros, microsToFrame, type Rational } from '../../src/core/base/time.ts';
import type { AudioPiece, VideoPiece } from '../../src/runtime/contract/assembly.ts';
import { parseAvcRecord, toFourByteLengths, type AvcRecord } from '../shared/h264/avc-record.ts';
import { FORMATS, sourceOf } from '../shared/open.ts';
import { leaveOutSets, type Renumbering } from '../shared/h264/renumber.ts';

/** An expected failure on its way out of a generator; the worker's entry turns it into a Result. */
export class PieceError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Microseconds within which two times are the same: containers round to milliseconds or to their own timescale. */
const SAME_US = 2000;

const toUs = (seconds: number): number => Math.round(seconds * 1_000_000);

/**
 * A frame's distance from the start of its piece, put back on the grid of a constant rate: containers that count
 * milliseconds round every frame's time, and the finished file should not inherit that.
 */
export function ontoGrid(offsetUs: number, rate: Rational | null): number {
  if (rate === null) return offsetUs;
  const gridUs = frameToMicros(microsToFrame(offsetUs + frameDuration(rate) / 2, rate), rate);
  return Math.abs(gridUs - offsetUs) <= SAME_US ? gridUs : offsetUs;
}

/** Opens each Blob once, however many pieces come from it. */
export class Inputs {
  readonly #open = new Map<Blob, Input>();

  #input(data: Blob): Input {
    let input = this.#open.get(data);
    if (input === undefined) {
      input = new Input({ source: sourceOf(data), formats: FORMATS });
      this.#open.set(data, input);
    }
    return input;
  }

  async video(piece: VideoPiece): Promise<InputVideoTrack> {
    const track = (await this.#input(piece.data).getVideoTracks())[piece.order];
    if (track === undefined) throw new PieceError(broken(piece.stepId, 'has no picture track'));
    return track;
  }

  async audio(piece: AudioPiece): Promise<InputAudioTrack> {
    const track = (await this.#input(piece.data).getAudioTracks())[piece.order];
    if (track === undefined) throw new PieceError(broken(piece.stepId, 'has no sound track'));
    return track;
  }

  /** Lets go of a Blob that will not be read again. */
  release(data: Blob): void {
    this.#open.get(data)?.dispose();
    this.#open.delete(data);
  }

  dispose(): void {
    for (const input of this.#open.values()) input.dispose();
    this.#open.clear();
  }
}

function broken(stepId: string, what: string): Failure {
  return failure('engine_failed', 'step_failed', `The piece of step ${stepId} ${what}.`, { stepId });
}

/** The H.264 record of a piece's track. */
export async function recordOf(track: InputVideoTrack, stepId: string): Promise<AvcRecord> {
  const config = await track.getDecoderConfig();
  const description = config?.description;
  const bytes =
    description === undefined
      ? null
      : ArrayBuffer.isView(description)
        ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
        : new Uint8Array(description);
  const record = bytes === null ? null : parseAvcRecord(bytes);
  if (record === null) throw new PieceError(broken(stepId, 'has no H.264 configuration'));
  return record;
}

/** How H.264 packets of a piece are written. */
export interface AvcWriting {
  /** Bytes of the length before each NAL unit, as they come. */
  readonly lengthSize: number;
  /** Null where the pictures keep their parameter-set ids. */
  readonly renumbering: Renumbering | null;
  /** Whether sets inside of packets are left out: those of the file say something else. */
  readonly withoutSets: boolean;
}

/** Null for a damaged packet. */
function writtenAs(data: Uint8Array, writing: AvcWriting): Uint8Array | null {
  const { lengthSize, renumbering, withoutSets } = writing;
  const whole = lengthSize === 4 ? data : toFourByteLengths(data, lengthSize);
  if (whole === null) return null;
  try {
    if (renumbering !== null) return renumbering.packet(whole);
    return withoutSets ? leaveOutSets(whole) : whole;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/** A packet with its place in the output. */
export interface PlacedPacket {
  readonly packet: EncodedPacket;
  readonly outUs: number;
}

/**
 * The packets of a picture piece, in decode order. Fails when their number is not the planned one, and when one of them
 * is shown outside of the piece: the place could not be parted after all.
 *
 * @param writing how H.264 packets are written; null for codecs whose packets are taken as they are
 */
export async function* videoPackets(
  piece: VideoPiece,
  track: InputVideoTrack,
  writing: AvcWriting | null,
  rate: Rational | null,
): AsyncGenerator<PlacedPacket> {
  const sink = new EncodedPacketSink(track);
  const isSource = piece.kind === 'source';
  const start = isSource
    ? await sink.getKeyPacket((piece.fromUs + SAME_US) / 1_000_000)
    : await sink.getFirstPacket();
  if (start === null || (isSource && Math.abs(toUs(start.timestamp) - piece.fromUs) > SAME_US)) {
    throw new PieceError(unsafeCopy(piece.stepId, 'does not start with a key frame'));
  }
  const fromUs = isSource ? piece.fromUs : 0;
  const lastShownUs = isSource ? null : await lastTimeOf(sink);
  let taken = 0;
  for await (const packet of sink.packets(start)) {
    const timeUs = toUs(packet.timestamp);
    // Pictures shown before the key frame refer to what was left out (open group): they are not part of the range.
    if (isSource && timeUs < piece.fromUs - SAME_US) continue;
    if (isSource && timeUs >= piece.toUs - SAME_US) {
      throw new PieceError(unsafeCopy(piece.stepId, 'needs packets beyond its end'));
    }
    const outUs = piece.outStartUs + ontoGrid(Math.max(0, timeUs - fromUs), rate);
    const restUs = Math.max(1, piece.outEndUs - outUs);
    const lengthUs = toUs(packet.duration);
    // The last picture shown is held to the end of the piece; none reaches beyond it.
    const isLast = timeUs === lastShownUs || lengthUs >= restUs - SAME_US;
    const durationUs = isLast || lengthUs === 0 ? restUs : lengthUs;
    const data = writing === null ? packet.data : writtenAs(packet.data, writing);
    if (data === null) throw new PieceError(unsafeCopy(piece.stepId, 'holds a damaged packet'));
    const type = taken === 0 ? 'key' : packet.type;
    yield { packet: new EncodedPacket(data, type, outUs / 1_000_000, durationUs / 1_000_000), outUs };
    taken += 1;
    if (taken === piece.frames) return;
  }
  throw new PieceError(
    failure(
      'engine_failed',
      'frame_count_wrong',
      `Step ${piece.stepId} gave ${String(taken)} frames instead of ${String(piece.frames)}.`,
      { stepId: piece.stepId, found: taken, expected: piece.frames },
    ),
  );
}

/** When the last picture of a segment appears; with B-frames it is not the last one stored. */
async function lastTimeOf(sink: EncodedPacketSink): Promise<number> {
  let lastUs = 0;
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    lastUs = Math.max(lastUs, toUs(packet.timestamp));
  }
  return lastUs;
}

function unsafeCopy(stepId: string, what: string): Failure {
  return failure('engine_failed', 'copy_unsafe', `The copied stretch of step ${stepId} ${what}.`, { stepId });
}

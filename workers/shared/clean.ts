/** Whether decoding can start cleanly at a key frame. The pure part looks at NAL unit types. */
import type { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import type { Failure } from '../../src/core/base/failure.ts';
import { ok, type Result } from '../../src/core/base/result.ts';
import { withVideo } from './open.ts';
import { bytesOf } from './bytes.ts';

/** Length of the size field before each NAL unit, 0 for start codes (Annex B). Pure. */
export function nalLengthSize(codec: string, description: Uint8Array | null): number {
  if (description === null) return 0;
  const at = codec === 'hevc' ? 21 : 4;
  const field = description[at];
  return field === undefined ? 0 : (field & 3) + 1;
}

/** First bytes of the NAL units of a packet. Pure. */
export function nalHeaders(data: Uint8Array, lengthSize: number): number[] {
  const headers: number[] = [];
  // Some recorders write start codes into containers that ask for lengths (Chrome's Matroska did).
  const annexB =
    lengthSize === 0 ||
    (lengthSize === 4 && data[0] === 0 && data[1] === 0 && data[2] === 0 && data[3] === 1);
  if (!annexB) {
    let at = 0;
    while (at + lengthSize < data.length) {
      let size = 0;
      for (let i = 0; i < lengthSize; i++) size = size * 256 + (data[at + i] ?? 0);
      headers.push(data[at + lengthSize] ?? 0);
      at += lengthSize + size;
    }
    return headers;
  }
  for (let i = 0; i + 3 < data.length; i++) {
    if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) headers.push(data[i + 3] ?? 0);
  }
  return headers;
}

/**
 * Whether a key packet starts a closed group: an IDR for AVC (a recovery point is not one: pictures after it may
 * refer back), IDR or BLA for HEVC (after a CRA leading pictures refer back). Key frames of other codecs always do.
 * Pure.
 */
export function startsClean(codec: string, data: Uint8Array, description: Uint8Array | null): boolean {
  const headers = nalHeaders(data, nalLengthSize(codec, description));
  if (codec === 'avc') return headers.some((header) => (header & 0x1f) === 5);
  if (codec === 'hevc') {
    return headers.some((header) => {
      const type = (header >> 1) & 0x3f;
      return type >= 16 && type <= 20;
    });
  }
  return true;
}

/**
 * Whether no other picture needs this packet's: H.264 says so in each slice (nal_ref_idc 0, ITU-T H.264, 7.4.1). Such
 * pictures need not be decoded on the way to one that is wanted. Pure.
 */
export function isDisposable(codec: string, data: Uint8Array, description: Uint8Array | null): boolean {
  if (codec !== 'avc') return false;
  const slices = nalHeaders(data, nalLengthSize(codec, description)).filter((header) => {
    const type = header & 0x1f;
    return type >= 1 && type <= 5;
  });
  return slices.length > 0 && slices.every((header) => (header & 0x60) === 0);
}

/** Groups that are looked through for a clean start. */
const LOOK_BACK = 64;

/**
 * The last key packet at or before a time (seconds, file clock) where decoding can start cleanly; the track's first
 * packet when none is found. Chromium's decoder refuses to start at a recovery point.
 */
export async function cleanKeyAt(
  track: InputVideoTrack,
  sink: EncodedPacketSink,
  seconds: number,
): Promise<EncodedPacket | null> {
  const codec = (await track.getCodec()) ?? '';
  const description = bytesOf((await track.getDecoderConfig())?.description);
  let packet = await sink.getKeyPacket(seconds);
  for (let i = 0; packet !== null && i < LOOK_BACK; i++) {
    if (startsClean(codec, packet.data, description)) return packet;
    packet = await sink.getKeyPacket(packet.timestamp - 1e-5);
  }
  return (await sink.getFirstKeyPacket()) ?? (await sink.getFirstPacket());
}

/** See `AnalysisWorkerApi.keyFrameIsClean`. */
export async function keyFrameIsClean(
  file: Blob,
  order: number,
  fileUs: number,
): Promise<Result<boolean, Failure>> {
  return withVideo(file, order, async (track, sink) => {
    // A microsecond ahead: the time was rounded.
    const packet = await sink.getPacket((fileUs + 1) / 1e6);
    if (packet?.type !== 'key' || Math.abs(packet.timestamp * 1e6 - fileUs) > 1.5) return ok(false);
    const config = await track.getDecoderConfig();
    return ok(startsClean((await track.getCodec()) ?? '', packet.data, bytesOf(config?.description)));
  });
}

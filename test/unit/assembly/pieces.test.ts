import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { frameToMicros } from '../../../src/core/base/time.ts';
import type { VideoPiece } from '../../../src/runtime/contract/assembly.ts';
import { writeAvcRecord } from '../../../workers/shared/h264/avc-record.ts';
import { Inputs, PieceError, recordOf, videoPackets } from '../../../workers/assembly/pieces.ts';
import { decodeOrder } from '../plan/helpers.ts';

const RATE = { num: 25, den: 1 };
/** Asset time 0 in the made-up files. */
const ORIGIN_US = 80_000;

type Shape = Parameters<typeof decodeOrder>[0] & { readonly codec?: 'avc' | 'vp9'; readonly holdUs?: number };

/** A film of packets that hold nothing but the number of their frame; `holdUs`: how long the last one stands. */
async function film({ codec = 'avc', holdUs = 40_000, ...shape }: Shape): Promise<Blob> {
  const target = new BufferTarget();
  const output = new Output({
    format: codec === 'avc' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target,
  });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  await output.start();
  const description = writeAvcRecord({
    profile: 100,
    compatibility: 0,
    level: 31,
    lengthSize: 4,
    sps: [Uint8Array.of(0x67, 0x64, 0, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb, 0x01, 0x10)],
    pps: [Uint8Array.of(0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0)],
    tail: Uint8Array.of(0xfd, 0xf8, 0xf8, 0),
  });
  const decoderConfig =
    codec === 'avc'
      ? { codec: 'avc1.64001f', codedWidth: 1280, codedHeight: 720, description }
      : { codec: 'vp09.00.31.08', codedWidth: 1280, codedHeight: 720 };
  for (const { frame, key } of decodeOrder(shape)) {
    const data = Uint8Array.of(0, 0, 0, 3, key ? 0x65 : 0x41, frame >> 8, frame & 255);
    const lengthUs = frame === shape.frames - 1 ? holdUs : 40_000;
    const time = (ORIGIN_US + frameToMicros(frame, RATE)) / 1e6;
    await source.add(new EncodedPacket(data, key ? 'key' : 'delta', time, lengthUs / 1e6), { decoderConfig });
  }
  await output.finalize();
  if (target.buffer === null) throw new Error('nothing was written');
  return new Blob([target.buffer]);
}

interface Taken {
  readonly frame: number;
  readonly outUs: number;
  readonly endUs: number;
  readonly type: string;
}

async function take(
  data: Blob,
  first: number,
  stop: number,
  change: Partial<VideoPiece> = {},
  codec: 'avc' | 'vp9' = 'avc',
): Promise<Taken[]> {
  const fromUs = ORIGIN_US + first * 40_000;
  const piece: VideoPiece = {
    stepId: 'v0.1',
    kind: 'source',
    data,
    order: 0,
    fromUs,
    toUs: ORIGIN_US + stop * 40_000,
    outStartUs: 2_000_000,
    outEndUs: 2_000_000 + (stop - first) * 40_000,
    frames: stop - first,
    ...change,
  };
  const inputs = new Inputs();
  try {
    const track = await inputs.video(piece);
    const record = codec === 'avc' ? await recordOf(track, piece.stepId) : null;
    const writing =
      record === null ? null : { lengthSize: record.lengthSize, renumbering: null, withoutSets: false };
    const taken: Taken[] = [];
    for await (const { packet, outUs } of videoPackets(
      piece,
      track,
      writing,
      codec === 'avc' ? RATE : null,
    )) {
      const frame = ((packet.data[5] ?? 0) << 8) | (packet.data[6] ?? 0);
      taken.push({ frame, outUs, endUs: outUs + Math.round(packet.duration * 1e6), type: packet.type });
    }
    return taken;
  } finally {
    inputs.dispose();
  }
}

const numbers = (first: number, stop: number): number[] =>
  Array.from({ length: stop - first }, (_, i) => first + i);
const shown = (taken: readonly Taken[]): number[] => taken.map(({ frame }) => frame).sort((a, b) => a - b);

describe('packets of a copied stretch', () => {
  it.each([
    ['without B-frames', { frames: 200, gop: 50, b: 0 }, 50, 117],
    ['with B-frames', { frames: 200, gop: 50, b: 3 }, 50, 129],
    ['up to the end', { frames: 200, gop: 50, b: 2 }, 150, 200],
    ['over key frames of open groups', { frames: 200, gop: 50, b: 2, open: true }, 0, 149],
  ] as const)('%s are exactly those shown in it', async (_, shape, first, stop) => {
    const taken = await take(await film(shape), first, stop);
    expect(shown(taken)).toEqual(numbers(first, stop));
    expect(taken[0]).toMatchObject({ frame: first, type: 'key' });
    for (const { frame, outUs } of taken) expect(outUs).toBe(2_000_000 + (frame - first) * 40_000);
  });

  it('cannot end where a later packet is needed', async () => {
    const data = await film({ frames: 200, gop: 50, b: 3 });
    await expect(take(data, 50, 131)).rejects.toMatchObject({ failure: { reason: 'copy_unsafe' } });
    await expect(take(data, 51, 129)).rejects.toBeInstanceOf(PieceError);
  });

  it('ends where the next piece begins, also inside of a held picture', async () => {
    const data = await film({ frames: 100, gop: 50, b: 0, holdUs: 3_000_000 });
    const before = await take(data, 50, 80, { outEndUs: 2_000_000 + 30 * 40_000 });
    expect(Math.max(...before.map(({ endUs }) => endUs))).toBe(2_000_000 + 30 * 40_000);
    const held = await take(data, 50, 100, { toUs: ORIGIN_US + 7_000_000, outEndUs: 5_000_000 });
    expect(held.at(-1)).toEqual({
      frame: 99,
      outUs: 2_000_000 + 49 * 40_000,
      endUs: 5_000_000,
      type: 'delta',
    });
  });

  it('of VP9 are taken as they are', async () => {
    const data = await film({ frames: 100, gop: 50, b: 0, codec: 'vp9' });
    const taken = await take(data, 50, 93, {}, 'vp9');
    expect(taken.map(({ frame }) => frame)).toEqual(numbers(50, 93));
  });
});

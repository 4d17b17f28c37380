/** Pictures under other parameter-set ids decode to the same pictures: CABAC with B-frames, several ids, real bits. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { expect, test } from 'vitest';
import { parseAvcRecord, writeAvcRecord } from '../../../workers/shared/h264/avc-record.ts';
import { joinUnits, SharedSets, splitUnits } from '../../../workers/shared/h264/renumber.ts';
import {
  BitReader,
  BitWriter,
  escapeNal,
  stopBitOf,
  unescapeNal,
} from '../../../workers/shared/h264/bits.ts';
import { generateClip } from '../../fixtures/generate.ts';
import { isReadable, readMarks } from '../../fixtures/read.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';

/** The clip with all its pictures renumbered: another encoder's sets were there first. */
async function renumbered(path: string): Promise<Uint8Array> {
  const input = new Input({ source: new BufferSource(await readFile(path)), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (track === null || !(config?.description instanceof Uint8Array)) {
    throw new Error('the clip has no H.264 track');
  }
  const record = parseAvcRecord(config.description);
  if (record === null) throw new Error('the clip has no avcC record');
  const shared = new SharedSets();
  expect(shared.add({ sps: [OTHER.sps], pps: [OTHER.pps] })).toBeNull();
  const renumbering = shared.add(record);
  expect(renumbering).not.toBeNull();
  const { sps, pps } = shared;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source);
  await output.start();
  const decoderConfig = { ...config, description: writeAvcRecord({ ...record, sps, pps }) };
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const data = renumbering?.packet(packet.data) ?? packet.data;
    await source.add(new EncodedPacket(data, packet.type, packet.timestamp, packet.duration), {
      decoderConfig,
    });
  }
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

const hex = (text: string): Uint8Array =>
  Uint8Array.from((text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
/** Of OpenH264, with id 0. */
const OTHER = { sps: hex('67640c28ac191a80780227e59a80858083c2211a80'), pps: hex('68ce3c80') };

const CLIPS: readonly (readonly [name: string, spec: ClipSpec])[] = [
  ['CABAC with B-frames', { clipId: 51, seconds: 3, gop: 24, bFrames: 3 }],
  ['an open group', { clipId: 52, seconds: 3, gop: 24, bFrames: 3, openGop: true }],
];

for (const [name, spec] of CLIPS) {
  test(`other ids, same pictures: ${name}`, async () => {
    const path = await generateClip(spec);
    const folder = await mkdtemp(join(tmpdir(), 'reelkeep-ids-'));
    try {
      const bytes = await renumbered(path);
      const copy = join(folder, 'copy.mp4');
      await writeFile(copy, bytes);
      const [before, after] = [await readMarks(path), await readMarks(copy)];
      expect(after.log).toEqual([]);
      const numbers = (report: typeof before): unknown[] =>
        report.frames.map((frame) => (isReadable(frame) ? frame.frame : null));
      expect(numbers(after)).toEqual(numbers(before));
      expect(after.frames.length).toBeGreaterThan(60);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test('numbers and emulation prevention come back as they went in', () => {
  const writer = new BitWriter(4);
  const values = [0, 1, 2, 6, 7, 13, 255, 4079, 65_534];
  for (const value of values) writer.ue(value);
  writer.trail();
  const bytes = writer.bytes();
  const reader = new BitReader(bytes);
  expect(values.map(() => reader.ue())).toEqual(values);
  expect(stopBitOf(bytes)).toBe(reader.position);
  const hard = Uint8Array.from([0x65, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 5, 0, 0]);
  expect(unescapeNal(escapeNal(hard))).toEqual(hard);
  const plain = Array.from(escapeNal(hard));
  for (let i = 2; i < plain.length; i += 1) {
    const code = (plain[i - 2] ?? 1) + (plain[i - 1] ?? 1);
    expect(code === 0 && (plain[i] ?? 9) < 3).toBe(false);
  }
});

test('a few bits are copied as well as many', () => {
  const source = Uint8Array.of(0b10110101, 0b01011010);
  for (let lead = 0; lead < 9; lead += 1) {
    for (let length = 0; length < 12; length += 1) {
      const writer = new BitWriter(1);
      writer.u(0, lead);
      writer.copy(source, 2, 2 + length);
      expect(writer.position).toBe(lead + length);
    }
  }
});

test('bits are copied to any place', () => {
  const source = Uint8Array.from({ length: 40 }, (_, i) => (i * 73 + 11) & 0xff);
  for (let lead = 0; lead < 9; lead += 1) {
    for (let from = 0; from < 9; from += 1) {
      const writer = new BitWriter(1);
      writer.u(0, lead);
      writer.copy(source, from, 300);
      const found = new BitReader(writer.bytes(), lead);
      const wanted = new BitReader(source, from);
      for (let i = from; i < 300; i += 1) expect(found.bit()).toBe(wanted.bit());
    }
  }
});

test('a packet whose lengths run over its end is refused', () => {
  const packet = joinUnits([Uint8Array.of(0x65, 1, 2, 3)]);
  expect(splitUnits(packet)).toEqual([Uint8Array.of(0x65, 1, 2, 3)]);
  expect(() => splitUnits(packet.subarray(0, 6))).toThrow(RangeError);
});

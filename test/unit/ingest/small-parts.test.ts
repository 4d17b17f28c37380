import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { displayName, mountName } from '../../../src/runtime/ingest/names.ts';
import { nalHeaders, nalLengthSize, startsClean } from '../../../workers/shared/clean.ts';
import { editEnd, editOffset, editsAreSimple, type IsoTrack } from '../../../workers/analysis/boxes.ts';
import { bitDepthOf, familyOf, profileOf } from '../../../workers/analysis/profile.ts';
import { fingerprintOf, fingerprintRanges, FINGERPRINT_BLOCK } from '../../../workers/shared/fingerprint.ts';
import { sha256Plain } from '../../../src/core/base/sha256.ts';
import { sha256 } from '../../../workers/shared/sha256.ts';

describe('sha256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 1000, 100_003])(
    '%i bytes: the plain one agrees with the platform',
    async (length) => {
      const data = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
      const expected = createHash('sha256').update(data).digest('hex');
      expect(sha256Plain(data)).toBe(expected);
      expect(await sha256(data)).toBe(expected);
    },
  );
});

describe('fingerprint', () => {
  it('reads three places of a big file, all of a small one', () => {
    expect(fingerprintRanges(10)).toEqual([[0, 10]]);
    const ranges = fingerprintRanges(10_000_000);
    expect(ranges).toHaveLength(3);
    expect(ranges.every(([start, end]) => end - start === FINGERPRINT_BLOCK)).toBe(true);
    expect(ranges[2]?.[1]).toBe(10_000_000);
  });

  it('is the same for the same bytes, another for a change at either end or another size', async () => {
    const make = (change?: number): Blob => {
      const data = new Uint8Array(1_000_000);
      if (change !== undefined) data[change] = 1;
      return new Blob([data]);
    };
    const plain = await fingerprintOf(make());
    expect(plain).toMatch(/^1000000-[0-9a-f]{64}$/);
    expect(await fingerprintOf(make())).toBe(plain);
    for (const at of [0, 500_000, 999_999]) expect(await fingerprintOf(make(at))).not.toBe(plain);
    expect(await fingerprintOf(new Blob([new Uint8Array(999_999)]))).not.toBe(plain);
  });
});

describe('names', () => {
  it('composes Hangul and takes out what could hurt', () => {
    expect(displayName('\u1112\u1161\u11ab.mp4')).toBe('한.mp4');
    expect(displayName('../../etc/pass\u0000wd')).toBe('.._.._etc_passwd');
    expect(displayName(' \u0007 ')).toBe('untitled');
  });

  it('ffmpeg sees fixed names', () => {
    expect(mountName('a b; rm -rf.AVI')).toBe('source.avi');
    expect(mountName('concat:x')).toBe('source');
    expect(mountName('x.mp4/../y')).toBe('source');
  });
});

describe('profiles', () => {
  it.each([
    ['avc', 'avc1.64001f', 'High'],
    ['avc', 'avc1.42c028', 'Constrained Baseline'],
    ['avc', 'avc1.428016', 'Baseline'],
    ['hevc', 'hev1.2.4.L120.B0', 'Main 10'],
    ['hevc', 'hvc1.A4.41.H120', 'Rext'],
    ['vp9', 'vp09.00.10.08', 'Profile 0'],
    ['av1', 'av01.0.31M.10', 'Main'],
    ['aac', 'mp4a.40.2', 'LC'],
    ['vp8', 'vp8', null],
  ])('%s %s', (codec, text, profile) => {
    expect(profileOf(codec, text)).toBe(profile);
  });

  it('bit depth by string, and by the parameter set where the profile allows several', () => {
    expect(bitDepthOf('vp9', 'vp09.02.10.10', null)).toBe(10);
    expect(bitDepthOf('av1', 'av01.0.31M.10', null)).toBe(10);
    expect(bitDepthOf('hevc', 'hev1.2.4.L60.90', null)).toBe(10);
    expect(bitDepthOf('avc', 'avc1.64001f', null)).toBe(8);
    const hex = '01f4001fffe1001967f4001f919b280a00b742000003000200000300501e30632c01000668ebec448440';
    expect(bitDepthOf('avc', 'avc1.f4001f', Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(8);
  });

  it('names codecs that the packet reader does not', () => {
    expect(familyOf('mp4v', 0x20)).toBe('mpeg4');
    expect(familyOf('mp4v', 0x61)).toBe('mpeg2video');
    expect(familyOf('mp4v', null)).toBe('mpeg4');
    expect(familyOf('jpeg', null)).toBe('mjpeg');
    expect(familyOf('V_MPEG4/ISO/ASP', null)).toBe('mpeg4');
    expect(familyOf('', null)).toBe('unknown');
  });
});

describe('clean starts', () => {
  const avcC = Uint8Array.from([1, 100, 0, 31, 0xff]);
  const sized = (...headers: readonly number[]): Uint8Array =>
    Uint8Array.from(headers.flatMap((header) => [0, 0, 0, 3, header, 1, 2]));

  it('an IDR is clean, a recovery point is not', () => {
    expect(startsClean('avc', sized(6, 0x65), avcC)).toBe(true);
    expect(startsClean('avc', sized(6, 0x41), avcC)).toBe(false);
  });

  it('start codes are understood, also where lengths should be', () => {
    expect(startsClean('avc', Uint8Array.from([0, 0, 0, 1, 9, 16, 0, 0, 1, 0x65, 1]), null)).toBe(true);
    expect(nalHeaders(Uint8Array.from([0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 1, 2]), 4)).toEqual([0x67, 0x65]);
    expect(nalLengthSize('avc', avcC)).toBe(4);
  });

  it('HEVC: IDR and BLA are clean, CRA is not', () => {
    const hvcC = new Uint8Array(23).fill(3);
    expect(startsClean('hevc', sized(19 << 1), hvcC)).toBe(true);
    expect(startsClean('hevc', sized(20 << 1), hvcC)).toBe(true);
    expect(startsClean('hevc', sized(16 << 1), hvcC)).toBe(true);
    expect(startsClean('hevc', sized(21 << 1), hvcC)).toBe(false);
  });

  it('other codecs have no open groups', () => {
    expect(startsClean('vp9', new Uint8Array(4), null)).toBe(true);
  });
});

describe('edit lists', () => {
  const track = (edits: IsoTrack['edits']): IsoTrack => ({
    index: 0,
    id: 1,
    handler: 'vide',
    entry: 'avc1',
    objectType: null,
    encrypted: false,
    timescale: 600,
    edits,
    samples: 10,
  });

  it('one edit after an empty one', () => {
    const one = track([
      { duration: 500, mediaTime: -1, rate: 1 },
      { duration: 2000, mediaTime: 300, rate: 1 },
    ]);
    expect(editsAreSimple(one, 1000)).toBe(true);
    // Half a second of nothing, then media from its half second on: the two cancel out.
    expect(editOffset(one, 1000)).toBe(0);
    expect(editEnd(one, 1000)).toBe(2.5);
  });

  it('edits that jump, gaps in the middle and slow motion need ffmpeg', () => {
    const a = { duration: 1000, mediaTime: 0, rate: 1 };
    expect(editsAreSimple(track([a, { duration: 1000, mediaTime: 600, rate: 1 }]), 1000)).toBe(true);
    expect(editsAreSimple(track([a, { duration: 1000, mediaTime: 1200, rate: 1 }]), 1000)).toBe(false);
    expect(editsAreSimple(track([a, { duration: 100, mediaTime: -1, rate: 1 }, a]), 1000)).toBe(false);
    expect(editsAreSimple(track([{ ...a, rate: 0.5 }]), 1000)).toBe(false);
    expect(editEnd(track([{ ...a, duration: 0 }]), 1000)).toBeNull();
    expect(editEnd(track([]), 1000)).toBeNull();
  });
});

/** Names, profiles and bit depths from codec strings and decoder configurations. Pure. */

const AVC: Readonly<Record<number, string>> = {
  44: 'CAVLC 4:4:4 Intra',
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4 Predictive',
};
const HEVC: Readonly<Record<number, string>> = {
  1: 'Main',
  2: 'Main 10',
  3: 'Main Still Picture',
  4: 'Rext',
};
const AV1: Readonly<Record<number, string>> = { 0: 'Main', 1: 'High', 2: 'Professional' };
const AAC: Readonly<Record<number, string>> = {
  1: 'Main',
  2: 'LC',
  3: 'SSR',
  4: 'LTP',
  5: 'HE-AAC',
  29: 'HE-AACv2',
  42: 'xHE-AAC',
};

/** A codec's profile by its RFC 6381 string, in ffmpeg's words. */
export function profileOf(codec: string, codecString: string | null): string | null {
  if (codecString === null) return null;
  const parts = codecString.split('.');
  switch (codec) {
    case 'avc': {
      const code = parts[1] ?? '';
      const profile = Number.parseInt(code.slice(0, 2), 16);
      const constraints = Number.parseInt(code.slice(2, 4), 16);
      if (profile === 66 && (constraints & 0x40) !== 0) return 'Constrained Baseline';
      return AVC[profile] ?? null;
    }
    case 'hevc':
      return HEVC[Number.parseInt((parts[1] ?? '').replace(/^[A-C]/, ''), 10)] ?? null;
    case 'vp9': {
      const profile = Number.parseInt(parts[1] ?? '', 10);
      return Number.isNaN(profile) ? null : `Profile ${String(profile)}`;
    }
    case 'av1':
      return AV1[Number.parseInt(parts[1] ?? '', 10)] ?? null;
    case 'aac':
      return AAC[Number.parseInt(parts[2] ?? '', 10)] ?? null;
    default:
      return null;
  }
}

/** Luma bit depth of an AVC sequence parameter set (ITU-T H.264, 7.3.2.1.1) of a profile that says it; or null. */
function spsBitDepth(sps: Uint8Array): number | null {
  let bit = 8 * 4;
  const read = (): number => {
    const value = ((sps[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
    bit++;
    return value;
  };
  const golomb = (): number => {
    let zeros = 0;
    while (read() === 0) if (++zeros > 16) return Number.NaN;
    let value = 1;
    for (let i = 0; i < zeros; i++) value = value * 2 + read();
    return value - 1;
  };
  golomb();
  if (golomb() === 3) read();
  const depth = golomb() + 8;
  return depth >= 8 && depth <= 14 ? depth : null;
}

/** Bit depth of an AVC track: by the profile where it allows only one, else from the first parameter set. */
function avcBitDepth(profile: number, description: Uint8Array | null): number | null {
  if (profile === 66 || profile === 77 || profile === 88 || profile === 100) return 8;
  const length = description === null ? 0 : (description[6] ?? 0) * 256 + (description[7] ?? 0);
  const found = description === null || length < 6 ? null : spsBitDepth(description.subarray(8, 8 + length));
  return found ?? (profile === 110 ? 10 : null);
}

/** Bits of one luma sample, null where neither string nor configuration say it. */
export function bitDepthOf(
  codec: string,
  codecString: string | null,
  description: Uint8Array | null,
): number | null {
  const parts = (codecString ?? '').split('.');
  const number = (text: string | undefined): number | null => {
    const value = Number.parseInt(text ?? '', 10);
    return Number.isNaN(value) ? null : value;
  };
  switch (codec) {
    case 'avc':
      return avcBitDepth(Number.parseInt((parts[1] ?? '').slice(0, 2), 16), description);
    case 'hevc': {
      const luma = description?.[17];
      if (luma !== undefined) return (luma & 7) + 8;
      const profile = number((parts[1] ?? '').replace(/^[A-C]/, ''));
      return profile === 1 ? 8 : profile === 2 ? 10 : null;
    }
    case 'vp8':
      return 8;
    case 'vp9':
    case 'av1':
      return number(parts[3]);
    case 'prores':
      return /^ap4/.test(codecString ?? '') ? 12 : 10;
    default:
      return null;
  }
}

/** Codecs that the packet reader does not name, by what the container calls them. */
const FAMILIES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(mp4v|xvid|divx|dx50|V_MPEG4\/ISO\/(ASP|SP|AP))/i, 'mpeg4'],
  [/^(jpeg|mjp[abg2]|avdj|V_MJPEG)/i, 'mjpeg'],
  [/^(s263|h263)/i, 'h263'],
  [/^(dvh1|dvhe|hvc|hev)/i, 'hevc'],
  [/^(dva1|dvav|avc)/i, 'avc'],
  [/^(m2v1|mp2v|mx[345][np]|xdv[0-9a-z]|hdv[0-9]|V_MPEG2)/i, 'mpeg2video'],
  [/^V_MPEG1/i, 'mpeg1video'],
  [/^V_THEORA/i, 'theora'],
  [/^(dvc |dvcp|dvp|dv5|dvh)/i, 'dv'],
  [/^(avdn|avdh)/i, 'dnxhd'],
  [/^(png )/i, 'png'],
  [/^(rle |smc |cvid|svq[13]|rpza|2vuy|v210|yuv2)/i, 'legacy'],
  [/^(samr)/i, 'amr_nb'],
  [/^(sawb)/i, 'amr_wb'],
  [/^(alac|A_ALAC)/i, 'alac'],
  [/^(\.mp3|A_MPEG\/L3)/i, 'mp3'],
  [/^A_MPEG\/L2/i, 'mp2'],
  [/^A_(TRUEHD|MLP)/i, 'truehd'],
  [/^(ima4)/i, 'adpcm_ima'],
];

/** MPEG-4 object types that an `mp4v`/`mp4a` entry may carry. */
const OBJECT_TYPES: Readonly<Record<number, string>> = {
  0x20: 'mpeg4',
  0x60: 'mpeg2video',
  0x61: 'mpeg2video',
  0x62: 'mpeg2video',
  0x63: 'mpeg2video',
  0x64: 'mpeg2video',
  0x65: 'mpeg2video',
  0x6a: 'mpeg1video',
  0x6c: 'mjpeg',
  0x6d: 'png',
};

/** A short family name from the container's own name of a codec (sample entry, CodecID). */
export function familyOf(internalId: string, objectType: number | null): string {
  if (objectType !== null && OBJECT_TYPES[objectType] !== undefined) return OBJECT_TYPES[objectType];
  for (const [pattern, name] of FAMILIES) if (pattern.test(internalId)) return name;
  const plain = internalId
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_/-]/g, '');
  return plain === '' ? 'unknown' : plain;
}

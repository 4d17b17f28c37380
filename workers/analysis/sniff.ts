/** What a file is by its first bytes. Names and MIME types are hostile or missing, so content decides. Pure. */
import { latin1, startsWith } from '../shared/bytes.ts';

/** How many bytes `sniff` wants to see. */
export const SNIFF_BYTES = 64 * 1024;

/**
 * `iso`, `matroska`, `mpegts`: containers whose structure is looked at here too; `other`: the packet reader or ffmpeg
 * may know it; `foreign`: certainly no media (archive, program, PDF).
 */
export type Sniffed =
  | { readonly kind: 'empty' | 'foreign' | 'iso' | 'matroska' | 'mpegts' | 'other' }
  | { readonly kind: 'text'; readonly format: 'srt' | 'vtt' | 'json' | 'html' | 'plain' }
  | { readonly kind: 'image'; readonly format: string };

const ISO_BOXES = new Set([
  'ftyp',
  'styp',
  'moov',
  'moof',
  'mdat',
  'free',
  'skip',
  'wide',
  'pnot',
  'sidx',
  'uuid',
]);
/** Major brands of HEIF family stills and image sequences. */
const IMAGE_BRANDS = new Set([
  'avif',
  'avis',
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'msf1',
  'jxl ',
]);

const ascii = (text: string): readonly number[] => Array.from(text, (char) => char.charCodeAt(0));

function image(head: Uint8Array): string | null {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (startsWith(head, ascii('GIF87a')) || startsWith(head, ascii('GIF89a'))) return 'gif';
  if (startsWith(head, ascii('RIFF')) && startsWith(head, ascii('WEBP'), 8)) return 'webp';
  // "BM" alone would take any file that starts so: the reserved fields are 0 and the header has a known size.
  if (startsWith(head, [0x42, 0x4d]) && startsWith(head, [0, 0, 0, 0], 6) && startsWith(head, [0, 0, 0], 15))
    return 'bmp';
  if (startsWith(head, [0x49, 0x49, 0x2a, 0x00]) || startsWith(head, [0x4d, 0x4d, 0x00, 0x2a])) return 'tiff';
  if (startsWith(head, [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20]) || startsWith(head, [0xff, 0x0a]))
    return 'jxl';
  if (startsWith(head, ascii('8BPS'))) return 'psd';
  if (startsWith(head, ascii('ftyp'), 4) && IMAGE_BRANDS.has(latin1(head, 8, 12)))
    return latin1(head, 8, 12).trim();
  return null;
}

const FOREIGN: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  ascii('%PDF-'),
  ascii('Rar!'),
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x1f, 0x8b],
  [0x42, 0x5a, 0x68],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x4d, 0x5a],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x00, 0x61, 0x73, 0x6d],
  ascii('SQLite format 3'),
];

/** Whether the bytes are packets of a transport stream: a sync byte at each of four packet starts. */
export function transportStride(
  head: Uint8Array,
): { readonly offset: number; readonly stride: number } | null {
  for (const [offset, stride] of [
    [0, 188],
    [4, 192],
    [0, 204],
  ] as const) {
    const packets = Math.min(4, Math.floor((head.length - offset) / stride));
    if (packets < 2) continue;
    let all = true;
    for (let i = 0; i < packets; i++) if (head[offset + i * stride] !== 0x47) all = false;
    if (all) return { offset, stride };
  }
  return null;
}

/** Bytes as text, null when they are not text. A character that the end cuts is forgiven. */
function decodeText(head: Uint8Array): string | null {
  const strict = (label: string, bytes: Uint8Array): string | null => {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
    } catch {
      return null;
    }
  };
  const even = head.subarray(0, head.length - (head.length % 2));
  if (startsWith(head, [0xff, 0xfe])) return strict('utf-16le', even);
  if (startsWith(head, [0xfe, 0xff])) return strict('utf-16be', even);
  let zeroEven = 0;
  let zeroOdd = 0;
  const looked = Math.min(even.length, 512);
  for (let i = 0; i < looked; i += 2) {
    if (head[i] === 0) zeroEven++;
    if (head[i + 1] === 0) zeroOdd++;
  }
  // UTF-16 without its mark: Latin text has a zero in every other byte.
  if (looked >= 8 && zeroOdd > looked * 0.35 && zeroEven === 0) return strict('utf-16le', even);
  if (looked >= 8 && zeroEven > looked * 0.35 && zeroOdd === 0) return strict('utf-16be', even);
  return strict('utf-8', head);
}

/** Control characters that no text has (tab, line feed, form feed, return, escape are allowed). */
// eslint-disable-next-line no-control-regex
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

function text(head: Uint8Array): Sniffed | null {
  const decoded = decodeText(head);
  if (decoded === null || NOT_TEXT.test(decoded)) return null;
  const start = decoded.replace(/^\ufeff/, '').trimStart();
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(start)) {
    return { kind: 'image', format: 'svg' };
  }
  if (start.startsWith('WEBVTT')) return { kind: 'text', format: 'vtt' };
  if (/^(\d+\s*\r?\n)?\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->/.test(start))
    return { kind: 'text', format: 'srt' };
  if (/^[{[]/.test(start)) return { kind: 'text', format: 'json' };
  if (/^<(!doctype html|html|head|body)\b/i.test(start)) return { kind: 'text', format: 'html' };
  return { kind: 'text', format: 'plain' };
}

/** Says what the file is. `head` is its first SNIFF_BYTES (or all of it). */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0) return { kind: 'empty' };
  const format = image(head);
  if (format !== null) return { kind: 'image', format };
  if (head.length >= 8 && ISO_BOXES.has(latin1(head, 4, 8))) return { kind: 'iso' };
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return { kind: 'matroska' };
  if (transportStride(head) !== null) return { kind: 'mpegts' };
  if (FOREIGN.some((magic) => startsWith(head, magic))) return { kind: 'foreign' };
  return text(head) ?? { kind: 'other' };
}

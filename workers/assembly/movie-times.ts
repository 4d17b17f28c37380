/**
 * The dates in the index of an MP4 or MOV (`mvhd`, `tkhd`, `mdhd`). The muxer writes the moment at which it ran; an export that goes on
 * after a crash must give the same bytes as one that did not, and when somebody cut a film is nobody's business. 0 is what FFmpeg writes
 * as well when it is told nothing.
 *
 * Source of the layout: ISO/IEC 14496-12, 8.2.2, 8.3.2 and 8.4.2.
 */

/** Boxes on the way to those with dates. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia']);
const DATED = new Set(['mvhd', 'tkhd', 'mdhd']);

/**
 * Sets creation and modification date of everything in a `moov` to 0, in place. What follows it in `bytes` is left alone.
 *
 * @param bytes begins with the `moov` box
 */
export function clearMovieTimes(bytes: Uint8Array): void {
  if (bytes.byteLength < 8) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  walk(view, 0, Math.min(bytes.byteLength, view.getUint32(0)));
}

function walk(view: DataView, from: number, to: number): void {
  for (let at = from; at + 8 <= to;) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
    // A size of 0 or 1 (to the end, 64 bits) does not occur in an index of ours; smaller ones would go round for ever.
    if (size < 8 || at + size > to) return;
    if (CONTAINERS.has(type)) walk(view, at + 8, at + size);
    else if (DATED.has(type)) clearDates(view, at + 8);
    at += size;
  }
}

/** `at`: version and flags; the two dates follow, of 64 bits in version 1, else of 32. */
function clearDates(view: DataView, at: number): void {
  const words = view.getUint8(at) === 1 ? 4 : 2;
  for (let word = 1; word <= words; word += 1) view.setUint32(at + 4 * word, 0);
}

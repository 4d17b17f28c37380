/** The dates of a file: none, in every box that has some, and nothing else changes. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { clearMovieTimes } from '../../../workers/assembly/movie-times.ts';
import { generateClip } from '../../fixtures/generate.ts';
import { findBoxes } from '../../fixtures/mp4-boxes.ts';

const DATED = ['moov/mvhd', 'moov/trak/tkhd', 'moov/trak/mdia/mdhd'];

async function movieOf(): Promise<Uint8Array> {
  const bytes = new Uint8Array(await readFile(await generateClip({ clipId: 3, faststart: true })));
  const [moov] = findBoxes(bytes, 'moov');
  if (moov === undefined) throw new Error('no moov');
  const movie = bytes.slice(moov.start, moov.end);
  // FFmpeg writes none either: these are what a muxer with a clock would have written.
  for (const path of DATED)
    for (const box of findBoxes(movie, path)) movie.fill(7, box.body + 4, box.body + 12);
  return movie;
}

describe('dates of a movie', () => {
  it('are cleared in the movie, its tracks and their media', async () => {
    const moov = await movieOf();
    clearMovieTimes(moov);
    const view = new DataView(moov.buffer);
    const dated = DATED.flatMap((path) => findBoxes(moov, path));
    // A movie, two tracks, two media.
    expect(dated).toHaveLength(5);
    for (const box of dated) {
      expect(moov[box.body], `version of ${box.type}`).toBe(0);
      expect([view.getUint32(box.body + 4), view.getUint32(box.body + 8)], box.type).toEqual([0, 0]);
    }
  });

  it('are all that changes', async () => {
    const before = await movieOf();
    const after = before.slice();
    clearMovieTimes(after);
    const changed = [...after.keys()].filter((at) => after[at] !== before[at]);
    expect(changed).toHaveLength(5 * 8);
  });

  it('of 64 bits are cleared as such', () => {
    const bytes = new Uint8Array(8 + 8 + 4 + 16 + 8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, bytes.length);
    bytes.set([0x6d, 0x6f, 0x6f, 0x76], 4);
    view.setUint32(8, bytes.length - 8);
    bytes.set([0x6d, 0x76, 0x68, 0x64], 12);
    bytes[16] = 1;
    bytes.fill(7, 20);
    clearMovieTimes(bytes);
    expect([view.getBigUint64(20), view.getBigUint64(28)]).toEqual([0n, 0n]);
    expect([...bytes.slice(36)]).toEqual(new Array(8).fill(7));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['half a header', new Uint8Array(5)],
    [
      'a size of 0',
      Uint8Array.from([0, 0, 0, 16, 0x6d, 0x6f, 0x6f, 0x76, 0, 0, 0, 0, 0x6d, 0x76, 0x68, 0x64]),
    ],
    [
      'a size beyond the end',
      Uint8Array.from([0, 0, 0, 16, 0x6d, 0x6f, 0x6f, 0x76, 9, 9, 9, 9, 0x6d, 0x76, 0x68, 0x64]),
    ],
  ])('leaves %s as it is', (_name, bytes) => {
    const before = bytes.slice();
    clearMovieTimes(bytes);
    expect(bytes).toEqual(before);
  });
});

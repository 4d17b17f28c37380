/** The pictures of comments are of exactly the frames that the comments are on, whatever the source is and whoever can decode it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { isReadable, readMarks } from '../fixtures/read.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';
import { addComments } from './support/comments.ts';
import { exportToDisk, importFile, openHost } from './support/host.ts';

const SOURCES: readonly (readonly [name: string, spec: ClipSpec])[] = [
  ['29.97 frames a second', { clipId: 61, rate: { num: 30000, den: 1001 }, seconds: 6, bFrames: 2 }],
  ['a variable rate', { clipId: 62, rate: 'variable', frames: 120, gop: 20, bFrames: 2, audio: null }],
  ['turned by 90°', { clipId: 63, seconds: 6, rotation: 90, width: 180, height: 320 }],
  [
    'what the browser does not decode',
    { clipId: 60, seconds: 6, codec: 'mpeg4', container: 'avi', bFrames: 0 },
  ],
];

for (const [name, clip] of SOURCES) {
  test(`${name}: the frame that is on display at the comment's time`, async ({ page }) => {
    await openHost(page);
    const asset = await importFile(page, await generateClip(clip));
    const frames = displayedFrames(clip);
    const times = frames.map(({ ptsUs }) => ptsUs - (frames[0]?.ptsUs ?? 0));
    const at = (frame: number): number => times[frame] ?? 0;
    // On a frame's own time, in the middle of one, shortly before the next one, and at the end.
    const wanted = [0, 17, 41, 88];
    const placed = [
      at(0),
      at(17),
      Math.round((at(41) + at(42)) / 2),
      Math.round(at(88) + (at(89) - at(88)) * 0.7),
    ];
    await addComments(
      page,
      asset.id,
      placed.map((timeUs, n) => ({ timeUs, text: String(n), author: '' })),
    );
    const { made, path } = await exportToDisk(page, {
      version: 1,
      name: 'Pictures',
      type: 'bundle',
      segments: [{ assetId: asset.id, startUs: 0, endUs: asset.probe.durationUs }],
    });
    expect(made.deviations.map(({ code }) => code)).not.toContain('thumbnails_missing');
    const folder = await mkdtemp(join(tmpdir(), 'reelkeep-pictures-'));
    execFileSync('python3', [
      '-c',
      'import sys,zipfile\nzipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
      path,
      folder,
    ]);
    const shown: unknown[] = [];
    for (const n of wanted.keys()) {
      const report = await readMarks(join(folder, `thumbnails/00${String(n + 1)}.jpg`));
      const [frame] = report.frames;
      shown.push(frame !== undefined && isReadable(frame) ? [frame.clipId, frame.frame] : frame);
    }
    expect(shown).toEqual(wanted.map((frame) => [clip.clipId, frames[frame]?.frame]));
  });
}

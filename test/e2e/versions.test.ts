/** Two versions of a film: side by side in sync, and comments carried to the same pictures of a new cut. */
import { expect, test, type Page } from '@playwright/test';
import type { createReelkeep } from '../../src/app/api/create.ts';
import { generateClip } from '../fixtures/generate.ts';
import { frameTimesUs, type ClipSpec } from '../fixtures/spec.ts';

/** What `embed.js` hands out. */
interface Embed {
  readonly createReelkeep: typeof createReelkeep;
}

const SPEC: ClipSpec = {
  clipId: 33,
  seconds: 12,
  gop: 25,
  width: 640,
  height: 360,
  sceneCuts: [75, 150, 225],
};
/** Ranges of version 1 in version 2, frames: the middle first, then the start; the end is gone. */
const CUT = [
  [150, 225],
  [25, 100],
] as const;
/** Comments of version 1: two that are in version 2, one that is not. */
const AT = [40, 200, 260] as const;

/** Makes version 2 out of version 1 and comments on version 1; with the page's own API. */
async function prepare(page: Page): Promise<readonly number[]> {
  const times = frameTimesUs(SPEC);
  const us = (frame: number): number => Math.round(times[frame] ?? 0);
  return page.evaluate(
    async ({ cut, at }) => {
      const address = new URL('embed.js', location.href).href;
      const { createReelkeep } = (await import(address)) as Embed;
      const client = await createReelkeep();
      const [asset] = await client.listAssets();
      if (asset === undefined) throw new Error('no asset');
      const made = await client.createExport({
        version: 1,
        name: 'Version 2',
        type: 'combined',
        quality: 'low',
        segments: cut.map(([startUs, endUs]) => ({ assetId: asset.id, startUs, endUs })),
      });
      await client.whenExportEnds(made.id);
      const [file] = await client.getExportFiles(made.id);
      if (file === undefined) throw new Error('no file');
      await client.addAnnotations(asset.id, [
        ...at.map((timeUs, position) => ({ timeUs, text: `comment ${String(position)}`, author: 'Min' })),
        { timeUs: null, text: 'on no frame', author: 'Min' },
      ]);
      const bytes = [...new Uint8Array(await (await file.blob()).arrayBuffer())];
      await client.close();
      return bytes;
    },
    { cut: CUT.map(([first, stop]) => [us(first), us(stop)] as const), at: AT.map(us) },
  );
}

async function commentsOf(page: Page, name: string) {
  return page.evaluate(async (wanted) => {
    const address = new URL('embed.js', location.href).href;
    const { createReelkeep } = (await import(address)) as Embed;
    const client = await createReelkeep();
    const asset = (await client.listAssets()).find((one) => one.name === wanted);
    const list = asset === undefined ? [] : await client.listAnnotations(asset.id);
    await client.close();
    return list.map(({ text, timeUs, author }) => ({ text, timeUs, author }));
  }, name);
}

test('comments are carried to the same pictures of a new cut, and what is gone is listed', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByTestId('file-input').setInputFiles(await generateClip(SPEC));
  await expect(page.getByRole('list', { name: 'Imported files' }).getByRole('listitem')).toHaveCount(1, {
    timeout: 60_000,
  });
  const bytes = await prepare(page);
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'version 2.mp4', mimeType: 'video/mp4', buffer: Buffer.from(bytes) });
  await page.getByRole('button', { name: 'Compare versions' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare versions' });
  await expect(dialog.getByRole('img')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Carry 4 comments to version 2' }).click();
  await expect(dialog.getByText('3 comments carried')).toBeVisible({ timeout: 120_000 });
  await expect(dialog.getByText('1 comment could not be placed')).toBeVisible();
  await expect(dialog.getByText('comment 2')).toBeVisible();
  const frameUs = 40_000;
  const inCut = (frame: number): number => {
    let before = 0;
    for (const [first, stop] of CUT) {
      if (frame >= first && frame < stop) return (before + frame - first) * frameUs;
      before += stop - first;
    }
    throw new Error('not in the cut');
  };
  await expect
    .poll(() => commentsOf(page, 'version 2.mp4'))
    .toEqual([
      { text: 'comment 1', timeUs: inCut(200), author: 'Min' },
      { text: 'comment 0', timeUs: inCut(40), author: 'Min' },
      { text: 'on no frame', timeUs: null, author: 'Min' },
    ]);
  await dialog.getByRole('button', { name: 'Keep them as comments without a frame' }).click();
  await expect.poll(async () => (await commentsOf(page, 'version 2.mp4')).length).toBe(4);
  // Nothing left to carry: those that were are left as they are.
  await dialog.getByRole('button', { name: 'Carry 4 comments to version 2' }).click();
  await expect(dialog.getByText('No comment was carried')).toBeVisible({ timeout: 60_000 });
  expect(await commentsOf(page, 'version 2.mp4')).toHaveLength(4);
});

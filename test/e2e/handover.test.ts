/** A review handed to somebody else, answered there, and handed back: two browsers, one file, no network. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import type { createReelkeep } from '../../src/app/api/create.ts';
import { watchRequests } from './support/foreign.ts';
import { comments as commentList, field, saved, showComments } from './support/review.ts';

/** What `embed.js` hands out. */
interface Embed {
  readonly createReelkeep: typeof createReelkeep;
}

async function openPage(browser: Browser, baseURL: string | undefined): Promise<Page> {
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
    Reflect.deleteProperty(window, 'showOpenFilePicker');
  });
  await page.goto('/');
  return page;
}

async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem')).toHaveCount(
    4,
    {
      timeout: 60_000,
    },
  );
}

/** What the page's client says of the comments of the studio's database. */
async function comments(page: Page) {
  return page.evaluate(async () => {
    const address = new URL('embed.js', location.href).href;
    const { createReelkeep } = (await import(address)) as Embed;
    const client = await createReelkeep();
    const all = [];
    for (const asset of await client.listAssets()) all.push(...(await client.listAnnotations(asset.id)));
    await client.close();
    return all.map(({ id, text, author, timeUs, createdAt, replies }) => ({
      id,
      text,
      author,
      timeUs,
      createdAt,
      replies,
    }));
  });
}

async function addComments(page: Page, author: string, texts: readonly string[]): Promise<void> {
  await page.evaluate(
    async ([by, all]) => {
      const address = new URL('embed.js', location.href).href;
      const { createReelkeep } = (await import(address)) as Embed;
      const client = await createReelkeep();
      const [asset] = await client.listAssets();
      if (asset === undefined) throw new Error('no asset');
      await client.addAnnotations(
        asset.id,
        all.map((text, at) => ({ timeUs: at === 0 ? null : at * 500_000, text, author: by })),
      );
      await client.close();
    },
    [author, texts] as const,
  );
}

async function handOver(page: Page, footage?: 'preview' | 'original'): Promise<Buffer> {
  await page.getByRole('button', { name: 'Hand over or open a review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hand over a review' });
  if (footage !== undefined) await dialog.getByLabel('Footage in the file').selectOption(footage);
  await dialog.getByRole('button', { name: 'Make the review file' }).click();
  const save = dialog.getByRole('button', { name: 'Save', exact: true });
  await expect(save).toBeVisible({ timeout: 240_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/\.reelkeep$/);
  const bytes = await readFile(await download.path());
  await dialog.getByRole('button', { name: 'Close' }).click();
  return bytes;
}

/** Mean of what the player's canvas shows, 0..255; 0 while it shows nothing. */
async function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#room-player canvas');
    const copy = new OffscreenCanvas(32, 18).getContext('2d', { willReadFrequently: true });
    if (canvas === null || copy === null || canvas.width === 0) return 0;
    copy.drawImage(canvas, 0, 0, 32, 18);
    const { data } = copy.getImageData(0, 0, 32, 18);
    return data.reduce((sum, value, at) => (at % 4 === 3 ? sum : sum + value), 0) / (32 * 18 * 3);
  });
}

/** Under a name that says nothing: review files are known by what is in them. */
async function take(page: Page, buffer: Buffer) {
  await page.getByTestId('file-input').setInputFiles({ name: 'mail.bin', mimeType: '', buffer });
  const dialog = page.getByRole('dialog', { name: 'Review opened' });
  await expect(dialog).toBeVisible({ timeout: 60_000 });
  return dialog;
}

test('a review goes to somebody without the footage, comes back answered, and nothing is lost', async ({
  browser,
  baseURL,
}) => {
  const owner = await openPage(browser, baseURL);
  const guest = await openPage(browser, baseURL);
  const nothingForeign = [watchRequests(owner), watchRequests(guest)];
  await openSample(owner);
  await addComments(owner, 'Owner', ['no frame', 'first 안녕', '<img src=x onerror=alert(1)>']);
  const sent = await comments(owner);
  const file = await handOver(owner, 'preview');

  const opened = await take(guest, file);
  await expect(opened.getByText('3 new comments')).toBeVisible();
  await expect(opened.getByText('4 new ranges')).toBeVisible();
  await opened.getByRole('button', { name: 'Done' }).click();
  expect(await comments(guest)).toEqual(sent);
  // The small copies play, though the footage is not here.
  await guest.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem').first().click();
  await expect.poll(() => brightness(guest), { timeout: 60_000 }).toBeGreaterThan(10);

  const again = await take(guest, file);
  await expect(again.getByText('There is nothing in it that is not here already.')).toBeVisible();
  await again.getByRole('button', { name: 'Done' }).click();
  expect(await comments(guest)).toEqual(sent);

  await addComments(guest, 'Guest', ['mine without a frame', 'mine']);
  const back = await handOver(guest);
  const returned = await take(owner, back);
  await expect(returned.getByText('2 new comments')).toBeVisible();
  await expect(returned.getByText('3 comments as they were')).toBeVisible();
  await returned.getByRole('button', { name: 'Done' }).click();
  const all = await comments(owner);
  expect(all).toHaveLength(5);
  expect(all).toEqual(expect.arrayContaining(sent));
  expect(all.filter(({ author }) => author === 'Guest').map(({ timeUs }) => timeUs)).toEqual([500_000, null]);
  for (const check of nothingForeign) check();
});

test('a review with its footage is whole on another machine', async ({ browser, baseURL }) => {
  const owner = await openPage(browser, baseURL);
  const other = await openPage(browser, baseURL);
  await openSample(owner);
  const file = await handOver(owner, 'original');
  const opened = await take(other, file);
  await expect(opened.getByText('2 files that were not here')).toBeVisible();
  await opened.getByRole('button', { name: 'Done' }).click();
  await other.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(other.getByTestId('export-card').first()).toHaveAttribute('data-status', 'completed', {
    timeout: 240_000,
  });
});

for (const [what, damage] of [
  ['cut short', (file: Buffer) => file.subarray(0, file.length - 40)],
  [
    'with a bit turned in its document',
    (file: Buffer) => {
      const copy = Buffer.from(file);
      copy[60] = (copy[60] ?? 0) ^ 1;
      return copy;
    },
  ],
] as const) {
  test(`a review file ${what} is refused with a sentence, and nothing changes`, async ({
    browser,
    baseURL,
  }) => {
    const page = await openPage(browser, baseURL);
    await openSample(page);
    await addComments(page, 'Owner', ['one', 'two']);
    const before = await comments(page);
    const file = await handOver(page);
    const dialog = await take(page, damage(file));
    await expect(dialog.getByText('This review file cannot be opened')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    expect(await comments(page)).toEqual(before);
  });
}

test('where both sides have changed the same comment the person is asked, and answers are kept either way', async ({
  browser,
  baseURL,
}) => {
  const owner = await openPage(browser, baseURL);
  const guest = await openPage(browser, baseURL);
  await openSample(owner);
  await addComments(owner, 'Owner', ['no frame', 'as it was']);
  const opened = await take(guest, await handOver(owner, 'preview'));
  await opened.getByRole('button', { name: 'Done' }).click();

  const rewrite = async (page: Page, text: string): Promise<void> => {
    await page.getByRole('button', { name: 'Open Sunrise.mp4' }).click();
    await showComments(page);
    const card = commentList(page).filter({ hasText: 'as it was' });
    await card.click();
    await card.getByRole('button', { name: 'Edit' }).click();
    await field(page).fill(text);
    await field(page).press('Enter');
    await expect(commentList(page).filter({ hasText: text })).toHaveCount(1);
    await saved(page);
  };
  await rewrite(guest, 'as the guest has it');
  await rewrite(owner, 'as the owner has it');

  const back = await take(owner, await handOver(guest));
  await expect(back.getByText('1 comment was changed on both sides')).toBeVisible();
  await expect(back.getByText('as the guest has it')).toBeVisible();
  await back.getByRole('button', { name: 'Keep both' }).click();
  await back.getByRole('button', { name: 'Done' }).click();
  const texts = async () => (await comments(owner)).map(({ text }) => text).sort();
  await expect.poll(texts).toEqual(['as the guest has it', 'as the owner has it', 'no frame']);
  // Settled is settled: the same file again asks nothing.
  const again = await take(owner, await handOver(guest));
  await expect(again.getByText('There is nothing in it that is not here already.')).toBeVisible();
});

test('a guest hands comments back, and no footage', async ({ browser, baseURL }) => {
  const page = await openPage(browser, baseURL);
  await openSample(page);
  await page.goto('/?role=guest_reviewer');
  await page.getByRole('button', { name: 'Hand over or open a review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hand over a review' });
  await expect(dialog.getByLabel('Footage in the file').getByRole('option')).toHaveCount(1);
  await expect(dialog.getByRole('button', { name: 'Save for another program' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Close' }).click();
  const file = await handOver(page);
  expect(file.includes(Buffer.from('media/'))).toBe(false);
  expect(file.includes(Buffer.from('previews/'))).toBe(false);
});

/** What the export panel offers, what comes of it, and the view of what the browser can do. */
import { expect, test, type Page } from '@playwright/test';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRunFfmpeg } from '../fixtures/ffmpeg-node.ts';
import { generateClip } from '../fixtures/generate.ts';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  });
});

const ranges = (page: Page) =>
  page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem');
const settings = (page: Page) => page.getByRole('group', { name: 'Settings' });
const plan = (page: Page) => page.getByRole('region', { name: 'What will be done' });

/** Imports files and adds all of the first one as a range. */
async function openWith(page: Page, ...files: string[]): Promise<void> {
  await page.goto('/');
  await page.getByTestId('file-input').setInputFiles(files);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByText(/^\d+ key frames?$/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Add range' }).click();
  await expect(ranges(page)).toHaveCount(1);
}

/** One picture, two sounds: English stereo and Korean 5.1. */
async function twoSounds(): Promise<string> {
  const stereo = await generateClip({ clipId: 21, seconds: 2 });
  const surround = await generateClip({ clipId: 22, seconds: 2, audio: { channels: 6 } });
  const path = join(await mkdtemp(join(tmpdir(), 'reelkeep-sounds-')), 'two sounds.mkv');
  await mustRunFfmpeg({
    args: [
      ...[
        '-i',
        'stereo.mp4',
        '-i',
        'surround.mp4',
        '-map',
        '0:v',
        '-map',
        '0:a',
        '-map',
        '1:a',
        '-c',
        'copy',
      ],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=kor', 'out.mkv'],
    ],
    inputPaths: { 'stereo.mp4': stereo, 'surround.mp4': surround },
    outputPaths: { 'out.mkv': path },
  });
  return path;
}

test('WebM is offered, planned as VP9 and Opus, made, and its receipts say by whom', async ({ page }) => {
  await openWith(page, await generateClip({ clipId: 20, seconds: 2 }));
  await settings(page).getByRole('radio', { name: 'WebM' }).check();
  await expect(plan(page)).toContainText('VP9 + Opus', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const card = page.getByTestId('export-card').first();
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 240_000 });
  await card.getByText('Details').click();
  await expect(card.getByText(/^Browser codecs: \d+ steps?( · |$)/)).toBeVisible();
  await expect(card.getByText('Range 1: picture encoded').first()).toBeVisible();
  await expect(card.getByText('browser codecs, software').first()).toBeVisible();
  await expect(card.getByText(/ joins? decoded cleanly/)).toBeVisible();
  // The checks are said in the language of the page, also those of an export that is already made.
  const checks = card.locator('.check-found');
  await expect(checks.filter({ hasText: 'WEBM: VP9 320 × 180, Opus' })).toBeVisible();
  await expect(card.getByText(/^\d+ checks passed(, \d+ had nothing to compare)?$/)).toBeVisible();
  await page.getByRole('button', { name: '한국어' }).click();
  await expect(checks.filter({ hasText: '영상과 함께' })).toBeVisible();
  for (const said of await checks.allInnerTexts())
    expect(said.replace(/MP4|WEBM|VP9|Opus|dB|ms/g, '')).not.toMatch(/[A-Za-z]/);
  await page.getByRole('button', { name: 'EN' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.webm$/);
});

test('the export button is in view with its estimate, keeps the focus, and its notice covers no heading', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openWith(page, await generateClip({ clipId: 20, seconds: 2 }));
  await expect(plan(page)).toContainText('320 × 180', { timeout: 30_000 });
  await plan(page).getByText('Range by range').click();
  const button = page.getByRole('button', { name: 'Export', exact: true });
  await expect(button).toBeInViewport({ ratio: 1 });
  const estimate = page.locator('.export-estimate');
  await expect(estimate).toHaveText(/, .*B\s*needs .*B of storage$/);
  await expect(estimate).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('tab', { name: 'Export' }).click();
  await expect(button).toBeInViewport({ ratio: 1 });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('export-card')).toHaveCount(1);
  await expect(button).toBeFocused();
  const toast = await page.locator('.toast').boundingBox();
  if (toast === null) throw new Error('no notice');
  for (const other of [page.getByRole('heading', { name: 'Export', exact: true }), button]) {
    const box = await other.boundingBox();
    if (box === null) throw new Error('not shown');
    expect(box.y + box.height <= toast.y || toast.y + toast.height <= box.y).toBe(true);
  }
  await expect(page.getByTestId('export-card')).toHaveAttribute('data-status', 'completed', {
    timeout: 240_000,
  });
});

test('enlarging is asked for only where there is something to enlarge', async ({ page }) => {
  await openWith(page, await generateClip({ clipId: 20, seconds: 2 }));
  const enlarge = page.getByRole('checkbox', { name: 'Enlarge smaller pictures' });
  await expect(plan(page)).toContainText('320 × 180', { timeout: 30_000 });
  await expect(enlarge).toHaveCount(0);
  await settings(page).getByRole('combobox', { name: 'Resolution' }).selectOption('720p');
  await expect(plan(page)).toContainText('320 × 180');
  await enlarge.check();
  await expect(plan(page)).toContainText('1280 × 720', { timeout: 30_000 });
});

test('the sound track of a range is chosen, survives a reload, and undo takes it back', async ({ page }) => {
  await openWith(page, await twoSounds());
  const surround = settings(page).getByRole('combobox', { name: 'Surround sound' });
  const track = page.getByRole('combobox', { name: 'Sound track of range 1' });
  await expect(track.getByRole('option')).toHaveText([
    '1: English, AAC, stereo',
    '2: Korean, AAC, 6 channels',
  ]);
  await expect(track).toHaveValue('0');
  await expect(surround).toHaveCount(0);
  await track.selectOption({ label: '2: Korean, AAC, 6 channels' });
  await expect(surround).toHaveValue('downmix');
  await expect(plan(page).getByText(/1 difference|differences/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(track).toHaveValue('0');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(track).toHaveValue('1');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(ranges(page)).toHaveCount(1, { timeout: 60_000 });
  await expect(ranges(page).getByText('Sound track 2: Korean, AAC, 6 channels')).toBeVisible();
});

test('the player plays the sound track that the range takes, also when it is changed meanwhile', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...args) {
      heard.push(this.buffer?.numberOfChannels ?? 0);
      start.apply(this, args);
    };
  });
  const heard = (): Promise<unknown> =>
    page.evaluate(() => (window as unknown as { heard: number[] }).heard.at(-1));
  await openWith(page, await twoSounds());
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(heard, { timeout: 60_000 }).toBe(2);
  await page
    .getByRole('combobox', { name: 'Sound track of range 1' })
    .selectOption({ label: '2: Korean, AAC, 6 channels' });
  await expect
    .poll(
      async () => {
        const play = page.getByRole('button', { name: 'Play', exact: true });
        if (await play.isVisible()) await play.click();
        return heard();
      },
      { timeout: 60_000 },
    )
    .toBe(6);
});

test('diagnostics: opens by key, measures, can be stopped, keeps what it measured', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/');
  const opener = page.getByRole('button', { name: 'Diagnostics' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'What this browser can do' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText('Browser codecs first, ffmpeg for the rest')).toBeVisible();
  // Tab stays inside: the page behind a modal dialog cannot be reached.
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press('Tab');
    expect(
      await page.evaluate(() => {
        const at = document.activeElement;
        return at === document.body || at?.closest('dialog') !== null;
      }),
    ).toBe(true);
  }
  const rows = dialog.getByRole('row');
  // Nothing is known at first: no table of empty rows.
  await expect(dialog.getByText('No encoder has been measured yet.')).toBeVisible();
  await expect(rows).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Measure all now' }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  // H.264 in software at some size: what every export here is made with.
  const works = rows.filter({ hasText: 'Software' }).filter({ hasText: 'Works' });
  await expect(works.first()).toBeVisible({ timeout: 240_000 });
  await expect(dialog.getByText(/ more have not been measured yet\.$/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByText('Stopped. What was measured is kept.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy as text' }).click();
  await expect(dialog.getByText('Copied. Paste it into your report.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Reelkeep diagnostics\nBrowser: /);
  expect(copied).toMatch(/- H\.264 software \d+x\d+ at 30: works, encode \d+ fps, decode \d+ fps/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await page.reload();
  await opener.click();
  await expect(works.first()).toBeVisible();
});

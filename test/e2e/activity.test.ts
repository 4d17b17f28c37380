/** The diagnostics' activity after a real export: charts, the log as a file without names, clearing it. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { logEntrySchema } from '../../src/core/schema/log.ts';
import { watchRequests } from './support/foreign.ts';

/** Names of the sample's files, and of its project and ranges, in any case. */
const NAMES = /sunrise|night|sample|\.mp4/i;

async function exportSample(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem')).toHaveCount(
    4,
    { timeout: 60_000 },
  );
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByTestId('export-card').first()).toHaveAttribute('data-status', 'completed', {
    timeout: 240_000,
  });
}

async function openActivity(page: Page) {
  await page.getByRole('button', { name: 'Diagnostics' }).click();
  await page.getByRole('tab', { name: 'Activity' }).click();
  return page.getByRole('dialog', { name: 'What this machine did' });
}

for (const [name, width, height, colorScheme] of [
  ['wide, dark', 1280, 800, 'dark'],
  ['narrow, light', 390, 844, 'light'],
] as const) {
  test(`the activity: empty, after an export, saved, cleared: ${name}`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.addInitScript(() => {
      Reflect.deleteProperty(window, 'showSaveFilePicker');
    });
    const nothingLeft = watchRequests(page);
    await page.goto('/');
    await expect((await openActivity(page)).getByText('Nothing has been done yet')).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
    if (width > 820) {
      await exportSample(page);
    } else {
      await page.getByRole('button', { name: 'Open the sample project' }).click();
      await page.getByRole('tab', { name: 'Export' }).click();
      await page.getByRole('button', { name: 'Export', exact: true }).click({ timeout: 60_000 });
      await expect(page.getByTestId('export-card').first()).toHaveAttribute('data-status', 'completed', {
        timeout: 240_000,
      });
    }

    const dialog = await openActivity(page);
    const log = dialog.getByRole('table', { name: 'Log' });
    await expect(log.getByText('Export ended').first()).toBeVisible();
    await expect(dialog.getByText('Encoding speed', { exact: true })).toBeVisible();
    for (const chart of ['Exports by day', 'How long picture steps take', 'Exports waiting or running'])
      await expect(dialog.getByRole('img', { name: chart })).toBeVisible();
    await dialog.getByLabel('Event').selectOption({ label: 'Export created (1)' });
    await expect(log.getByRole('row')).toHaveCount(2);

    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([]);
    const [inside, all] = await dialog
      .locator('.diagnostics-body')
      .evaluate((body) => [body.clientWidth, body.scrollWidth]);
    expect(all, 'nothing reaches over the side').toBe(inside);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save log' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('reelkeep-log.jsonl');
    const text = await readFile(await download.path(), 'utf8');
    expect(text).not.toMatch(NAMES);
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => logEntrySchema.parse(JSON.parse(line)).event);
    for (const event of ['job_created', 'job_started', 'step_ended', 'stage_ended', 'job_ended'] as const)
      expect(events, event).toContain(event);

    await dialog.getByRole('button', { name: 'Clear log' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(log).toBeVisible();
    await dialog.getByRole('button', { name: 'Clear log' }).click();
    await dialog.getByRole('group').getByRole('button', { name: 'Clear log' }).click();
    await expect(log).toHaveCount(0);
    await expect(dialog.getByText('The log was cleared.')).toBeVisible();
    nothingLeft();
    await context.close();
  });
}

test('what a machine does is learned from its exports and kept over a reload', async ({ page }) => {
  await exportSample(page);
  const learned = (): Promise<readonly string[]> =>
    page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open('reelkeep');
          opening.onerror = () => {
            reject(new Error('no database'));
          };
          opening.onsuccess = () => {
            const asked = opening.result.transaction('settings').objectStore('settings').get('pace');
            asked.onsuccess = () => {
              opening.result.close();
              const pace = asked.result as { samples?: object } | undefined;
              resolve(Object.keys(pace?.samples ?? {}));
            };
          };
        }),
    );
  await expect.poll(async () => (await learned()).length, { timeout: 30_000 }).toBeGreaterThan(3);
  const first = await learned();
  expect(first).toEqual(expect.arrayContaining(['assembling', 'verifying', 'job']));
  expect(first.filter((kind) => kind.startsWith('picture/'))).not.toHaveLength(0);
  await page.reload();
  await expect(page.getByTestId('export-card').first()).toBeVisible({ timeout: 60_000 });
  expect(await learned()).toEqual(first);
});

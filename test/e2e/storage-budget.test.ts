/** Storage before, during and after: warnings, a refusal, a job that waits for room and goes on by itself, the settings. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { importFile, openHost, runExport } from './support/host.ts';
import { cards, openSample, planned, startExport } from './support/studio.ts';

/** Writes a policy where the settings keep it: limits so small that a test meets them. */
async function setPolicy(page: Page, policy: Readonly<Record<string, unknown>>): Promise<void> {
  await page.evaluate(
    (value) =>
      new Promise<void>((resolve, reject) => {
        const opened = indexedDB.open('reelkeep');
        opened.onerror = () => {
          reject(new Error('no database'));
        };
        opened.onsuccess = () => {
          const db = opened.result;
          const transaction = db.transaction('settings', 'readwrite');
          transaction.objectStore('settings').put(value, 'storage-policy');
          transaction.oncomplete = () => {
            db.close();
            resolve();
          };
        };
      }),
    policy,
  );
}

const used = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

test('above the soft budget there is a warning, above the hard one no start, and what to free', async ({
  page,
}) => {
  await openSample(page);
  await startExport(page, 'First', 'high');
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await setPolicy(page, { softBytes: 1_000_000, hardBytes: 900_000_000_000 });
  await page.reload();
  await planned(page);
  const note = page.locator('.export-foot .note');
  await expect(note).toContainText('more than the 1 MB after which you want to be warned');
  const start = page.getByRole('button', { name: 'Export', exact: true });
  await expect(start).toBeEnabled();

  await setPolicy(page, { softBytes: 1_000_000, hardBytes: 1_000_000 });
  await page.reload();
  await planned(page);
  await expect(note).toContainText('This export does not fit into your limit of 1 MB');
  await expect(start).toBeDisabled();
  await note.getByRole('button', { name: 'Delete oldest files …' }).click();
  await expect(note.getByText(/Delete the file of 1 finished export .*“First”/)).toBeVisible();
  await note.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(cards(page).first().getByText('The file is no longer kept.')).toBeVisible();
  await expect(cards(page).first().getByRole('button', { name: 'Make it again' })).toBeVisible();
  // Raising the limit is the other way out.
  await note.getByRole('button', { name: 'Storage settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('combobox', { name: 'No new export above' }).selectOption({ label: '24 GB' });
  await settings.getByRole('combobox', { name: 'Warn above' }).selectOption({ label: '16 GB' });
  await page.keyboard.press('Escape');
  await expect(start).toBeEnabled();
  await expect(note).toHaveCount(0);
});

test('the API refuses what does not fit, with how much has to be freed', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip({ clipId: 2, seconds: 2 }));
  await setPolicy(page, { softBytes: 1, hardBytes: 1 });
  const refused = await runExport(page, {
    version: 1,
    name: 'Too much',
    type: 'combined',
    segments: [{ assetId: asset.id, startUs: 120_000, endUs: 1_500_000 }],
  });
  expect(refused.failure).toMatchObject({
    code: 'quota_exceeded',
    reason: 'no_space',
    details: { budget: 'hard' },
  });
  expect(refused.failure?.details?.['missingBytes']).toBeGreaterThan(0);
});

test('a job that meets the limit waits, says what can be freed, and goes on by itself', async ({ page }) => {
  await openSample(page);
  await startExport(page, 'Waits', 'high');
  await page.getByRole('button', { name: 'Pause Waits' }).click();
  const card = page.getByRole('article', { name: 'Waits', exact: true });
  await expect(card).toHaveAttribute('data-state', 'paused');
  const limit = await used(page);
  await setPolicy(page, { softBytes: limit, hardBytes: limit });
  await page.getByRole('button', { name: 'Resume Waits' }).click();
  await expect(card).toHaveAttribute('data-state', 'waiting', { timeout: 60_000 });
  await expect(card).toContainText('Waiting for storage');
  // It waits over a reload, too.
  await page.reload();
  await expect(card).toHaveAttribute('data-state', 'waiting', { timeout: 60_000 });
  await card.getByRole('button', { name: 'Storage settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('combobox', { name: 'No new export above' }).selectOption({ label: '24 GB' });
  await page.keyboard.press('Escape');
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
});

test('the settings: what takes how much, freeing it, how long files are kept', async ({ page }) => {
  await openSample(page);
  await startExport(page, 'Kept', 'high');
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await expect(cards(page).first().getByText('7 days left')).toBeVisible();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings.getByText(/in use of 24 GB/)).toBeVisible();
  const line = (name: string) => settings.locator('.storage-shares li', { hasText: name });
  await expect(line('Rendered segments').locator('b')).not.toHaveText('0 bytes');
  const { violations } = await new AxeBuilder({ page })
    .include('dialog[open]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  await settings.getByRole('button', { name: 'Free now: rendered segments' }).click();
  await expect(line('Rendered segments').locator('b')).toHaveText('0 bytes');
  await settings.getByRole('button', { name: 'Delete oldest …: finished files' }).click();
  await settings.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(line('Finished files').locator('b')).toHaveText('0 bytes');
  await settings
    .getByRole('combobox', { name: 'Keep finished files for' })
    .selectOption({ label: 'until I delete them' });
  await page.keyboard.press('Escape');
  await cards(page).first().getByRole('button', { name: 'Make it again' }).click();
  await expect(cards(page)).toHaveCount(2);
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await expect(
    cards(page)
      .first()
      .getByText(/days left/),
  ).toHaveCount(0);
  // It is still so after a reload, and the browser was asked once not to clear the storage by itself.
  await page.reload();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(settings.getByRole('combobox', { name: 'Keep finished files for' })).toHaveValue('null');
  await expect(settings.getByText(/The browser (has promised|may clear)/)).toBeVisible();
});

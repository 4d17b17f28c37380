/** Undo of a removed file, and two tabs on one project. */
import { expect, test, type Page } from '@playwright/test';

const ranges = (page: Page) =>
  page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem');
const files = (page: Page) =>
  page.getByRole('list', { name: 'Imported files' }).getByRole('button', { name: /^Open / });

async function openSample(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(ranges(page)).toHaveCount(4, { timeout: 60_000 });
}

test('removing a file is one step: undo brings back the file and its ranges', async ({ page }) => {
  await openSample(page);
  await page.getByRole('button', { name: 'Remove Night harbour.mp4' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(files(page)).toHaveCount(1);
  await expect(ranges(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(files(page)).toHaveCount(2);
  await expect(ranges(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(files(page)).toHaveCount(1);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  // The next visit removes it for good: record, private copy and preview.
  await page.reload();
  await expect(files(page)).toHaveCount(1);
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await (await root.getDirectoryHandle('reelkeep')).getDirectoryHandle('sources');
        let count = 0;
        for await (const name of folder.keys()) count += name === '' ? 0 : 1;
        return count;
      }),
    )
    .toBe(1);
});

test('two tabs show each other’s changes, and neither overwrites the other', async ({ page, context }) => {
  await openSample(page);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const other = await context.newPage();
  await other.goto('/');
  await expect(ranges(other)).toHaveCount(4, { timeout: 60_000 });
  await other.getByRole('textbox', { name: 'Name of range 1', exact: true }).fill('From the other tab');
  await other.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name of range 1', exact: true })).toHaveValue(
    'From the other tab',
  );
  await page.getByRole('button', { name: 'Range 4: Northern lights' }).click();
  await page.getByRole('button', { name: 'Delete range 4' }).click();
  await expect(ranges(other)).toHaveCount(3);
  await other.reload();
  await expect(ranges(other)).toHaveCount(3, { timeout: 60_000 });
  await expect(other.getByRole('textbox', { name: 'Name of range 1', exact: true })).toHaveValue(
    'From the other tab',
  );
});

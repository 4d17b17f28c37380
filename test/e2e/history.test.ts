/** All exports there are: found, filtered, sorted, page by page, looked into, taken over, deleted. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { importFile, openHost } from './support/host.ts';
import { ranges } from './support/studio.ts';

const rows = (page: Page): Locator => page.getByTestId('history-row');
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'All exports' });
const names = (page: Page): Promise<string[]> => rows(page).locator('b').allTextContents();

/** Twelve exports of a small clip in the studio's database: ten whole ones with numbers, a single one, a cancelled one. */
async function makeHistory(page: Page): Promise<void> {
  await openHost(page);
  const asset = await importFile(page, await generateClip({ clipId: 2, seconds: 2 }));
  const states = await page.evaluate(async (assetId) => {
    const { reelkeep } = window;
    const spec = (name: string, endUs: number, type: 'combined' | 'single') =>
      ({ version: 1, name, type, segments: [{ assetId, startUs: 0, endUs }] }) as const;
    const ended: string[] = [];
    for (let n = 1; n <= 10; n += 1) {
      // The first is the longest file, the last the shortest.
      const made = await reelkeep.createExport(
        spec(`Match ${String(n)}`, 2_000_000 - n * 120_000, 'combined'),
      );
      ended.push((await reelkeep.whenExportEnds(made.id)).status);
    }
    const single = await reelkeep.createExport(spec('경기 하이라이트', 1_000_000, 'single'));
    ended.push((await reelkeep.whenExportEnds(single.id)).status);
    const held = await reelkeep.createExport(spec('Given up', 1_000_000, 'combined'));
    ended.push((await reelkeep.cancelExport(held.id)).status);
    await reelkeep.close();
    return ended;
  }, asset.id);
  expect(states).toEqual([...Array.from({ length: 11 }, () => 'completed'), 'cancelled']);
}

test('the list of all exports', async ({ page }) => {
  await makeHistory(page);
  await page.goto('/');
  // Without a range there is nothing to export, but there is what was.
  await page.getByRole('button', { name: 'All exports' }).click();
  await expect(rows(page)).toHaveCount(10);
  await expect(dialog(page).getByText('1–10 of 12')).toBeVisible();
  expect((await names(page)).slice(0, 3)).toEqual(['Given up', '경기 하이라이트', 'Match 10']);
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(dialog(page).getByText('11–12 of 12')).toBeVisible();
  await expect.poll(() => names(page)).toEqual(['Match 2', 'Match 1']);
  await expect(page.getByRole('button', { name: 'Next page' })).toBeDisabled();

  const search = dialog(page).getByRole('searchbox', { name: 'Name contains' });
  await search.fill('하이');
  await expect.poll(() => names(page)).toEqual(['경기 하이라이트']);
  await search.fill('mAtCh 1');
  await expect.poll(() => names(page)).toEqual(['Match 10', 'Match 1']);
  await search.fill('nothing like it');
  await expect(dialog(page).getByText('No export fits.')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Show all' }).click();
  await expect(rows(page)).toHaveCount(10);

  await dialog(page).getByRole('combobox', { name: 'Status' }).selectOption('cancelled');
  await expect.poll(() => names(page)).toEqual(['Given up']);
  await dialog(page).getByRole('combobox', { name: 'Status' }).selectOption('any');
  await dialog(page).getByRole('combobox', { name: 'What' }).selectOption('single');
  await expect.poll(() => names(page)).toEqual(['경기 하이라이트']);
  await dialog(page).getByRole('combobox', { name: 'What' }).selectOption('any');
  await dialog(page).getByRole('combobox', { name: 'Order' }).selectOption('oldest');
  await expect.poll(async () => (await names(page)).slice(0, 2)).toEqual(['Match 1', 'Match 2']);
  await dialog(page).getByRole('combobox', { name: 'Order' }).selectOption('largest');
  await expect.poll(async () => (await names(page))[0]).toBe('Match 1');
});

test('what is known of an export, and deleting it', async ({ page }) => {
  await makeHistory(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'All exports' }).click();
  await dialog(page).getByRole('combobox', { name: 'Order' }).selectOption('oldest');
  await expect.poll(async () => (await names(page))[0]).toBe('Match 1');
  const first = rows(page).first();
  await first.getByRole('button').first().click();
  for (const heading of [
    'Certificate',
    'Differences from the request',
    'Estimate and actual',
    'What was planned',
    'Steps and receipts',
  ])
    await expect(first.getByRole('heading', { name: heading })).toBeVisible();
  await expect(first.getByRole('row', { name: /^Time/ })).toBeVisible();
  await expect(first.getByRole('row', { name: /^Storage/ })).toBeVisible();
  await expect(
    first.getByRole('textbox', { name: /settings of step|Command of step/ }).first(),
  ).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .include('dialog[open]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  await first.getByRole('button', { name: 'Delete export' }).click();
  await first.getByRole('button', { name: 'Keep it' }).click();
  await expect(rows(page)).toHaveCount(10);
  await first.getByRole('button', { name: 'Delete export' }).click();
  await first.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(dialog(page).getByText('1–10 of 11')).toBeVisible();
  // The last row of the last page goes, and the page with it.
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(rows(page)).toHaveCount(1);
  await rows(page).first().getByRole('button').first().click();
  await rows(page).first().getByRole('button', { name: 'Delete export' }).click();
  await rows(page).first().getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(dialog(page).getByText('1–10 of 10')).toBeVisible();
  await expect(rows(page)).toHaveCount(10);
});

test('duplicate and change: into an empty reel at once, into another one after asking', async ({ page }) => {
  await makeHistory(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'All exports' }).click();
  await dialog(page).getByRole('searchbox', { name: 'Name contains' }).fill('Match 3');
  await expect.poll(() => names(page)).toEqual(['Match 3']);
  await rows(page).first().getByRole('button').first().click();
  await rows(page).first().getByRole('button', { name: 'Duplicate and change' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(ranges(page)).toHaveCount(1);
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await expect(name).toHaveValue('Match 3 2');
  await expect(name).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(ranges(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(ranges(page)).toHaveCount(1);
  const end = page.getByRole('textbox', { name: 'End of range 1' });
  const before = await end.inputValue();

  await page.getByRole('button', { name: 'All exports' }).click();
  await dialog(page).getByRole('combobox', { name: 'What' }).selectOption('single');
  await expect.poll(() => names(page)).toEqual(['경기 하이라이트']);
  await rows(page).first().getByRole('button').first().click();
  const duplicate = rows(page).first().getByRole('button', { name: 'Duplicate and change' });
  await duplicate.click();
  await expect(dialog(page).getByText(/Replace its 1 range by the 1 range/)).toBeVisible();
  // Escape answers the question, and leaves the dialog.
  await page.keyboard.press('Escape');
  await expect(dialog(page).getByText(/Replace its 1 range/)).toHaveCount(0);
  await expect(dialog(page)).toBeVisible();
  await duplicate.click();
  await page.getByRole('button', { name: 'Settings only' }).click();
  await expect(end).toHaveValue(before);
  await expect(page.getByRole('combobox', { name: 'What' })).toHaveValue('single');
  await page.getByRole('button', { name: 'All exports' }).click();
  await dialog(page).getByRole('searchbox', { name: 'Name contains' }).fill('하이');
  await expect.poll(() => names(page)).toEqual(['경기 하이라이트']);
  await rows(page).first().getByRole('button').first().click();
  await duplicate.click();
  await page.getByRole('button', { name: 'Replace the ranges' }).click();
  await expect(end).not.toHaveValue(before);
  await expect(ranges(page)).toHaveCount(1);
  await expect(name).toHaveValue('경기 하이라이트 2');
  // The one range is selected: it can be exported as it is.
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeEnabled();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(end).toHaveValue(before);
});

/** The studio's own page, as a person uses it. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the page with the sample project. */
export async function openSample(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(ranges(page)).toHaveCount(4, { timeout: 60_000 });
  await expect(page.getByText('Saved', { exact: true })).toBeVisible({ timeout: 60_000 });
}

/** The ranges of the reel. */
export const ranges = (page: Page): Locator =>
  page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem');

/** Cards of exports, in the order of the panel. */
export const cards = (page: Page): Locator => page.getByTestId('export-card');

/** Names of what is in the queue, first to last. */
export const queued = (page: Page): Promise<string[]> => page.locator('.queue-row h3').allTextContents();

/** Waits until the plan of what the form says is there. */
export async function planned(page: Page): Promise<void> {
  await expect(page.locator('.export-form .plan')).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
}

/** Exports the reel under a name. */
export async function startExport(page: Page, name: string, quality = 'low'): Promise<void> {
  await page.getByRole('combobox', { name: 'Quality' }).selectOption(quality);
  const field = page.getByRole('textbox', { name: 'Name', exact: true });
  await field.fill(name);
  await field.press('Enter');
  await planned(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('article', { name, exact: true })).toBeVisible();
}

/** Whether leaving the page would be asked about. */
export const asksBeforeLeaving = (page: Page): Promise<boolean> =>
  page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));

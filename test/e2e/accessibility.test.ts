/** axe finds nothing serious, and no control is too small to hit. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

async function expectNothingSerious(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    where,
  ).toEqual([]);
}

for (const [name, width, height, colorScheme, language] of [
  ['wide, dark, English', 1280, 800, 'dark', 'English'],
  ['wide, light, Korean', 1280, 800, 'light', '한국어'],
  ['narrow, light, English', 390, 844, 'light', 'English'],
] as const) {
  test(`nothing serious: ${name}`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
    await expectNothingSerious(page, 'empty state');
    await page.getByRole('button', { name: 'Open the sample project' }).click();
    await expect(page.getByRole('slider', { name: 'Playhead' })).toHaveAttribute('aria-valuetext', /00:00/, {
      timeout: 60_000,
    });
    await page.getByRole('button', { name: language }).click();
    await expect(page.getByRole('status').first()).toBeAttached();
    await expectNothingSerious(page, 'the studio with the sample, whatever is still being worked out');
    await context.close();
  });
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`nothing serious: a first plan that is being worked out, ${colorScheme}`, async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('button', { name: 'Open the sample project' }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('.plan')).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
    // From now on the frames of a file are never told: whatever needs them stays as it is while it waits.
    await page.addInitScript(() => {
      const get = IDBObjectStore.prototype.get;
      IDBObjectStore.prototype.get = function (this: IDBObjectStore, key) {
        if (this.name !== 'frameIndexes') return get.call(this, key);
        return Object.assign(new EventTarget(), { onsuccess: null, onerror: null }) as unknown as IDBRequest;
      };
    });
    await page.reload();
    await expect(page.locator('.plan')).toHaveAttribute('aria-busy', 'true', { timeout: 60_000 });
    await expect(page.locator('.plan-loading')).toBeVisible();
    await expectNothingSerious(page, 'a plan that does not come');
    await context.close();
  });
}

for (const [name, width, height, colorScheme] of [
  ['wide, dark', 1280, 800, 'dark'],
  ['narrow, light', 390, 844, 'light'],
] as const) {
  test(`nothing serious: diagnostics, ${name}`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('button', { name: 'Diagnostics' }).click();
    const dialog = page.getByRole('dialog', { name: 'What this browser can do' });
    await expect(dialog.getByText('Processor cores')).toBeVisible();
    await expectNothingSerious(page, 'the dialog');
    const [inside, all] = await dialog
      .locator('.diagnostics-body')
      .evaluate((body) => [body.clientWidth, body.scrollWidth]);
    expect(all, 'the table fits the dialog').toBe(inside);
    await context.close();
  });
}

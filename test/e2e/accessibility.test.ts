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

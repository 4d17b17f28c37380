/** After the first visit the page opens and exports without a network. */
import { expect, test } from '@playwright/test';

test('opens, loads the sample and exports offline', async ({ page, context }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click({ timeout: 60_000 });
  await expect(page.getByTestId('export-card').first()).toHaveAttribute('data-status', 'completed', {
    timeout: 240_000,
  });
});

/** After the first visit the page opens and exports without a network. */
import { expect, test } from '@playwright/test';

test('opens, loads the sample and exports offline', async ({ page, context }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
  const state = (): Promise<string | undefined> =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state);
  await expect.poll(state, { timeout: 120_000, message: 'the service worker' }).toBe('activated');
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click({ timeout: 60_000 });
  await expect(page.getByTestId('export-card').first()).toHaveAttribute('data-status', 'completed', {
    timeout: 240_000,
  });
});

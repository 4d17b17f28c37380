/** A database that a newer build has upgraded: everything is shown, nothing is changed, and the page says so. */
import { expect, test } from '@playwright/test';
import { cards, openSample, planned, ranges, startExport } from './support/studio.ts';

test('a newer database is shown and left as it is', async ({ page, context }) => {
  await openSample(page);
  await startExport(page, 'Reel', 'high');
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await page.close();

  const newer = await context.newPage();
  await newer.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>empty' }),
  );
  await newer.goto('/empty.html');
  const dump = () =>
    newer.evaluate(async () => {
      const open = (version?: number): Promise<IDBDatabase> =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open('reelkeep', version);
          request.onsuccess = () => {
            resolve(request.result);
          };
          request.onerror = () => {
            reject(new Error(request.error?.message));
          };
        });
      let db = await open();
      if (db.version < 50) {
        const { version } = db;
        db.close();
        db = await open(version + 90);
      }
      const keys: Record<string, unknown> = { version: db.version };
      for (const name of db.objectStoreNames) {
        keys[name] = await new Promise((resolve) => {
          const request = db.transaction(name).objectStore(name).getAllKeys();
          request.onsuccess = () => {
            resolve(request.result);
          };
        });
      }
      const exports = await new Promise((resolve) => {
        const request = db.transaction('exports').objectStore('exports').getAll();
        request.onsuccess = () => {
          resolve(JSON.stringify(request.result));
        };
      });
      db.close();
      return { keys, exports };
    });
  const before = await dump();

  const old = await context.newPage();
  await old.goto('/');
  await expect(old.getByText(/A newer version of Reelkeep has upgraded what is stored here/)).toBeVisible();
  await expect(ranges(old)).toHaveCount(4);
  const card = cards(old).first();
  await expect(card).toHaveAttribute('data-status', 'completed');
  await card.getByRole('button', { name: 'Play the file' }).click();
  await expect
    .poll(() => card.locator('video').evaluate((video: HTMLVideoElement) => video.readyState))
    .toBeGreaterThan(1);
  // Every way to write answers with a sentence.
  const said = 'This was made with a newer version of Reelkeep.';
  await card.getByRole('button', { name: 'Keep for ever' }).click();
  await expect(card.getByRole('alert')).toContainText(said);
  await planned(old);
  await old.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(old.locator('.export-foot').getByRole('alert')).toContainText(said);
  await old.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = old.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('combobox', { name: 'Keep finished files for' }).selectOption('1');
  await expect(settings.getByRole('alert')).toContainText(said);
  await expect(settings.getByRole('combobox', { name: 'Keep finished files for' })).toHaveValue('7');
  await old.close();
  expect(await dump()).toEqual(before);
});

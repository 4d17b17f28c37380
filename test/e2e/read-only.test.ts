/** A database that a newer build has upgraded: everything is shown, nothing is changed, and the page says so. */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { cards, openSample, planned, ranges, startExport } from './support/studio.ts';

/** Another page of the origin, with code of ours only. */
async function otherPage(context: BrowserContext): Promise<Page> {
  const other = await context.newPage();
  await other.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>empty' }),
  );
  await other.goto('/empty.html');
  return other;
}

test('a newer database is shown and left as it is', async ({ page, context }) => {
  await openSample(page);
  await startExport(page, 'Reel', 'high');
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await page.close();

  const newer = await otherPage(context);
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

test('a tab is told when a newer build upgrades the database under it', async ({ page, context }) => {
  await openSample(page);
  const newer = await otherPage(context);
  await newer.evaluate(
    () =>
      new Promise((resolve, reject) => {
        // Answers only when the studio has let go.
        const request = indexedDB.open('reelkeep', 99);
        request.onsuccess = () => {
          request.result.close();
          resolve(null);
        };
        request.onerror = () => {
          reject(new Error(request.error?.message));
        };
      }),
  );
  const banner = page
    .getByRole('alert')
    .filter({ hasText: 'A newer version of Reelkeep is open in another tab' });
  await expect(banner).toBeVisible();
  await banner.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByText(/A newer version of Reelkeep has upgraded what is stored here/)).toBeVisible();
  await expect(ranges(page)).toHaveCount(4);
});

test('a tab is told when its database is deleted, and starts anew', async ({ page, context }) => {
  await openSample(page);
  const other = await otherPage(context);
  await other.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('reelkeep').onsuccess = resolve;
      }),
  );
  const banner = page.getByRole('alert').filter({ hasText: 'was deleted' });
  await expect(banner).toBeVisible();
  await banner.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
});

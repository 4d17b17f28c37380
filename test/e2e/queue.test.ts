/** The queue as a person sees it: order, holding and going on, over a reload; and what the page does while it renders. */
import { expect, test, type Page } from '@playwright/test';
import { asksBeforeLeaving, cards, openSample, planned, queued, startExport } from './support/studio.ts';

const NAMES = ['One', 'Two', 'Three', 'Four', 'Five'];

const states = (page: Page): Promise<(string | null)[]> =>
  cards(page).evaluateAll((all) => all.map((card) => card.getAttribute('data-state')));

test('a held queue keeps its order over a reload, is moved by button, key and hand, and finishes', async ({
  page,
}) => {
  // Room for all of them: a list that scrolls under the pointer is another matter.
  await page.setViewportSize({ width: 1280, height: 1500 });
  await openSample(page);
  await startExport(page, NAMES[0] ?? '');
  await page.getByRole('button', { name: 'Pause One' }).click();
  await expect(page.getByRole('article', { name: 'One', exact: true })).toHaveAttribute(
    'data-state',
    'paused',
  );
  for (const [at, name] of NAMES.slice(1).entries()) {
    await startExport(page, name, at % 2 === 0 ? 'medium' : 'high');
    await page.getByRole('button', { name: `Pause ${name}` }).click();
    await expect(page.getByRole('article', { name, exact: true })).toHaveAttribute('data-state', 'paused');
  }
  expect(await queued(page)).toEqual(NAMES);
  expect(await asksBeforeLeaving(page), 'nothing runs').toBe(false);

  await page.getByRole('button', { name: 'Move Five up in the queue' }).click();
  await expect.poll(() => queued(page)).toEqual(['One', 'Two', 'Three', 'Five', 'Four']);
  await page.getByRole('button', { name: 'Move Five up in the queue' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => queued(page)).toEqual(['One', 'Two', 'Five', 'Three', 'Four']);
  await expect(page.getByTestId('announcer')).toContainText('Five is now number 3 in the queue');
  const grip = await page.locator('.queue-row').nth(2).locator('.job-grip').boundingBox();
  const first = await page.locator('.queue-row').nth(1).boundingBox();
  if (grip === null || first === null) throw new Error('no rows');
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(grip.x + grip.width / 2, first.y + first.height / 2, { steps: 5 });
  await page.mouse.up();
  const order = ['One', 'Five', 'Two', 'Three', 'Four'];
  await expect.poll(() => queued(page)).toEqual(order);

  await page.reload();
  await expect.poll(() => queued(page)).toEqual(order);
  expect(new Set(await states(page))).toEqual(new Set(['paused']));
  await page.getByRole('button', { name: 'Resume all' }).click();
  await expect.poll(() => asksBeforeLeaving(page), { timeout: 60_000 }).toBe(true);
  await expect
    .poll(async () => new Set(await states(page)), { timeout: 300_000 })
    .toEqual(new Set(['completed']));
  await expect(page.locator('.queue-row')).toHaveCount(0);
  expect(await asksBeforeLeaving(page), 'nothing runs any more').toBe(false);
});

test('while something renders the screen is kept on, and not longer', async ({ page }) => {
  await page.addInitScript(() => {
    const held: unknown[] = [];
    const request = WakeLock.prototype.request;
    Object.assign(window, { wakeLocks: held });
    WakeLock.prototype.request = async function (this: WakeLock, type) {
      const lock = await request.call(this, type);
      held.push(lock);
      lock.addEventListener('release', () => held.splice(held.indexOf(lock), 1));
      return lock;
    };
  });
  const held = (): Promise<number> =>
    page.evaluate(() => (window as unknown as { wakeLocks: unknown[] }).wakeLocks.length);
  await openSample(page);
  expect(await held()).toBe(0);
  await startExport(page, 'Bright', 'high');
  await expect.poll(held).toBe(1);
  await expect(cards(page).first()).toHaveAttribute('data-state', 'completed', { timeout: 120_000 });
  await expect.poll(held).toBe(0);
});

test('a changed project makes an export out of date, undo takes that back, and again renders only what changed', async ({
  page,
}) => {
  await openSample(page);
  await startExport(page, 'Reel', 'high');
  const card = cards(page).first();
  await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  const badge = page.locator('.job-stale');
  await expect(badge).toHaveCount(0);
  // What it is called shows in no picture.
  const name = page.getByRole('textbox', { name: 'Name of range 3', exact: true });
  await name.fill('Another name');
  await name.press('Enter');
  await page.getByRole('button', { name: 'Range 2: Mist in the pines' }).click();
  await page.getByRole('button', { name: 'Move range 2 up' }).click();
  await expect(badge).toContainText('Out of date');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(badge).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(badge).toHaveCount(1);
  // It is still so after a reload: the record says it.
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(badge).toContainText('Out of date');
  await badge.getByRole('button', { name: 'Export again' }).click();
  await expect(cards(page)).toHaveCount(2);
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await expect(badge).toHaveCount(1);
  await cards(page).first().getByText('Details').click();
  await expect(cards(page).first().locator('.receipts-sum')).toContainText(/Reused: [1-9]/);
});

test('a failed or cancelled export is tried again as the same record', async ({ page }) => {
  await openSample(page);
  await startExport(page, 'Stopped', 'high');
  await page.getByRole('article', { name: 'Stopped' }).getByRole('button', { name: 'Cancel export' }).click();
  await page.getByRole('button', { name: 'Stop it' }).click();
  await expect(cards(page).first()).toHaveAttribute('data-status', 'cancelled', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(cards(page).first()).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  await expect(cards(page)).toHaveCount(1);
  // Pinned: no countdown any more; unpinned: a new one.
  const card = cards(page).first();
  await expect(card.getByText('7 days left')).toBeVisible();
  await card.getByRole('button', { name: 'Keep for ever' }).click();
  await expect(card.getByText('Kept for ever')).toBeVisible();
  await expect(card.getByText('7 days left')).toHaveCount(0);
  await card.getByRole('button', { name: 'Let it expire again' }).click();
  await expect(card.getByText('7 days left')).toBeVisible();
  await planned(page);
});

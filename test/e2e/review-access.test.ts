/** Reviewing as a guest, with the keyboard alone, on a phone; and for axe. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import {
  comments,
  drag,
  Elsewhere,
  field,
  openReview,
  playhead,
  showComments,
  take,
  write,
} from './support/review.ts';
import { openSample } from './support/studio.ts';

const FILM = 'Sunrise.mp4';

async function expectNothingSerious(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    where,
  ).toEqual([]);
}

test('a guest comments, and is told why nothing can be taken away', async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  });
  await openSample(page);
  for (const query of ['?role=guest_reviewer', '?role=somebody', '?role=guest_reviewer&guestCsv=1']) {
    await page.goto(`/${query}`);
    await expect(field(page)).toBeEnabled({ timeout: 30_000 });
    const note = page.getByRole('note');
    await expect(note).toContainText('You are here as a guest');
    if (query.endsWith('guestCsv=1')) await expect(note).toContainText('CSV');
    await expect(page.getByRole('button', { name: 'Export', exact: true })).toHaveCount(0);
    await expect(page.getByRole('combobox', { name: 'Quality' })).toHaveCount(0);
  }
  await write(page, 'A guest was here');
  await expect(comments(page)).toHaveCount(1);
  await page.getByRole('tab', { name: /^Reel and export/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the comments as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  expect(await readFile(await download.path(), 'utf8')).toContain('A guest was here');
  await page.goto('/?role=reviewer');
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeVisible({ timeout: 30_000 });
});

test('everything with the keyboard alone: write, draw, place, send, find, answer, delete', async ({
  page,
  context,
}) => {
  await openReview(page);
  await page.locator('body').press('KeyM');
  await page.keyboard.type('Mind the logo');
  const tool = page.getByRole('button', { name: 'Draw a box' });
  await tool.focus();
  await page.keyboard.press('Enter');
  const shape = page.getByRole('button', { name: /^Box 1/ });
  await expect(shape).toBeFocused();
  await expect(shape).toHaveAccessibleName('Box 1: 38 %, 38 %');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(shape).toHaveAccessibleName('Box 1: 37 %, 33 %');
  const left = page.getByRole('spinbutton', { name: 'Left, percent' });
  await left.focus();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await shape.focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Enter');
  const elsewhere = await Elsewhere.open(context);
  const [stored] = await elsewhere.stored(FILM, 1);
  expect(stored?.shapes).toMatchObject([
    { kind: 'box', x: 0.1, y: expect.closeTo(0.33, 2) as unknown as number },
  ]);

  await page.keyboard.press('BracketRight');
  await page.keyboard.press('Slash');
  await page.keyboard.type('logo');
  await page.keyboard.press('Escape');
  await page
    .getByRole('button', { name: /^Comment 1/ })
    .last()
    .focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Reply' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Done');
  await page.keyboard.press('Enter');
  await expect(comments(page)).toContainText('Done');
  await page.getByRole('button', { name: 'Delete comment 1' }).focus();
  await page.keyboard.press('Enter');
  await expect(comments(page)).toHaveCount(0);
  await expect(page.getByTestId('announcer')).toContainText('Comment 1 deleted');
});

test('the settings: who signs, and how long a comment without a length is shown', async ({ page }) => {
  await openReview(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Your name' }).fill('Ana Ruiz');
  const seconds = dialog.getByRole('spinbutton', { name: /Seconds that a comment/ });
  await expect(seconds).toHaveValue('3');
  await seconds.fill('0.04');
  await seconds.press('Enter');
  await expect(seconds).toHaveValue('0.1');
  await page.keyboard.press('Escape');
  await write(page, 'Signed');
  await expect(comments(page)).toContainText('Ana Ruiz');
  const painted = page.getByTestId('painted');
  for (const numbers of ['1', '1', '1', '']) {
    await expect(painted).toHaveAttribute('data-numbers', numbers);
    await page.locator('body').press('ArrowRight');
  }
});

for (const [name, width, height, colorScheme, locale] of [
  ['wide, dark, English', 1280, 800, 'dark', 'en-US'],
  ['wide, light, Korean', 1280, 800, 'light', 'ko-KR'],
  ['phone, dark, Korean', 390, 844, 'dark', 'ko-KR'],
  ['phone, light, English', 390, 844, 'light', 'en-US'],
] as const) {
  test(`nothing serious: ${name}`, async ({ browser, baseURL }) => {
    const narrow = width < 820;
    const context = await browser.newContext({
      ...{ viewport: { width, height }, colorScheme, locale },
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto('/');
    await page.locator('.welcome-sample button').click();
    await expect(page.locator('.clips > li')).toHaveCount(4, { timeout: 60_000 });
    const elsewhere = await Elsewhere.open(context);
    await elsewhere.add(FILM, [
      {
        timeUs: 0,
        text: 'One',
        author: 'Ana',
        category: 'Grade',
        shapes: [{ kind: 'box', x: 0.1, y: 0.1, w: 0.2, h: 0.2 }],
      },
      { timeUs: 5_000_000, durationUs: 1_000_000, text: '둘', author: '', color: '#ffffff' },
      { timeUs: null, text: 'Old', author: 'Bo' },
    ]);
    const room = (id: string): Promise<void> => page.locator(narrow ? `#tab-${id}` : `#side-${id}`).click();
    await room('comments');
    await expect(page.locator('.comment')).toHaveCount(3);
    await page.locator('.comment-go').first().click();
    await page.locator('.comment-resolve').nth(1).click();
    await page.locator('.filter-button').click();
    await expectNothingSerious(page, 'the list');
    if (narrow) await room('player');
    await expectNothingSerious(page, 'the player with flags');
    await page.locator('.composer textarea').fill('Something');
    await page.locator('.draw-tools button').first().click();
    await drag(page, [0.2, 0.2], [0.6, 0.6]);
    await expect(page.locator('.drawn.is-selected')).toBeVisible();
    await expectNothingSerious(page, 'writing and drawing');
    // The picture is still large enough to draw on, and nothing is wider than the screen.
    const layer = await page.getByTestId('draw-layer').boundingBox();
    expect(layer?.width).toBeGreaterThan(narrow ? 300 : 500);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const small = await page.locator('.composer button:visible, .comment-flag:visible').evaluateAll((all) =>
      all
        .map(
          (button) =>
            ({
              name: button.ariaLabel ?? button.textContent,
              ...button.getBoundingClientRect().toJSON(),
            }) as DOMRect & { name: string },
        )
        .filter((box) => box.width < 24 || box.height < 24)
        .map((box) => box.name),
    );
    expect(small).toEqual([]);
    await page.locator('.composer .button-primary').click();
    if (narrow) await room('comments');
    await expect(page.locator('.comment')).toHaveCount(4);
    await context.close();
  });
}

test('on a phone: a comment is edited where the picture is, and searched for in its room', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(playhead(page)).toHaveAttribute('aria-valuetext', /00:00/, { timeout: 60_000 });
  await expect(field(page)).toBeEnabled();
  await write(page, 'On the way');
  await showComments(page);
  await comments(page)
    .getByRole('button', { name: /^Comment 1/ })
    .click();
  await comments(page).getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Player' })).toHaveAttribute('aria-selected', 'true');
  await expect(field(page)).toBeFocused();
  await take(page, 'Draw an arrow');
  await drag(page, [0.2, 0.2], [0.5, 0.5]);
  await page.getByRole('button', { name: 'Save' }).click();
  await showComments(page);
  await expect(comments(page)).toContainText('1 drawing');
});

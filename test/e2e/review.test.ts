/** Comments: written on a frame or over a range, drawn, saved, taken back. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import {
  comments,
  drag,
  Elsewhere,
  field,
  goTo,
  openReview,
  painted,
  playhead,
  saved,
  take,
  write,
} from './support/review.ts';

const FILM = 'Sunrise.mp4';
const FRAME_US = 40_000;

test('a comment is about the frame on display, and is there after a reload', async ({ page, context }) => {
  await openReview(page);
  await goTo(page, '00:00:01:05');
  await page.keyboard.press('KeyM');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('해가 너무 <b>빨리</b> 뜹니다');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Hold it');
  await page.getByRole('textbox', { name: 'Your name' }).fill('김하늘');
  await page.getByRole('combobox', { name: 'Category' }).fill('Grade');
  await page.getByRole('radio', { name: 'Blue' }).check({ force: true });
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(comments(page)).toHaveCount(1);
  await expect(comments(page)).toContainText('해가 너무 <b>빨리</b> 뜹니다\nHold it');
  await saved(page);
  const elsewhere = await Elsewhere.open(context);
  const [stored] = await elsewhere.stored(FILM, 1);
  expect(stored).toMatchObject({
    text: '해가 너무 <b>빨리</b> 뜹니다\nHold it',
    author: '김하늘',
    category: 'Grade',
    color: '#4096ff',
    timeUs: 30 * FRAME_US,
    durationUs: null,
  });
  await page.reload();
  await page.getByRole('tab', { name: /^Comments/ }).click();
  await expect(comments(page)).toContainText('김하늘');
  await expect(comments(page)).toContainText('00:00:01:05');
  // The name is remembered.
  await field(page).fill('x');
  await expect(page.getByRole('textbox', { name: 'Your name' })).toHaveValue('김하늘');
});

test('typing stops the player; with in and out marked it is about the range; Escape gives up', async ({
  page,
  context,
}) => {
  await openReview(page);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await field(page).pressSequentially('Never sent');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('');

  await goTo(page, '00:00:02:00');
  await page.keyboard.press('KeyI');
  await goTo(page, '00:00:03:24');
  await page.keyboard.press('KeyO');
  await expect(field(page)).toHaveAttribute('placeholder', 'Comment on 00:00:02:00 – 00:00:04:00');
  await write(page, 'Two seconds');
  await expect(comments(page)).toContainText('00:00:02:00 – 00:00:04:00');
  const elsewhere = await Elsewhere.open(context);
  const [stored] = await elsewhere.stored(FILM, 1);
  expect(stored).toMatchObject({ timeUs: 50 * FRAME_US, durationUs: 50 * FRAME_US });
  // On its first and its last frame, and not on those before and after.
  for (const [time, numbers] of [
    ['00:00:01:24', ''],
    ['00:00:02:00', '1'],
    ['00:00:03:24', '1'],
    ['00:00:04:00', ''],
  ] as const) {
    await goTo(page, time);
    await expect(painted(page)).toHaveAttribute('data-numbers', numbers);
  }
});

test('Enter that ends a Korean syllable does not send', async ({ page }) => {
  await openReview(page);
  await field(page).fill('하');
  await field(page).dispatchEvent('keydown', {
    key: 'Enter',
    code: 'Enter',
    isComposing: true,
    bubbles: true,
  });
  await field(page).dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true });
  await expect(field(page)).toHaveValue('하');
  await field(page).press('Enter');
  await expect(comments(page)).toHaveCount(1);
});

test('every shape is stored as parts of the picture, and painted where it was drawn', async ({
  page,
  context,
}) => {
  await openReview(page);
  await goTo(page, '00:00:02:00');
  await field(page).fill('Look here');
  await take(page, 'Draw a box');
  await drag(page, [0.2, 0.3], [0.5, 0.6]);
  await take(page, 'Draw an ellipse');
  await drag(page, [0.9, 0.4], [0.7, 0.1]);
  const before = await page.getByTestId('draw-layer').boundingBox();
  await take(page, 'Draw an arrow');
  await drag(page, [0.1, 0.9], [0.4, 0.7]);
  // What is selected has its numbers shown: the picture must not move for them.
  await expect(page.getByRole('spinbutton', { name: 'Head from the left, percent' })).toBeVisible();
  expect(await page.getByTestId('draw-layer').boundingBox()).toEqual(before);
  await take(page, 'Draw freehand');
  await drag(page, [0.6, 0.8], [0.7, 0.9], [0.8, 0.8]);
  await take(page, 'Draw freehand');
  await take(page, 'Write on the picture');
  await drag(page, [0.05, 0.1], [0.05, 0.1]);
  await page.getByRole('textbox', { name: 'Text on the picture' }).fill('로고');
  await expect(painted(page)).toHaveAttribute('data-numbers', '1');
  // The painter's picture has something at the edge of the box, and nothing inside of it.
  await expect
    .poll(() =>
      painted(page).evaluate((canvas: HTMLCanvasElement) => {
        const context = canvas.getContext('2d');
        const alpha = (x: number, y: number): number =>
          context?.getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data[3] ??
          -1;
        return [alpha(0.35, 0.3) > 200, alpha(0.5, 0.45) > 200, alpha(0.35, 0.45)];
      }),
    )
    .toEqual([true, true, 0]);
  await page.getByRole('button', { name: 'Send' }).click();
  const elsewhere = await Elsewhere.open(context);
  const [stored] = await elsewhere.stored(FILM, 1);
  const near = (value: number): number => expect.closeTo(value, 2) as unknown as number;
  expect(stored?.shapes.slice(0, 3)).toEqual([
    { kind: 'box', x: near(0.2), y: near(0.3), w: near(0.3), h: near(0.3) },
    { kind: 'ellipse', x: near(0.7), y: near(0.1), w: near(0.2), h: near(0.3) },
    { kind: 'arrow', x1: near(0.1), y1: near(0.9), x2: near(0.4), y2: near(0.7) },
  ]);
  const [, , , stroke, text] = stored?.shapes ?? [];
  expect(text).toEqual({ kind: 'text', x: near(0.05), y: near(0.1), text: '로고' });
  const points = stroke?.kind === 'freehand' ? stroke.points : [];
  expect(points.length).toBeGreaterThan(4);
  expect([points[0], points.at(-1)]).toEqual([
    [near(0.6), near(0.8)],
    [near(0.8), near(0.8)],
  ]);
});

test('shapes are moved, resized, typed and removed; strokes are taken back', async ({ page, context }) => {
  await openReview(page);
  await field(page).fill('Box');
  await take(page, 'Draw a box');
  await drag(page, [0.2, 0.2], [0.4, 0.4]);
  const shape = page.getByRole('button', { name: /^Box 1/ });
  await expect(shape).toBeFocused();
  // By its edge, and by a corner.
  await drag(page, [0.3, 0.2], [0.4, 0.3]);
  await drag(page, [0.5, 0.5], [0.7, 0.6]);
  const width = page.getByRole('spinbutton', { name: 'Width, percent' });
  await expect(width).toHaveValue(/^(39\.\d|40(\.\d)?)$/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await width.fill('25');
  await expect(shape).toHaveAccessibleName('Box 1: 31 %, 35 %');
  await take(page, 'Take the last stroke back');
  await expect(shape).toHaveAccessibleName('Box 1: 31 %, 35 %');
  await shape.focus();
  await expect(width).toHaveValue(/^(39\.\d|40(\.\d)?)$/);
  await take(page, 'Draw it again');
  await take(page, 'Draw an ellipse');
  await drag(page, [0.7, 0.7], [0.9, 0.9]);
  await page.getByRole('button', { name: /^Ellipse 2/ }).press('Delete');
  await page.getByRole('button', { name: 'Send' }).click();
  const elsewhere = await Elsewhere.open(context);
  const [stored] = await elsewhere.stored(FILM, 1);
  const near = (value: number): number => expect.closeTo(value, 2) as unknown as number;
  expect(stored?.shapes).toEqual([{ kind: 'box', x: near(0.31), y: near(0.35), w: 0.25, h: near(0.3) }]);
});

test('undo and redo go through comments and ranges in one line; deleting can be taken back', async ({
  page,
}) => {
  await openReview(page);
  await write(page, 'First');
  await goTo(page, '00:00:01:00');
  await write(page, 'Second');
  await page.getByRole('button', { name: 'Delete comment 2' }).click();
  await expect(comments(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(comments(page)).toHaveCount(2);
  await page.locator('body').press('Control+KeyZ');
  await expect(comments(page)).toHaveCount(1);
  await page.locator('body').press('Control+Shift+KeyZ');
  await expect(comments(page)).toHaveCount(2);
  await comments(page)
    .nth(1)
    .getByRole('button', { name: /^Comment 2/ })
    .click();
  await comments(page).nth(1).getByRole('button', { name: 'Edit', exact: true }).click();
  await field(page).fill('Second, changed');
  await field(page).press('Enter');
  await expect(comments(page).nth(1)).toContainText('Second, changed');
  await page.locator('body').press('Control+KeyZ');
  await expect(comments(page).nth(1)).not.toContainText('changed');
  // Delete removes what is selected here.
  await page.locator('body').press('Delete');
  await expect(comments(page)).toHaveCount(1);
});

test('of a turned picture, shapes are parts of what is seen', async ({ page, context }) => {
  const file = await generateClip({ clipId: 61, seconds: 2, width: 360, height: 640, rotation: 90 });
  await page.goto('/');
  await page.getByTestId('file-input').setInputFiles([file]);
  await expect(field(page)).toBeEnabled({ timeout: 60_000 });
  await expect(playhead(page)).toHaveAttribute('aria-valuetext', /00:00:00/);
  await field(page).fill('Turned');
  await take(page, 'Draw a box');
  await expect(page.getByTestId('draw-layer')).toBeVisible();
  const [screen, layer] = await Promise.all([
    page.locator('.viewer > canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.height),
    page.getByTestId('draw-layer').boundingBox(),
  ]);
  expect(screen).toBeLessThan(1);
  expect((layer?.width ?? 0) / (layer?.height ?? 1)).toBeCloseTo(screen, 1);
  await drag(page, [0.1, 0.1], [0.9, 0.5]);
  await page.getByRole('button', { name: 'Send' }).click();
  const elsewhere = await Elsewhere.open(context);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const [stored] = await elsewhere.stored(name, 1);
  const near = (value: number): number => expect.closeTo(value, 2) as unknown as number;
  expect(stored?.shapes).toEqual([{ kind: 'box', x: near(0.1), y: near(0.1), w: near(0.8), h: near(0.4) }]);
});

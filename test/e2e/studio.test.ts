/** The studio as a new user meets it: the built site, a plain static server, the sample project. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { isReadable, readMarks } from '../fixtures/read.ts';
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchRequests } from './support/foreign.ts';

/** Errors of the page, and what the Content-Security-Policy stopped. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

async function openSample(page: Page, base: string): Promise<void> {
  await page.goto(base);
  await page.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem')).toHaveCount(
    4,
    {
      timeout: 60_000,
    },
  );
}

/** Saves by download: the save dialog of the operating system cannot be driven. */
async function saveToDisk(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('export-card').first().getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const path = join(await mkdtemp(join(tmpdir(), 'reelkeep-')), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  });
});

for (const [where, base] of [
  ['at the root', () => '/'],
  ['in a sub-folder', () => process.env['REELKEEP_SUBFOLDER_URL'] ?? '/'],
] as const) {
  test(`the sample project exports with two clicks, ${where}, and nothing leaves the origin`, async ({
    page,
  }) => {
    const errors = watchErrors(page);
    const nothingLeft = watchRequests(page);
    await openSample(page, base());
    await expect(page.getByRole('region', { name: 'What will be done' })).toContainText(/of 4 ranges/);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const card = page.getByTestId('export-card').first();
    await expect(card).toHaveAttribute('data-status', 'completed', { timeout: 240_000 });

    await card.getByRole('button', { name: 'Play the file' }).click();
    const video = card.locator('video');
    await expect
      .poll(() => video.evaluate((element: HTMLVideoElement) => element.readyState))
      .toBeGreaterThan(1);

    const report = await readMarks(await saveToDisk(page));
    const frames = report.frames.map((frame) => (isReadable(frame) ? frame.frame : -1));
    const span = (first: number, stop: number): number[] =>
      Array.from({ length: stop - first }, (_, i) => first + i);
    expect(frames).toEqual([...span(0, 100), ...span(187, 239), ...span(0, 120), ...span(240, 300)]);
    expect(report.log).toEqual([]);
    expect(errors).toEqual([]);
    nothingLeft();
  });
}

test('the document and its files are there after a reload; undo and redo', async ({ page }) => {
  await openSample(page, '/');
  const list = page.getByRole('list', { name: 'Ranges in playing order' });
  await page.getByRole('button', { name: 'Range 2: Mist in the pines' }).click();
  await page.getByRole('button', { name: 'Delete range 2' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await page.getByRole('textbox', { name: 'Name of range 1', exact: true }).fill('새벽 <b>빛</b>');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(page.getByRole('textbox', { name: 'Name of range 1', exact: true })).toHaveValue(
    '새벽 <b>빛</b>',
  );
  await expect(
    page.getByRole('list', { name: 'Imported files' }).getByRole('button', { name: /^Open / }),
  ).toHaveCount(2);
  // The sample's files were kept as private copies: nothing has to be linked again.
  await expect(page.getByRole('button', { name: 'Link again' })).toHaveCount(0);
});

test('keys step by frames, mark a range and add it', async ({ page }) => {
  await openSample(page, '/');
  await page.getByRole('button', { name: 'Open Sunrise.mp4' }).click();
  const playhead = page.getByRole('slider', { name: 'Playhead' });
  await expect(playhead).toHaveAttribute('aria-valuetext', /00:00:00:00/, { timeout: 30_000 });
  await page.locator('body').click({ position: { x: 640, y: 5 } });
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
  await expect(playhead).toHaveAttribute('aria-valuetext', /00:00:00:05/);
  await page.keyboard.press('KeyI');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(playhead).toHaveAttribute('aria-valuetext', /00:00:01:05/);
  await page.keyboard.press('KeyO');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem')).toHaveCount(
    5,
  );
  await expect(page.getByRole('textbox', { name: 'Start of range 5' })).toHaveValue('00:00:00:05');
  // Out is the frame on display: the range ends after it.
  await expect(page.getByRole('textbox', { name: 'End of range 5' })).toHaveValue('00:00:01:06');
});

test('files that cannot be read get a sentence each, and the rest of the import goes on', async ({
  page,
}) => {
  await page.goto('/');
  const good = await generateClip({ clipId: 2 });
  await page.getByTestId('file-input').setInputFiles([good, ...(await brokenFiles())]);
  await expect(
    page.getByRole('list', { name: 'Imported files' }).getByRole('button', { name: /^Open / }),
  ).toHaveCount(1, {
    timeout: 60_000,
  });
  const imports = page.getByRole('region', { name: 'Imports' });
  await expect(imports.getByText(/empty/i).first()).toBeVisible();
  await expect(imports.getByText(/text/i).first()).toBeVisible();
});

async function brokenFiles(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reelkeep-bad-'));
  const empty = join(folder, 'empty.mp4');
  const text = join(folder, 'notes.mp4');
  await writeFile(empty, '');
  await writeFile(text, 'These are my notes. '.repeat(50));
  return [empty, text];
}

test('Korean, dark and light', async ({ page }) => {
  await openSample(page, '/');
  await page.getByRole('button', { name: '한국어' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByRole('button', { name: '내보내기', exact: true })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});

test('a drop of several files and a chosen folder are imported', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
  const first = await generateClip({ clipId: 2 });
  const second = await generateClip({ clipId: 3, seconds: 2 });
  const bytes = (await readFile(first)).toString('base64');
  const transfer = await page.evaluateHandle((base64) => {
    const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([data], 'dropped.mp4', { type: 'video/mp4' }));
    dropped.items.add(new File([], 'empty.mp4', { type: 'video/mp4' }));
    return dropped;
  }, bytes);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  const files = page.getByRole('list', { name: 'Imported files' }).getByRole('button', { name: /^Open / });
  await expect(files).toHaveCount(1, { timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Imports' }).getByText(/empty/i).first()).toBeVisible();

  const folder = await mkdtemp(join(tmpdir(), 'reelkeep-folder-'));
  await mkdir(join(folder, 'card', 'DCIM'), { recursive: true });
  await copyFile(second, join(folder, 'card', 'DCIM', 'clip.mp4'));
  await writeFile(join(folder, 'card', 'notes.txt'), 'not a film '.repeat(40));
  await page.getByTestId('folder-input').setInputFiles(folder);
  await expect(files).toHaveCount(2, { timeout: 60_000 });
});

test('a range is changed by dragging its edge on the time line, and undone in one step', async ({ page }) => {
  await openSample(page, '/');
  await page.getByRole('button', { name: 'Open Sunrise.mp4' }).click();
  await expect(page.getByRole('slider', { name: 'Playhead' })).toHaveAttribute(
    'aria-valuetext',
    /00:00:00:00/,
  );
  const end = page.getByRole('textbox', { name: 'End of range 1' });
  await expect(end).toHaveValue('00:00:04:00');
  const box = await page.getByTestId('timeline-canvas').boundingBox();
  if (box === null) throw new Error('no time line');
  // The whole 10 s fit the width; the edge of the first range lies at 4 s.
  await expect(page.getByText('5 key frames')).toBeVisible();
  const at = (seconds: number): number => box.x + 1 + ((box.width - 12) * seconds) / 10;
  const y = box.y + box.height * 0.7;
  await page.mouse.move(at(4) - 2, y);
  await page.mouse.down();
  await page.mouse.move(at(4.6), y, { steps: 4 });
  await page.mouse.move(at(5), y, { steps: 4 });
  await page.mouse.up();
  await expect(end).not.toHaveValue('00:00:04:00');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(end).toHaveValue('00:00:04:00');
});

/** Opens a file of the sample, so that its frames are known and its first one is shown. */
async function openFile(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Open ${name}` }).click();
  await expect(page.getByRole('slider', { name: 'Playhead' })).toHaveAttribute(
    'aria-valuetext',
    /00:00:00[:;]00/,
    { timeout: 30_000 },
  );
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled({ timeout: 30_000 });
  await expect(page.getByText(/^\d+ key frames?$/)).toBeVisible({ timeout: 30_000 });
}

test('the keys mark and add a range right after a button was clicked', async ({ page }) => {
  await openSample(page, '/');
  await openFile(page, 'Night harbour.mp4');
  await page.keyboard.press('KeyI');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('KeyO');
  await page.keyboard.press('Enter');
  const list = page.getByRole('list', { name: 'Ranges in playing order' });
  await expect(list.getByRole('listitem')).toHaveCount(5);
  await expect(page.getByRole('textbox', { name: 'Start of range 5' })).toHaveValue(/^00:00:00[:;]00$/);
  await expect(page.getByRole('textbox', { name: 'End of range 5' })).toHaveValue(/^00:00:01[:;]00$/);
  // A button that was reached by key keeps the focus and its own keys.
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await expect(undo).toBeFocused();
});

test('a field of times says how it reads what is typed', async ({ page }) => {
  await openSample(page, '/');
  await openFile(page, 'Sunrise.mp4');
  const start = page.getByRole('textbox', { name: 'In', exact: true });
  const hint = page.locator('.time-hint');
  await expect(hint).toHaveCount(0);
  await start.focus();
  await expect(hint).toContainText('0.5seconds');
  await expect(hint).toContainText('29frames');
  await expect(start).toHaveAccessibleDescription(/0\.5: seconds; 29: frames; 1:02:10: minutes/);
  await start.fill('0.52');
  await expect(hint).toContainText('0.52 is read as 00:00:00:13');
  await start.press('Enter');
  await expect(start).toHaveValue('00:00:00:13');
  await expect(hint).toHaveCount(0);
  const end = page.getByRole('textbox', { name: 'Out', exact: true });
  await end.fill('29');
  await expect(hint).toContainText('29 is read as 00:00:01:04');
  await end.fill('soon');
  await expect(hint).not.toContainText('is read as');
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('textbox', { name: '끝점', exact: true }).fill('29');
  await expect(hint).toContainText('29 입력 시 00:00:01:04');
});

test('the question mark opens the shortcuts, wherever the keyboard has it, but not while typing', async ({
  page,
}) => {
  await openSample(page, '/');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  // As typed on a keyboard with another layout: the sign, without the Shift and Slash of an American one.
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.getByRole('radio', { name: 'MOV' }).check();
  await expect(page.getByRole('radio', { name: 'MOV' })).toBeFocused();
  await page.keyboard.press('Shift+Slash');
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Project name' }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('textbox', { name: 'Project name' })).toHaveValue(/\?/);
  await expect(help).toBeHidden();
});

test('files that are only linked are told of once, and kept together', async ({ page }) => {
  await page.goto('/');
  const files = [await generateClip({ clipId: 2 }), await generateClip({ clipId: 3, seconds: 2 })];
  await page.getByTestId('file-input').setInputFiles(files);
  const list = page.getByRole('list', { name: 'Imported files' });
  await expect(list.getByRole('button', { name: /^Open / })).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByText('2 files are only linked until the page is reloaded.')).toHaveCount(1);
  await expect(list.getByTitle('Only linked until the page is reloaded.')).toHaveCount(2);
  await page.getByRole('button', { name: 'Keep private copies' }).click();
  await expect(page.getByTestId('announcer')).toContainText('2 private copies kept', { timeout: 60_000 });
  // One alone, by its details; the note then needs no answer.
  await page.getByTestId('file-input').setInputFiles(await generateClip({ clipId: 22, seconds: 1 }));
  await expect(page.getByText('1 file is only linked until the page is reloaded.')).toHaveCount(1, {
    timeout: 60_000,
  });
  await list
    .getByRole('button', { name: /^Open / })
    .last()
    .click();
  await page.getByText('File details').click();
  await page.getByRole('region', { name: 'File details' }).getByText('Keep a private copy').click();
  await expect(page.getByTestId('announcer')).toContainText('Private copy kept', { timeout: 60_000 });
  await expect(page.getByText(/only linked until/)).toHaveCount(0);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(list.getByRole('button', { name: /^Open / })).toHaveCount(3, { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Link again' })).toHaveCount(0);
});

test('a mark after a burst of steps is the frame that was asked for', async ({ page }) => {
  await openSample(page, '/');
  await openFile(page, 'Night harbour.mp4');
  // In one go, so that no picture can be drawn in between.
  await page.evaluate(() => {
    const press = (code: string): void => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true }));
    };
    for (let step = 0; step < 12; step += 1) press('ArrowRight');
    press('KeyI');
  });
  await expect(page.getByRole('textbox', { name: 'In', exact: true })).toHaveValue(/^00:00:00[:;]12$/);
});

test('a mark that passes the other one says that it was cleared, in the language of the page', async ({
  page,
}) => {
  await openSample(page, '/');
  await openFile(page, 'Night harbour.mp4');
  await expect(page).toHaveTitle('Reelkeep – private video cuts in the browser');
  await page.keyboard.press('KeyO');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('KeyI');
  await expect(page.getByTestId('announcer')).toContainText('Out was before the new In');
  await expect(page.getByRole('textbox', { name: 'Out', exact: true })).toHaveValue('');
  await page.getByRole('button', { name: '한국어' }).click();
  await expect(page).toHaveTitle(/나만의 영상 편집/);
  const out = page.getByRole('textbox', { name: '끝점', exact: true });
  await out.fill('0');
  await out.press('Enter');
  await expect(page.getByTestId('announcer')).toContainText('시작점이 새 끝점보다 뒤에 있어');
});

test('Escape takes a drag back, on the time line and in the reel', async ({ page }) => {
  await openSample(page, '/');
  await openFile(page, 'Sunrise.mp4');
  const end = page.getByRole('textbox', { name: 'End of range 1' });
  await expect(end).toHaveValue('00:00:04:00');
  await expect(page.getByText('5 key frames')).toBeVisible();
  const box = await page.getByTestId('timeline-canvas').boundingBox();
  if (box === null) throw new Error('no time line');
  const at = (seconds: number): number => box.x + 1 + ((box.width - 12) * seconds) / 10;
  const y = box.y + box.height * 0.7;
  await page.mouse.move(at(4) - 2, y);
  await page.mouse.down();
  await page.mouse.move(at(5), y, { steps: 4 });
  await expect(end).not.toHaveValue('00:00:04:00');
  await page.keyboard.press('Escape');
  await expect(end).toHaveValue('00:00:04:00');
  await page.mouse.move(at(6), y, { steps: 2 });
  await page.mouse.up();
  await expect(end).toHaveValue('00:00:04:00');

  const rows = page.getByRole('list', { name: 'Ranges in playing order' }).getByRole('listitem');
  const names = (): Promise<string[]> =>
    rows
      .getByRole('textbox', { name: /^Name of range/ })
      .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
  const before = await names();
  await rows.first().scrollIntoViewIfNeeded();
  const grip = await rows.first().locator('.clip-grip').boundingBox();
  const next = await rows.nth(1).boundingBox();
  if (grip === null || next === null) throw new Error('no rows');
  const drag = async (): Promise<void> => {
    await page.mouse.move(grip.x + grip.width / 2, grip.y + 8);
    await page.mouse.down();
    await page.mouse.move(grip.x + grip.width / 2, next.y + next.height / 2, { steps: 4 });
    await expect(page.locator('.clip.is-lifted')).toHaveCount(1);
  };
  await drag();
  await page.keyboard.press('Escape');
  await expect(page.locator('.clip.is-lifted')).toHaveCount(0);
  await page.mouse.up();
  expect(await names()).toEqual(before);
  // Without Escape the same drag moves the row.
  await drag();
  await page.mouse.up();
  await expect.poll(names).not.toEqual(before);
});

/** What the player says is on display is what is on the canvas: the frame number is read from the picture itself. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import { decodeMarks } from '../fixtures/marks.ts';
import { premadeClips } from '../fixtures/premade.ts';
import { displayedFrames, type ClipSpec } from '../fixtures/spec.ts';

/** The source frame that is painted on the player's canvas now. */
async function frameOnCanvas(page: Page): Promise<number | null> {
  const picture = await page
    .getByRole('img', { name: /^Picture of/ })
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height);
      const context = copy.getContext('2d');
      context?.drawImage(canvas, 0, 0);
      const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      const luma = Array.from({ length: width * height }, (_, i) => data[i * 4 + 1] ?? 0);
      return { width, height, luma };
    });
  return decodeMarks(Uint8Array.from(picture.luma), picture.width, picture.height)?.frame ?? null;
}

async function goTo(page: Page, timecode: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Timecode' });
  await field.click();
  await field.fill(timecode);
  await field.press('Enter');
}

const CLIPS: readonly (readonly [string, ClipSpec])[] = [
  ['25 fps with B-frames', { clipId: 16, seconds: 6, gop: 60, bFrames: 3 }],
  ['29.97 fps', { clipId: 17, rate: { num: 30000, den: 1001 }, seconds: 6, gop: 120 }],
  ['rotation by 90°', { clipId: 18, seconds: 4, rotation: 90, width: 180, height: 320 }],
  [
    'an AVI that only ffmpeg reads',
    { clipId: 19, seconds: 4, container: 'avi', codec: 'mpeg4', audio: { codec: 'mp3' } },
  ],
];

for (const [name, spec] of CLIPS) {
  test(`shows exactly the frame it names: ${name}`, async ({ page }) => {
    await page.goto('/');
    await page.getByTestId('file-input').setInputFiles(await generateClip(spec));
    const playhead = page.getByRole('slider', { name: 'Playhead' });
    await expect.poll(() => frameOnCanvas(page), { timeout: 90_000 }).toBe(0);
    for (const [timecode, frame] of [
      ['1:10', (spec.rate === undefined ? 25 : 30) + 10],
      ['37', 37],
      ['61', 61],
      ['3', 3],
    ] as const) {
      await goTo(page, timecode);
      await expect.poll(() => frameOnCanvas(page), { message: `after typing ${timecode}` }).toBe(frame);
    }
    await playhead.focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('Period');
    await expect.poll(() => frameOnCanvas(page), { message: 'four frames on' }).toBe(7);
    for (let i = 0; i < 6; i += 1) await page.keyboard.press('Comma');
    await expect.poll(() => frameOnCanvas(page), { message: 'six frames back' }).toBe(1);
    await page.keyboard.press('End');
    const last = Math.round((spec.seconds ?? 3) * (spec.rate === undefined ? 25 : 30000 / 1001)) - 1;
    await expect.poll(() => frameOnCanvas(page), { message: 'the last frame' }).toBe(last);
  });
}

test('a file that the browser cannot decode is shown by a preview, frame by frame', async ({ page }) => {
  const { path, spec } = premadeClips.hevc;
  const frames = displayedFrames(spec).length;
  await page.goto('/');
  await page.getByTestId('file-input').setInputFiles(path);
  await expect.poll(() => frameOnCanvas(page), { timeout: 120_000 }).toBe(0);
  await goTo(page, '20');
  await expect.poll(() => frameOnCanvas(page)).toBe(20);
  await page.getByRole('slider', { name: 'Playhead' }).focus();
  await page.keyboard.press('End');
  await expect.poll(() => frameOnCanvas(page)).toBe(frames - 1);
});

test('plays forward with the clock and stops where it is told', async ({ page }) => {
  await page.goto('/');
  await page
    .getByTestId('file-input')
    .setInputFiles(await generateClip({ clipId: 16, seconds: 6, gop: 60, bFrames: 3 }));
  await expect.poll(() => frameOnCanvas(page), { timeout: 60_000 }).toBe(0);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => frameOnCanvas(page), { timeout: 60_000 }).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Pause' }).click();
  const shown = await frameOnCanvas(page);
  await expect(page.getByText(`frame ${String(shown)} / 150`)).toBeVisible();
});

/** Reviewing in the studio, as a person does it; and what is stored of it, as another page sees it. */
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Annotation, AnnotationInput } from '../../../src/app/api/types.ts';
import { openHost } from './host.ts';
import { openSample } from './studio.ts';

/** The field below the picture. */
export const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Comment', exact: true });
/** The comments in film order. */
export const comments = (page: Page): Locator =>
  page.getByRole('list', { name: 'Comments in film order' }).locator(':scope > li');
/** The comments without a time. */
export const legacy = (page: Page): Locator => page.locator('.comments-legacy .comment');
/** The time on display. */
export const playhead = (page: Page): Locator => page.getByRole('slider', { name: 'Playhead' });
/** Numbers of the comments that are painted on the picture. */
export const painted = (page: Page): Locator => page.getByTestId('painted');

/** Opens the sample with its first film, ready to play. */
export async function openReview(page: Page): Promise<void> {
  await openSample(page);
  await page.getByRole('button', { name: 'Open Sunrise.mp4' }).click();
  await expect(playhead(page)).toHaveAttribute('aria-valuetext', '00:00:00:00', { timeout: 30_000 });
  await expect(field(page)).toBeEnabled();
}

/** Goes to a time by typing it. */
export async function goTo(page: Page, time: string): Promise<void> {
  const timecode = page.getByRole('textbox', { name: 'Timecode' });
  await timecode.fill(time);
  await timecode.press('Enter');
  await expect(playhead(page)).toHaveAttribute('aria-valuetext', time);
}

/** Writes a comment on the frame on display. */
export async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
  await expect(field(page)).toHaveValue('');
}

/** Waits until everything is saved. */
export const saved = (page: Page): Promise<void> =>
  expect(page.getByText('Saved', { exact: true })).toBeVisible();

/** Shows the comments beside the player. */
export const showComments = (page: Page): Promise<void> =>
  page
    .getByRole('tab', { name: /^Comments/ })
    .first()
    .click();

/** Drags on the picture: parts of it, 0..1, from the first point to the last. */
export async function drag(page: Page, ...points: readonly (readonly [number, number])[]): Promise<void> {
  // Where the picture has come to rest: the field below it may just have become higher.
  const box = await page.getByTestId('draw-layer').evaluate(async (layer) => {
    let before: DOMRect | null = null;
    for (;;) {
      const { x, y, width, height } = layer.getBoundingClientRect();
      if (before?.x === x && before.y === y && before.width === width) return { x, y, width, height };
      before = layer.getBoundingClientRect();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  });
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  const [first, ...others] = points;
  if (first === undefined) throw new Error('no points');
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const point of others) await page.mouse.move(...at(point), { steps: 4 });
  await page.mouse.up();
}

/** Takes a drawing tool. */
export const take = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();

/** Another page of the same origin, with the library: it adds comments and tells what is stored. */
export class Elsewhere {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Opens it beside the studio. */
  static async open(context: BrowserContext): Promise<Elsewhere> {
    const page = await context.newPage();
    await openHost(page);
    return new Elsewhere(page);
  }

  /** Adds comments to the file of a name. */
  async add(name: string, items: readonly AnnotationInput[]): Promise<void> {
    await this.#page.evaluate(
      async ({ name, items }) => {
        const asset = (await window.reelkeep.listAssets()).find((one) => one.name === name);
        if (asset === undefined) throw new Error(`no ${name}`);
        await window.reelkeep.addAnnotations(asset.id, items);
      },
      { name, items },
    );
  }

  /** The stored comments of the file of a name, in film order. */
  async list(name: string): Promise<readonly Annotation[]> {
    return this.#page.evaluate(async (name) => {
      const asset = (await window.reelkeep.listAssets()).find((one) => one.name === name);
      if (asset === undefined) throw new Error(`no ${name}`);
      return window.reelkeep.listAnnotations(asset.id);
    }, name);
  }

  /** Waits until so many are stored, and answers with them. */
  async stored(name: string, count: number): Promise<readonly Annotation[]> {
    await expect.poll(async () => (await this.list(name)).length).toBe(count);
    return this.list(name);
  }
}

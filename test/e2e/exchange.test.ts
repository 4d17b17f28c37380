/** Comments and cuts into other programs' texts and back, through the public client on the built site. */
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import type { AnnotationInput, ExchangeFormat } from '../../src/app/api/types.ts';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { importFile, must, openHost } from './support/host.ts';
import { openSample, ranges } from './support/studio.ts';

const SPEC: ClipSpec = {
  clipId: 41,
  seconds: 12,
  rate: { num: 30000, den: 1001 },
  gop: 30,
  width: 640,
  height: 360,
};
/** Time of a frame at 29.97, microseconds. */
const at = (frame: number): number => Math.round((frame * 1_001_000_000) / 30_000);

const COMMENTS: readonly AnnotationInput[] = [
  { timeUs: at(30), durationUs: at(60) - at(30), text: 'Too dark 어두움', author: 'Min', color: '#ff4d4f' },
  { timeUs: at(90), text: '=HYPERLINK("x")\n<script>alert(1)</script>', author: '+Jo' },
  { timeUs: null, text: 'on no frame', author: 'Min' },
];

async function written(page: Page, assetId: string, format: ExchangeFormat) {
  return page.evaluate(
    async ([id, name]) =>
      window.attempt(async () => {
        const made = await window.reelkeep.exportText(name, { assetId: id as never });
        return { name: made.name, losses: made.losses, text: await made.blob.text() };
      }),
    [assetId, format] as const,
  );
}

async function read(page: Page, assetId: string, text: string) {
  return page.evaluate(
    async ([id, body]) =>
      window.attempt(() => window.reelkeep.importText(id as never, new File([body], 'from somewhere.dat'))),
    [assetId, text] as const,
  );
}

const listed = (page: Page, assetId: string) =>
  page.evaluate((id) => window.attempt(() => window.reelkeep.listAnnotations(id as never)), assetId);

test('every format that is written is recognised by what it says, and nothing is lost in silence', async ({
  page,
}) => {
  await openHost(page);
  const clip = await generateClip(SPEC);
  const asset = await importFile(page, clip);
  must(
    await page.evaluate(
      ([id, items]) => window.attempt(() => window.reelkeep.addAnnotations(id as never, items)),
      [asset.id, COMMENTS] as const,
    ),
  );
  const formats: readonly ExchangeFormat[] = [
    'reelkeep-csv',
    'frameio-csv',
    'resolve-edl',
    'avid-markers',
    'fcpxml',
    'xmeml',
    'otio',
    'webvtt',
    'srt',
  ];
  const texts = new Map<ExchangeFormat, Awaited<ReturnType<typeof written>>>();
  for (const format of formats) texts.set(format, await written(page, asset.id, format));
  for (const [format, text] of texts) {
    const made = must(text);
    expect(made.name, format).toMatch(/\.\w+$/);
    // What is here already is recognised, whatever the format has kept of it.
    const report = must(await read(page, asset.id, made.text));
    expect(report.format, format).toBe(format);
    const carried = report.comments.length + report.known;
    const legacy = made.losses.find(({ code }) => code === 'legacy_left_out')?.count ?? 0;
    expect(carried + legacy, `${format}: ${JSON.stringify(made.losses)}`).toBe(COMMENTS.length);
    for (const comment of report.comments) {
      const times = COMMENTS.map(({ timeUs }) => timeUs);
      expect(
        times.some((time) =>
          time === null ? comment.timeUs === null : Math.abs((comment.timeUs ?? -1e9) - time) <= 1000,
        ),
        `${format}: ${JSON.stringify(comment)}`,
      ).toBe(true);
    }
  }
});

test('our own CSV comes back the same, twice changes nothing, in both profiles', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  must(
    await page.evaluate(
      ([id, items]) => window.attempt(() => window.reelkeep.addAnnotations(id as never, items)),
      [asset.id, COMMENTS] as const,
    ),
  );
  const before = must(await listed(page, asset.id));
  const made = must(await written(page, asset.id, 'reelkeep-csv'));
  expect(made.text).not.toMatch(/(^|[,"\n])=HYPERLINK/);
  const report = must(await read(page, asset.id, made.text));
  expect(report).toMatchObject({ format: 'reelkeep-csv', comments: [], known: COMMENTS.length });
  expect(must(await listed(page, asset.id))).toEqual(before);
  // Somewhere else, where nobody has them: the same comments, ids and all.
  await openHost(page, { database: 'elsewhere' });
  const other = await importFile(page, await generateClip(SPEC));
  const moved = must(await read(page, other.id, made.text.replaceAll(asset.id, other.id)));
  expect(moved.comments.map(({ id, timeUs, text, author }) => ({ id, timeUs, text, author }))).toEqual(
    before.map(({ id, timeUs, text, author }) => ({ id, timeUs, text, author })),
  );
});

test('cut lists are answered as ranges, drop frame and all; what is no text of ours is refused', async ({
  page,
}) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const segments = [
    { assetId: asset.id, startUs: at(30), endUs: at(90), label: 'One' },
    { assetId: asset.id, startUs: at(150), endUs: at(240), label: 'Two' },
  ];
  for (const format of ['cmx3600', 'fcpxml', 'xmeml', 'otio', 'losslesscut', 'losslesscut-csv'] as const) {
    const made = must(
      await page.evaluate(
        ([name, list]) =>
          window.attempt(async () => {
            const { blob, losses } = await window.reelkeep.exportText(name, { name: 'Cut', segments: list });
            return { text: await blob.text(), losses };
          }),
        [format, segments] as const,
      ),
    );
    const report = must(await read(page, asset.id, made.text));
    expect(report.format).toBe(format);
    expect(
      report.cuts.map(({ startUs, endUs }) =>
        [startUs, endUs].map((us) => Math.round((us * 30) / 1_001_000)),
      ),
      format,
    ).toEqual([
      [30, 90],
      [150, 240],
    ]);
  }
  const bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>';
  for (const [text, reason] of [
    ['just a letter', 'unknown_format'],
    [`<?xml version="1.0"?>${bomb}<fcpxml version="1.10">&lol2;</fcpxml>`, 'unknown_format'],
    ['<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.10"><resources>', 'broken_document'],
  ] as const) {
    const result = await read(page, asset.id, text);
    expect(result, text).toMatchObject({ failure: { code: 'invalid_spec', reason } });
  }
});

test('in the studio: comments out as a list for another program and back, with what was lost; undo takes it back', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  });
  await openSample(page);
  await page.getByRole('button', { name: 'Hand over or open a review' }).click();
  const section = page.getByRole('region', { name: 'Other programs' });
  await section.getByTestId('exchange-input').setInputFiles({
    name: 'whatever.bin',
    mimeType: '',
    buffer: Buffer.from(
      'WEBVTT\n\n00:01.000 --> 00:02.500\n<v Min>너무 어두워요\n\n00:04.000 --> 00:05.000\n<script>alert(1)</script>\n',
    ),
  });
  await expect(section.getByText('2 new comments')).toBeVisible({ timeout: 60_000 });
  await section.getByLabel('Format').selectOption('Final Cut Pro XML');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    section.getByRole('button', { name: 'Save for another program' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.fcpxml$/);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain('너무 어두워요');
  expect(text).not.toContain('<script>');
  await section
    .getByTestId('exchange-input')
    .setInputFiles({ name: 'a.txt', mimeType: '', buffer: Buffer.from(text) });
  await expect(section.getByText(/Final Cut Pro XML: no new comments/)).toBeVisible({ timeout: 60_000 });
  await section.getByLabel('Format').selectOption('OpenTimelineIO bundle');
  await section.getByLabel('What').selectOption('The reel and its comments');
  const [bundle] = await Promise.all([
    page.waitForEvent('download'),
    section.getByRole('button', { name: 'Save for another program' }).click(),
  ]);
  expect(bundle.suggestedFilename()).toMatch(/\.otioz$/);
  const bytes = await readFile(await bundle.path());
  expect(bytes.includes(Buffer.from('content.otio'))).toBe(true);
  await section.getByTestId('exchange-input').setInputFiles({ name: 'b.bin', mimeType: '', buffer: bytes });
  await expect(section.getByText(/OpenTimelineIO bundle: .*4 ranges/)).toBeVisible({ timeout: 60_000 });
  await expect(ranges(page)).toHaveCount(8);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(ranges(page)).toHaveCount(4);
});

test('a list of comments that is chosen among footage goes to the open film, and what it lost is said', async ({
  page,
}) => {
  await openSample(page);
  await page.getByRole('button', { name: 'Open Sunrise.mp4' }).click();
  await page.getByTestId('file-input').setInputFiles({
    name: 'notes',
    mimeType: '',
    buffer: Buffer.from(
      '1\r\n00:00:01,000 --> 00:00:02,000\r\nToo dark\r\n\r\n2\r\n00:59:00,000 --> 00:59:01,000\r\nFar beyond the end\r\n',
    ),
  });
  const dialog = page.getByRole('dialog', { name: 'Comments and cuts imported' });
  await expect(dialog.getByText(/SubRip subtitles: 1 new comment/)).toBeVisible({ timeout: 60_000 });
  await expect(
    dialog.getByRole('list', { name: 'What was not carried over' }).getByRole('listitem'),
  ).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
});

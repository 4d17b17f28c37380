/** The public client API on the built `embed.js`, in a page of somebody else's. */
import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { watchRequests } from './support/foreign.ts';
import { hostHtml, importFile, must, openHost, planExport, runExport } from './support/host.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const SPEC: ClipSpec = { clipId: 14, seconds: 6, gop: 50 };

test('plan, export, watch, list, files, delete, close', async ({ page }) => {
  const nothingLeft = watchRequests(page);
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const again = await importFile(page, await generateClip(SPEC));
  expect(again.id, 'the same file is the same asset').toBe(asset.id);
  const outcome = await page.evaluate(async (assetId) => {
    const { reelkeep } = window;
    const spec = {
      version: 1,
      name: 'Match day',
      type: 'combined',
      segments: [
        { assetId, startUs: 2_000_000, endUs: 4_000_000, label: 'Goal' },
        { assetId, startUs: 520_000, endUs: 1_840_000 },
      ],
    } as const;
    const plan = await reelkeep.planExport(spec);
    const made = await reelkeep.createExport(spec);
    const heard: number[] = [];
    const channel = new BroadcastChannel(`export:progress:${made.id}`);
    channel.onmessage = ({ data }: MessageEvent<{ percent: number }>) => heard.push(data.percent);
    const percents: number[] = [];
    const stages = new Set<string>();
    for await (const progress of reelkeep.watchExport(made.id)) {
      percents.push(progress.percent);
      stages.add(progress.stage);
    }
    const ended = await reelkeep.whenExportEnds(made.id);
    const [file] = await reelkeep.getExportFiles(made.id);
    const blob = await file?.blob();
    const second = await reelkeep.createExport(spec);
    const reused = await reelkeep.whenExportEnds(second.id);
    const listed = await reelkeep.listExports();
    const completed = await reelkeep.listExports({ status: 'completed', limit: 1 });
    await reelkeep.deleteExport(made.id);
    const gone = await window.attempt(() => reelkeep.getExport(made.id));
    const capabilities = await reelkeep.capabilities();
    await reelkeep.close();
    const closed = await window.attempt(() => reelkeep.listAssets());
    channel.close();
    return {
      plan,
      ended,
      percents,
      stages: [...stages],
      heard,
      file: { name: file?.name, bytes: file?.bytes, type: file?.type, size: blob?.size },
      reused: reused.receipts.map((receipt) => receipt.reused),
      listed: { total: listed.total, first: listed.exports[0]?.id === second.id },
      completed: { total: completed.total, shown: completed.exports.length },
      gone,
      closed,
      capabilities,
    };
  }, asset.id);
  expect(outcome.plan.summary).toEqual({
    copied: 1,
    smart: [],
    encoded: [{ clip: 1, reason: 'starts_off_key_frame' }],
    sound: 'encoded',
  });
  expect(outcome.ended).toMatchObject({ status: 'completed', stage: 'verifying', percent: 100, error: null });
  expect(outcome.ended.certificate?.passed).toBe(true);
  expect(outcome.ended.receipts.length).toBeGreaterThan(2);
  expect(outcome.percents).toEqual([...outcome.percents].sort((a, b) => a - b));
  expect(outcome.percents.at(-1)).toBe(100);
  expect(outcome.heard.at(-1)).toBe(100);
  expect(outcome.file).toEqual({
    name: 'Match day.mp4',
    bytes: outcome.ended.bytes,
    type: 'video/mp4',
    size: outcome.ended.bytes,
  });
  expect(outcome.reused.every(Boolean), 'the second export computes nothing again').toBe(true);
  expect(outcome.listed).toEqual({ total: 2, first: true });
  expect(outcome.completed).toEqual({ total: 2, shown: 1 });
  expect(outcome.gone).toMatchObject({ failure: { code: 'not_found' } });
  expect(outcome.closed).toMatchObject({ failure: { code: 'closed' } });
  expect(outcome.capabilities.engines).toEqual(['webcodecs', 'ffmpeg']);
  // The export asked whether the encoder it wanted works: the answer is kept.
  expect(outcome.capabilities.encoders).toContainEqual(
    expect.objectContaining({ works: true, question: expect.objectContaining({ codec: 'avc' }) }),
  );
  nothingLeft();
});

test('wrong specs are refused with a code and the place of the mistake', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const good = {
    version: 1,
    name: 'x',
    type: 'combined',
    segments: [{ assetId: asset.id, startUs: 0, endUs: 1_000_000 }],
  } as const;
  const cases: readonly (readonly [unknown, string, string])[] = [
    [null, 'invalid_spec', 'bad_spec'],
    [{ ...good, version: 2 }, 'invalid_spec', 'newer_version'],
    [{ ...good, segments: [] }, 'invalid_spec', 'bad_spec'],
    [{ ...good, surprise: true }, 'invalid_spec', 'bad_spec'],
    [{ ...good, segments: [{ assetId: asset.id, startUs: 0.5, endUs: 1e6 }] }, 'invalid_spec', 'bad_spec'],
    [{ ...good, segments: [{ assetId: asset.id, startUs: 5e5, endUs: 5e5 }] }, 'out_of_range', 'range_empty'],
    [
      { ...good, segments: [{ assetId: asset.id, startUs: 0, endUs: 9e9 }] },
      'out_of_range',
      'range_outside_media',
    ],
    [{ ...good, segments: [{ assetId: 'nobody', startUs: 0, endUs: 1 }] }, 'not_found', 'unknown_asset'],
    [
      { ...good, type: 'single', segments: [...good.segments, ...good.segments] },
      'invalid_spec',
      'single_needs_one_segment',
    ],
    [{ ...good, type: 'xml' }, 'invalid_spec', 'bad_spec'],
    [{ ...good, format: 'avi' }, 'invalid_spec', 'bad_spec'],
    [{ ...good, surround: '7.1' }, 'invalid_spec', 'bad_spec'],
    [{ ...good, segments: [{ ...good.segments[0], audioTrack: 1 }] }, 'invalid_spec', 'bad_spec'],
  ];
  for (const [spec, code, reason] of cases) {
    const result = await planExport(page, spec as never);
    expect(result.failure, JSON.stringify(spec)).toMatchObject({ code, reason });
  }
  const odd = await page.evaluate(async () => {
    const { createReelkeep } = (await import(new URL('./embed.js', location.href).href)) as {
      createReelkeep: (options: unknown) => Promise<unknown>;
    };
    const list = (query: unknown): Promise<unknown> =>
      window.attempt(() => window.reelkeep.listExports(query as never));
    return Promise.all([
      list({ limit: -1 }),
      list({ status: 'zzz' }),
      list({ order: 'up' }),
      window.attempt(() => createReelkeep({ nonsense: 1 })),
    ]);
  });
  const refused = (path: string): unknown => ({
    failure: { code: 'invalid_spec', reason: 'bad_spec', details: { path } },
  });
  expect(odd).toMatchObject(['limit', 'status', 'order', 'nonsense'].map(refused));
});

test('the engine option: ffmpeg alone is all that is offered then', async ({ page }) => {
  await openHost(page, { engine: 'ffmpeg' });
  const { engines, encoders } = await page.evaluate(() => window.reelkeep.capabilities());
  expect(engines).toEqual(['ffmpeg']);
  expect(encoders).toEqual([]);
  const asset = await importFile(page, await generateClip(SPEC));
  const made = must(
    await runExport(page, {
      version: 1,
      name: 'By ffmpeg',
      type: 'single',
      segments: [{ assetId: asset.id, startUs: 520_000, endUs: 1_840_000 }],
    }),
  );
  expect(made.status).toBe('completed');
  expect(made.receipts.length).toBeGreaterThan(0);
  expect(made.receipts.filter((receipt) => receipt.engine === 'webcodecs')).toEqual([]);
});

test('a guest reviewer may look but not export', async ({ page }) => {
  await openHost(page, { role: 'guest_reviewer' });
  const asset = await importFile(page, await generateClip(SPEC));
  const result = await runExport(page, {
    version: 1,
    name: 'x',
    type: 'single',
    segments: [{ assetId: asset.id, startUs: 0, endUs: 1_000_000 }],
  });
  expect(result.failure).toMatchObject({ code: 'forbidden', reason: 'forbidden_role' });
});

test('three exports at once all finish', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const statuses = await page.evaluate(async (assetId) => {
    const made = await Promise.all(
      [0, 1, 2].map((i) =>
        window.reelkeep.createExport({
          version: 1,
          name: `Export ${String(i)}`,
          type: 'single',
          segments: [{ assetId, startUs: 40_000 * (i + 1), endUs: 2_000_000 + 40_000 * i }],
        }),
      ),
    );
    const ended = await Promise.all(made.map((one) => window.reelkeep.whenExportEnds(one.id)));
    return ended.map((one) => [one.status, one.certificate?.passed]);
  }, asset.id);
  expect(statuses).toEqual([
    ['completed', true],
    ['completed', true],
    ['completed', true],
  ]);
});

test('a reload in the middle: the job goes on from its finished segments once the file is linked again', async ({
  page,
}) => {
  const spec: ClipSpec = { clipId: 15, seconds: 14, gop: 50, width: 640, height: 360 };
  const path = await generateClip(spec);
  await openHost(page);
  const asset = await importFile(page, path);
  const id = await page.evaluate(async (assetId) => {
    const made = await window.reelkeep.createExport({
      version: 1,
      name: 'Survivor',
      type: 'single',
      segments: [{ assetId, startUs: 40_000, endUs: 13_960_000 }],
    });
    for await (const progress of window.reelkeep.watchExport(made.id)) {
      if (progress.stepsDone >= 3) break;
    }
    return made.id;
  }, asset.id);
  await openHost(page);
  await expect
    .poll(() => page.evaluate((id) => window.reelkeep.getExport(id).then((one) => one.waitingFor), id))
    .toBe('source');
  // Under another name: the fingerprint recognises it.
  const renamed = join(await mkdtemp(join(tmpdir(), 'reelkeep-')), 'moved and renamed.mp4');
  await copyFile(path, renamed);
  expect((await importFile(page, renamed)).id).toBe(asset.id);
  const ended = await page.evaluate((id) => window.reelkeep.whenExportEnds(id), id);
  expect(ended.status).toBe('completed');
  expect(ended.receipts.filter((receipt) => receipt.reused).length).toBeGreaterThanOrEqual(2);
  expect(must({ value: ended }).certificate?.passed).toBe(true);
});

test('works when the build lies on another origin that allows it', async ({ page }) => {
  // Two names of one server are two origins. The page comes from it too: a made-up answer has no address, and browsers
  // keep pages without one away from the local network.
  const served = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('access-control-allow-origin', '*');
    if (pathname === '/page.html') {
      response.setHeader('content-type', 'text/html');
      response.end(hostHtml(`http://localhost:${String(port())}/embed.js`));
      return;
    }
    response.setHeader('content-type', pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
    createReadStream(join(DIST, normalize(pathname)))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  const port = (): number => {
    const address = served.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  await new Promise<void>((resolve) => served.listen(0, resolve));
  try {
    await page.goto(`http://127.0.0.1:${String(port())}/page.html`);
    await page.waitForFunction(() => document.title === 'ready');
    const asset = await importFile(page, await generateClip(SPEC));
    const ended = must(
      await runExport(page, {
        version: 1,
        name: 'Elsewhere',
        type: 'single',
        segments: [{ assetId: asset.id, startUs: 40_000, endUs: 1_000_000 }],
      }),
    );
    expect(ended).toMatchObject({ status: 'completed', error: null });
  } finally {
    served.close();
  }
});

test('a file opened by handle is found again after a reload, without asking', async ({ page }) => {
  await openHost(page);
  await page.locator('#file').setInputFiles(await generateClip(SPEC));
  const assetId = await page.evaluate(async () => {
    const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
    if (file === undefined) throw new Error('no file was chosen');
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('kept.mp4', { create: true });
    const writable = await handle.createWritable();
    await writable.write(file);
    await writable.close();
    return (await window.reelkeep.importMedia(handle)).id;
  });
  await openHost(page);
  const spec = {
    version: 1,
    name: 'By handle',
    type: 'single',
    segments: [{ assetId, startUs: 40_000, endUs: 1_000_000 }],
  } as const;
  expect(must(await runExport(page, spec))).toMatchObject({ status: 'completed', waitingFor: null });
  // The file behind the handle changes: the job says so instead of rendering something else.
  await page.evaluate(async () => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('kept.mp4');
    const writable = await handle.createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: 4000, data: new Uint8Array(64).fill(171) });
    await writable.close();
  });
  const changed = must(
    await runExport(page, { ...spec, segments: [{ assetId, startUs: 80_000, endUs: 1_200_000 }] }),
  );
  expect(changed).toMatchObject({
    status: 'failed',
    error: { code: 'media_changed', reason: 'source_changed' },
  });
});

test('every call rejects with a ReelkeepError, whatever it is given; closing ends what waits', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const answers = await page.evaluate(async (assetId) => {
    const { reelkeep } = window;
    const anything = reelkeep as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const call = async (name: string, ...args: unknown[]): Promise<string> => {
      const result = await window.attempt(() => anything[name]?.(...args) ?? Promise.resolve());
      return 'failure' in result ? `${name}: ${result.failure.code}` : `${name}: fine`;
    };
    const list = [
      await call('getExport', undefined),
      await call('getExport', {}),
      await call('getExportProgress', null),
      await call('cancelExport', 7),
      await call('deleteExport', []),
      await call('getExportFiles', 'nobody'),
      await call('listExports', null),
      await call('importMedia', null),
      await call('importMedia', 'film.mp4'),
      await call('planExport', 'x'),
    ];
    const made = await reelkeep.createExport({
      version: 1,
      name: 'Left behind',
      type: 'single',
      segments: [{ assetId, startUs: 40_000, endUs: 5_000_000 }],
    });
    const waiting = window.attempt(() => reelkeep.whenExportEnds(made.id));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await reelkeep.close();
    const ended = await waiting;
    list.push(
      'failure' in ended ? `whenExportEnds: ${ended.failure.code}` : `whenExportEnds: ${ended.value.status}`,
    );
    const { createReelkeep } = (await import(new URL('embed.js', document.baseURI).href)) as {
      createReelkeep: (options: unknown) => Promise<unknown>;
    };
    for (const options of [
      null,
      { role: 'king' },
      { concurrency: Number.NaN },
      { assetBase: 'javascript:alert(1)' },
      { surprise: 1 },
    ]) {
      const result = await window.attempt(() => createReelkeep(options));
      list.push('failure' in result ? `createReelkeep: ${result.failure.code}` : 'createReelkeep: fine');
    }
    return list;
  }, asset.id);
  expect(answers).toEqual([
    'getExport: not_found',
    'getExport: not_found',
    'getExportProgress: not_found',
    'cancelExport: not_found',
    'deleteExport: not_found',
    'getExportFiles: not_found',
    'listExports: fine',
    'importMedia: invalid_spec',
    'importMedia: invalid_spec',
    'planExport: invalid_spec',
    'whenExportEnds: closed',
    ...Array.from({ length: 5 }, () => 'createReelkeep: invalid_spec'),
  ]);
  expect(errors).toEqual([]);
});

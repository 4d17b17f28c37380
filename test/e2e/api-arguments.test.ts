/** Whatever JavaScript passes to the public API: refused by a code of the list, and nothing of it does harm. */
import { expect, test } from '@playwright/test';
import { generateClip } from '../fixtures/generate.ts';
import type { ClipSpec } from '../fixtures/spec.ts';
import { importFile, openHost } from './support/host.ts';

const SPEC: ClipSpec = { clipId: 9, seconds: 12, gop: 50, width: 640, height: 360 };

test('what is no id names no export, in every method', async ({ page }) => {
  await openHost(page);
  const answers = await page.evaluate(async () => {
    const { reelkeep, attempt } = window;
    const methods = reelkeep as unknown as Record<string, (...args: unknown[]) => unknown>;
    const names = [
      ...[
        'getExport',
        'getExportProgress',
        'watchExport',
        'whenExportEnds',
        'getExportFiles',
        'downloadExport',
      ],
      ...[
        'cancelExport',
        'pauseExport',
        'resumeExport',
        'moveExport',
        'retryExport',
        'pinExport',
        'deleteExport',
      ],
    ];
    const ids: readonly unknown[] = [
      undefined,
      null,
      7,
      Number.NaN,
      10n,
      true,
      Symbol('id'),
      () => 1,
      {},
      Object.create(null),
      { toString: () => 'x', run: () => 1 },
      [],
      new Blob(),
      'nobody',
      '',
      '\ud800',
    ];
    const wrong: string[] = [];
    for (const name of names) {
      for (const [n, id] of ids.entries()) {
        const result = await attempt(async () => {
          const answer = methods[name]?.(id, name === 'pinExport' ? true : undefined);
          if (name !== 'watchExport') return answer;
          for await (const _ of answer as AsyncIterable<unknown>) return 'watched';
          return 'nothing';
        });
        const said = 'failure' in result ? `${result.failure.code}/${result.failure.reason}` : 'fine';
        if (said !== 'not_found/unknown_export') wrong.push(`${name} ${String(n)}: ${said}`);
      }
    }
    await reelkeep.close();
    const closed = await attempt(() => methods['deleteExport']?.(Symbol('id')) as Promise<void>);
    return { asked: names.length * ids.length, wrong, closed };
  });
  expect(answers.wrong).toEqual([]);
  expect(answers.asked).toBe(13 * 16);
  expect(answers.closed).toMatchObject({ failure: { code: 'closed' } });
});

test('a job is moved before one that is in the queue, and before nothing else', async ({ page }) => {
  await openHost(page);
  const asset = await importFile(page, await generateClip(SPEC));
  const outcome = await page.evaluate(async (assetId) => {
    const { reelkeep, attempt } = window;
    const ids = [];
    for (const name of ['a', 'b', 'c', 'ended']) {
      const { id } = await reelkeep.createExport({
        version: 1,
        name,
        type: 'combined',
        segments: [{ assetId, startUs: 120_000, endUs: 9_000_000 }],
        resolution: '720p',
        enlarge: true,
      });
      await reelkeep.pauseExport(id);
      ids.push(id);
    }
    const [a, b, , ended] = ids;
    if (a === undefined || b === undefined || ended === undefined) throw new Error('four');
    await reelkeep.cancelExport(ended);
    const queue = async (): Promise<string> => {
      const { exports } = await reelkeep.listExports({ status: 'pending', order: 'queue' });
      return exports.map(({ name }) => name).join('');
    };
    const said: unknown[] = [];
    for (const before of ['nobody', ended, 5, {}, Symbol('b'), () => 1]) {
      const result = await attempt(() => reelkeep.moveExport(a, before as typeof a));
      said.push('failure' in result ? `${result.failure.code}/${result.failure.reason}` : 'moved');
    }
    const orders = [await queue()];
    await reelkeep.moveExport(a, a);
    orders.push(await queue());
    await (reelkeep.moveExport as (id: typeof a) => Promise<unknown>)(a);
    orders.push(await queue());
    await reelkeep.moveExport(a, b);
    orders.push(await queue());
    await reelkeep.moveExport(a, null);
    orders.push(await queue());
    for (const id of ids) await reelkeep.deleteExport(id);
    return { said, orders };
  }, asset.id);
  expect(outcome).toEqual({
    said: Array.from({ length: 6 }, () => 'not_found/unknown_export'),
    orders: ['abc', 'abc', 'bca', 'abc', 'bca'],
  });
});

test('an address that leads to no folder is refused by name', async ({ page }) => {
  await openHost(page);
  const said = await page.evaluate(async () => {
    const { createReelkeep } = (await import(new URL('embed.js', document.baseURI).href)) as {
      createReelkeep: (options: unknown) => Promise<{ close(): Promise<void> }>;
    };
    const answers: Record<string, string> = {};
    const blob = URL.createObjectURL(new Blob([]));
    for (const assetBase of [
      'http://[',
      'http://a:99999/',
      'https://',
      '//',
      'data:text/plain,x',
      blob,
      '.',
      '',
    ]) {
      const result = await window.attempt(async () => {
        await (await createReelkeep({ assetBase, database: 'elsewhere' })).close();
      });
      const { code, reason, details } = 'failure' in result ? result.failure : { code: 'fine' };
      answers[assetBase === blob ? 'blob:' : assetBase] = [code, reason, details?.['path']].join(' ').trim();
    }
    return answers;
  });
  const refused = 'invalid_spec bad_spec assetBase';
  expect(said).toEqual({
    'http://[': refused,
    'http://a:99999/': refused,
    'https://': refused,
    '//': refused,
    'data:text/plain,x': refused,
    'blob:': refused,
    '.': 'fine',
    '': 'fine',
  });
});

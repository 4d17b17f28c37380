/** Rendered segments that are not what was stored (a disk that lost or turned bits): they are rendered again, and nobody notices but by the time. */
import { expect, test, type Page } from '@playwright/test';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';
import { expectExact, segmentsOf, type FrameRange } from '../support/expect-exact.ts';
import { segmentsIn } from '../support/faults.ts';
import { exportToDisk, importFile, openHost } from '../support/host.ts';

const SPEC: ClipSpec = { clipId: 31, seconds: 12, gop: 24, width: 640, height: 360 };

/** What is put in the place of each segment's bytes. */
const DAMAGES = ['five bytes', 'the first half', 'zeros', 'a text', 'one turned bit'] as const;

async function damageAll(page: Page, what: (typeof DAMAGES)[number]): Promise<number> {
  return page.evaluate(async (damage) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('reelkeep');
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const done = <T>(asked: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => {
          resolve(asked.result);
        };
        asked.onerror = () => {
          reject(new Error(asked.error?.message));
        };
      });
    const read = db.transaction('segmentData').objectStore('segmentData');
    const [keys, blobs] = await Promise.all([
      done(read.getAllKeys()),
      done(read.getAll() as IDBRequest<Blob[]>),
    ]);
    const made = await Promise.all(
      blobs.map(async (blob) => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        switch (damage) {
          case 'five bytes':
            return new Blob([bytes.slice(0, 5)]);
          case 'the first half':
            return new Blob([bytes.slice(0, bytes.length / 2)]);
          case 'zeros':
            return new Blob([new Uint8Array(bytes.length)]);
          case 'a text':
            return 'no blob';
          case 'one turned bit':
            bytes[Math.floor(bytes.length * 0.7)] = (bytes[Math.floor(bytes.length * 0.7)] ?? 0) ^ 4;
            return new Blob([bytes]);
        }
      }),
    );
    const write = db.transaction('segmentData', 'readwrite').objectStore('segmentData');
    await Promise.all(keys.map((key, i) => done(write.put(made[i], key))));
    db.close();
    return keys.length;
  }, what);
}

for (const damage of DAMAGES) {
  test(`${damage} in the place of every segment`, async ({ page }) => {
    await openHost(page);
    const asset = await importFile(page, await generateClip(SPEC));
    const ranges: readonly FrameRange[] = [
      { spec: SPEC, assetId: asset.id, first: 7, stop: 95 },
      { spec: SPEC, assetId: asset.id, first: 130, stop: 222 },
    ];
    const wish = {
      version: 1 as const,
      name: 'Twice',
      type: 'combined' as const,
      quality: 'low' as const,
      segments: segmentsOf(ranges),
    };
    const { made: first } = await exportToDisk(page, wish);
    expect(await damageAll(page, damage)).toBe((await segmentsIn(page)).length);
    const { made, path } = await exportToDisk(page, wish);
    expect(made.receipts.some(({ reused }) => reused)).toBe(false);
    await expectExact(path, ranges);
    // What was rendered again is there for the next one.
    const third = await exportToDisk(page, wish);
    expect(third.made.receipts.every(({ reused }) => reused)).toBe(true);
    // And the estimate knew it.
    expect(third.made.estimate.reused).toBe(third.made.receipts.length);
    expect(third.made.estimate.wallMs).toBeLessThan(first.estimate.wallMs);
    expect(third.made.estimate.bytes / third.made.bytes).toBeGreaterThan(0.8);
    expect(third.made.estimate.bytes / third.made.bytes).toBeLessThan(1.2);
  });
}

/** Bundles over real storage and real workers: volumes that are read back, and a job that is ended in the middle. */
import { BlobReader, ZipReader } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import type { ExportId } from '../../../src/core/base/ids.ts';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import { planBundle } from '../../../src/core/plan/handover.ts';
import { parseExportSpec } from '../../../src/core/schema/spec.ts';
import type { Export } from '../../../src/core/schema/export.ts';
import { comment } from '../../unit/comments-helpers.ts';
import { makeClip, value } from '../analysis/helpers.ts';
import { freshName } from '../storage/helpers.ts';
import { digest, openTab, prepare, type Tab, type Work } from './room.ts';

const PATIENCE = { timeout: 300_000, interval: 20 };
const CLIP = { frames: 240, width: 320, height: 180 };

const statusOf = async (tab: Tab, id: ExportId): Promise<string> =>
  (await tab.stores.exports.get(id))?.status ?? 'gone';
const reaches = (tab: Tab, id: ExportId, status: string): Promise<void> =>
  expect.poll(() => statusOf(tab, id), PATIENCE).toBe(status);

/** The work as a bundle of three comments, one of them on no frame. */
function bundleOf(work: Work): Pick<Export, 'spec' | 'plan'> {
  const assetId = work.asset.id as string;
  const shapes = [
    { kind: 'box', x: 0.1, y: 0.1, w: 0.5, h: 0.5 } as const,
    { kind: 'text', x: 0.2, y: 0.7, text: '여기' } as const,
  ];
  const spec = value(
    parseExportSpec({
      ...work.spec,
      type: 'bundle',
      comments: [
        comment('one', { assetId, timeUs: 1_000_000, shapes: [...shapes] }),
        comment('two', { assetId, timeUs: 2_000_000 }),
        comment('three', { assetId, timeUs: null }),
      ],
    }),
  );
  return { spec, plan: planBundle(work.plan, spec, 500) };
}

async function entriesOf(zip: Blob): Promise<ReadonlyMap<string, Blob>> {
  const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false, strictness: 'strict' });
  const found = new Map<string, Blob>();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const pieces: BlobPart[] = [];
    await entry.getData(
      new WritableStream<Uint8Array>({
        write(piece) {
          pieces.push(new Uint8Array(piece));
        },
      }),
      { checkSignature: true },
    );
    found.set(entry.filename, new Blob(pieces));
  }
  return found;
}

async function zipsOf(tab: Tab, id: ExportId): Promise<readonly ReadonlyMap<string, Blob>[]> {
  const record = value(await tab.jobs.get(id));
  const zips: ReadonlyMap<string, Blob>[] = [];
  for (const { path, bytes } of record.files) {
    const file = await tab.stores.files.open(path);
    expect(file?.size).toBe(bytes);
    zips.push(await entriesOf(file ?? new Blob()));
  }
  return zips;
}

interface Manifest {
  readonly volumes: readonly string[];
  readonly files: readonly { name: string; bytes: number; sha256: string; volume: number }[];
}

test('volumes are ZIPs by themselves; together they hold every file, with the sums that each of them lists', async () => {
  const clip = await makeClip(CLIP);
  const database = freshName();
  const work = await prepare(database, clip);
  const { spec, plan } = bundleOf(work);
  // Smaller than the video, which then stands alone, and than the rest together.
  const limit = 24_000;
  const tab = await openTab(
    database,
    work,
    () => Promise.resolve(ok(clip)),
    () => ({ volumeBytes: limit }),
  );
  const { id } = value(await tab.jobs.create(spec, plan, null));
  await reaches(tab, id, 'completed');
  const record = value(await tab.jobs.get(id));
  const zips = await zipsOf(tab, id);
  expect(zips.length).toBeGreaterThan(1);
  expect(record.files.map(({ name }) => name)).toEqual(
    zips.map((_, at) => `job.${String(at + 1).padStart(3, '0')}.zip`),
  );
  for (const [at, zip] of zips.entries()) {
    const alone = zip.size === 2;
    if (!alone) expect(record.files[at]?.bytes).toBeLessThanOrEqual(limit);
  }
  const manifests = await Promise.all(zips.map(async (zip) => zip.get('manifest.json')?.text()));
  expect(new Set(manifests).size).toBe(1);
  const manifest = JSON.parse(manifests[0] ?? '') as Manifest;
  expect(manifest.volumes).toEqual(record.files.map(({ name }) => name));
  expect(manifest.files.map(({ name }) => name).sort()).toEqual(
    [
      'certificate.json',
      'contact-sheet.html',
      'deviations.json',
      'job.csv',
      'job.mp4',
      'spec.json',
      'thumbnails/001.jpg',
      'thumbnails/002.jpg',
    ].sort(),
  );
  for (const { name, bytes, sha256, volume } of manifest.files) {
    const data = zips[volume - 1]?.get(name) ?? new Blob();
    expect([data.size, await digest(data)], name).toEqual([bytes, sha256]);
  }
  const picture = await createImageBitmap(
    zips.flatMap((zip) => zip.get('thumbnails/001.jpg') ?? [])[0] ?? new Blob(),
  );
  expect([picture.width, picture.height]).toEqual([320, 180]);
  // Nothing lies beside the volumes.
  await expect
    .poll(async () => (await tab.stores.files.list('exports')).map(({ path }) => path).sort(), PATIENCE)
    .toEqual(record.files.map(({ path }) => path).sort());
});

test('closed while the pictures are made, and while it is packed: the same files in the end, nothing rendered twice', async () => {
  const clip = await makeClip(CLIP);
  const database = freshName();
  const work = await prepare(database, clip);
  const { spec, plan } = bundleOf(work);
  const tabs: Tab[] = [];
  const openOne = async (
    stopAt: 'paint' | 'pack' | null,
  ): Promise<{ readonly tab: Tab; readonly reached: Promise<void> }> => {
    let arrive: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    /** Goes on until it is stopped. */
    const stuck = (
      _: unknown,
      { signal }: { readonly signal: AbortSignal },
    ): Promise<Result<never, Failure>> => {
      arrive();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(err(failure('aborted', 'cancelled', 'stopped')));
        });
      });
    };
    const tab = await openTab(
      database,
      work,
      () => Promise.resolve(ok(clip)),
      ({ pictures, packer }) => ({
        pictures: stopAt === 'paint' ? { paint: stuck } : pictures,
        packer: stopAt === 'pack' ? { ...packer, pack: stuck } : packer,
      }),
    );
    tabs.push(tab);
    return { tab, reached };
  };
  const first = await openOne('paint');
  const { id } = value(await first.tab.jobs.create(spec, plan, null));
  await first.reached;
  await first.tab.close();
  const second = await openOne('pack');
  await second.tab.jobs.takeUp();
  await second.reached;
  await second.tab.close();
  const { tab } = await openOne(null);
  expect(await statusOf(tab, id)).toBe('processing');
  await tab.jobs.takeUp();
  await reaches(tab, id, 'completed');
  const [zip] = await zipsOf(tab, id);
  expect([...(zip?.keys() ?? [])]).toContain('contact-sheet.html');
  const rendered = tabs
    .flatMap(({ log }) => log)
    .filter((entry) => entry.event === 'step_ended' && entry.data?.['reused'] === false)
    .map((entry) => entry.data?.['step']);
  expect(rendered.length).toBeGreaterThan(0);
  expect(new Set(rendered).size).toBe(rendered.length);
});

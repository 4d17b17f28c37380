/**
 * Runs a bundle: the reel as one video, made and checked as any other, then everything that goes with it, packed into a ZIP or into
 * numbered volumes. What was rendered is found again under its content key after every end of the page; the rest is made anew.
 */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { planVolumes } from '../../core/plan/volumes.ts';
import type { ExportFileRecord } from '../../core/schema/export.ts';
import type { Deviation } from '../../core/schema/plan.ts';
import type { ZipEntry } from '../contract/zip.ts';
import { certificateFile, deviationsFile, manifestFile, specFile, type BundleFile } from './bundle-papers.ts';
import { csvFile, filmsOf, mediaOf, NO_SOURCES } from './comment-files.ts';
import { limitsFor } from './limits.ts';
import { makeFile, type MadeFile } from './make-file.ts';
import { meterForBundle, PACKAGING, THUMBNAILS } from './meter.ts';
import type { ProgressMeter } from './progress.ts';
import { cancelled } from './recovery.ts';
import { recovering } from './recovering.ts';
import { exportFolder, type RunContext, type RunResult } from './run-context.ts';
import { contactSheetFile } from './sheet-file.ts';
import { makeThumbnails } from './thumbnails.ts';
import { watched } from './watchdog.ts';

/** Of the packaging: the sums are made of everything once, ZIPs write and read it. */
const SUMS_SHARE = 0.3;

/** The job as it stands. */
interface Work {
  readonly context: RunContext;
  readonly meter: ProgressMeter;
  /** Where everything lies that is packed. */
  readonly folder: string;
}

/** Makes the video, what goes with it, and the ZIPs. */
export async function runBundle(context: RunContext): Promise<Result<RunResult, Failure>> {
  const { ports, record, report } = context;
  const folder = `${exportFolder(record.id)}/parts`;
  // Made anew where the plan is: what comes after the video goes on with the last one.
  const held: { meter: ProgressMeter | null } = { meter: null };
  const video = await makeFile({
    ...context,
    plan: record.plan,
    spec: record.spec,
    folder,
    name: ports.fileName(record.name, record.format),
    thereBytes: record.receipts.reduce((sum, receipt) => sum + receipt.bytes, 0),
    meter: (plan) => (held.meter = meterForBundle(plan, record.spec, report.workedMs())),
  });
  if (!video.ok) return video;
  await report.stage('packaging');
  const work: Work = {
    context,
    folder,
    meter: held.meter ?? meterForBundle(video.value.plan, record.spec, report.workedMs()),
  };
  const files = await filesOf(work, video.value);
  if (!files.ok) return files;
  return pack(work, video.value, files.value);
}

interface Gathered {
  readonly files: readonly BundleFile[];
  readonly deviations: readonly Deviation[];
}

/** Everything but the manifest, in the order in which it is packed. */
async function filesOf(work: Work, video: MadeFile): Promise<Result<Gathered, Failure>> {
  const { context, meter, folder } = work;
  const { ports, record, report } = context;
  const films = await filmsOf(context, true);
  if (!films.ok) return films;
  const csv = csvFile(context, films.value);
  if (!csv.ok) return csv;
  const thumbnails = await makeThumbnails(context, films.value, `${folder}/thumbnails`, (fraction) => {
    meter.set(THUMBNAILS, fraction);
    report.progress(meter);
  });
  if (!thumbnails.ok) return thumbnails;
  meter.set(THUMBNAILS, 1);
  const { pictures, missing } = thumbnails.value;
  const sheet = await contactSheetFile(
    context,
    mediaOf(films.value),
    pictures,
    `${folder}/contact-sheet.html`,
  );
  if (!sheet.ok) return sheet;
  const data = await ports.files.open(video.file.path);
  if (data === null) return err(notThere());
  const deviations: readonly Deviation[] = [
    ...video.deviations,
    ...csv.value.deviations,
    ...(missing === 0
      ? []
      : [{ code: 'thumbnails_missing' as const, clip: null, params: { count: missing } }]),
  ];
  return ok({
    deviations,
    files: [
      { name: video.file.name, data },
      { name: ports.fileName(record.name, 'csv'), data: csv.value.data },
      ...pictures.map(({ name, file }) => ({ name, data: file })),
      specFile(record.spec),
      certificateFile(video.certificate),
      { name: 'contact-sheet.html', data: sheet.value },
    ],
  });
}

function notThere(): Failure {
  return failure('storage_failed', 'storage_unavailable', 'What a bundle is made of is not in storage.');
}

async function pack(
  work: Work,
  video: MadeFile,
  { files, deviations }: Gathered,
): Promise<Result<RunResult, Failure>> {
  const { context, meter } = work;
  const { ports, record, report } = context;
  const sized = (list: readonly BundleFile[]) =>
    planVolumes(
      list.map((file) => ({ ...file, bytes: file.data.size })),
      ports.volumeBytes,
    );
  // That there are several is told in the list itself, whose length then counts, too.
  const inVolumes = (count: number): readonly Deviation[] => [
    ...deviations,
    { code: 'bundle_in_volumes', clip: null, params: { count } },
  ];
  const several = sized([...files, deviationsFile(inVolumes(files.length))]);
  const told = several.length > 1 ? inVolumes(several.length) : deviations;
  const all = several.length > 1 ? [...files, deviationsFile(told)] : [...files, deviationsFile(deviations)];
  const volumes = several.map((volume) =>
    volume.map(({ name }) => all.find((file) => file.name === name)).filter((file) => file !== undefined),
  );
  const bytes = all.reduce((sum, { data }) => sum + data.size, 0);
  const set = (fraction: number): void => {
    meter.set(PACKAGING, fraction);
    report.progress(meter);
  };
  const sums = await sumsOf(context, all, bytes, (fraction) => {
    set(fraction * SUMS_SHARE);
  });
  if (!sums.ok) return sums;
  const names = volumes.map((_, at) =>
    ports.fileName(record.name, volumes.length === 1 ? 'zip' : `${String(at + 1).padStart(3, '0')}.zip`),
  );
  const manifest = manifestFile(record, names, volumes, sums.value);
  const made: ExportFileRecord[] = [];
  let packed = 0;
  for (const [at, volume] of volumes.entries()) {
    const share = volume.reduce((sum, { data }) => sum + data.size, 0) / Math.max(1, bytes);
    const zip = await packVolume(context, names[at] ?? '', [...volume, manifest], (fraction) => {
      set(SUMS_SHARE + (1 - SUMS_SHARE) * (packed + fraction * share));
    });
    if (!zip.ok) return zip;
    made.push(zip.value);
    packed += share;
  }
  set(1);
  return ok({
    plan: video.plan,
    files: made,
    bytes: made.reduce((sum, file) => sum + file.bytes, 0),
    receipts: video.receipts,
    deviations: told,
    certificate: video.certificate,
  });
}

/** The sums of all files, by name. */
async function sumsOf(
  context: RunContext,
  files: readonly BundleFile[],
  bytes: number,
  onProgress: (fraction: number) => void,
): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const { ports, signal } = context;
  const limits = limitsFor({ part: 'packaging', bytes });
  const sums = await recovering(context, NO_SOURCES, { stage: 'packaging', bytes: 0 }, () =>
    watched({ clock: ports.clock, signal, limits, what: 'Summing up' }, (bounded, beat) =>
      ports.packer.digest(
        files.map(({ data }) => data),
        {
          signal: bounded,
          limits,
          onProgress: (fraction) => {
            beat(fraction);
            onProgress(fraction);
          },
        },
      ),
    ),
  );
  if (!sums.ok) return sums;
  return ok(new Map(files.map(({ name }, at) => [name, sums.value[at] ?? ''])));
}

async function packVolume(
  context: RunContext,
  name: string,
  entries: readonly ZipEntry[],
  onProgress: (fraction: number) => void,
): Promise<Result<ExportFileRecord, Failure>> {
  const { ports, record, signal } = context;
  if (signal.aborted) return err(cancelled());
  const folder = `${exportFolder(record.id)}/bundle`;
  const bytes = entries.reduce((sum, { data }) => sum + data.size, 0);
  const limits = limitsFor({ part: 'packaging', bytes });
  const packed = await recovering(context, NO_SOURCES, { stage: 'packaging', bytes }, () =>
    watched({ clock: ports.clock, signal, limits, what: 'Writing the ZIP' }, (bounded, beat) =>
      ports.packer.pack(
        { folder: `${ports.files.root}/${folder}`, name, entries, date: record.createdAt },
        {
          signal: bounded,
          limits,
          onProgress: (fraction) => {
            beat(fraction);
            onProgress(fraction);
          },
        },
      ),
    ),
  );
  if (!packed.ok) return packed;
  return ok({ name, type: 'application/zip', bytes: packed.value.bytes, path: `${folder}/${name}` });
}

/** The pictures of a bundle's comments: the frame of each, with its shapes. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import { listComments } from '../../core/schema/listed-comments.ts';
import type { PaintComment } from '../../core/schema/overlay.ts';
import { frameOnDisplay, timeOfFrame } from '../../core/timeline/frames.ts';
import { NO_SOURCES, type Film, type Films } from './comment-files.ts';
import { limitsFor } from './limits.ts';
import { cancelled } from './recovery.ts';
import { recovering } from './recovering.ts';
import type { RunContext } from './run-context.ts';
import { collectSources, type SourceBox } from './sources.ts';
import { watched } from './watchdog.ts';

/** A picture that was made. */
export interface Thumbnail {
  readonly comment: Annotation;
  /** Its name in the bundle. */
  readonly name: string;
  /** In private storage: not in memory. */
  readonly file: Blob;
}

/** The pictures, in the order of the comments. */
export interface Thumbnails {
  readonly pictures: readonly Thumbnail[];
  /** Comments whose frame nobody here can decode, or that are of sound alone. */
  readonly missing: number;
}

/** Failures that are none of a picture: nothing of the job can go on here. */
const OF_THE_JOB = new Set<Failure['reason']>([
  'cancelled',
  'instance_closed',
  'newer_version',
  'no_space',
  'source_changed',
]);

/** `thumbnails/001.jpg`: the number of the comment, with as many digits as the last one has, three at least. */
export function thumbnailName(number: number, count: number): string {
  return `thumbnails/${String(number).padStart(Math.max(3, String(count).length), '0')}.jpg`;
}

/**
 * Makes the pictures of all comments that have a time. A frame that cannot be decoded costs its picture, not the job.
 *
 * @param folder in private storage
 */
export async function makeThumbnails(
  context: RunContext,
  films: Films,
  folder: string,
  onProgress: (fraction: number) => void,
): Promise<Result<Thumbnails, Failure>> {
  const { ports, record, report, signal } = context;
  const { listed } = listComments(record.spec);
  const timed = listed.filter(({ timeUs }) => timeUs !== null);
  if (timed.length === 0) return ok({ pictures: [], missing: 0 });
  const sources = await collectSources(
    { ports, signal, wait: (what, until) => report.wait(what, until) },
    record.plan,
  );
  if (!sources.ok) return sources;
  if (!(await report.turn())) return err(cancelled());
  const pictures: Thumbnail[] = [];
  for (const [at, comment] of timed.entries()) {
    const name = thumbnailName(at + 1, timed.length);
    const film = films.get(comment.assetId);
    const picture =
      film === undefined ? err(noPicture()) : await paint(context, sources.value, film, comment, at + 1);
    if (signal.aborted) return err(cancelled());
    if (picture.ok) {
      const stored = await store(context, `${folder}/${name.slice('thumbnails/'.length)}`, picture.value);
      if (!stored.ok) return stored;
      pictures.push({ comment, name, file: stored.value });
    } else if (OF_THE_JOB.has(picture.error.reason)) return picture;
    onProgress((at + 1) / timed.length);
  }
  return ok({ pictures, missing: timed.length - pictures.length });
}

function noPicture(): Failure {
  return failure('unsupported_media', 'no_tracks', 'The file has no picture track.');
}

function paintable(comment: Annotation, number: number): PaintComment {
  const { text, author, color, category, shapes, replies } = comment;
  return { number, text, author, color, category, shapes, replies: replies.length };
}

async function paint(
  context: RunContext,
  sources: SourceBox,
  { asset, index }: Film,
  comment: Annotation,
  number: number,
): Promise<Result<Blob, Failure>> {
  const { ports, signal } = context;
  if (index === null) return err(noPicture());
  const frame = frameOnDisplay(index, comment.timeUs ?? 0);
  const limits = limitsFor({ part: 'preparing', clips: 1 });
  return recovering(context, sources, { stage: 'packaging', bytes: 0 }, async () => {
    const file = sources.current.get(asset.id)?.file;
    if (file === undefined) return err(noPicture());
    return watched({ clock: ports.clock, signal, limits, what: 'A thumbnail' }, (bounded) =>
      ports.pictures.paint(
        { asset, file, timeUs: timeOfFrame(index, frame), comment: paintable(comment, number) },
        { signal: bounded },
      ),
    );
  });
}

/** Writes a file and hands it back as it lies there: what is only on disk takes no memory. */
export async function store(context: RunContext, path: string, data: Blob): Promise<Result<Blob, Failure>> {
  const { ports, signal } = context;
  return recovering(
    context,
    NO_SOURCES,
    { stage: 'packaging', bytes: data.size },
    async (): Promise<Result<Blob, Failure>> => {
      const written = await ports.files.write(path, data, { signal });
      if (!written.ok) return written;
      const file = await ports.files.open(path);
      return file === null
        ? err(failure('storage_failed', 'storage_unavailable', 'What was written is not in storage.'))
        : ok(file);
    },
  );
}

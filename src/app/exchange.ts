/** Comments and cuts out of other programs' texts, and into them. */
import type { Failure } from '../core/base/failure.ts';
import type { AnnotationId, AssetId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type {
  Exchange,
  ExchangeComment,
  ExchangeCue,
  ExchangeCut,
  ExchangeFormat,
  ExchangeMedia,
  WriteOptions,
} from '../core/interchange/model.ts';
import { exchangeComment, exchangeMedia } from '../core/interchange/of-project.ts';
import { ANNOTATION_VERSION, DEFAULT_COLOR, type Annotation } from '../core/schema/annotation.ts';
import { primaryVideo, type Asset } from '../core/schema/asset.ts';
import type { SpecSegment } from '../core/schema/spec.ts';
import { safeFileName } from '../runtime/delivery/file-name.ts';
import type { ExportedText, ImportReport } from './api/types.ts';
import { browserClock } from './clock.ts';
import { newId } from './ids.ts';
import { isZip, readOtioz, writeOtioz } from './otioz.ts';
import { assetOf, type Runtime } from './runtime.ts';

/** Readers and writers of fifteen formats: loaded when somebody needs one. */
const formats = () => import('../core/interchange/registry.ts');

const NONE: unique symbol = Symbol('none');

function decode(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A film as formats speak of it; its index is read where it has pictures. */
async function mediaOf(runtime: Runtime, asset: Asset): Promise<ExchangeMedia> {
  const index = primaryVideo(asset.probe) === null ? null : await runtime.frameIndex(asset);
  // Without one, frames are counted by the rate.
  return exchangeMedia(asset, index?.ok === true ? index.value : null);
}

/** Subtitles are comments that last as long as they are shown. */
function commentOfCue({ startUs, endUs, text, speaker }: ExchangeCue): ExchangeComment {
  return {
    id: null,
    mediaId: null,
    timeUs: startUs,
    durationUs: Math.max(1, endUs - startUs),
    text,
    author: speaker ?? '',
    color: null,
    category: null,
    shapes: [],
    replies: [],
    resolved: false,
    resolvedBy: null,
    resolvedAt: null,
    createdAt: null,
  };
}

/** What makes two comments the same one where they have no id in common. */
const sameness = ({ timeUs, text, author }: Pick<Annotation, 'timeUs' | 'text' | 'author'>): string =>
  JSON.stringify([timeUs, text, author]);

function annotationOf(comment: ExchangeComment, assetId: AssetId, isoNow: string): Annotation {
  return {
    version: ANNOTATION_VERSION,
    id: newId<AnnotationId>('annotation'),
    assetId,
    timeUs: comment.timeUs,
    durationUs: comment.durationUs,
    text: comment.text,
    author: comment.author,
    color: comment.color ?? DEFAULT_COLOR,
    category: comment.category,
    shapes: comment.shapes,
    replies: comment.replies.map(({ author, text, createdAt }) => ({
      id: newId('reply'),
      author,
      text,
      createdAt: createdAt ?? isoNow,
    })),
    resolved: comment.resolved ? { by: comment.resolvedBy ?? '', at: comment.resolvedAt ?? isoNow } : null,
    createdAt: comment.createdAt ?? isoNow,
    updatedAt: isoNow,
  };
}

/** The asset a comment is of; `NONE` where it names one that is not here. */
function homeOf(
  { mediaId }: ExchangeComment,
  own: AssetId,
  known: ReadonlySet<string>,
): AssetId | typeof NONE {
  if (mediaId === null) return own;
  return known.has(mediaId) ? (mediaId as AssetId) : NONE;
}

/** A whole film that carries comments is there for them: formats of time lines know no other way to say which film is meant. */
function realCuts({ cuts, comments }: Exchange, media: readonly ExchangeMedia[]): readonly ExchangeCut[] {
  const isWhole = ({ mediaId, startUs, endUs }: ExchangeCut): boolean => {
    const film = media.find(({ id }) => id === mediaId);
    if (film === undefined) return false;
    const frameUs = (1e6 * film.rate.den) / film.rate.num;
    return startUs < frameUs && Math.abs(film.durationUs - endUs) <= 2 * frameUs;
  };
  return comments.length > 0 && cuts.every(isWhole) ? [] : cuts;
}

const segmentOf = ({ mediaId, startUs, endUs, label }: ExchangeCut): readonly SpecSegment[] =>
  mediaId === null || endUs <= startUs
    ? []
    : [{ assetId: mediaId, startUs, endUs, ...(label === '' ? {} : { label: label.slice(0, 500) }) }];

/**
 * Reads a text for an asset: recognised by what it says. Nothing is stored. `invalid_spec`: unknown_format, broken_document,
 * text_too_large; `not_found` for the asset.
 *
 * @param here comments that are there already
 */
export async function readText(
  runtime: Runtime,
  assetId: AssetId,
  file: Blob,
  here: Iterable<Annotation>,
): Promise<Result<ImportReport, Failure>> {
  const asset = await assetOf(runtime, assetId);
  if (!asset.ok) return asset;
  const bundled = (await isZip(file)) ? await readOtioz(runtime, file) : null;
  if (bundled?.ok === false) return bundled;
  const bytes =
    bundled === null ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(bundled.value);
  const { decodeText, readExchange } = await formats();
  const text = decodeText(bytes, decode);
  if (!text.ok) return text;
  const assets = await runtime.stores.assets.list();
  const media = await mediaOf(runtime, asset.value);
  const all = assets.map((one) => (one.id === assetId ? media : exchangeMedia(one, null)));
  const read = readExchange(text.value.text, { media, all });
  if (!read.ok) return read;
  const { exchange, format, losses } = read.value;
  const knownMedia = new Set(all.map(({ id }) => id));
  const ids = new Set<string>();
  const alike = new Map<AssetId, Set<string>>();
  const alikeOf = (id: AssetId): Set<string> => {
    const set = alike.get(id) ?? new Set();
    alike.set(id, set);
    return set;
  };
  for (const comment of here) {
    ids.add(comment.id);
    alikeOf(comment.assetId).add(sameness(comment));
  }
  const isoNow = browserClock.iso();
  const comments: Annotation[] = [];
  let known = 0;
  for (const one of [...exchange.comments, ...exchange.cues.map(commentOfCue)]) {
    const home = homeOf(one, assetId, knownMedia);
    // A comment of a film that is not here: the one that the text was opened for was not meant. Readers report it.
    if (home === NONE) continue;
    const comment = annotationOf(one, home, isoNow);
    if ((one.id !== null && ids.has(one.id)) || alikeOf(home).has(sameness(comment))) {
      known += 1;
      continue;
    }
    alikeOf(home).add(sameness(comment));
    // Our own ids come back as they went; another program's say nothing here.
    comments.push(
      format === 'reelkeep-csv' && one.id !== null ? { ...comment, id: one.id as AnnotationId } : comment,
    );
  }
  return ok({
    format: bundled === null ? format : 'otioz',
    comments,
    known,
    cuts: realCuts(exchange, all).flatMap(segmentOf),
    losses: [...text.value.losses, ...losses],
  });
}

/**
 * Writes comments, and the cuts that show them, as a text of another program. `invalid_spec` for a format that is only read.
 *
 * @param segments the time line; the whole films where it is empty
 */
export async function writeText(
  runtime: Runtime,
  format: ExchangeFormat,
  wish: {
    readonly title: string;
    readonly assetIds: readonly AssetId[];
    readonly segments: readonly SpecSegment[];
    readonly comments: readonly Annotation[];
    readonly options?: WriteOptions;
  },
): Promise<Result<ExportedText, Failure>> {
  const media: ExchangeMedia[] = [];
  for (const id of new Set(wish.assetIds)) {
    const asset = await assetOf(runtime, id);
    if (!asset.ok) return asset;
    media.push(await mediaOf(runtime, asset.value));
  }
  const names = new Map(media.map(({ id, name }) => [id, name]));
  let recordUs = 0;
  const cuts = wish.segments.map(({ assetId, startUs, endUs, label = '' }): ExchangeCut => {
    const cut = {
      mediaId: assetId,
      sourceName: names.get(assetId) ?? '',
      label,
      startUs,
      endUs,
      recordUs,
      tags: [],
    };
    recordUs += endUs - startUs;
    return cut;
  });
  const exchange: Exchange = {
    title: wish.title,
    comments: wish.comments.map(exchangeComment),
    cuts,
    cues: [],
  };
  const [first] = media;
  if (first === undefined) {
    return err({ code: 'not_found', reason: 'unknown_asset', message: 'There is no film to write about.' });
  }
  const input = { exchange, media, rate: first.rate, options: wish.options ?? {} };
  const title = wish.title === '' ? 'Comments' : wish.title;
  if (format === 'otioz') {
    const bundle = await writeOtioz(runtime, input);
    return bundle.ok ? ok({ ...bundle.value, name: safeFileName(title, 'otioz') }) : bundle;
  }
  const { writeExchange } = await formats();
  const written = writeExchange(format, input);
  if (!written.ok) return written;
  const { text, extension, type, encoding, losses } = written.value;
  return ok({
    blob: new Blob([encoding === 'utf-16le' ? utf16(text) : text], { type }),
    name: safeFileName(title, extension.replace(/^\./, '')),
    losses,
  });
}

/** With its byte order mark. */
function utf16(text: string): ArrayBuffer {
  const units = new DataView(new ArrayBuffer((text.length + 1) * 2));
  units.setUint16(0, 0xfeff, true);
  for (let at = 0; at < text.length; at += 1) units.setUint16((at + 1) * 2, text.charCodeAt(at), true);
  return units.buffer;
}

/** The contact sheet as a file: put together comment by comment, so that many pictures do not lie in memory at once. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import {
  CONTACT_SHEET_END,
  contactSheetEntry,
  contactSheetHead,
  contactSheetLegacy,
  type ContactSheet,
} from '../../core/interchange/contact-sheet.ts';
import type { ExchangeMedia } from '../../core/interchange/model.ts';
import { isLegacy } from '../../core/schema/annotation.ts';
import { listComments } from '../../core/schema/listed-comments.ts';
import type { RunContext } from './run-context.ts';
import { store, type Thumbnail } from './thumbnails.ts';

/** Entries that are kept as text before they become a Blob, which the browser may put on disk. */
const AT_ONCE = 50;
/** Longest argument list that every engine takes. */
const CODES_AT_ONCE = 0x4000;

/** A picture as an address that holds it. */
export async function dataAddress(picture: Blob): Promise<string> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += CODES_AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(at, at + CODES_AT_ONCE));
  return `data:image/jpeg;base64,${btoa(binary)}`;
}

/** Writes the contact sheet of a job's comments. */
export async function contactSheetFile(
  context: RunContext,
  media: readonly ExchangeMedia[],
  pictures: readonly Thumbnail[],
  path: string,
): Promise<Result<Blob, Failure>> {
  const { ports, record } = context;
  const { listed } = listComments(record.spec);
  const sheet: ContactSheet = { title: record.name, madeAt: record.createdAt, media, words: ports.words() };
  const byComment = new Map(pictures.map(({ comment, file }) => [comment.id, file]));
  const firstLegacy = listed.findIndex(isLegacy);
  let pieces: BlobPart[] = [contactSheetHead(sheet, listed.length)];
  for (const [at, comment] of listed.entries()) {
    if (at === firstLegacy) pieces.push(contactSheetLegacy(sheet));
    const file = byComment.get(comment.id);
    const picture = file === undefined ? null : await dataAddress(file);
    pieces.push(contactSheetEntry(sheet, comment, at + 1, picture));
    if (pieces.length > AT_ONCE) pieces = [new Blob(pieces)];
  }
  return store(context, path, new Blob([...pieces, CONTACT_SHEET_END], { type: 'text/html' }));
}

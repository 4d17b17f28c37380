/**
 * What a person does to the project document, as pure data and one pure function. Nothing here knows of undo
 * (history.ts), of saving, or of the assets' own records: only of the document.
 */
import { failure, type Failure } from '../base/failure.ts';
import type { AssetId, ClipId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { clipSchema, type Clip, type ProjectDocument } from '../schema/document.ts';
import { whereWrong } from '../schema/where-wrong.ts';

/** What the person does to the document. Each can be undone. Times are asset time, microseconds. */
export type DocumentCommand =
  | { readonly type: 'addClip'; readonly clip: Clip; readonly at?: number }
  | {
      readonly type: 'changeClip';
      readonly id: ClipId;
      readonly startUs?: number;
      readonly endUs?: number;
      readonly label?: string;
      /** Position among the asset's sound tracks; null for the one that the product takes by itself. */
      readonly audioTrack?: number | null;
    }
  | { readonly type: 'moveClip'; readonly id: ClipId; readonly to: number }
  | { readonly type: 'removeClips'; readonly ids: readonly ClipId[] }
  | { readonly type: 'renameProject'; readonly name: string }
  | { readonly type: 'addAsset'; readonly assetId: AssetId; readonly at?: number }
  | { readonly type: 'moveAsset'; readonly assetId: AssetId; readonly to: number }
  /** The asset's clips go with it. */
  | { readonly type: 'removeAsset'; readonly assetId: AssetId };

/** Longest project name, as the schema has it. */
const MAX_NAME = 200;

type Change = Result<Partial<Pick<ProjectDocument, 'name' | 'assetOrder' | 'clips'>> | null, Failure>;

/**
 * Applies a command. The same document comes back (the same object) when the command changes nothing.
 * Fails with `not_found` for an id that is not there, `out_of_range`/`range_empty` for a clip that ends before it
 * starts, `invalid_spec`/`bad_spec` for values that could not be saved.
 */
export function applyCommand(
  document: ProjectDocument,
  command: DocumentCommand,
  isoNow: string,
): Result<ProjectDocument, Failure> {
  const change = changeOf(document, command);
  if (!change.ok) return change;
  return ok(change.value === null ? document : { ...document, ...change.value, updatedAt: isoNow });
}

function changeOf(document: ProjectDocument, command: DocumentCommand): Change {
  switch (command.type) {
    case 'addClip':
      return addClip(document, command.clip, command.at);
    case 'changeClip':
      return changeClip(document, command);
    case 'moveClip': {
      const from = document.clips.findIndex((clip) => clip.id === command.id);
      if (from < 0) return unknownClip(command.id);
      const clips = moved(document.clips, from, command.to);
      return ok(clips === null ? null : { clips });
    }
    case 'removeClips': {
      const gone = new Set<ClipId>(command.ids);
      const unknown = command.ids.find((id) => !document.clips.some((clip) => clip.id === id));
      if (unknown !== undefined) return unknownClip(unknown);
      return ok(gone.size === 0 ? null : { clips: document.clips.filter((clip) => !gone.has(clip.id)) });
    }
    case 'renameProject': {
      if (command.name.length > MAX_NAME) return bad(`A project name has at most ${MAX_NAME} characters.`);
      return ok(command.name === document.name ? null : { name: command.name });
    }
    case 'addAsset': {
      if (document.assetOrder.includes(command.assetId)) return ok(null);
      return ok({ assetOrder: inserted(document.assetOrder, command.assetId, command.at) });
    }
    case 'moveAsset': {
      const from = document.assetOrder.indexOf(command.assetId);
      if (from < 0) return unknownAsset(command.assetId);
      const assetOrder = moved(document.assetOrder, from, command.to);
      return ok(assetOrder === null ? null : { assetOrder });
    }
    case 'removeAsset': {
      const { assetId } = command;
      const clips = document.clips.filter((clip) => clip.assetId !== assetId);
      const assetOrder = document.assetOrder.filter((id) => id !== assetId);
      const known = clips.length < document.clips.length || assetOrder.length < document.assetOrder.length;
      return known ? ok({ clips, assetOrder }) : unknownAsset(assetId);
    }
  }
}

function addClip(document: ProjectDocument, clip: Clip, at: number | undefined): Change {
  const problem = problemOf(clip);
  if (problem !== null) return err(problem);
  if (document.clips.some((one) => one.id === clip.id)) return bad(`There is a clip "${clip.id}" already.`);
  const clips = inserted(document.clips, clip, at);
  // The media list shows what the reel uses, also where a document comes from an import and names its assets
  // in clips only.
  if (document.assetOrder.includes(clip.assetId)) return ok({ clips });
  return ok({ clips, assetOrder: [...document.assetOrder, clip.assetId] });
}

function changeClip(
  document: ProjectDocument,
  command: Extract<DocumentCommand, { readonly type: 'changeClip' }>,
): Change {
  const before = document.clips.find((clip) => clip.id === command.id);
  if (before === undefined) return unknownClip(command.id);
  const { audioTrack: trackBefore, ...rest } = before;
  const audioTrack = command.audioTrack === undefined ? trackBefore : (command.audioTrack ?? undefined);
  const after: Clip = {
    ...rest,
    startUs: command.startUs ?? before.startUs,
    endUs: command.endUs ?? before.endUs,
    label: command.label ?? before.label,
    ...(audioTrack === undefined ? {} : { audioTrack }),
  };
  const same =
    after.startUs === before.startUs &&
    after.endUs === before.endUs &&
    after.label === before.label &&
    after.audioTrack === before.audioTrack;
  if (same) return ok(null);
  const problem = problemOf(after);
  if (problem !== null) return err(problem);
  return ok({ clips: document.clips.map((clip) => (clip === before ? after : clip)) });
}

/** Why a clip cannot be in a document; null when it can. */
function problemOf(clip: Clip): Failure | null {
  // The empty range comes first: it is the mistake that a person can make, the others are a program's.
  if (clip.endUs <= clip.startUs) {
    return failure('out_of_range', 'range_empty', 'The clip ends before it starts.', {
      startUs: clip.startUs,
      endUs: clip.endUs,
    });
  }
  const parsed = clipSchema.safeParse(clip);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  const path = whereWrong(parsed.error);
  return failure('invalid_spec', 'bad_spec', `The clip is not valid at "${path}": ${issue?.message ?? ''}`, {
    path,
  });
}

/** A place in a list of `length` places; whatever lies outside is the nearer end. */
function place(wanted: number | undefined, length: number): number {
  if (wanted === undefined || Number.isNaN(wanted)) return length;
  return Math.min(Math.max(Math.trunc(wanted), 0), length);
}

function inserted<T>(list: readonly T[], item: T, at: number | undefined): T[] {
  const to = place(at, list.length);
  return [...list.slice(0, to), item, ...list.slice(to)];
}

/** The list with one item at another place (counted without the item itself); null when nothing moves. */
function moved<T>(list: readonly T[], from: number, wanted: number): T[] | null {
  const to = place(wanted, list.length - 1);
  const item = list[from];
  if (to === from || item === undefined) return null;
  return inserted([...list.slice(0, from), ...list.slice(from + 1)], item, to);
}

function bad(message: string): Change {
  return err(failure('invalid_spec', 'bad_spec', message));
}

// The closed list of reasons has none for clips: a clip that is not there is a race of the program, not
// something that a person is told about.
function unknownClip(id: ClipId): Change {
  return err(failure('not_found', 'unexpected', `There is no clip "${id}".`, { clipId: id }));
}

function unknownAsset(id: AssetId): Change {
  return err(
    failure('not_found', 'unknown_asset', `There is no asset "${id}" in the project.`, { assetId: id }),
  );
}

/** What callers pass that TypeScript does not guard: JavaScript passes anything. */
import { failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { EXCHANGE_FORMATS, type ExchangeFormat } from '../../core/interchange/model.ts';
import { specSegmentSchema } from '../../core/schema/spec.ts';
import { ReelkeepError } from './error.ts';
import type { TextTimeline } from './types.ts';

/** JavaScript callers pass anything. `invalid_spec` for what is neither a file nor a handle. */
export function checkImportable(input: unknown): void {
  const isHandle = typeof input === 'object' && input !== null && 'getFile' in input;
  if (input instanceof File || isHandle) return;
  throw new ReelkeepError(
    failure('invalid_spec', 'bad_spec', 'importMedia takes a File or a FileSystemFileHandle.', {
      path: 'file',
    }),
  );
}

/** `invalid_spec` for what is neither true nor false. */
export function checkFlag(input: unknown, path: string): void {
  if (typeof input === 'boolean') return;
  throw new ReelkeepError(failure('invalid_spec', 'bad_spec', `"${path}" takes true or false.`, { path }));
}

/** `not_found` for what names no export; it could not be sent to other tabs either. */
export function checkId(input: unknown): void {
  if (typeof input === 'string') return;
  throw new ReelkeepError(
    failure('not_found', 'unknown_export', 'There is no such export.', { id: `(${typeof input})` }),
  );
}

/** `not_found` for what names no asset. */
export function checkedAsset(input: unknown): AssetId {
  if (typeof input === 'string') return input as AssetId;
  throw new ReelkeepError(
    failure('not_found', 'unknown_asset', 'There is no such asset.', { assetId: `(${typeof input})` }),
  );
}

const badSpec = (message: string, path: string): ReelkeepError =>
  new ReelkeepError(failure('invalid_spec', 'bad_spec', message, { path }));

/** `invalid_spec` for what is no file. */
export function checkedBlob(input: unknown): Blob {
  if (input instanceof Blob) return input;
  throw badSpec('importText takes a File or Blob.', 'file');
}

/** `invalid_spec` for a format that nobody knows. */
export function checkedFormat(input: unknown): ExchangeFormat {
  const format = EXCHANGE_FORMATS.find((one) => one === input);
  if (format !== undefined) return format;
  throw badSpec('There is no such format.', 'format');
}

/** `invalid_spec` for what names neither an asset nor ranges. */
export function checkedTimeline(input: unknown): TextTimeline {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const { assetId, name, segments } = given;
  if (typeof assetId === 'string') return { assetId: assetId as AssetId };
  if (typeof name !== 'string') throw badSpec('exportText takes an asset, or a name with ranges.', 'name');
  const checked = specSegmentSchema.array().min(1).safeParse(segments);
  if (!checked.success) throw badSpec('exportText: the ranges are not valid.', 'segments');
  return { name, segments: checked.data };
}

/** Comments as exports and programs need them. */
import type { Failure } from '../core/base/failure.ts';
import type { AssetId } from '../core/base/ids.ts';
import { ok, type Result } from '../core/base/result.ts';
import { annotationOf, byTime, parseAnnotationInputs, type Annotation } from '../core/schema/annotation.ts';
import { needsComments, type CheckedSpec } from '../core/schema/spec.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import { browserClock } from './clock.ts';
import { newId } from './ids.ts';
import { createReviewBus } from './review-bus.ts';
import { assetOf, type Runtime } from './runtime.ts';

/**
 * The spec with the comments that its files have now, where it needs some and names none. Those of its files only: what another
 * file was commented with is nobody's business here.
 */
export async function withComments(
  stores: Pick<Stores, 'annotations'>,
  spec: CheckedSpec,
): Promise<CheckedSpec> {
  if (spec.comments !== undefined || !needsComments(spec)) return spec;
  const assets = [...new Set(spec.segments.map(({ assetId }) => assetId))];
  const lists = await Promise.all(assets.map((id) => stores.annotations.list(id)));
  return { ...spec, comments: lists.flat().sort(byTime) };
}

/** Adds comments to an asset: all of them or none. `not_found`, `invalid_spec`, `out_of_range`. */
export async function addComments(
  runtime: Runtime,
  assetId: AssetId,
  input: unknown,
): Promise<Result<readonly Annotation[], Failure>> {
  const asset = await assetOf(runtime, assetId);
  if (!asset.ok) return asset;
  const parsed = parseAnnotationInputs(input, asset.value.probe.durationUs);
  if (!parsed.ok) return parsed;
  const now = Date.parse(browserClock.iso());
  const comments = parsed.value.map((one, at) => {
    // Those on one frame stay in the order in which they were handed over.
    const isoNow = new Date(now + at).toISOString();
    return annotationOf(one, { id: newId('annotation'), assetId, isoNow });
  });
  const written = await keepComments(runtime, comments);
  return written.ok ? ok(comments) : written;
}

/** Keeps comments, and tells everybody who shows them. */
export async function keepComments(
  runtime: Runtime,
  comments: readonly Annotation[],
): Promise<Result<null, Failure>> {
  if (comments.length === 0) return ok(null);
  const written = await runtime.stores.annotations.write(comments, []);
  if (!written.ok) return written;
  const bus = createReviewBus(runtime.database);
  bus.changed();
  bus.close();
  return ok(null);
}

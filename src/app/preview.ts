/**
 * A small copy of a file that the browser cannot decode, for looking at. It is rendered like an export (same planner,
 * same engine) with every frame at its own time, so that frame numbers in the player stay those of the file.
 */
import { failure, type Failure } from '../core/base/failure.ts';
import type { ExportId } from '../core/base/ids.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Asset } from '../core/schema/asset.ts';
import type { RenderPlan } from '../core/schema/plan.ts';
import type { CheckedSpec } from '../core/schema/spec.ts';
import type { JobPorts } from '../runtime/contract/job-ports.ts';
import type { Stores } from '../runtime/contract/stores.ts';
import { renderToFile } from '../runtime/jobs/render-to-file.ts';

/** Makes the preview, or finds it. */
export async function makePreview(
  ports: JobPorts,
  stores: Stores,
  plan: (spec: CheckedSpec) => Promise<Result<RenderPlan, Failure>>,
  asset: Asset,
  options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<Result<File, Failure>> {
  const kept = await stores.assets.proxy(asset.id);
  if (kept !== null) {
    const file = await stores.files.open(kept);
    if (file !== null) return ok(file);
  }
  const planned = await plan({
    version: 1,
    name: 'preview',
    type: 'single',
    segments: [{ assetId: asset.id, startUs: 0, endUs: asset.probe.durationUs }],
    format: 'mp4',
    resolution: '720p',
    quality: 'low',
    cut: 'exact',
    burnIn: false,
    audio: 'keep',
    surround: 'downmix',
    enlarge: false,
  });
  if (!planned.ok) return planned;
  const source = await ports.source(asset);
  if (!source.ok) return source;
  const owner = `preview-${asset.id}` as ExportId;
  const path = `previews/${asset.id}.mp4`;
  const rendered = await ports.exclusively(`preview:${asset.id}`, options.signal, () =>
    renderToFile({
      ports,
      plan: planned.value,
      owner,
      sources: new Map([[asset.id, { asset, file: source.value }]]),
      path: `${ports.files.root}/${path}`,
      ...options,
    }),
  );
  // The file holds everything now; its segments are of no other use.
  await ports.cache.release(owner);
  if (!rendered.ok) return rendered;
  const stored = await stores.assets.setProxy(asset.id, path);
  if (!stored.ok) return stored;
  const file = await stores.files.open(path);
  return file === null
    ? err(failure('storage_failed', 'storage_unavailable', 'The preview is not in storage.'))
    : ok(file);
}

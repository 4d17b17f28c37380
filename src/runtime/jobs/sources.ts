/** The files that a job reads: opened and proven, watched for changes, waited for where they are gone. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { JobPorts } from '../contract/job-ports.ts';
import { withRetries } from './again.ts';
import { limitsFor } from './limits.ts';
import { cancelled, recoveryFor } from './recovery.ts';
import type { PlanSources } from './rendered.ts';
import { watched } from './watchdog.ts';

/** How often a source may be opened anew without anybody having chosen it again: then it is something else. */
const MOST_REOPENED = 3;
/** Tries of opening a source that is there, but whose worker broke. */
const MOST_TRIES = 3;

/** What finding sources needs. */
export interface SourceContext {
  readonly ports: Pick<JobPorts, 'asset' | 'clock' | 'random' | 'source' | 'sourceArrives'>;
  readonly signal: AbortSignal;
  /** Waits for the person. False when the work is to end here. */
  readonly wait: (what: 'source', until: (signal: AbortSignal) => Promise<void>) => Promise<boolean>;
}

/** The sources of a plan, which may have to be opened again while a job goes on. */
export interface SourceBox {
  readonly current: PlanSources;
  /** Opens again what cannot be read any more; waits where it is gone. Fails with `source_changed` for another content. */
  reopen(): Promise<Result<null, Failure>>;
}

/** Whether what a file was when it was opened can still be read. Browsers refuse a file that was written to since. */
export async function canStillBeRead(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    await file.slice(Math.max(0, file.size - 1)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** A source that cannot be read any more. */
export function unreadable(): Failure {
  return failure('source_missing', 'unreadable_file', 'A source file can no longer be read.');
}

function changed(asset: Asset): Failure {
  return failure('media_changed', 'source_changed', `"${asset.name}" was changed while it was read.`, {
    name: asset.name,
  });
}

/** The bytes of every asset of the plan; waits for those that have to be linked again. */
export async function collectSources(
  context: SourceContext,
  plan: RenderPlan,
): Promise<Result<SourceBox, Failure>> {
  const sources = new Map<AssetId, { readonly asset: Asset; readonly file: File }>();
  for (const id of new Set(plan.clips.map((clip) => clip.assetId))) {
    const asset = await context.ports.asset(id);
    if (asset === null) {
      return err(
        failure('not_found', 'unknown_asset', 'A source of this export was removed.', { assetId: id }),
      );
    }
    const opened = await open(context, asset);
    if (!opened.ok) return opened;
    sources.set(id, { asset, file: opened.value.file });
  }
  let reopened = 0;
  return ok({
    current: sources,
    async reopen() {
      reopened += 1;
      for (const [id, { asset, file }] of sources) {
        if (await canStillBeRead(file)) continue;
        const again = await open(context, asset);
        if (!again.ok) return again;
        const { waited, file: fresh } = again.value;
        if (waited) reopened = 0;
        // The fingerprint looks at three places only. What the person chose again is taken at that; but a file that was
        // written to while it was read is not the same, wherever that was.
        else if (fresh.lastModified !== file.lastModified || fresh.size !== file.size)
          return err(changed(asset));
        sources.set(id, { asset, file: fresh });
      }
      return reopened > MOST_REOPENED ? err(unreadable()) : ok(null);
    },
  });
}

/** Opens one source; waits for it as long as it is gone. */
async function open(
  { ports, signal, wait }: SourceContext,
  asset: Asset,
): Promise<Result<{ readonly file: File; readonly waited: boolean }, Failure>> {
  for (let waited = false; ; waited = true) {
    if (signal.aborted) return err(cancelled());
    // Listening begins before the file is looked for: one that arrives in between must not be missed.
    const stop = new AbortController();
    const arrived = ports.sourceArrives(AbortSignal.any([signal, stop.signal]));
    try {
      const limits = limitsFor({ part: 'preparing', clips: 1 });
      const file = await withRetries({ ports, signal }, MOST_TRIES, () =>
        watched({ clock: ports.clock, signal, limits, what: 'Opening a source' }, () => ports.source(asset)),
      );
      if (file.ok) return ok({ file: file.value, waited });
      if (recoveryFor(file.error) !== 'ask_source') return file;
      const goesOn = await wait('source', () => arrived);
      if (!goesOn) return err(cancelled());
    } finally {
      stop.abort();
    }
  }
}

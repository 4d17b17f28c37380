import { useState } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import type { AssetId } from '../../core/base/ids.ts';
import { ok } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatchPart } from '../workspace/context.tsx';

/** What concerns all linked files, said once above the list. */
export function LinkNotes({ assets }: { readonly assets: readonly AssetView[] }) {
  const t = useT();
  const { studio, pickFiles } = useSurroundings();
  const ask = useWatchPart(studio.settings, (settings) => settings.keepCopies === 'ask');
  const [later, setLater] = useState<ReadonlySet<AssetId>>(new Set());
  const missing = assets.filter(({ access }) => access === 'missing');
  const linked = assets.filter(
    ({ access, asset }) => ask && access === 'ready' && asset.source === 'link' && !later.has(asset.id),
  );
  return (
    <>
      {missing.length === 0 ? null : (
        <div className="link-note">
          <p>
            <Icon name="link" size={14} /> {t('access.missingAll', { count: missing.length })}
          </p>
          <Button onClick={pickFiles}>{t('access.link')}</Button>
        </div>
      )}
      <KeepNote
        linked={linked}
        onLater={() => {
          setLater((before) => new Set([...before, ...linked.map(({ asset }) => asset.id)]));
        }}
      />
    </>
  );
}

/** Makes private copies of files, one after the other; how far it is, by their bytes. */
function useKeep(files: readonly AssetView[]) {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const [copied, setCopied] = useState(0);
  const { busy, failure, clear, run } = useTask();
  const keep = async (): Promise<void> => {
    const total = files.reduce((sum, { asset }) => sum + asset.bytes, 0);
    let before = 0;
    setCopied(0);
    const done = await run(async () => {
      for (const { asset } of files) {
        const result = await studio.keepCopy(asset.id, (fraction) => {
          setCopied((before + fraction * asset.bytes) / Math.max(1, total));
        });
        if (!result.ok) return result;
        before += asset.bytes;
      }
      return ok(true);
    });
    if (done !== null) announce(t('access.copied', { count: files.length }));
  };
  return {
    busy,
    keep,
    progress: <span className="asset-copying">{t('access.keeping', { percent: copied })}</span>,
    problem: failure === null ? null : <FailureNote failure={failure} onDismiss={clear} />,
  };
}

/** Offers private copies of files that are only linked. Stays while copies are made, whatever is kept meanwhile. */
function KeepNote({
  linked,
  onLater,
}: {
  readonly linked: readonly AssetView[];
  readonly onLater: () => void;
}) {
  const t = useT();
  const { busy, keep, progress, problem } = useKeep(linked);
  const count = linked.length;
  if (count === 0 && !busy) return problem;
  return (
    <div className="link-note">
      <p>
        <Icon name="link" size={14} /> {t('access.linkOnlyAll', { count })}
      </p>
      {busy ? (
        progress
      ) : (
        <>
          <Button onClick={() => void keep()}>{t('access.keepAll', { count })}</Button>
          <Button tone="quiet" onClick={onLater}>
            {t('access.later')}
          </Button>
        </>
      )}
      {problem}
    </div>
  );
}

/** Offers a private copy of one file. Nothing where its bytes are not lost by a reload. */
export function KeepOne({ view }: { readonly view: AssetView }) {
  const t = useT();
  const { busy, keep, progress, problem } = useKeep([view]);
  if (view.access !== 'ready' || view.asset.source !== 'link') return null;
  return (
    <>
      {busy ? (
        progress
      ) : (
        <Button className="facts-action" onClick={() => void keep()}>
          {t('access.keepAll', { count: 1 })}
        </Button>
      )}
      {problem}
    </>
  );
}

import { useState } from 'react';
import { rateOf, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useWatch, useWorkspace } from '../workspace/context.tsx';
import { ClipRow } from './ClipRow.tsx';

/** The ranges in playing order. */
export function ReelPanel() {
  const t = useT();
  const { studio } = useSurroundings();
  const { document: project, readOnly } = useWatch(studio.document);
  const assets = useWatch(studio.assets);
  const selected = useWorkspace((state) => state.clipId);
  const [drop, setDrop] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const { clips } = project;
  const several = new Set(clips.map((clip) => clip.assetId)).size > 1;
  const totalUs = clips.reduce((sum, clip) => sum + clip.endUs - clip.startUs, 0);
  const first = assets.find((view) => view.asset.id === clips[0]?.assetId);

  return (
    <section className="panel reel" aria-labelledby="reel-title">
      <header className="panel-head">
        <h2 id="reel-title">{t('reel.title')}</h2>
        {clips.length === 0 ? null : (
          <span className="panel-count">{t('reel.count', { count: clips.length })}</span>
        )}
        <span className="spring" />
        {clips.length === 0 ? null : (
          <span className="reel-total">
            {t('reel.total')} <b>{timecode(totalUs, rateOf(first?.asset ?? null))}</b>
          </span>
        )}
      </header>
      <div className="panel-scroll">
        {clips.length === 0 ? (
          <div className="panel-empty reel-empty">
            <Icon name="ranges" size={22} />
            <strong>{t('reel.emptyTitle')}</strong>
            <p>{t('reel.emptyBody')}</p>
          </div>
        ) : (
          <ol className="clips" aria-label={t('reel.list')}>
            {clips.map((clip, position) => (
              <ClipRow
                key={clip.id}
                clip={clip}
                position={position}
                total={clips.length}
                view={assets.find((view) => view.asset.id === clip.assetId) ?? null}
                selected={clip.id === selected}
                showFile={several}
                readOnly={readOnly}
                dropMark={
                  drop === null || drop.to !== position || drop.from === drop.to
                    ? null
                    : drop.to > drop.from
                      ? 'after'
                      : 'before'
                }
                lifted={drop?.from === position}
                onDrop={setDrop}
              />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

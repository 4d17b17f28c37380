/** Carrying comments from one version to the other, and what could not be placed. */
import { useEffect, useRef, useState } from 'react';
import type { AssetId } from '../../core/base/ids.ts';
import type { CarriedComments } from '../../app/studio/types.ts';
import { clock } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote, ProgressBar } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatchPart } from '../workspace/context.tsx';

/** The button, the progress and the report. */
export function Carry({ from, to }: { readonly from: AssetId; readonly to: AssetId }) {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const count = useWatchPart(
    studio.review,
    (comments) => [...comments.values()].filter(({ assetId }) => assetId === from).length,
  );
  const [progress, setProgress] = useState<number | null>(null);
  const [result, setResult] = useState<CarriedComments | null>(null);
  const stop = useRef<AbortController | null>(null);
  const task = useTask();
  // Closing the dialog stops what nobody waits for.
  useEffect(
    () => () => {
      stop.current?.abort();
    },
    [],
  );
  const carry = async (): Promise<void> => {
    const control = new AbortController();
    stop.current = control;
    setResult(null);
    setProgress(0);
    const done = await task.run(() =>
      studio.versions.carry(from, to, { signal: control.signal, onProgress: setProgress }),
    );
    setProgress(null);
    if (done === null) return;
    setResult(done);
    announce(t('versions.carried', { count: done.carried.length }));
  };
  return (
    <section className="versions-carry">
      <div>
        <Button
          icon="right"
          tone="primary"
          disabled={count === 0 || progress !== null}
          onClick={() => {
            void carry();
          }}
        >
          {t('versions.carry', { count })}
        </Button>
        {progress === null ? (
          <small>{t('versions.carryHint')}</small>
        ) : (
          <>
            <ProgressBar label={t('versions.carrying')} percent={progress * 100} />
            <Button
              onClick={() => {
                stop.current?.abort();
              }}
            >
              {t('versions.stop')}
            </Button>
          </>
        )}
      </div>
      {task.failure === null || task.failure.reason === 'cancelled' ? null : (
        <FailureNote failure={task.failure} onDismiss={task.clear} />
      )}
      {result === null ? null : (
        <>
          <p role="status">
            <Icon name="check" /> {t('versions.carried', { count: result.carried.length })}
          </p>
          <Lost
            lost={result.lost}
            onKeep={() => {
              studio.versions.keepWithoutFrame(result.lost, to);
              setResult({ ...result, lost: [] });
            }}
          />
        </>
      )}
    </section>
  );
}

function Lost({ lost, onKeep }: { readonly lost: CarriedComments['lost']; readonly onKeep: () => void }) {
  const t = useT();
  if (lost.length === 0) return null;
  return (
    <div className="versions-lost">
      <h3>
        <Icon name="warning" /> {t('versions.lost', { count: lost.length })}
      </h3>
      <ul>
        {lost.map(({ comment, reason }) => (
          <li key={comment.id}>
            <time>{clock(comment.timeUs ?? 0)}</time> <bdi>{comment.text}</bdi>
            <small>{t(`lost.${reason}`)}</small>
          </li>
        ))}
      </ul>
      <Button onClick={onKeep}>{t('versions.keep')}</Button>
    </div>
  );
}

/** Handing a review to somebody as one file, and opening one. */
import { useEffect, useRef, useState } from 'react';
import { ok } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, Choice, FailureNote } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask } from '../workspace/context.tsx';
import { Exchange } from './Exchange.tsx';

const VIDEO = ['none', 'preview', 'original'] as const;
type Video = (typeof VIDEO)[number];

/** What has been written and waits to be saved. */
type Ready = { readonly blob: Blob; readonly name: string; readonly comments: number };

/** Shows the choice of what goes with the review, and makes it. */
export function HandoverDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={open} name="handover" title={t('handover.title')} onClose={onClose}>
      <Contents />
    </Dialog>
  );
}

function Contents() {
  const t = useT();
  const language = useLanguage();
  const { studio, announce } = useSurroundings();
  const [video, setVideo] = useState<Video>('none');
  const [progress, setProgress] = useState<number | null>(null);
  const [ready, setReady] = useState<Ready | null>(null);
  const stop = useRef<AbortController | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const mayTake = studio.allows('can_download_assets');
  const task = useTask();
  // Closing the dialog stops what nobody waits for.
  useEffect(
    () => () => {
      stop.current?.abort();
    },
    [],
  );
  const make = async (): Promise<void> => {
    const control = new AbortController();
    stop.current = control;
    setReady(null);
    setProgress(0);
    const made = await task.run(() =>
      studio.reviewFiles.write({ video, signal: control.signal, onProgress: setProgress }),
    );
    setProgress(null);
    if (made === null) return;
    setReady(made);
    announce(t('handover.ready', { name: made.name }));
  };
  const save = async (file: Ready): Promise<void> => {
    await task.run(() => studio.reviewFiles.save(file));
  };
  return (
    <div className="handover-body">
      <p>{t('handover.hint')}</p>
      <Choice
        label={t('handover.video')}
        note={t(`handover.note.${video}`)}
        value={video}
        options={VIDEO.filter((value) => value === 'none' || mayTake).map((value) => ({
          value,
          text: t(`handover.with.${value}`),
        }))}
        onChange={(value) => {
          setVideo(value);
          setReady(null);
        }}
      />
      {progress === null ? (
        <Button
          tone={ready === null ? 'primary' : 'plain'}
          icon="share"
          onClick={() => {
            void make();
          }}
        >
          {t('handover.make')}
        </Button>
      ) : (
        <div className="handover-progress">
          <progress value={progress} max={1} aria-label={t('handover.making')} />
          <Button
            onClick={() => {
              stop.current?.abort();
            }}
          >
            {t('handover.stop')}
          </Button>
        </div>
      )}
      {ready === null ? null : (
        <p className="handover-ready">
          <Icon name="check" />
          <span>
            <bdi>{ready.name}</bdi>
            <small>
              {t('handover.holds', { count: ready.comments, size: size(ready.blob.size, language) })}
            </small>
          </span>
          <Button
            tone="primary"
            icon="download"
            onClick={() => {
              void save(ready);
            }}
          >
            {t('handover.save')}
          </Button>
        </p>
      )}
      {task.failure === null || task.failure.reason === 'cancelled' ? null : (
        <FailureNote failure={task.failure} onDismiss={task.clear} />
      )}
      <hr />
      <h3>{t('handover.openTitle')}</h3>
      <p>{t('handover.openHint')}</p>
      <input
        ref={input}
        type="file"
        accept=".reelkeep"
        hidden
        data-testid="review-input"
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (chosen.length === 0) return;
          void task.run(async () => {
            await studio.importItems(chosen);
            return ok(null);
          });
        }}
      />
      <Button
        icon="folder"
        onClick={() => {
          input.current?.click();
        }}
      >
        {t('handover.open')}
      </Button>
      <hr />
      <Exchange />
    </div>
  );
}

import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Rational } from '../../core/base/time.ts';
import { MAX_NAME, MAX_TEXT, primaryVideo } from '../core.ts';
import { rateOf, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, FailureNote, IconButton } from '../parts/controls.tsx';
import { TimeField } from '../parts/TimeField.tsx';
import { useDesk, usePlayer, useSurroundings, useWatch, useWorkspace } from '../workspace/context.tsx';
import { choicesIn } from './comments.ts';
import type { Draft } from './desk.ts';
import { DrawTools } from './DrawTools.tsx';
import { numberOf } from './painted.ts';
import { ColorChoice, colorStyle } from './parts.tsx';
import { ShapeNumbers } from './ShapeNumbers.tsx';
import { useCanAnnotate, useComments, useDraft, useDraftOnPicture } from './useReview.ts';

/** Whether an Enter belongs to an input method that puts a syllable together. */
export function isComposing(event: KeyboardEvent): boolean {
  // 229: some browsers end the composition before they tell of the key.
  const press: { readonly isComposing: boolean; readonly keyCode?: number } = event.nativeEvent;
  return press.isComposing || press.keyCode === 229;
}

/** The field below the picture: always there; what is typed is about the frame on display, or the marked range. */
export function Composer({ view }: { readonly view: AssetView }) {
  const t = useT();
  const { desk, workspace, announce } = useSurroundings();
  const allowed = useCanAnnotate();
  const draft = useDraft();
  const { all } = useComments();
  const ready = usePlayer((state) => state.status === 'ready');
  const painted = useDesk((state) => state.painted);
  const color = useDesk((state) => state.color);
  const field = useRef<HTMLTextAreaElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const rate = rateOf(view.asset);
  const drawable = primaryVideo(view.asset.probe) !== null;
  const placeholder = usePlaceholder(rate);
  const isNew = draft?.id === null;
  const number = draft === null ? 0 : numberOf(draft, all.timed);

  const editing = draft?.id ?? null;
  useEffect(() => {
    if (editing !== null) field.current?.focus();
  }, [editing]);

  const send = (): void => {
    const sent = desk.send();
    if (sent === null) return;
    if (!sent.ok) {
      setFailure(sent.error);
      return;
    }
    setFailure(null);
    announce(t(isNew ? 'review.added' : 'review.saved', { n: draft?.timeUs == null ? '–' : number }), {
      quiet: true,
    });
    workspace.showSide('comments');
    field.current?.blur();
  };
  const cancel = (): void => {
    setFailure(null);
    desk.cancel();
    field.current?.blur();
  };

  return (
    <section
      className={draft === null ? 'composer' : 'composer is-open'}
      aria-label={draft === null || isNew ? t('review.write') : t('review.editing', { n: number })}
      style={colorStyle(draft?.color ?? color)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isComposing(event) || draft === null) return;
        event.preventDefault();
        event.stopPropagation();
        cancel();
      }}
    >
      {draft === null ? null : <Place draft={draft} rate={rate} number={number} onCancel={cancel} />}
      <div className="composer-line">
        <span className="composer-dot" aria-hidden="true" />
        <textarea
          ref={field}
          className="composer-text"
          rows={1}
          aria-label={t('review.text')}
          placeholder={draft === null ? placeholder : t('review.placeholder')}
          title={`${t('review.add')}  (M)`}
          value={draft?.text ?? ''}
          maxLength={MAX_TEXT}
          disabled={!allowed || (!ready && draft === null)}
          onChange={(event) => {
            desk.change({ text: event.target.value });
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
            event.preventDefault();
            send();
          }}
        />
        {draft === null ? (
          <>
            <IconButton
              icon="shapes"
              label={t('review.draw')}
              disabled={!allowed || !ready || !drawable}
              onClick={() => {
                desk.begin();
                desk.pickTool('box');
              }}
            />
            <IconButton
              icon={painted ? 'eye' : 'eyeOff'}
              label={t(painted ? 'review.hide' : 'review.show')}
              onClick={() => {
                desk.setPainted(!painted);
              }}
            />
          </>
        ) : null}
      </div>
      {draft === null ? null : (
        <>
          <div className="composer-tools">
            {drawable ? <DrawTools draft={draft} /> : null}
            <ColorChoice
              label={t('review.color')}
              value={draft.color}
              onChange={(next) => {
                desk.setColor(next);
              }}
            />
            <span className="spring" />
            <Button tone="quiet" title="Escape" onClick={cancel}>
              {t('app.cancel')}
            </Button>
            <Button
              tone="primary"
              icon="send"
              title="Enter"
              disabled={draft.text.trim() === '' && draft.shapes.length === 0}
              onClick={send}
            >
              {t(isNew ? 'review.send' : 'review.save')}
            </Button>
          </div>
        </>
      )}
      {failure === null ? null : (
        <FailureNote
          failure={failure}
          onDismiss={() => {
            setFailure(null);
          }}
        />
      )}
    </section>
  );
}

/** What a comment would be about if it were written now. */
function usePlaceholder(rate: Rational): string {
  const t = useT();
  const { inUs, outUs } = useWorkspace((state) => state.marks);
  const us = usePlayer((state) => (state.playing ? 0 : Math.max(0, state.timeUs)));
  const playing = usePlayer((state) => state.playing);
  if (inUs !== null && outUs !== null) {
    return t('review.placeholderRange', { start: timecode(inUs, rate), end: timecode(outUs, rate) });
  }
  return playing ? t('review.placeholder') : t('review.placeholderAt', { time: timecode(us, rate) });
}

/** What the comment is about: its place, its category, and who writes it. */
function Place({
  draft,
  rate,
  number,
  onCancel,
}: {
  readonly draft: Draft;
  readonly rate: Rational;
  readonly number: number;
  readonly onCancel: () => void;
}) {
  const t = useT();
  const { desk, workspace } = useSurroundings();
  const here = useDraftOnPicture(draft);
  const shape = useDesk((state) => state.shape);
  const { durationUs, floating } = draft;
  const nowUs = usePlayer((state) => (floating ? Math.max(0, Math.round(state.timeUs)) : 0));
  const timeUs = floating ? nowUs : draft.timeUs;
  return (
    <div className="composer-place">
      <strong>
        {draft.id === null
          ? t('review.new')
          : timeUs === null
            ? t('review.editingUntimed')
            : t('review.editing', { n: number })}
      </strong>
      {timeUs === null ? (
        <span className="composer-untimed">{t('review.untimed')}</span>
      ) : (
        <span className="composer-times">
          <TimeField
            label={t('review.time')}
            valueUs={timeUs}
            rate={rate}
            onCommit={(us) => {
              desk.change({ timeUs: desk.frameAt(us) });
            }}
          />
          {durationUs === null ? null : (
            <>
              –
              <TimeField
                label={t('review.end')}
                valueUs={timeUs + durationUs}
                rate={rate}
                onCommit={(us) => {
                  desk.change({ durationUs: desk.endAt(timeUs, us) - timeUs });
                }}
              />
            </>
          )}
          <IconButton
            icon="here"
            size={14}
            label={t('review.toCurrent')}
            disabled={here}
            onClick={() => {
              const { player } = workspace.get();
              if (player !== null) desk.change({ timeUs: Math.max(0, Math.round(player.here().timeUs)) });
            }}
          />
        </span>
      )}
      {shape === null ? <Who draft={draft} /> : <ShapeNumbers draft={draft} />}
      <IconButton icon="close" size={12} label={t('app.cancel')} hint="Escape" onClick={onCancel} />
    </div>
  );
}

/** Its category, and who writes it. */
function Who({ draft }: { readonly draft: Draft }) {
  const t = useT();
  const { studio, desk } = useSurroundings();
  const { author } = useWatch(studio.settings);
  const { all } = useComments();
  const categories = useId();
  return (
    <span className="composer-who">
      <input
        type="text"
        className="editable boxed composer-category"
        aria-label={t('review.category')}
        placeholder={t('review.category')}
        list={categories}
        value={draft.category}
        maxLength={MAX_NAME}
        autoComplete="off"
        onChange={(event) => {
          desk.change({ category: event.target.value });
        }}
      />
      <datalist id={categories}>
        {choicesIn([...all.timed, ...all.legacy].map(({ comment }) => comment)).categories.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <input
        type="text"
        className="editable boxed composer-author"
        aria-label={t('review.author')}
        placeholder={t('review.author')}
        value={author}
        maxLength={MAX_NAME}
        autoComplete="name"
        disabled={draft.id !== null}
        onChange={(event) => {
          studio.changeSettings({ author: event.target.value });
        }}
      />
    </span>
  );
}

import { useEffect, useMemo, useRef, type RefObject } from 'react';
import type { PlanEstimate } from '../../core/schema/plan.ts';
import { isUnfinished, listComments } from '../core.ts';
import { isMoment, size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useExports, useSurroundings, useTask, useWatch, useWorkspace } from '../workspace/context.tsx';
import { BudgetNote, useBudget } from './BudgetNote.tsx';
import { hasSurround, specOf } from './choices.ts';
import { ExportCard } from './ExportCard.tsx';
import { ExportSettings } from './ExportSettings.tsx';
import { GuestNote } from './GuestNote.tsx';
import { PlanView } from './PlanView.tsx';
import { QueueList } from './QueueList.tsx';
import { QueueSign } from './QueueSign.tsx';
import { useBrowserEncodes } from './useBrowserEncodes.ts';
import { usePlan } from './usePlan.ts';
import { useStarted } from './useStarted.ts';

/** Ended exports beside the queue; all of them are in the list of their own. */
const LATEST = 5;

/** The exports; for guests, why there are none. */
export function ExportPanel() {
  return useSurroundings().studio.allows('can_download_assets') ? <Exports /> : <GuestNote />;
}

/** Settings, plan, the export button, and the exports. */
function Exports() {
  const t = useT();
  const { studio, workspace, showHistory } = useSurroundings();
  const started = useStarted();
  const form = useFilledForm();
  const queueAt = useRef<HTMLElement>(null);
  const { document: project } = useWatch(studio.document);
  const selected = useWorkspace((state) => state.clipId);
  const exports = useExports();
  const choices = useWorkspace((state) => state.choices);
  const task = useTask();

  const projectName = project.name === '' ? t('top.untitled') : project.name;
  const single =
    choices.type === 'single' ? (project.clips.find((clip) => clip.id === selected) ?? null) : null;
  const fallback = single === null || single.label === '' ? projectName : single.label;
  const name = choices.name ?? fallback;
  const { clips } = project;
  const assets = useWatch(studio.assets);
  const chosen = useMemo(
    () => (choices.type !== 'single' ? clips : single === null ? [] : [single]),
    [choices.type, clips, single],
  );
  const surround = useMemo(
    () =>
      hasSurround(
        chosen,
        assets.map(({ asset }) => asset),
      ),
    [chosen, assets],
  );
  const comments = useWatch(studio.review);
  const { shownUs } = useWatch(studio.settings);
  const commented = useMemo(() => {
    const { listed, legacy } = listComments({
      segments: chosen,
      comments: [...comments.values()],
      shownUs,
    });
    return listed.length > legacy;
  }, [chosen, comments, shownUs]);
  const spec = useMemo(
    () => (chosen.length === 0 ? null : specOf(chosen, name, choices, surround, commented ? shownUs : null)),
    [chosen, name, choices, surround, commented, shownUs],
  );
  const browserEncodes = useBrowserEncodes();
  const plan = usePlan(spec);
  const budget = useBudget(plan.plan);
  const refused = budget !== null && (budget.state === 'hard' || budget.state === 'full');
  const queue = exports.filter(({ record }) => isUnfinished(record));
  const ended = exports.filter(({ record }) => !isUnfinished(record));

  const start = (): void => {
    // Not disabled while it starts: a button that is takes the focus with it.
    if (spec === null || task.busy) return;
    void task
      .run(() => studio.createExport(spec, single === null ? null : [single.id]))
      .then((record) => {
        if (record !== null) started(record);
      });
  };

  return (
    <section className="panel export" aria-labelledby="export-title">
      <header className="panel-head">
        <h2 id="export-title">{t('export.title')}</h2>
        <span className="spring" />
        <QueueSign
          views={queue}
          onShow={() => {
            queueAt.current?.scrollIntoView({ block: 'start' });
            queueAt.current?.focus({ preventScroll: true });
          }}
        />
      </header>
      <div className="panel-scroll">
        {clips.length === 0 ? (
          <p className="panel-empty">{t('export.needRange')}</p>
        ) : (
          <div ref={form} className="export-form">
            <ExportSettings
              choices={choices}
              name={name}
              surround={surround}
              browserEncodes={browserEncodes}
              commented={commented}
              change={(part) => {
                workspace.choose(part);
              }}
            />
            {spec === null ? (
              <p className="plan-line plan-hint">
                <Icon name="info" size={14} /> {t('export.needSelection')}
              </p>
            ) : (
              <PlanView state={plan} />
            )}
          </div>
        )}
        {exports.length === 0 ? null : (
          <section className="jobs" aria-label={t('job.list')}>
            {queue.length === 0 ? null : <QueueList views={queue} at={queueAt} />}
            {ended.length === 0 ? null : (
              <>
                <header className="jobs-head">
                  <h3>{t('job.recent')}</h3>
                  <span className="spring" />
                  <Button tone="quiet" icon="history" onClick={showHistory}>
                    {t('job.all')}
                  </Button>
                </header>
                {ended.slice(0, LATEST).map((view) => (
                  <ExportCard key={view.record.id} view={view} />
                ))}
              </>
            )}
          </section>
        )}
      </div>
      {clips.length === 0 ? null : (
        <footer className="export-foot">
          {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
          {budget === null || plan.plan === null || plan.loading ? null : (
            <BudgetNote outlook={budget} plan={plan.plan} />
          )}
          <span className="export-estimate" aria-busy={plan.loading}>
            {plan.loading ? (
              // What was worked out for other settings must not look as if it were of these.
              <span className="export-working">
                <span className="spinner" /> {t('plan.working')}
              </span>
            ) : plan.plan === null ? null : (
              <Estimate of={plan.plan.estimate} />
            )}
          </span>
          <Button
            tone="primary"
            className="export-button"
            icon="share"
            // While the plan is made anew it may be started all the same: an export makes and weighs a plan of its own.
            disabled={spec === null || (refused && !plan.loading) || (plan.failure !== null && !plan.loading)}
            aria-disabled={task.busy}
            onClick={start}
          >
            {task.busy ? t('export.starting') : t('export.action')}
          </Button>
        </footer>
      )}
    </section>
  );
}

/** The form; it is shown from its first field on whenever it was filled from elsewhere. */
function useFilledForm(): RefObject<HTMLDivElement | null> {
  const form = useRef<HTMLDivElement>(null);
  const filled = useWorkspace((state) => state.filled);
  useEffect(() => {
    if (filled === 0) return;
    // Later: a dialog that closes now gives the focus back to where it was.
    const timer = setTimeout(() => {
      form.current?.scrollIntoView({ block: 'start' });
      form.current?.querySelector('input')?.focus({ preventScroll: true });
    });
    return () => {
      clearTimeout(timer);
    };
  }, [filled]);
  return form;
}

/** How long it will take, how large the file will be, and what it needs meanwhile. */
function Estimate({ of: { wallMs, bytes, storageBytes } }: { readonly of: PlanEstimate }) {
  const t = useT();
  const language = useLanguage();
  const values = { time: span(wallMs, t), size: size(bytes, language) };
  return (
    <>
      {/* "About less than a second" says it twice. */}
      <span>{isMoment(wallMs) ? t('plan.estimateMoment', values) : t('plan.estimate', values)}</span>
      <span>{t('estimate.needs', { size: size(storageBytes, language) })}</span>
    </>
  );
}

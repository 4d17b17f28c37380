import { useMemo, useState } from 'react';
import type { PlanEstimate } from '../../core/schema/plan.ts';
import { ok } from '../core.ts';
import { isMoment, size, span } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Button, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useExports, useSurroundings, useTask, useWatch, useWorkspace } from '../workspace/context.tsx';
import { DEFAULT_CHOICES, hasSurround, specOf, type Choices } from './choices.ts';
import { ExportCard } from './ExportCard.tsx';
import { ExportSettings } from './ExportSettings.tsx';
import { PlanView } from './PlanView.tsx';
import { useBrowserEncodes } from './useBrowserEncodes.ts';
import { usePlan } from './usePlan.ts';

/** Settings, plan, the export button, and the exports. */
export function ExportPanel() {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const { document: project } = useWatch(studio.document);
  const selected = useWorkspace((state) => state.clipId);
  const exports = useExports();
  const [choices, setChoices] = useState(DEFAULT_CHOICES);
  const task = useTask();
  const change = (part: Partial<Choices>): void => {
    setChoices((before) => ({ ...before, ...part }));
  };

  const projectName = project.name === '' ? t('top.untitled') : project.name;
  const single =
    choices.type === 'single' ? (project.clips.find((clip) => clip.id === selected) ?? null) : null;
  const fallback = single === null || single.label === '' ? projectName : single.label;
  const name = choices.name ?? fallback;
  const { clips } = project;
  const assets = useWatch(studio.assets);
  const chosen = useMemo(
    () => (choices.type === 'combined' ? clips : single === null ? [] : [single]),
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
  const spec = useMemo(
    () => (chosen.length === 0 ? null : specOf(chosen, name, choices, surround)),
    [chosen, name, choices, surround],
  );
  const browserEncodes = useBrowserEncodes();
  const plan = usePlan(spec);

  const start = (): void => {
    // Not disabled while it starts: a button that is takes the focus with it.
    if (spec === null || task.busy) return;
    void task
      .run(async () => ok(await studio.client.createExport(spec)))
      .then((record) => {
        if (record !== null) announce(t('export.started', { name: record.name }));
      });
  };

  return (
    <section className="panel export" aria-labelledby="export-title">
      <header className="panel-head">
        <h2 id="export-title">{t('export.title')}</h2>
      </header>
      <div className="panel-scroll">
        {clips.length === 0 ? (
          <p className="panel-empty">{t('export.needRange')}</p>
        ) : (
          <div className="export-form">
            <ExportSettings
              choices={choices}
              name={name}
              surround={surround}
              browserEncodes={browserEncodes}
              change={change}
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
            {exports.map((view) => (
              <ExportCard key={view.record.id} view={view} />
            ))}
          </section>
        )}
      </div>
      {clips.length === 0 ? null : (
        <footer className="export-foot">
          {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
          <span className="export-estimate">
            {plan.plan === null ? null : <Estimate of={plan.plan.estimate} />}
          </span>
          <Button
            tone="primary"
            className="export-button"
            icon="share"
            disabled={spec === null || (plan.failure !== null && !plan.loading)}
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

/** How long it will take, and how large the file will be. */
function Estimate({ of: { wallMs, bytes } }: { readonly of: PlanEstimate }) {
  const t = useT();
  const values = { time: span(wallMs, t), size: size(bytes, useLanguage()) };
  // "About less than a second" says it twice.
  return isMoment(wallMs) ? t('plan.estimateMoment', values) : t('plan.estimate', values);
}

import { useMemo, useState } from 'react';
import { ok } from '../core.ts';
import type { Clip } from '../../core/schema/document.ts';
import type { ExportSpec } from '../../core/schema/spec.ts';
import { useT } from '../messages/i18n.tsx';
import { Button, Choice, EditableText, FailureNote, Segmented } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useExports, useSurroundings, useTask, useWatch, useWorkspace } from '../workspace/context.tsx';
import { ExportCard } from './ExportCard.tsx';
import { PlanView } from './PlanView.tsx';
import { usePlan } from './usePlan.ts';

/** What the person chose; the name follows the project until it is typed. */
interface Choices {
  readonly name: string | null;
  readonly type: 'combined' | 'single';
  readonly format: 'mp4' | 'mov';
  readonly resolution: 'source' | '720p' | '1080p' | '4k';
  readonly quality: 'high' | 'medium' | 'low';
  readonly cut: 'exact' | 'keyframe';
  readonly audio: 'keep' | 'drop';
}

const DEFAULTS: Choices = {
  name: null,
  type: 'combined',
  format: 'mp4',
  resolution: 'source',
  quality: 'high',
  cut: 'exact',
  audio: 'keep',
};

/** Settings, plan, the export button, and the exports. */
export function ExportPanel() {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const { document: project } = useWatch(studio.document);
  const selected = useWorkspace((state) => state.clipId);
  const exports = useExports();
  const [choices, setChoices] = useState(DEFAULTS);
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
  const spec = useMemo(() => {
    const chosen = choices.type === 'combined' ? clips : single === null ? [] : [single];
    return chosen.length === 0 ? null : specOf(chosen, name, choices);
  }, [clips, single, name, choices]);
  const plan = usePlan(spec);

  const start = (): void => {
    if (spec === null) return;
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
            <ExportSettings choices={choices} name={name} change={change} />
            {spec === null ? (
              <p className="plan-line plan-hint">
                <Icon name="info" size={14} /> {t('export.needSelection')}
              </p>
            ) : (
              <PlanView state={plan} />
            )}
            {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
            <Button
              tone="primary"
              className="export-button"
              icon="share"
              disabled={spec === null || task.busy || (plan.failure !== null && !plan.loading)}
              onClick={start}
            >
              {task.busy ? t('export.starting') : t('export.action')}
            </Button>
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
    </section>
  );
}

function specOf(clips: readonly Clip[], name: string, choices: Choices): ExportSpec {
  return {
    version: 1,
    name: name.slice(0, 200),
    type: choices.type,
    segments: clips.map(({ assetId, startUs, endUs, label }) => ({
      assetId,
      startUs,
      endUs,
      ...(label === '' ? {} : { label }),
    })),
    format: choices.format,
    resolution: choices.resolution,
    quality: choices.quality,
    cut: choices.cut,
    audio: choices.audio,
  };
}

function ExportSettings({
  choices,
  name,
  change,
}: {
  readonly choices: Choices;
  readonly name: string;
  readonly change: (part: Partial<Choices>) => void;
}) {
  const t = useT();
  return (
    <div className="export-settings" role="group" aria-label={t('export.settings')}>
      <div className="export-name">
        <span className="field-label" aria-hidden="true">
          {t('export.name')}
        </span>
        <EditableText
          label={t('export.name')}
          className="boxed"
          value={name}
          maxLength={200}
          onCommit={(text) => {
            change({ name: text === '' ? null : text });
          }}
        />
      </div>
      <Segmented
        label={t('export.format')}
        value={choices.format}
        options={[
          { value: 'mp4', text: 'MP4' },
          { value: 'mov', text: 'MOV' },
        ]}
        onChange={(format) => {
          change({ format });
        }}
      />
      <Choice
        label={t('export.type')}
        value={choices.type}
        options={[
          { value: 'combined', text: t('export.combined') },
          { value: 'single', text: t('export.single') },
        ]}
        onChange={(type) => {
          change({ type });
        }}
      />
      <Choice
        label={t('export.cut')}
        value={choices.cut}
        options={[
          { value: 'exact', text: t('export.exact') },
          { value: 'keyframe', text: t('export.keyframe') },
        ]}
        onChange={(cut) => {
          change({ cut });
        }}
      />
      <Choice
        label={t('export.resolution')}
        value={choices.resolution}
        options={[
          { value: 'source', text: t('export.source') },
          { value: '4k', text: '4K' },
          { value: '1080p', text: '1080p' },
          { value: '720p', text: '720p' },
        ]}
        onChange={(resolution) => {
          change({ resolution });
        }}
      />
      <Choice
        label={t('export.quality')}
        value={choices.quality}
        options={[
          { value: 'high', text: t('export.high') },
          { value: 'medium', text: t('export.medium') },
          { value: 'low', text: t('export.low') },
        ]}
        onChange={(quality) => {
          change({ quality });
        }}
      />
      <Choice
        label={t('export.sound')}
        value={choices.audio}
        options={[
          { value: 'keep', text: t('export.keep') },
          { value: 'drop', text: t('export.drop') },
        ]}
        onChange={(audio) => {
          change({ audio });
        }}
      />
    </div>
  );
}

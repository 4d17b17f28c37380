/** Comments and cuts for other programs, and out of them. */
import { useRef, useState } from 'react';
import type { ExchangeFormat, ImportReport } from '../../app/studio/types.ts';
import { useT, type Translate } from '../messages/i18n.tsx';
import { Button, Choice, FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useTask, useWatchPart, useWorkspace } from '../workspace/context.tsx';

type Loss = ImportReport['losses'][number];

/** The section of the dialog. */
export function Exchange() {
  const t = useT();
  const { studio, announce } = useSurroundings();
  const openId = useWorkspace((state) => state.assetId);
  const hasReel = useWatchPart(studio.document, ({ document }) => document.clips.length > 0);
  const [format, setFormat] = useState<ExchangeFormat>('reelkeep-csv');
  const [of, setOf] = useState<'reel' | 'film'>('film');
  const [report, setReport] = useState<ImportReport | null>(null);
  const [losses, setLosses] = useState<readonly Loss[] | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const task = useTask();
  if (openId === null) return null;
  const write = async (): Promise<void> => {
    setReport(null);
    setLosses(null);
    const made = await task.run(() =>
      studio.exchange.write(format, of === 'reel' && hasReel ? 'reel' : openId),
    );
    if (made === null) return;
    setLosses(made.losses);
    await task.run(() => studio.reviewFiles.save(made));
  };
  const read = async (file: File): Promise<void> => {
    setReport(null);
    setLosses(null);
    const done = await task.run(() => studio.exchange.read(file, openId));
    if (done === null) return;
    setReport(done);
    announce(t('handover.imported', { count: done.comments.length, cuts: done.cuts.length }));
  };
  return (
    <section className="exchange" aria-label={t('handover.exchange')}>
      <h3>{t('handover.exchange')}</h3>
      <div className="exchange-choices">
        <Choice
          label={t('handover.format')}
          value={format}
          options={studio.exchange.formats.map((value) => ({ value, text: t(`exchange.${value}`) }))}
          onChange={setFormat}
        />
        <Choice
          label={t('handover.of')}
          value={hasReel ? of : 'film'}
          options={(hasReel ? (['film', 'reel'] as const) : (['film'] as const)).map((value) => ({
            value,
            text: t(`handover.what.${value}`),
          }))}
          onChange={setOf}
        />
      </div>
      <div className="exchange-choices">
        {studio.allows('can_export_csv') ? (
          <Button
            icon="download"
            disabled={task.busy}
            onClick={() => {
              void write();
            }}
          >
            {t('handover.write')}
          </Button>
        ) : null}
        <Button
          icon="folder"
          disabled={task.busy}
          onClick={() => {
            input.current?.click();
          }}
        >
          {t('handover.read')}
        </Button>
      </div>
      <small>{t('handover.readHint')}</small>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="exchange-input"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file !== undefined) void read(file);
        }}
      />
      {task.failure === null ? null : <FailureNote failure={task.failure} onDismiss={task.clear} />}
      {report === null ? null : <Brought report={report} />}
      <Losses losses={report?.losses ?? losses ?? []} />
    </section>
  );
}

/** What a text has brought, in a line. */
export function Brought({ report }: { readonly report: ImportReport }) {
  const t = useT();
  return (
    <p role="status">
      <Icon name="check" /> {t(`exchange.${report.format}`)}:{' '}
      {t('handover.imported', { count: report.comments.length, cuts: report.cuts.length })}
      {report.known === 0 ? '' : ` ${t('handover.known', { count: report.known })}`}
    </p>
  );
}

/** What was not carried over. */
export function Losses({ losses }: { readonly losses: readonly Loss[] }) {
  const t = useT();
  if (losses.length === 0) return null;
  return (
    <ul className="losses" aria-label={t('handover.losses')}>
      {losses.map((loss, position) => (
        <li key={position}>
          <Icon name="info" /> <bdi>{sentence(loss, t)}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** Formats say what they know; what a sentence wants beyond that is nothing. */
const NOTHING = {
  line: 0,
  found: '',
  name: '',
  limit: 0,
  start: '',
  expected: '',
  encoding: '',
  what: '',
  rule: '',
};

function sentence({ code, count, params }: Loss, t: Translate): string {
  const { what, rule } = params;
  return t(`loss.${code}`, {
    ...NOTHING,
    ...params,
    count,
    ...(what === undefined ? {} : { what: t(`lossThing.${what}` as Parameters<Translate>[0]) }),
    ...(rule === undefined ? {} : { rule: t(`lossRule.${rule}` as Parameters<Translate>[0]) }),
  });
}

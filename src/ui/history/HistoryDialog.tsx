import { useState } from 'react';
import { useT } from '../messages/i18n.tsx';
import { Button, Choice, FailureNote, IconButton } from '../parts/controls.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { HistoryRow } from './HistoryRow.tsx';
import { ALL, changed, isNarrowed, MAX_TEXT, pageOf, type Filters } from './query.ts';
import { useHistory, type HistoryPage } from './useHistory.ts';

/** All exports that there are: found, sorted, page by page. */
export function HistoryDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={open} name="history" title={t('history.title')} onClose={onClose}>
      <Contents onClose={onClose} />
    </Dialog>
  );
}

function Contents({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const [filters, setFilters] = useState<Filters>(ALL);
  // The last row of the last page was deleted: the page before it is the last one then.
  const { page, loading, failure } = useHistory(filters, (last) => {
    setFilters((before) => ({ ...before, page: last }));
  });
  const change = (part: Partial<Filters>): void => {
    setFilters((before) => changed(before, part));
  };
  return (
    <>
      <FilterBar filters={filters} change={change} />
      <div
        className="history-body"
        role="region"
        aria-label={t('history.list')}
        tabIndex={0}
        aria-busy={loading}
      >
        {failure === null ? null : <FailureNote failure={failure} />}
        {page === null ? null : <Hidden {...page.hidden} />}
        {page === null ? (
          failure === null ? (
            <p className="history-empty">
              <span className="spinner" /> {t('history.loading')}
            </p>
          ) : null
        ) : page.exports.length === 0 ? (
          <div className="history-empty">
            <Icon name="history" size={22} />
            <p>{t(isNarrowed(filters) ? 'history.nothing' : 'history.empty')}</p>
            {isNarrowed(filters) ? (
              <Button
                onClick={() => {
                  setFilters(ALL);
                }}
              >
                {t('history.reset')}
              </Button>
            ) : null}
          </div>
        ) : (
          <>
            <div className="history-names" aria-hidden="true">
              <span>{t('history.name')}</span>
              <span>{t('history.status')}</span>
              <span>{t('history.date')}</span>
              <span>{t('history.size')}</span>
            </div>
            <ul className="history-rows" aria-label={t('history.list')}>
              {page.exports.map((record) => (
                <HistoryRow key={record.id} record={record} onLeave={onClose} />
              ))}
            </ul>
          </>
        )}
      </div>
      <Pages filters={filters} total={page?.total ?? 0} change={change} />
    </>
  );
}

/** That there are exports which no page shows: whoever counts them would think them lost. */
function Hidden({ newer, damaged }: HistoryPage['hidden']) {
  const t = useT();
  return (
    <>
      {newer === 0 ? null : <p className="history-hidden">{t('history.newer', { count: newer })}</p>}
      {damaged === 0 ? null : <p className="history-hidden">{t('history.damaged', { count: damaged })}</p>}
    </>
  );
}

function FilterBar({
  filters,
  change,
}: {
  readonly filters: Filters;
  readonly change: (part: Partial<Filters>) => void;
}) {
  const t = useT();
  return (
    <div className="history-filters" role="search">
      <label className="history-search">
        <span className="field-label">{t('history.search')}</span>
        <span className="search-field">
          <Icon name="search" size={14} />
          <input
            type="search"
            value={filters.text}
            maxLength={MAX_TEXT}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              change({ text: event.target.value });
            }}
          />
        </span>
      </label>
      <Choice
        label={t('history.status')}
        value={filters.status}
        options={[
          { value: 'any', text: t('history.any') },
          { value: 'unfinished', text: t('history.unfinished') },
          { value: 'completed', text: t('status.completed') },
          { value: 'partial', text: t('parts.partial') },
          { value: 'failed', text: t('status.failed') },
          { value: 'cancelled', text: t('status.cancelled') },
        ]}
        onChange={(status) => {
          change({ status });
        }}
      />
      <Choice
        label={t('history.type')}
        value={filters.type}
        options={[
          { value: 'any', text: t('history.any') },
          { value: 'combined', text: t('export.combined') },
          { value: 'single', text: t('export.single') },
          { value: 'clips', text: t('parts.type') },
          { value: 'bundle', text: t('bundle.type') },
          { value: 'csv', text: t('bundle.csvType') },
        ]}
        onChange={(type) => {
          change({ type });
        }}
      />
      <Choice
        label={t('history.order')}
        value={filters.order}
        options={[
          { value: 'newest', text: t('history.newest') },
          { value: 'oldest', text: t('history.oldest') },
          { value: 'name', text: t('history.byName') },
          { value: 'largest', text: t('history.largest') },
        ]}
        onChange={(order) => {
          change({ order });
        }}
      />
    </div>
  );
}

function Pages({
  filters,
  total,
  change,
}: {
  readonly filters: Filters;
  readonly total: number;
  readonly change: (part: Partial<Filters>) => void;
}) {
  const t = useT();
  const { from, to, hasNext } = pageOf(filters.page, total);
  return (
    <footer className="history-pages">
      <p role="status">
        {total === 0 ? t('history.found', { count: 0 }) : t('history.page', { from, to, total })}
      </p>
      <span className="spring" />
      <IconButton
        icon="left"
        label={t('history.previous')}
        disabled={filters.page === 0}
        onClick={() => {
          change({ page: filters.page - 1 });
        }}
      />
      <IconButton
        icon="right"
        label={t('history.next')}
        disabled={!hasNext}
        onClick={() => {
          change({ page: filters.page + 1 });
        }}
      />
    </footer>
  );
}

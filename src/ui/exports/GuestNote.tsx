import { useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings } from '../workspace/context.tsx';

/** What stands in place of the exports for somebody who may not take any film away. */
export function GuestNote() {
  const t = useT();
  const { studio } = useSurroundings();
  const csv = studio.allows('can_export_csv');
  return (
    <section className="panel export" aria-labelledby="export-title">
      <header className="panel-head">
        <h2 id="export-title">{t('export.title')}</h2>
      </header>
      <div className="panel-scroll">
        <div className="panel-empty guest-note" role="note">
          <Icon name="lock" size={22} />
          <strong>{t('review.guestTitle')}</strong>
          <p>{t(csv ? 'review.guestCsv' : 'review.guestBody')}</p>
          {/* The export of comments as CSV belongs here, where `csv` is true. */}
        </div>
      </div>
    </section>
  );
}

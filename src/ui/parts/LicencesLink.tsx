import { useT } from '../messages/i18n.tsx';

/** To the page with the licences of all that is shipped; the build writes it beside this one. */
export function LicencesLink() {
  const t = useT();
  return (
    <a className="licences-link" href="licenses.html" target="_blank" rel="noopener">
      {t('app.licences')}
    </a>
  );
}

import type { Export } from '../../core/schema/export.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';

/** How many files an export is delivered in; null for one. */
export function filesSaid({ files }: Pick<Export, 'files'>, t: Translate): string | null {
  return files.length < 2 ? null : t('parts.files', { count: files.length });
}

/** The files of an export that is delivered in several, with their sizes. */
export function ResultFiles({ files }: Pick<Export, 'files'>) {
  const t = useT();
  const language = useLanguage();
  if (files.length < 2) return null;
  return (
    <ul className="result-files" aria-label={t('bundle.files')}>
      {files.map(({ path, name, bytes }) => (
        <li key={path}>
          <bdi>{name}</bdi> <span>{size(bytes, language)}</span>
        </li>
      ))}
    </ul>
  );
}

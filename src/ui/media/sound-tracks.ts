/** Sound tracks as a person chooses among them. Pure. */
import type { AudioTrackProbe } from '../../core/schema/asset.ts';
import { codecName } from '../format/text.ts';
import type { Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';

/** The name of a track's language; null where the file does not say. */
function languageName(code: string | null, language: Language): string | null {
  if (code === null || code === '' || code === 'und') return null;
  try {
    return new Intl.DisplayNames(language, { type: 'language' }).of(code) ?? code;
  } catch {
    // Not a language code: whatever the file says.
    return code;
  }
}

/** Number, language, codec and channels: "2: Korean, AC-3, 6 channels". */
export function soundTrackName(
  track: AudioTrackProbe,
  position: number,
  t: Translate,
  language: Language,
): string {
  const parts = [
    languageName(track.language, language),
    codecName(track.codec),
    t('details.channels', { count: track.channels }),
  ];
  return `${String(position + 1)}: ${parts.filter((part) => part !== null).join(', ')}`;
}

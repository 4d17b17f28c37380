/** What a certificate says, in the language of the page. Pure. */
import type { CertificateCheck, CheckText } from '../../core/schema/certificate.ts';
import { inSequence } from '../core.ts';
import { codecName } from '../format/text.ts';
import type { Translate } from '../messages/i18n.tsx';
import type { Language } from '../messages/types.ts';

/** How the sentences are asked for: messages by their codes. */
interface Voice {
  readonly t: Translate;
  readonly language: Language;
  /** Whether there is a sentence: a newer build may have said more. */
  readonly knows: (code: string) => boolean;
}

/** What a check expected and found; the certificate's own English where it has no codes, or unknown ones. */
export function checkWords(
  check: CertificateCheck,
  voice: Voice,
): { readonly expected: string; readonly found: string } {
  return {
    expected: inWords(check.expectedText, voice) ?? check.expected,
    found: inWords(check.foundText, voice) ?? check.found,
  };
}

/** Sentences one after the other; null where they cannot be said. */
export function inWords(texts: readonly CheckText[] | undefined, voice: Voice): string | null {
  if (texts === undefined || !texts.every(({ code }) => voice.knows(code))) return null;
  return inSequence(texts, (said) => voice.t(`checkText.${said.code}`, shown(said, voice.language)));
}

/** Numbers as they are read: seconds to the millisecond, levels and differences to a tenth, sizes without separators. */
function shown({ code, params }: CheckText, language: Language): Record<string, string | number> {
  const number = (value: number, digits: number, signDisplay: 'negative' | 'exceptZero'): string =>
    new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay,
    }).format(value);
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries<string | number>({ ...params })) {
    if (typeof value === 'string') {
      values[name] = name === 'codec' ? codecName(value) : name === 'container' ? value.toUpperCase() : value;
    } else if (name === 'us') values['time'] = number(value / 1e6, 3, 'negative');
    else if (name === 'endUs') values['end'] = number(value / 1e6, 3, 'negative');
    else if (name === 'db') values[name] = number(value, 1, code === 'level' ? 'exceptZero' : 'negative');
    else if (name === 'ms' || name === 'difference') values[name] = number(value, 1, 'negative');
    else if (name === 'width' || name === 'height') values[name] = String(value);
    else values[name] = value;
  }
  return values;
}

import type { ReactNode } from 'react';
import { IntlProvider, useLocale, useTranslations } from 'use-intl';
import { en } from './en.ts';
import { ko } from './ko.ts';
import type { Language, MessageKey, Messages } from './types.ts';

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, ko };

/** Renders a message; the key is checked by the compiler. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** The language of the browser, when it has a catalogue. */
export function browserLanguage(): Language {
  return navigator.languages[0]?.toLowerCase().startsWith('ko') === true ? 'ko' : 'en';
}

/** Gives messages to everything below. */
export function Messages({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <IntlProvider locale={language} messages={CATALOGUES[language]} timeZone={timeZone}>
      {children}
    </IntlProvider>
  );
}

/** The messages of the current language. */
export function useT(): Translate {
  return useTranslations() as Translate;
}

/** Whether there is a sentence for a code that another build has written down. */
export function hasCheckText(code: string): boolean {
  return code in en.checkText;
}

/** The current language. */
export function useLanguage(): Language {
  return useLocale() === 'ko' ? 'ko' : 'en';
}

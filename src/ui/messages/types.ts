import type { en } from './en.ts';

/** The same tree with any text at its leaves. */
type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** The shape of a catalogue: exactly the keys of the English one. */
export type Messages = Texts<typeof en>;

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** Address of one message, e.g. `transport.play`. */
export type MessageKey = Paths<typeof en>;

/** Languages that have a catalogue. */
export type Language = 'en' | 'ko';

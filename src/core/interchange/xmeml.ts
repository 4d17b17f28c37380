/** The XML of Final Cut Pro 7, which Premiere Pro reads and writes: versions 4 and 5. */
import type { TextFormat } from './model.ts';
import { startsWithElement } from './xml-read.ts';
import { readXmeml } from './xmeml-read.ts';
import { writeXmeml } from './xmeml-write.ts';

/** xmeml. */
export const xmeml: TextFormat = {
  name: 'xmeml',
  sniff: (text) => (startsWithElement(text, 'xmeml') ? 1 : 0),
  read: readXmeml,
  write: writeXmeml,
};

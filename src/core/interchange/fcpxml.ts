/** Final Cut Pro's XML: written as 1.10, read from 1.8 on. */
import type { TextFormat } from './model.ts';
import { readFcpxml } from './fcpxml-read.ts';
import { writeFcpxml } from './fcpxml-write.ts';
import { startsWithElement } from './xml-read.ts';

/** FCPXML. */
export const fcpxml: TextFormat = {
  name: 'fcpxml',
  sniff: (text) => (startsWithElement(text, 'fcpxml') ? 1 : 0),
  read: readFcpxml,
  write: writeFcpxml,
};

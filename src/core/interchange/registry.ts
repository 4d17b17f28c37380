/** All formats, and what is done with a text of which nobody has said what it is. */
import { failure, type Failure } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import { avidMarkers } from './avid-markers.ts';
import { cmx3600 } from './cmx3600.ts';
import { tooLarge } from './decode.ts';
import { fcpxml } from './fcpxml.ts';
import { fiojson } from './fiojson.ts';
import { frameioCsv } from './frameio-csv.ts';
import { losslesscutCsv } from './losslesscut-csv.ts';
import { losslesscut } from './losslesscut.ts';
import {
  MAX_TEXT_LENGTH,
  type ExchangeFormat,
  type ReadContext,
  type ReadExchange,
  type TextFormat,
  type WriteInput,
  type Written,
} from './model.ts';
import { otio } from './otio.ts';
import { premiereMarkers } from './premiere-markers.ts';
import { reelkeepCsv } from './reelkeep-csv.ts';
import { resolveEdl } from './resolve-edl.ts';
import { srt } from './srt.ts';
import { webvtt } from './webvtt.ts';
import { xmeml } from './xmeml.ts';
import { youtubeChapters } from './youtube-chapters.ts';

export { decodeText } from './decode.ts';

/** Formats of lines and cells, and formats of documents (XML, JSON). */
export const TEXT_FORMATS: readonly TextFormat[] = [
  reelkeepCsv,
  frameioCsv,
  premiereMarkers,
  resolveEdl,
  cmx3600,
  avidMarkers,
  losslesscut,
  losslesscutCsv,
  webvtt,
  srt,
  youtubeChapters,
  fcpxml,
  xmeml,
  otio,
  fiojson,
];

/** Less than this is chance. */
const SURE_ENOUGH = 0.35;

/** What format a text is in, by what it says; null where nothing known is recognised. */
export function recognise(text: string): ExchangeFormat | null {
  let best: ExchangeFormat | null = null;
  let most = SURE_ENOUGH;
  for (const format of TEXT_FORMATS) {
    const sure = format.read === null ? 0 : format.sniff(text);
    if (sure > most) [best, most] = [format.name, sure];
  }
  return best;
}

/** Reads a text of any known format. `invalid_spec`: unknown_format, broken_document, text_too_large. */
export function readExchange(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  if (text.length > MAX_TEXT_LENGTH) return err(tooLarge(text.length));
  const name = recognise(text);
  const format = TEXT_FORMATS.find((one) => one.name === name);
  if (format?.read == null) {
    return err(failure('invalid_spec', 'unknown_format', 'The text is in no format that is known.'));
  }
  return format.read(text, context);
}

/** Writes a text. `invalid_spec`/`not_offered_yet` for formats that are only read. */
export function writeExchange(name: ExchangeFormat, input: WriteInput): Result<Written, Failure> {
  const format = TEXT_FORMATS.find((one) => one.name === name);
  if (format?.write == null) {
    return err(failure('invalid_spec', 'not_offered_yet', `"${name}" cannot be written.`, { format: name }));
  }
  return format.write(input);
}

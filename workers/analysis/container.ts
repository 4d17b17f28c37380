/** Container families by our own names. */
import {
  ADTS,
  FLAC,
  type Input,
  type InputFormat,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';

const CONTAINERS: readonly (readonly [InputFormat, string])[] = [
  [QTFF, 'mov'],
  [MP4, 'mp4'],
  [WEBM, 'webm'],
  [MATROSKA, 'mkv'],
  [MPEG_TS, 'mpegts'],
  [MP3, 'mp3'],
  [WAVE, 'wav'],
  [OGG, 'ogg'],
  [FLAC, 'flac'],
  [ADTS, 'aac'],
];

/** The family of an opened file. */
export async function containerOf(input: Input): Promise<string> {
  const format = await input.getFormat();
  return CONTAINERS.find(([known]) => known === format)?.[1] ?? format.name.toLowerCase();
}

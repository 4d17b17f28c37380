/** Opens a file with the packet reader, and says in our words what went wrong when that fails. */
import {
  ADTS,
  BlobSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputFormat,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, type Result } from '../../src/core/base/result.ts';
import { messageOf, nameOf, unreadable } from './failure.ts';

/** Every single-file format; playlists (HLS) are text here and would fetch other files. */
export const FORMATS: InputFormat[] = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];

/** Says why reading failed: the bytes are gone, or what they say makes no sense. */
export async function readFailure(file: Blob, cause: unknown): Promise<Failure> {
  if (nameOf(cause) === 'NotReadableError' || nameOf(cause) === 'NotFoundError') return unreadable(cause);
  try {
    // Readers wrap or swallow the platform's error, so ask the file itself. Both ends: a file that has shrunk since
    // it was picked still gives its head in some browsers.
    await file.slice(0, 1).arrayBuffer();
    await file.slice(Math.max(0, file.size - 1)).arrayBuffer();
  } catch (readError) {
    return unreadable(readError);
  }
  return failure('unsupported_media', 'damaged', `The file is damaged: ${messageOf(cause)}`, {
    cause: messageOf(cause),
    tryFfmpeg: true,
  });
}

/** What a file that is read keeps of its bytes: packets are read in order, and the head is parsed once. */
const CACHE_BYTES = 2 << 20;

/** A file for the packet reader. */
export const sourceOf = (file: Blob): BlobSource => new BlobSource(file, { maxCacheSize: CACHE_BYTES });

/** Runs work on an opened file and closes it. A throw becomes a failure about the file. */
export async function withInput<T>(
  file: Blob,
  work: (input: Input) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const input = new Input({ formats: FORMATS, source: sourceOf(file) });
  try {
    return await work(input);
  } catch (cause) {
    return err(await readFailure(file, cause));
  } finally {
    input.dispose();
  }
}

/** A picture track by its order, or a failure. */
export async function withVideo<T>(
  file: Blob,
  order: number,
  work: (track: InputVideoTrack, sink: EncodedPacketSink, input: Input) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  return withInput(file, async (input) => {
    const track = (await input.getVideoTracks())[order];
    if (track === undefined) {
      return err(
        failure('unsupported_media', 'no_tracks', 'The file does not have this picture track.', { order }),
      );
    }
    return work(track, new EncodedPacketSink(track), input);
  });
}

/** Entry of the playback worker: decoded frames and sound of one open source, for the player. */
import { transfer } from 'comlink';
import {
  ADTS,
  BlobSource,
  FLAC,
  Input,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
  type InputAudioTrack,
} from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { PlaybackSource, PlaybackWorkerApi } from '../../src/runtime/contract/playback.ts';
import { exposeWorker } from '../shared/expose.ts';
import { failureOf, messageOf } from '../shared/failure.ts';
import { Frames } from './frames.ts';
import { SoundReader } from './sound.ts';

/** An open source. */
interface Opened {
  readonly input: Input;
  readonly frames: Frames | null;
  readonly audio: InputAudioTrack | null;
  readonly originUs: number;
  sound: SoundReader | null;
}

let opened: Opened | null = null;

/** What was asked for needs a source that is open: the worker may be a new one that knows nothing. */
const notOpen = (): Failure => failure('not_ready', 'unexpected', 'No source is open in this worker.');

const noTrack = (): Failure =>
  failure('unsupported_media', 'no_tracks', 'The file does not have this track.');

/** A throw while reading or decoding says something about the file, except where the platform says who it was. */
function mediaFailure(cause: unknown): Failure {
  const found = failureOf(cause);
  if (found.reason === 'unreadable_file') return found;
  // Chromium's word for a decoder that it took away.
  if (found.code === 'quota_exceeded') {
    return failure('engine_failed', 'step_failed', 'The browser took the decoder away.', found.details);
  }
  return failure(
    'unsupported_media',
    'damaged',
    `This part of the file cannot be decoded: ${messageOf(cause)}`,
    found.details,
  );
}

async function guarded<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (cause) {
    return err(mediaFailure(cause));
  }
}

async function close(): Promise<void> {
  const before = opened;
  opened = null;
  await before?.frames?.close();
  await before?.sound?.close();
  before?.input.dispose();
}

async function open({
  file,
  videoOrder,
  audioOrder,
  originUs,
}: PlaybackSource): Promise<Result<null, Failure>> {
  await close();
  // No playlists: they are text that would have other files fetched.
  const formats = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];
  const input = new Input({ formats, source: new BlobSource(file) });
  const result = await guarded<Opened>(async () => {
    const video = videoOrder === null ? null : (await input.getVideoTracks())[videoOrder];
    const audio = audioOrder === null ? null : (await input.getAudioTracks())[audioOrder];
    if (video === undefined || audio === undefined) return err(noTrack());
    if (video !== null && !(await video.canDecode())) {
      return err(failure('unsupported_media', 'no_decoder', 'This browser cannot decode the picture.'));
    }
    const frames = video === null ? null : new Frames(video, await video.getRotation(), originUs);
    return ok({ input, frames, audio, originUs, sound: null });
  });
  if (!result.ok) {
    input.dispose();
    return result;
  }
  // Two opens side by side: the later one counts.
  await close();
  opened = result.value;
  return ok(null);
}

exposeWorker<PlaybackWorkerApi>({
  open,
  close,

  frameAt: (timeUs) =>
    guarded(async () => {
      if (opened?.frames == null) return err(opened === null ? notOpen() : noTrack());
      const result = await opened.frames.frameAt(timeUs);
      return result.ok && result.value !== null ? transfer(result, [result.value.frame]) : result;
    }),

  startFrames: (fromUs) =>
    guarded(async () => {
      if (opened?.frames == null) return err(opened === null ? notOpen() : noTrack());
      return opened.frames.start(fromUs);
    }),

  nextFrames: (count) =>
    guarded(async () => {
      if (opened?.frames == null) return err(opened === null ? notOpen() : noTrack());
      const result = await opened.frames.next(count);
      return result.ok
        ? transfer(
            result,
            result.value.map((one) => one.frame),
          )
        : result;
    }),

  startSound: (fromUs) =>
    guarded(async () => {
      const at = opened;
      if (at?.audio == null) return err(at === null ? notOpen() : noTrack());
      if (!(await at.audio.canDecode())) {
        return err(failure('unsupported_media', 'no_decoder', 'This browser cannot decode the sound.'));
      }
      const before = at.sound;
      at.sound = new SoundReader(at.audio, fromUs, at.originUs);
      await before?.close();
      return ok(null);
    }),

  nextSound: (durationUs) =>
    guarded(async () => {
      if (opened === null) return err(notOpen());
      const sounds = (await opened.sound?.next(durationUs)) ?? [];
      const result = ok(sounds);
      return transfer(
        result,
        sounds.flatMap((one) => one.channels.map((channel) => channel.buffer as ArrayBuffer)),
      );
    }),
});

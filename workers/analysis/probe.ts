/**
 * The probe: what a file says of itself. Cheap by rule: the first few hundred packet headers, the last one, and the
 * container's own header; never the whole file.
 */
import type { Input } from 'mediabunny';
import { failure, type Failure, type FailureReason } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { AudioTrackProbe, Probe, VideoTrackProbe } from '../../src/core/schema/asset.ts';
import { endOf, originOf } from '../../src/core/timeline/origin.ts';
import { latin1, readRange } from '../shared/bytes.ts';
import { containerOf } from './container.ts';
import { readFailure, withInput } from '../shared/open.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { readStructure, type Structure } from './structure.ts';
import { readAudio, readVideo, streamOf, type ReadTrack, type TrackContext } from './tracks.ts';

type Video = ReadTrack<VideoTrackProbe, unknown>;
type Audio = ReadTrack<AudioTrackProbe, unknown>;

function refuse(reason: FailureReason, message: string, tryFfmpeg = false): Result<never, Failure> {
  return err(failure('unsupported_media', reason, message, tryFfmpeg ? { tryFfmpeg: true } : undefined));
}

/** Refusals that need no reader. */
function refuseEarly(head: Uint8Array, structure: Structure): Result<never, Failure> | null {
  const sniffed = sniff(head);
  switch (sniffed.kind) {
    case 'empty':
      return refuse('empty_file', 'The file is empty.');
    case 'text':
      return err(
        failure('unsupported_media', 'text_file', 'The file is text, not a video.', {
          format: sniffed.format,
        }),
      );
    case 'image':
      return err(
        failure('unsupported_media', 'still_image', 'The file is a still picture.', {
          format: sniffed.format,
        }),
      );
    case 'foreign':
      return refuse('not_media', 'The file is not a video or sound file.');
    case 'iso':
      if (structure.iso?.movie !== null) break;
      // Without its index nobody can find the frames. Recorders write it last, so it is missing after a crash.
      return refuse('truncated', 'The file is cut off: its index (the moov box) is missing.');
    case 'matroska':
    case 'mpegts':
    case 'other':
      break;
  }
  return null;
}

/** Refusals that the structure knows: encrypted, or not for the packet reader. */
function refuseByStructure(structure: Structure): Result<never, Failure> | null {
  const { streams, iso } = structure;
  if (iso?.movie?.compressed === true)
    return refuse('not_media', 'The index of this file is compressed.', true);
  const pictures = streams.filter((stream) => stream.kind === 'video');
  const sounds = streams.filter((stream) => stream.kind === 'audio');
  const wanted = pictures.length > 0 ? pictures : sounds;
  if (wanted.length > 0 && wanted.every((stream) => stream.encrypted)) {
    return refuse(
      'encrypted',
      'The file is encrypted (protected by DRM) and cannot be read without its key.',
    );
  }
  if (pictures.some((stream) => stream.needsFfmpeg && !stream.encrypted)) {
    return refuse('not_media', 'The picture of this file needs the other reader.', true);
  }
  if (sounds.length > 0 && sounds.every((stream) => stream.needsFfmpeg)) {
    return refuse('not_media', 'The sound of this file needs the other reader.', true);
  }
  return null;
}

/** Ogg pages that begin a Theora or Dirac stream, which the packet reader would leave out without a word. */
function hasUnreadOgg(head: Uint8Array): boolean {
  const text = latin1(head, 0, 4096);
  return text.startsWith('OggS') && (text.includes('\u0080theora') || text.includes('BBCD'));
}

/** The picture track that a person means: film before thumbnails, then default, then size. */
export function choosePrimaryVideo(tracks: readonly Video[]): number | null {
  const most = Math.max(0, ...tracks.map((track) => track.framesPerSecond));
  const longest = Math.max(0, ...tracks.map((track) => track.end.endUs));
  let best: number | null = null;
  let bestScore = -Infinity;
  tracks.forEach((candidate, i) => {
    const { track } = candidate;
    // Motion photos and chapter pictures: a handful of large pictures beside the film.
    const film = candidate.framesPerSecond >= most / 4 && candidate.end.endUs >= longest / 4;
    const score =
      (film ? 1e12 : 0) +
      (candidate.isDefault ? 1e11 : 0) +
      Math.min(track.codedWidth * track.codedHeight, 1e10);
    if (score > bestScore) {
      best = i;
      bestScore = score;
    }
  });
  return best;
}

function choosePrimaryAudio(tracks: readonly Audio[]): number | null {
  let best: number | null = null;
  let bestScore = -Infinity;
  tracks.forEach((candidate, i) => {
    const score = (candidate.side ? 0 : 4) + (candidate.isDefault ? 2 : 0);
    if (score > bestScore) {
      best = i;
      bestScore = score;
    }
  });
  return best;
}

/** When it was recorded: the tag where it has a time of day, else the container's header, else the day. */
async function recordedAt(input: Input, structure: Structure): Promise<string | null> {
  const tagged = (await input.getMetadataTags().catch(() => null))?.date ?? null;
  const valid = tagged !== null && Math.abs(tagged.getTime()) < 8.64e15 ? tagged : null;
  if (valid !== null && valid.getTime() % 86_400_000 !== 0) return valid.toISOString();
  const created = structure.iso?.movie?.created ?? 0;
  // Seconds since 1904. Before 1970 it is a clock that was never set.
  const unix = created - 2_082_844_800;
  if (unix > 0 && unix < 4_102_444_800) return new Date(unix * 1000).toISOString();
  return structure.matroska?.date ?? valid?.toISOString() ?? null;
}

function otherTracks(structure: Structure, used: ReadonlySet<number>): Probe['other'] {
  return structure.streams
    .filter((stream) => !used.has(stream.index))
    .map((stream) => ({ kind: stream.kind, codec: stream.codec }));
}

async function assemble(input: Input, file: Blob, structure: Structure): Promise<Result<Probe, Failure>> {
  const tracks = await input.getTracks();
  const context: TrackContext = { file, structure, tracks };
  const video: Video[] = [];
  const audio: Audio[] = [];
  let encrypted = 0;
  let media = 0;
  for (const track of tracks) {
    if (streamOf(context, track)?.encrypted === true) {
      encrypted++;
      continue;
    }
    media++;
    const order = track.number - 1;
    if (track.isVideoTrack()) {
      const read = await readVideo(context, track, order);
      if (read !== null) video.push(read);
    } else if (track.isAudioTrack()) {
      const read = await readAudio(context, track, order);
      if (read !== null) audio.push(read);
    }
  }
  if (media === 0) {
    if (encrypted > 0) return refuse('encrypted', 'The file is encrypted (protected by DRM).');
    // A format that the reader knows with nothing in it that it knows: ffmpeg may know more.
    const known = structure.streams.some((stream) => stream.kind === 'video' || stream.kind === 'audio');
    return refuse('no_tracks', 'The file has no picture and no sound.', known || structure.iso === null);
  }
  const primaryVideo = choosePrimaryVideo(video);
  const primaryAudio = choosePrimaryAudio(audio);
  const primaries = [
    ...(primaryVideo === null ? [] : [video[primaryVideo]]),
    ...(primaryAudio === null ? [] : [audio[primaryAudio]]),
  ].filter((track) => track !== undefined);
  const originUs = originOf(
    primaryVideo === null ? null : (video[primaryVideo]?.startUs ?? null),
    primaryAudio === null ? null : (audio[primaryAudio]?.startUs ?? null),
  );
  const ends = primaries.map((track) => track.end.endUs);
  const endUs = endOf(ends, originUs, file.size);
  if (endUs === null && ends.length > 0) return refuse('damaged', 'The times in this file make no sense.');
  const durationUs = Math.round(endUs ?? 0) - originUs;
  if (primaries.length === 0 || !Number.isFinite(durationUs) || durationUs <= 0) {
    // The packet reader leaves out a cluster that is cut; ffmpeg reads what there is of it.
    return structure.iso?.cut === true || structure.matroska?.cut === true
      ? refuse('truncated', 'The file is cut off before its first picture.', structure.matroska !== null)
      : refuse('zero_duration', 'The file has no pictures and no sound in it: its length is zero.');
  }
  const warnings: Probe['warnings'] = [];
  const cut = structure.iso?.cut === true || structure.matroska?.cut === true;
  if (cut || primaries.some((track) => track.end.truncated)) warnings.push('truncated');
  if (primaries.some((track) => track.end.estimated)) warnings.push('duration_estimated');
  if (endUs !== Math.max(...ends)) warnings.push('times_odd');
  if (video.length > 1) warnings.push('several_video_tracks');
  if (primaryVideo !== null && video[primaryVideo]?.interlaced === true) warnings.push('interlaced');
  const droppedByDrm = structure.streams.some(
    (stream) => stream.encrypted && (stream.kind === 'video' || stream.kind === 'audio'),
  );
  if (encrypted > 0 || droppedByDrm) warnings.push('drm_track_skipped');
  const used = new Set([...video, ...audio].map((read) => read.track.index));
  return ok({
    container: await containerOf(input),
    reader: 'packets',
    durationUs,
    originUs,
    video: video.map((read) => read.track),
    audio: audio.map((read) => read.track),
    other: otherTracks(structure, used),
    primaryVideo,
    primaryAudio,
    recordedAt: await recordedAt(input, structure),
    warnings,
  });
}

/** Whether the packet reader knows the format. It throws on some files that are too short to tell. */
async function isKnown(input: Input, file: Blob): Promise<boolean> {
  try {
    return await input.canRead();
  } catch (cause) {
    if ((await readFailure(file, cause)).reason === 'unreadable_file') throw cause;
    return false;
  }
}

/** Probes a file. See `AnalysisWorkerApi.probe`. */
export async function probeFile(file: Blob): Promise<Result<Probe, Failure>> {
  let head: Uint8Array;
  let structure: Structure;
  try {
    head = await readRange(file, 0, SNIFF_BYTES);
    structure = await readStructure(file, sniff(head));
  } catch (cause) {
    return err(await readFailure(file, cause));
  }
  const early = refuseEarly(head, structure) ?? refuseByStructure(structure);
  if (early !== null) return early;
  if (hasUnreadOgg(head))
    return refuse('not_media', 'The picture of this file needs the other reader.', true);
  return withInput(file, async (input) => {
    if (!(await isKnown(input, file))) {
      return refuse('not_media', 'The file is not in a known video or sound format.', true);
    }
    return assemble(input, file, structure);
  });
}

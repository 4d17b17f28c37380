/** Joins packets of sources and segments into one file, as a stream: memory does not depend on the length. */
import {
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type { Rational } from '../../src/core/base/time.ts';
import type {
  AssembleOutcome,
  AssembleRequest,
  AssemblyWorkerApi,
  VideoPiece,
} from '../../src/runtime/contract/assembly.ts';
import { exposeWorker } from '../shared/expose.ts';
import { mergeAvcRecords, writeAvcRecord, type AvcRecord } from './avc.ts';
import { openOpfsTarget } from './opfs-target.ts';
import {
  audioPackets,
  countAudioPackets,
  Inputs,
  PieceError,
  recordOf,
  videoPackets,
  type PlacedPacket,
} from './pieces.ts';

/** Ticks per second where frames keep varying times. */
const FINE_TIMESCALE = 90_000;

/** A timescale in which every frame of a constant rate lies on a whole tick, and that is fine enough for odd cuts. */
export function timescaleFor(rate: Rational | null): number {
  if (rate === null) return FINE_TIMESCALE;
  return rate.num * Math.max(1, Math.ceil(10_000 / rate.num));
}

interface VideoPlan {
  readonly decoderConfig: VideoDecoderConfig;
  readonly records: ReadonlyMap<VideoPiece, AvcRecord>;
}

/** One decoder configuration for all pieces. */
async function planVideo(pieces: readonly VideoPiece[], inputs: Inputs): Promise<VideoPlan> {
  const records = new Map<VideoPiece, AvcRecord>();
  let base: VideoDecoderConfig | null = null;
  for (const piece of pieces) {
    const track = await inputs.video(piece);
    records.set(piece, await recordOf(track, piece.stepId));
    base ??= await track.getDecoderConfig();
    // Segments are many and small: they are opened again when their turn comes.
    if (piece.kind === 'segment') inputs.release(piece.data);
  }
  const merged = mergeAvcRecords([...records.values()]);
  if (!merged.ok) throw new PieceError(merged.error);
  if (base === null) throw new PieceError(failure('internal', 'unexpected', 'There is no picture to write.'));
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  const { profile, compatibility, level } = merged.value;
  return {
    decoderConfig: {
      ...base,
      codec: `avc1.${hex(profile)}${hex(compatibility)}${hex(level)}`,
      description: writeAvcRecord(merged.value),
    },
    records,
  };
}

async function* allVideo(
  plan: VideoPlan,
  inputs: Inputs,
  rate: Rational | null,
): AsyncGenerator<PlacedPacket> {
  for (const [piece, record] of plan.records) {
    yield* videoPackets(piece, await inputs.video(piece), record, rate);
    if (piece.kind === 'segment') inputs.release(piece.data);
  }
}

async function write(
  request: AssembleRequest,
  inputs: Inputs,
  output: Output,
  onProgress: (fraction: number) => void,
): Promise<{ videoPackets: number; audioPackets: number }> {
  const counts = { videoPackets: 0, audioPackets: 0 };
  const { video, audio } = request;
  const plan = video === null ? null : await planVideo(video.pieces, inputs);
  const videoSource = video === null ? null : new EncodedVideoPacketSource('avc');
  if (video !== null && videoSource !== null) {
    output.addVideoTrack(videoSource, {
      // mediabunny takes the timescale from this; it must not be coarser than the cuts.
      frameRate: timescaleFor(video.rate),
      rotation: video.rotation,
      maximumPacketCount: video.pieces.reduce((sum, piece) => sum + piece.frames, 0),
    });
  }
  const audioTrack = audio === null ? null : await inputs.audio(audio);
  const audioSource = audio === null ? null : new EncodedAudioPacketSource('aac');
  if (audio !== null && audioTrack !== null && audioSource !== null) {
    output.addAudioTrack(audioSource, { maximumPacketCount: await countAudioPackets(audio, audioTrack) });
  }
  await output.start();

  const videoConfig = plan?.decoderConfig ?? null;
  const audioConfig = audioTrack === null ? null : await audioTrack.getDecoderConfig();
  const pictures = plan === null ? null : allVideo(plan, inputs, video?.rate ?? null);
  const sounds = audio === null || audioTrack === null ? null : audioPackets(audio, audioTrack);
  let picture = pictures === null ? null : await nextOf(pictures);
  let sound = sounds === null ? null : await nextOf(sounds);
  let reported = 0;
  // Both kinds are written side by side, as players read them.
  while (picture !== null || sound !== null) {
    const takePicture = sound === null || (picture !== null && picture.outUs <= sound.outUs);
    const at = takePicture ? picture : sound;
    if (takePicture && picture !== null && pictures !== null && videoSource !== null) {
      await videoSource.add(
        picture.packet,
        counts.videoPackets === 0 && videoConfig !== null ? { decoderConfig: videoConfig } : undefined,
      );
      counts.videoPackets += 1;
      picture = await nextOf(pictures);
    } else if (sound !== null && sounds !== null && audioSource !== null) {
      await audioSource.add(
        sound.packet,
        counts.audioPackets === 0 && audioConfig !== null ? { decoderConfig: audioConfig } : undefined,
      );
      counts.audioPackets += 1;
      sound = await nextOf(sounds);
    }
    const fraction = Math.min(1, (at?.outUs ?? 0) / Math.max(1, request.durationUs));
    if (fraction - reported >= 0.01) {
      reported = fraction;
      onProgress(fraction);
    }
  }
  await output.finalize();
  return counts;
}

async function nextOf(packets: AsyncGenerator<PlacedPacket>): Promise<PlacedPacket | null> {
  const next = await packets.next();
  return next.done === true ? null : next.value;
}

function describe(cause: unknown): Failure {
  if (cause instanceof PieceError) return cause.failure;
  if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
    return failure('quota_exceeded', 'no_space', 'There is not enough storage left for the finished file.');
  }
  if (
    cause instanceof DOMException &&
    (cause.name === 'NotReadableError' || cause.name === 'NotFoundError')
  ) {
    return failure('source_missing', 'source_missing', 'A source file can no longer be read.');
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return failure('engine_failed', 'step_failed', `The file could not be put together: ${text}`, {
    cause: text,
  });
}

async function assemble(
  request: AssembleRequest,
  onProgress: (fraction: number) => void,
): Promise<Result<AssembleOutcome, Failure>> {
  const inputs = new Inputs();
  let file: Awaited<ReturnType<typeof openOpfsTarget>> | null = null;
  let output: Output | null = null;
  try {
    file = await openOpfsTarget(request.path);
    // The index at the head lets players start before the end is there; its room is reserved, so nothing is moved.
    const options = { fastStart: 'reserve' } as const;
    output = new Output({
      format: request.container === 'mov' ? new MovOutputFormat(options) : new Mp4OutputFormat(options),
      target: file.target,
    });
    const counts = await write(request, inputs, output, onProgress);
    return ok({ bytes: file.close(), ...counts });
  } catch (cause) {
    await output?.cancel().catch(() => undefined);
    await file?.discard();
    return err(describe(cause));
  } finally {
    inputs.dispose();
  }
}

const api: AssemblyWorkerApi = { ping: () => Promise.resolve('pong'), assemble };
exposeWorker(api);

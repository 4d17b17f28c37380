/** Joins packets of sources and segments into one file, as a stream: memory does not depend on the length. */
import {
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
  type OutputFormat,
  type Target,
} from 'mediabunny';
import { failure } from '../../src/core/base/failure.ts';
import type { Rational } from '../../src/core/base/time.ts';
import type { AssembleRequest, VideoPiece } from '../../src/runtime/contract/assembly.ts';
import { madeAlike, mergeAvcRecords, writeAvcRecord, type AvcRecord } from '../shared/h264/avc-record.ts';
import { Inputs, PieceError, recordOf, videoPackets, type AvcWriting, type PlacedPacket } from './pieces.ts';
import { countSoundPackets, soundConfig, soundPackets } from './sound-pieces.ts';

/** Ticks per second where frames keep varying times. */
const FINE_TIMESCALE = 90_000;

/** A timescale in which every frame of a constant rate lies on a whole tick, and that is fine enough for odd cuts. */
export function timescaleFor(rate: Rational | null): number {
  if (rate === null) return FINE_TIMESCALE;
  return rate.num * Math.max(1, Math.ceil(10_000 / rate.num));
}

interface VideoPlan {
  readonly decoderConfig: VideoDecoderConfig;
  /** How the packets of each piece are written; null for codecs without parameter sets. */
  readonly writings: ReadonlyMap<VideoPiece, AvcWriting | null>;
}

type VideoRequest = NonNullable<AssembleRequest['video']>;

/** What a track says of colour; undefined where it says nothing but that its range is limited, as is everybody's. */
function spaceOf(config: VideoDecoderConfig | null): VideoColorSpaceInit | undefined {
  const space = config?.colorSpace;
  const says =
    space?.primaries != null || space?.transfer != null || space?.matrix != null || space?.fullRange === true;
  return says ? space : undefined;
}

/** One decoder configuration for all pieces. */
async function planVideo({ pieces, codec }: VideoRequest, inputs: Inputs): Promise<VideoPlan> {
  const records = new Map<VideoPiece, AvcRecord>();
  let base: VideoDecoderConfig | null = null;
  // Segments are made to say what copied packets say, which nobody can change.
  const telling = pieces.find(({ kind }) => kind === 'source') ?? pieces[0];
  let space: VideoColorSpaceInit | undefined;
  for (const piece of pieces) {
    const track = await inputs.video(piece);
    const config = await track.getDecoderConfig();
    if (piece === telling) space = spaceOf(config);
    if (codec === 'avc') {
      records.set(piece, await recordOf(track, piece.stepId));
      base ??= config;
    } else base = base === null || (config !== null && vp9Level(config) > vp9Level(base)) ? config : base;
    // Segments are many and small: they are opened again when their turn comes.
    if (piece.kind === 'segment') inputs.release(piece.data);
  }
  if (base === null) throw new PieceError(failure('internal', 'unexpected', 'There is no picture to write.'));
  const { colorSpace: _own, ...rest } = base;
  const told: VideoDecoderConfig = space === undefined ? rest : { ...rest, colorSpace: space };
  if (codec !== 'avc')
    return { decoderConfig: told, writings: new Map(pieces.map((piece) => [piece, null])) };
  // Copies first: what keeps its ids need not be rewritten, and copies are the long ones.
  const order = [...pieces].sort((a, b) => Number(a.kind === 'segment') - Number(b.kind === 'segment'));
  const own = order.flatMap((piece) => records.get(piece) ?? []);
  const alike = madeAlike(own);
  const merged = mergeAvcRecords(alike);
  if (!merged.ok) throw new PieceError(merged.error);
  const { record, renumberings } = merged.value;
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  const writingOf = (piece: VideoPiece): AvcWriting => ({
    lengthSize: records.get(piece)?.lengthSize ?? 4,
    renumbering: renumberings[order.indexOf(piece)] ?? null,
    withoutSets: alike !== own,
  });
  return {
    decoderConfig: {
      ...told,
      codec: `avc1.${hex(record.profile)}${hex(record.compatibility)}${hex(record.level)}`,
      description: writeAvcRecord(record),
    },
    writings: new Map(pieces.map((piece) => [piece, writingOf(piece)])),
  };
}

/** The level in a codec string (vp09.profile.level.depth): the file should name the highest of its pieces. */
function vp9Level(config: VideoDecoderConfig): number {
  return Number.parseInt(config.codec.split('.')[2] ?? '0', 10);
}

async function* allVideo(
  plan: VideoPlan,
  inputs: Inputs,
  rate: Rational | null,
): AsyncGenerator<PlacedPacket> {
  for (const [piece, writing] of plan.writings) {
    yield* videoPackets(piece, await inputs.video(piece), writing, rate);
    if (piece.kind === 'segment') inputs.release(piece.data);
  }
}

async function write(
  request: AssembleRequest,
  inputs: Inputs,
  output: Output,
  onProgress: (fraction: number) => void,
): Promise<Omit<Joined, 'index'>> {
  const counts = { videoPackets: 0, audioPackets: 0 };
  const { video, audio } = request;
  const plan = video === null ? null : await planVideo(video, inputs);
  const videoSource = video === null ? null : new EncodedVideoPacketSource(video.codec);
  if (video !== null && videoSource !== null) {
    output.addVideoTrack(videoSource, {
      // mediabunny takes the timescale from this; it must not be coarser than the cuts. WebM counts milliseconds.
      ...(request.container === 'webm' ? {} : { frameRate: timescaleFor(video.rate) }),
      rotation: video.rotation,
      maximumPacketCount: video.pieces.reduce((sum, piece) => sum + piece.frames, 0),
    });
  }
  const audioConfig = audio === null ? null : await soundConfig(audio.pieces, inputs);
  const audioSource = audio === null ? null : new EncodedAudioPacketSource(audio.codec);
  if (audio !== null && audioSource !== null) {
    output.addAudioTrack(audioSource, {
      maximumPacketCount: await countSoundPackets(audio.pieces, inputs),
    });
  }
  await output.start();

  const videoConfig = plan?.decoderConfig ?? null;
  const pictures = plan === null ? null : allVideo(plan, inputs, video?.rate ?? null);
  const sounds = audio === null ? null : soundPackets(audio.pieces, inputs);
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

function formatOf(
  container: AssembleRequest['container'],
  onMoov: (data: Uint8Array, position: number) => void,
): OutputFormat {
  // The index at the head lets players start before the end is there; its room is reserved, so nothing is moved.
  const options = { fastStart: 'reserve', onMoov } as const;
  switch (container) {
    case 'mp4':
      return new Mp4OutputFormat(options);
    case 'mov':
      return new MovOutputFormat(options);
    case 'webm':
      return new WebMOutputFormat();
  }
}

/** Number of packets that were written. */
export interface Joined {
  readonly videoPackets: number;
  readonly audioPackets: number;
  /** The index (`moov`) of an MP4 or MOV as it was written, and where; null for others. */
  readonly index: WrittenIndex | null;
}

interface WrittenIndex {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly position: number;
}

/** Writes the file of a request into a target. Throws `PieceError` for expected failures. */
export async function join(
  request: AssembleRequest,
  target: Target,
  onProgress: (fraction: number) => void,
): Promise<Joined> {
  const inputs = new Inputs();
  const written: { index: WrittenIndex | null } = { index: null };
  const format = formatOf(request.container, (data, position) => {
    written.index = { data: new Uint8Array(data), position };
  });
  const output = new Output({ format, target });
  try {
    const counts = await write(request, inputs, output, onProgress);
    return { ...counts, index: written.index };
  } catch (cause) {
    await output.cancel().catch(() => undefined);
    throw cause;
  } finally {
    inputs.dispose();
  }
}

/** Runs ffprobe and ffmpeg (in their worker) on files that the packet reader does not know. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { microsToDecimal, type Rational } from '../../core/base/time.ts';
import type { FrameIndex } from '../../core/schema/frame-index.ts';
import {
  primaryAudio,
  primaryVideo,
  type FrameRate,
  type Probe,
  type VideoTrackProbe,
} from '../../core/schema/asset.ts';
import { isPossible } from '../../core/timeline/origin.ts';
import type { FfmpegEngine } from '../contract/ffmpeg.ts';
import { ffprobeFailure, parseFfprobe } from './ffprobe-json.ts';
import {
  allHaveTimes,
  firstFrameTime,
  indexFromPackets,
  PACKET_FIELDS,
  parsePacketLines,
} from './ffprobe-index.ts';
import { mountName } from './names.ts';

/** Packets that are listed for rate and key frames, over all streams. */
const PROBE_PACKETS = 600;
/** A file that makes ffprobe think longer than this without a word is not for us. */
const STALL_MS = 60_000;
/** Listing every packet reads the whole file. */
const INDEX_STALL_MS = 30 * 60_000;

/** The rate to reckon with. */
export function rateOf(frameRate: FrameRate): Rational {
  return frameRate.kind === 'constant' ? frameRate.rate : frameRate.average;
}

/** Asks ffprobe for entries of one stream as CSV. */
async function ask(
  ffmpeg: FfmpegEngine,
  file: File,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Result<{ readonly csv: string; readonly complete: boolean }, Failure>> {
  const name = mountName(file.name);
  const outcome = await ffmpeg.run(
    {
      tool: 'ffprobe',
      args: ['-v', 'error', ...args, '-of', 'csv=p=0', `/in/${name}`],
      inputs: [{ name, data: file }],
      outputs: [],
    },
    { signal, stallMs: INDEX_STALL_MS },
  );
  if (!outcome.ok) return outcome;
  const { exitCode, stdout, log } = outcome.value;
  if (exitCode !== 0 && stdout.trim() === '') return err(ffprobeFailure(log));
  return ok({ csv: stdout, complete: exitCode === 0 });
}

/** The frame index of a stream by ffprobe: its packets in order. */
async function indexOfStream(
  ffmpeg: FfmpegEngine,
  file: File,
  index: number,
  rate: Rational,
  originUs: number,
  signal?: AbortSignal,
): Promise<Result<FrameIndex, Failure>> {
  const select = ['-select_streams', String(index)];
  const listed = await ask(ffmpeg, file, [...select, '-show_entries', PACKET_FIELDS], signal);
  if (!listed.ok) return listed;
  const rows = parsePacketLines(listed.value.csv);
  let firstFrameUs: number | null = null;
  if (!allHaveTimes(rows)) {
    const entries = 'frame=best_effort_timestamp_time';
    const few = ['-read_intervals', '%+#40', '-show_entries', entries];
    const frames = await ask(ffmpeg, file, [...select, ...few], signal);
    if (frames.ok) firstFrameUs = firstFrameTime(frames.value.csv);
  }
  const made = indexFromPackets(rows, { originUs, rate, firstFrameUs, complete: listed.value.complete });
  if (made.timesUs.length === 0) {
    return err(failure('unsupported_media', 'zero_duration', 'The track has no frames.'));
  }
  return ok(made);
}

/** The frame index by ffprobe. */
export function indexByFfmpeg(
  ffmpeg: FfmpegEngine,
  file: File,
  track: VideoTrackProbe,
  originUs: number,
  signal?: AbortSignal,
): Promise<Result<FrameIndex, Failure>> {
  return indexOfStream(ffmpeg, file, track.index, rateOf(track.frameRate), originUs, signal);
}

/** Raw streams have no length anywhere, cut files have a wrong one: what is there is counted. */
async function withCountedLength(
  ffmpeg: FfmpegEngine,
  file: File,
  probe: Probe,
  signal?: AbortSignal,
): Promise<Result<Probe, Failure>> {
  const video = primaryVideo(probe);
  const stream = (video ?? primaryAudio(probe))?.index;
  if (stream === undefined) {
    return err(failure('unsupported_media', 'no_tracks', 'The file has no picture and no sound.'));
  }
  // A packet of sound is about a fortieth of a second; only the last one's length hangs on that.
  const rate = video === null ? { num: 40, den: 1 } : rateOf(video.frameRate);
  const index = await indexOfStream(ffmpeg, file, stream, rate, probe.originUs, signal);
  return index.ok ? ok({ ...probe, durationUs: index.value.endUs }) : index;
}

/** Probes a file with ffprobe. `isCut`: its header is known to promise more than there is. */
export async function probeByFfmpeg(
  ffmpeg: FfmpegEngine,
  file: File,
  isCut: boolean,
  signal?: AbortSignal,
): Promise<Result<Probe, Failure>> {
  const name = mountName(file.name);
  const args = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', '-show_packets'];
  const fields = ['-show_entries', 'packet=stream_index,pts_time,dts_time,flags'];
  const outcome = await ffmpeg.run(
    {
      tool: 'ffprobe',
      args: [...args, ...fields, '-read_intervals', `%+#${String(PROBE_PACKETS)}`, `/in/${name}`],
      inputs: [{ name, data: file }],
      outputs: [],
    },
    { signal, stallMs: STALL_MS },
  );
  if (!outcome.ok) return outcome;
  const parsed = parseFfprobe(outcome.value.stdout);
  if (!parsed.ok) {
    // The log knows better than an empty answer why there is nothing.
    return outcome.value.exitCode === 0 ? parsed : err(ffprobeFailure(outcome.value.log));
  }
  const { probe, lengthKnown } = parsed.value;
  const counted = isCut ? { ...probe, warnings: ['truncated' as const] } : probe;
  const found = lengthKnown && !isCut ? ok(probe) : await withCountedLength(ffmpeg, file, counted, signal);
  if (!found.ok || isPossible(found.value.durationUs, file.size)) return found;
  return err(failure('unsupported_media', 'damaged', 'The times in this file make no sense.'));
}

/**
 * One frame as a PNG. `assetUs` counts from the start of the file's time line.
 *
 * @param orFirst whether the first frame will do where there is none at that time
 */
export async function posterByFfmpeg(
  ffmpeg: FfmpegEngine,
  file: File,
  track: VideoTrackProbe,
  assetUs: number,
  maxSide: number,
  signal?: AbortSignal,
  orFirst = true,
): Promise<Result<Blob, Failure>> {
  const name = mountName(file.name);
  const side = String(maxSide);
  // Square pixels first, then the longer side at most `maxSide`; turning is ffmpeg's own default.
  const scale = `scale=w='trunc(iw*sar)':h=ih,scale=w='min(${side},iw)':h='min(${side},ih)':force_original_aspect_ratio=decrease`;
  const seek = (at: number): readonly string[] => (at > 0 ? ['-ss', microsToDecimal(at)] : []);
  const shoot = async (at: number): Promise<Result<Blob | null, Failure>> => {
    const outcome = await ffmpeg.run(
      {
        tool: 'ffmpeg',
        args: [
          ...[
            '-v',
            'error',
            '-nostdin',
            ...seek(at),
            '-i',
            `/in/${name}`,
            '-map',
            `0:${String(track.index)}`,
          ],
          // PNG: this core's MJPEG encoder overruns its 64 kB stack on some pictures and then hangs.
          ...['-frames:v', '1', '-vf', scale, '/out/poster.png'],
        ],
        inputs: [{ name, data: file }],
        outputs: [{ name: 'poster.png', type: 'image/png' }],
      },
      { signal, stallMs: STALL_MS },
    );
    if (!outcome.ok) return outcome;
    const picture = outcome.value.outputs[0] ?? null;
    return ok(picture !== null && picture.size > 0 ? picture : null);
  };
  for (const at of assetUs > 0 && orFirst ? [assetUs, 0] : [assetUs]) {
    const picture = await shoot(at);
    if (!picture.ok) return picture;
    if (picture.value !== null) return ok(picture.value);
  }
  return err(failure('unsupported_media', 'no_decoder', 'No picture of this file can be decoded.'));
}

/** Reads the status line that ffmpeg logs about twice a second: `frame=  45 fps=0.0 ... time=00:00:01.24 ...`. */
import type { FfmpegProgress } from '../../src/runtime/contract/ffmpeg.ts';

/** What a log line says of progress; null for any other line. */
export function parseProgress(line: string): FfmpegProgress | null {
  const time = /\btime=(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(line);
  const frame = /\bframe=\s*(\d+)/.exec(line);
  if (time === null && frame === null) return null;
  let timeUs: number | null = null;
  if (time !== null) {
    const [, sign = '', hours = '0', minutes = '0', seconds = '0'] = time;
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    timeUs = sign === '-' ? 0 : Math.round(total * 1_000_000);
  }
  return { frames: frame === null ? null : Number(frame[1]), timeUs };
}

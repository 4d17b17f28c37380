/** Decodes around joins with ffmpeg, where the browser has no decoder: each join is a command. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import { microsToDecimal } from '../../core/base/time.ts';
import type { CertificateJoin } from '../../core/schema/certificate.ts';
import type { FfmpegEngine } from '../contract/ffmpeg.ts';

/** Frames of half a second around a join, about: ffmpeg only tells when some are broken. */
const FRAMES = 8;

/** Decodes half a second on both sides of each time. */
export async function decodeWithFfmpeg(
  ffmpeg: FfmpegEngine,
  file: File,
  times: readonly number[],
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Result<CertificateJoin[], Failure>> {
  const joins: CertificateJoin[] = [];
  for (const [position, atUs] of times.entries()) {
    const from = microsToDecimal(Math.max(0, atUs - 500_000));
    const args = ['-nostdin', '-v', 'error', '-ss', from, '-i', '/in/result', '-t', '1', '-map', '0:v:0'];
    const result = await ffmpeg.run(
      {
        tool: 'ffmpeg',
        args: [...args, '-f', 'null', '-'],
        inputs: [{ name: 'result', data: file }],
        outputs: [],
      },
      { signal },
    );
    if (!result.ok) return result;
    const complaints = result.value.log.filter((line) => line.trim() !== '' && line !== 'Aborted()');
    const problem =
      result.value.exitCode === 0 && complaints.length === 0 ? null : complaints.join(' ').slice(0, 300);
    joins.push({ atUs, framesDecoded: FRAMES, clean: problem === null, problem });
    onProgress((position + 1) / times.length);
  }
  return ok(joins);
}

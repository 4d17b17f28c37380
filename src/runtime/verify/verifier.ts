/** Re-opens every finished file, decodes around each join, and writes the certificate. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import { microsToDecimal } from '../../core/base/time.ts';
import { judge, joinsOf, judgeJoins } from '../../core/plan/certify.ts';
import type { Certificate, CertificateJoin } from '../../core/schema/certificate.ts';
import type { AnalysisWorkerApi } from '../contract/analysis.ts';
import type { Clock } from '../contract/clock.ts';
import type { FfmpegEngine } from '../contract/ffmpeg.ts';
import type { Supervised } from '../contract/supervised.ts';
import type { Verifier } from '../contract/verifier.ts';

/** Joins decoded by the browser's own decoder: quick. */
const MOST_JOINS = 120;
/** Joins decoded by ffmpeg, where the browser has no decoder: each is a command. */
const MOST_JOINS_FFMPEG = 12;
/** Frames decoded on each side of a join. */
const AROUND = 4;

/** Makes the verifier. */
export function createVerifier(ports: {
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly ffmpeg: FfmpegEngine;
  readonly clock: Clock;
}): Verifier {
  const { analysis, ffmpeg, clock } = ports;

  const decodeWithBrowser = async (
    file: File,
    times: readonly number[],
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Result<CertificateJoin[], Failure>> => {
    const joins: CertificateJoin[] = [];
    // A few at a time, so that cancelling is quick and silence is noticed.
    for (let at = 0; at < times.length; at += 8) {
      const part = times.slice(at, at + 8);
      const result = await analysis.call((api) => api.decodeAround(file, part, AROUND), {
        signal,
        stallMs: 120_000,
      });
      if (!result.ok) return result;
      for (const { atUs, framesDecoded, problem } of result.value) {
        joins.push({ atUs, framesDecoded, clean: problem === null && framesDecoded > 0, problem });
      }
      onProgress(Math.min(1, (at + part.length) / times.length));
    }
    return ok(joins);
  };

  const decodeWithFfmpeg = async (
    file: File,
    times: readonly number[],
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Result<CertificateJoin[], Failure>> => {
    const joins: CertificateJoin[] = [];
    for (const [position, atUs] of times.entries()) {
      const from = microsToDecimal(Math.max(0, atUs - 500_000));
      const args = [
        '-nostdin',
        '-v',
        'error',
        '-ss',
        from,
        '-i',
        '/in/result',
        '-t',
        '1',
        '-map',
        '0:v:0',
        '-f',
        'null',
        '-',
      ];
      const result = await ffmpeg.run(
        { tool: 'ffmpeg', args, inputs: [{ name: 'result', data: file }], outputs: [] },
        { signal },
      );
      if (!result.ok) return result;
      const complaints = result.value.log.filter((line) => line.trim() !== '' && line !== 'Aborted()');
      const problem =
        result.value.exitCode === 0 && complaints.length === 0 ? null : complaints.join(' ').slice(0, 300);
      joins.push({ atUs, framesDecoded: AROUND, clean: problem === null, problem });
      onProgress((position + 1) / times.length);
    }
    return ok(joins);
  };

  return {
    async verify(file, plan, clipFrames, { signal, onProgress }): Promise<Result<Certificate, Failure>> {
      const read = await analysis.call((api) => api.readBack(file), { signal });
      if (!read.ok) return read;
      const print = await analysis.call((api) => api.fingerprint(file), { signal });
      if (!print.ok) return print;
      onProgress(0.2);
      const found = read.value;
      const checks = judge(plan, clipFrames, found);
      let joins: CertificateJoin[] = [];
      const byBrowser = found.video === null || found.video.decodable;
      if (found.video !== null) {
        const times = joinsOf(plan, byBrowser ? MOST_JOINS : MOST_JOINS_FFMPEG);
        const report = (fraction: number): void => {
          onProgress(0.2 + fraction * 0.8);
        };
        const decoded = await (byBrowser ? decodeWithBrowser : decodeWithFfmpeg)(file, times, signal, report);
        if (!decoded.ok) return decoded;
        joins = decoded.value;
        checks.push(judgeJoins(joins));
      }
      return ok({
        version: 1,
        checkedAt: clock.iso(),
        fileName: file.name,
        bytes: file.size,
        fingerprint: print.value,
        decoder: byBrowser ? 'webcodecs' : 'ffmpeg',
        checks,
        joins,
        passed: checks.every((check) => check.passed),
      });
    },
  };
}

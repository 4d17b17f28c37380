/** Re-opens every finished file, decodes what proves it, and writes the certificate. */
import type { Failure } from '../../core/base/failure.ts';
import { ok, type Result } from '../../core/base/result.ts';
import { judgeSound, soundPlaces } from '../../core/plan/certify-sound.ts';
import { joinsOf, judge, judgeJoins } from '../../core/plan/certify.ts';
import type { Certificate, CertificateCheck } from '../../core/schema/certificate.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import type { AnalysisWorkerApi } from '../contract/analysis.ts';
import type { Clock } from '../contract/clock.ts';
import type { FfmpegEngine } from '../contract/ffmpeg.ts';
import type { Supervised } from '../contract/supervised.ts';
import type { Verifier, VerifyEvidence } from '../contract/verifier.ts';
import { decodeWithFfmpeg } from './ffmpeg-joins.ts';
import { checkPictures, type PictureReport } from './pictures.ts';

/** Joins decoded by ffmpeg, where the browser has no decoder. */
const MOST_JOINS_FFMPEG = 12;

/** Makes the verifier. */
export function createVerifier(ports: {
  readonly analysis: Supervised<AnalysisWorkerApi>;
  readonly ffmpeg: FfmpegEngine;
  readonly clock: Clock;
}): Verifier {
  const { analysis, ffmpeg, clock } = ports;

  const checkSound = async (
    file: File,
    plan: RenderPlan,
    { pcm }: VerifyEvidence,
    signal: AbortSignal,
  ): Promise<CertificateCheck[]> => {
    const { audio } = plan.output;
    if (audio === null) return [];
    if (pcm === null) {
      const copied = plan.steps.some(({ kind }) => kind === 'copy-audio');
      return judgeSound({ code: copied ? 'sound_copied' : 'sound_reused', params: {} });
    }
    const { sampleRate, channels } = audio;
    const atUs = soundPlaces(plan);
    const compared = await analysis.call(
      (api) => api.compareSound(file, { pcm, sampleRate, channels, atUs }),
      { signal },
    );
    if (compared.ok) return judgeSound(compared.value);
    return judgeSound({ code: 'sound_unread', params: { said: compared.error.message } });
  };

  return {
    async verify(file, plan, evidence, options): Promise<Result<Certificate, Failure>> {
      const { signal, onProgress } = options;
      const startedAt = clock.now();
      const [read, print] = await Promise.all([
        analysis.call((api) => api.readBack(file), { signal }),
        analysis.call((api) => api.fingerprint(file), { signal }),
      ]);
      if (!read.ok) return read;
      if (!print.ok) return print;
      onProgress(0.2);
      const { video, audio } = read.value;
      const checks = judge(plan, evidence.clipFrames, read.value);
      const byBrowser = video === null || video.decodable;
      const report = (fraction: number): void => {
        onProgress(0.2 + fraction * 0.8);
      };
      const checkVideo = async (): Promise<Result<PictureReport, Failure>> => {
        if (video === null || plan.output.video === null) return ok({ checks: [], joins: [] });
        if (byBrowser) {
          const request = { analysis, file, plan, table: video, evidence };
          return checkPictures({ ...request, options: { ...options, onProgress: report } });
        }
        const times = joinsOf(plan, MOST_JOINS_FFMPEG);
        const decoded = await decodeWithFfmpeg(ffmpeg, file, times, signal, report);
        return decoded.ok ? ok({ checks: [judgeJoins(decoded.value)], joins: decoded.value }) : decoded;
      };
      const [pictures, sound] = await Promise.all([
        checkVideo(),
        audio === null ? [] : checkSound(file, plan, evidence, signal),
      ]);
      if (!pictures.ok) return pictures;
      checks.push(...pictures.value.checks, ...sound);
      return ok({
        version: 2,
        checkedAt: clock.iso(),
        fileName: file.name,
        bytes: file.size,
        fingerprint: print.value,
        decoder: byBrowser ? 'webcodecs' : 'ffmpeg',
        checks,
        joins: pictures.value.joins,
        wallMs: Math.round(clock.now() - startedAt),
        passed: checks.every((check) => check.passed),
      });
    },
  };
}

/** What is known of this browser's encoders, and the measuring of the rest. */
import { failure, type Failure } from '../../core/base/failure.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { CodecMode, EncoderAnswer, EncoderQuestion } from '../../core/schema/encoder.ts';
import { readActivity, saveLog, type ActivityPorts } from './activity.ts';
import type { Diagnostics } from './types.ts';

/** H.264 and VP9 are what exports need, AV1 is what may come. */
const CODECS = ['avc', 'vp9', 'av1'] as const;
const MODES: readonly CodecMode[] = ['hardware', 'software'];
/** Full HD both ways, 4K, a small one, an odd one, and 720p. */
const SIZES = [
  [1920, 1080],
  [1080, 1920],
  [3840, 2160],
  [1280, 720],
  [854, 480],
  [641, 361],
] as const;

/** What the table asks, codec by codec. */
export const ENCODER_QUESTIONS: readonly EncoderQuestion[] = CODECS.flatMap((codec) =>
  SIZES.flatMap(([width, height]) => MODES.map((mode) => ({ codec, mode, width, height, fps: 30 }))),
);

/** What measuring needs. */
interface DiagnosticPorts {
  readonly capabilities: Diagnostics['capabilities'];
  readonly known: () => readonly EncoderAnswer[];
  readonly answer: (question: EncoderQuestion) => Promise<EncoderAnswer>;
  readonly activity: ActivityPorts;
}

/** Resolves when the signal fires; for races only. */
function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener(
      'abort',
      () => {
        resolve(null);
      },
      { once: true },
    );
  });
}

/** Makes the diagnostics of a studio. */
export function createDiagnostics(ports: DiagnosticPorts): Diagnostics {
  return {
    questions: ENCODER_QUESTIONS,
    known: ports.known,
    capabilities: ports.capabilities,
    async measureAll(onProgress, signal): Promise<Result<null, Failure>> {
      const total = ENCODER_QUESTIONS.length;
      const aborted = whenAborted(signal);
      // One after another: side by side they would take the cores from each other, and the rates would be wrong.
      for (const [done, question] of ENCODER_QUESTIONS.entries()) {
        onProgress({ done, total, question });
        const answer = await Promise.race([ports.answer(question), aborted]);
        if (answer === null) return err(failure('aborted', 'cancelled', 'The measurement was stopped.'));
      }
      return ok(null);
    },
    activity: () => readActivity(ports.activity),
    saveLog: () => saveLog(ports.activity),
    clearLog: () => ports.activity.log.clear(),
  };
}

/** Re-opens a finished file and proves it. */
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import type { Certificate } from '../../core/schema/certificate.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';

/** Re-opens a finished file and proves it. */
export interface Verifier {
  /** A certificate, passed or not; fails only when the check itself could not be made. */
  verify(
    file: File,
    plan: RenderPlan,
    clipFrames: readonly number[],
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<Result<Certificate, Failure>>;
}

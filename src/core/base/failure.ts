/**
 * The closed list of what can go wrong. A code says which kind of failure it is and what a program should do
 * about it; a reason says precisely why, and has a sentence of its own in both languages.
 */
export const FAILURE_CODES = [
  'invalid_spec',
  'unsupported_media',
  'media_changed',
  'source_missing',
  'out_of_range',
  'forbidden',
  'not_approved',
  'quota_exceeded',
  'stale',
  'not_found',
  'not_ready',
  'aborted',
  'engine_failed',
  'verification_failed',
  'storage_failed',
  'closed',
  'internal',
] as const;

/** What kind of failure it is. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Why, precisely. Each has a sentence in the message catalogue under `failure.{reason}`. */
export const FAILURE_REASONS = [
  // unsupported_media: what the file itself says
  'empty_file',
  'not_media',
  'truncated',
  'damaged',
  'encrypted',
  'zero_duration',
  'no_tracks',
  'still_image',
  'text_file',
  'no_decoder',
  'no_browser_decoder',
  'hdr_unsupported',
  'unreadable_file',
  // invalid_spec
  'bad_spec',
  'newer_version',
  'not_offered_yet',
  'single_needs_one_segment',
  'no_segments',
  'no_encoder',
  'unknown_format',
  'broken_document',
  'text_too_large',
  // out_of_range
  'range_outside_media',
  'range_empty',
  // jobs
  'source_missing',
  'source_changed',
  'worker_crashed',
  'worker_stuck',
  'worker_start_failed',
  'out_of_memory',
  'frame_count_wrong',
  'step_failed',
  'copy_unsafe',
  'file_check_failed',
  'font_missing',
  'cancelled',
  'no_space',
  'storage_unavailable',
  'unknown_export',
  'unknown_asset',
  'unknown_comment',
  'result_gone',
  'export_not_finished',
  'export_running',
  'instance_closed',
  'forbidden_role',
  'unexpected',
] as const;

/** Why, precisely. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** An expected failure as data: it crosses workers, stores and channels. */
export interface Failure {
  readonly code: FailureCode;
  readonly reason: FailureReason;
  /** A plain English sentence, for programs and logs. People read the catalogue's sentence for the reason. */
  readonly message: string;
  /** What the sentence needs: file names, numbers, the tail of a log. Plain JSON. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** An expected failure where only throwing is left: reads, which answer what was found. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Makes a failure. */
export function failure(
  code: FailureCode,
  reason: FailureReason,
  message: string,
  details?: Failure['details'],
): Failure {
  return details === undefined ? { code, reason, message } : { code, reason, message, details };
}

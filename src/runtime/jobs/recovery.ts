/** From a failure to what is done about it: one exhaustive table (DESIGN.md, section 5). */
import { failure, type Failure, type FailureReason } from '../../core/base/failure.ts';

/** What is done about a failure. */
export type Recovery =
  /** The same again, after a pause: it can pass. */
  | 'retry'
  /** The next rung of the ladder at once: this one cannot, however often it is asked. */
  | 'other_engine'
  /** The step in two halves: the whole was too much. */
  | 'smaller_chunk'
  /** The clip encoded, where its packets were copied. */
  | 'encode_instead'
  /** Wait until the file is there again. */
  | 'ask_source'
  /** Make room, or wait until there is some. */
  | 'ask_storage'
  /** Nothing helps: the job ends with the reason. */
  | 'stop';

const RECOVERY: Readonly<Record<FailureReason, Recovery>> = {
  worker_crashed: 'retry',
  worker_stuck: 'retry',
  worker_start_failed: 'retry',
  step_failed: 'retry',
  unexpected: 'retry',
  storage_unavailable: 'retry',
  no_decoder: 'other_engine',
  no_browser_decoder: 'stop',
  no_encoder: 'other_engine',
  font_missing: 'retry',
  hdr_unsupported: 'other_engine',
  damaged: 'other_engine',
  no_tracks: 'other_engine',
  out_of_memory: 'smaller_chunk',
  copy_unsafe: 'encode_instead',
  frame_count_wrong: 'encode_instead',
  file_check_failed: 'encode_instead',
  source_missing: 'ask_source',
  unreadable_file: 'ask_source',
  no_space: 'ask_storage',
  source_changed: 'stop',
  cancelled: 'stop',
  empty_file: 'stop',
  not_media: 'stop',
  truncated: 'stop',
  encrypted: 'stop',
  zero_duration: 'stop',
  still_image: 'stop',
  text_file: 'stop',
  bad_spec: 'stop',
  unknown_format: 'stop',
  broken_document: 'stop',
  text_too_large: 'stop',
  newer_version: 'stop',
  not_offered_yet: 'stop',
  single_needs_one_segment: 'stop',
  no_segments: 'stop',
  range_outside_media: 'stop',
  range_empty: 'stop',
  unknown_export: 'stop',
  result_gone: 'stop',
  unknown_asset: 'stop',
  unknown_comment: 'stop',
  export_not_finished: 'stop',
  export_running: 'stop',
  instance_closed: 'stop',
  forbidden_role: 'stop',
};

/** Pauses before the second, third and fourth try, milliseconds. */
const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000, 45_000];
/** How far a pause may lie from its length: several that failed together must not all come back at once. */
const JITTER = 0.2;

/** The work was stopped: by the person, or because the page goes. */
export function cancelled(): Failure {
  return failure('aborted', 'cancelled', 'The export was cancelled.');
}

/** What is done about a failure. */
export function recoveryFor(error: Failure): Recovery {
  return RECOVERY[error.reason];
}

/**
 * The pause before another try, milliseconds; null when there were enough.
 *
 * @param failures how many tries have failed
 * @param random 0..1
 * @param most tries in all, where fewer than usual are worth it
 */
export function pauseBefore(failures: number, random: number, most = Infinity): number | null {
  const pause = RETRY_PAUSES_MS[failures - 1];
  if (pause === undefined || failures >= most) return null;
  return Math.round(pause * (1 + (random * 2 - 1) * JITTER));
}

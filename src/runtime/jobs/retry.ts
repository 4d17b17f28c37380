/** From a failure to what is done about it: one exhaustive table (DESIGN.md, section 5). */
import type { Failure, FailureReason } from '../../core/base/failure.ts';

/** What is done about a failure of a step. */
export type Recovery = 'retry' | 'stop' | 'ask_source' | 'encode_instead';

const RECOVERY: Readonly<Record<FailureReason, Recovery>> = {
  worker_crashed: 'retry',
  worker_stuck: 'retry',
  worker_start_failed: 'retry',
  step_failed: 'retry',
  unexpected: 'retry',
  copy_unsafe: 'encode_instead',
  frame_count_wrong: 'encode_instead',
  source_missing: 'ask_source',
  unreadable_file: 'ask_source',
  file_check_failed: 'stop',
  source_changed: 'stop',
  no_space: 'stop',
  storage_unavailable: 'stop',
  cancelled: 'stop',
  empty_file: 'stop',
  not_media: 'stop',
  truncated: 'stop',
  damaged: 'stop',
  encrypted: 'stop',
  zero_duration: 'stop',
  no_tracks: 'stop',
  still_image: 'stop',
  text_file: 'stop',
  no_decoder: 'stop',
  hdr_unsupported: 'stop',
  bad_spec: 'stop',
  newer_version: 'stop',
  not_offered_yet: 'stop',
  single_needs_one_segment: 'stop',
  no_segments: 'stop',
  no_encoder: 'stop',
  range_outside_media: 'stop',
  range_empty: 'stop',
  unknown_export: 'stop',
  unknown_asset: 'stop',
  export_not_finished: 'stop',
  export_running: 'stop',
  instance_closed: 'stop',
  forbidden_role: 'stop',
};

/** Pauses before the second, third and fourth try, milliseconds. */
export const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000, 45_000];

/** What is done about a failure. */
export function recoveryFor(error: Failure): Recovery {
  return RECOVERY[error.reason];
}

import type { FailureReason } from '../../core/base/failure.ts';

/** Reasons of failures in a few words, for charts and lists; their sentences are under `failure`. */
export interface ReasonMessages {
  readonly failureShort: Readonly<Record<FailureReason, string>>;
}

export const enReasons: ReasonMessages = {
  failureShort: {
    empty_file: 'Empty file',
    not_media: 'Not a media file',
    truncated: 'File cut off',
    damaged: 'Damaged file',
    encrypted: 'Protected file',
    zero_duration: 'No duration',
    no_tracks: 'No picture and no sound',
    still_image: 'Still image',
    text_file: 'Text file',
    no_decoder: 'No decoder',
    no_browser_decoder: 'No decoder in the browser',
    hdr_unsupported: 'HDR not supported',
    unreadable_file: 'File cannot be read',
    bad_spec: 'Settings do not fit',
    newer_version: 'Made by a newer version',
    not_offered_yet: 'Not offered yet',
    single_needs_one_segment: 'Not exactly one range',
    no_segments: 'No ranges',
    no_encoder: 'No encoder',
    range_outside_media: 'Range outside its file',
    range_empty: 'Empty range',
    source_missing: 'Source file missing',
    source_changed: 'Source file changed',
    worker_crashed: 'Worker stopped',
    worker_stuck: 'Worker stuck',
    worker_start_failed: 'Worker did not start',
    out_of_memory: 'Not enough memory',
    frame_count_wrong: 'Frames missing',
    step_failed: 'Step failed',
    copy_unsafe: 'Cannot be copied',
    file_check_failed: 'Check not passed',
    cancelled: 'Cancelled',
    no_space: 'Not enough space',
    storage_unavailable: 'No storage',
    unknown_export: 'Export no longer exists',
    result_gone: 'File no longer kept',
    unknown_asset: 'File no longer in the project',
    unknown_comment: 'Comment no longer there',
    export_not_finished: 'Export not finished',
    export_running: 'Export still running',
    instance_closed: 'Studio closed',
    forbidden_role: 'Not allowed',
    unexpected: 'Something unexpected',
  },
};

import type { FailureReason } from '../../core/base/failure.ts';
import type { Probe } from '../../core/schema/asset.ts';
import type { CertificateCheck } from '../../core/schema/certificate.ts';
import type { ExportStage, ExportStatus } from '../../core/schema/export.ts';
import type { Deviation, StepReason } from '../../core/schema/plan.ts';

/** The sentences that belong to codes: every code of every closed list has one. */
export interface CodeMessages {
  readonly failure: Readonly<Record<FailureReason, string>>;
  /** A clause that stands after "because". */
  readonly reason: Readonly<Record<StepReason, string>>;
  readonly deviation: Readonly<Record<Deviation['code'], string>>;
  readonly check: Readonly<Record<CertificateCheck['name'], string>>;
  readonly stage: Readonly<Record<ExportStage, string>>;
  readonly status: Readonly<Record<ExportStatus, string>>;
  readonly warning: Readonly<Record<Probe['warnings'][number], string>>;
}

export const enCodes: CodeMessages = {
  failure: {
    empty_file: 'The file is empty (0 bytes). Copy it again from where it came from.',
    not_media: 'This is not a video or sound file that can be recognised, whatever its name says.',
    truncated:
      'The end of the file is missing, and with it the table that tells where the pictures are. Copy it again in full.',
    damaged: 'The file is damaged: its structure cannot be read. Try another copy of it.',
    encrypted: 'The file is protected (encrypted). Only the program it was made for can open it.',
    zero_duration: 'The file contains no time: it has a duration of zero.',
    no_tracks: 'The file is readable but contains neither pictures nor sound.',
    still_image: 'This is a still image. Only video and sound files can be cut for now.',
    text_file: 'This is a text file. Only video and sound files can be imported for now.',
    no_decoder: 'Nothing here can decode this kind of video. Convert it to H.264, HEVC, VP9 or AV1 first.',
    no_browser_decoder:
      'This browser cannot decode this video, and WebM is made with the browser’s own codecs. Choose MP4 or MOV.',
    hdr_unsupported: 'HDR pictures of this kind cannot be converted here yet. Export them as SDR first.',
    unreadable_file:
      'The browser cannot read the file. It may have been moved, renamed or opened by another program; choose it again.',
    bad_spec: 'The export settings do not fit together. Check the ranges and the options, then try again.',
    newer_version:
      'This was made with a newer version of Reelkeep. Reload the page to get the newest version.',
    not_offered_yet: 'This option is part of the format but not offered yet. Choose another one.',
    single_needs_one_segment:
      'A single export takes exactly one range. Select one, or export the whole reel.',
    no_encoder:
      'This browser has no encoder for {format}, or the studio was opened with the ffmpeg engine alone. Choose MP4 or MOV.',
    no_segments: 'There is nothing to export yet. Add a range first.',
    unknown_format:
      'This text is in no format that is known here: no comments, cut list or subtitles were recognised in it.',
    broken_document:
      'The document is damaged or incomplete: it begins like a known format, but cannot be read.',
    text_too_large: 'This text is too large to be a list of comments, cuts or subtitles.',
    range_outside_media: 'A range reaches beyond its file. Move its start or its end back inside.',
    range_empty: 'A range ends before it starts. Correct its start or its end.',
    source_missing:
      'A source file cannot be found. Link it again in the media list; the work goes on from there.',
    source_changed: 'A source file was changed since it was imported. Import it again and check the ranges.',
    worker_crashed:
      'A background worker stopped unexpectedly, several times. Try again; closing other tabs frees memory.',
    worker_stuck: 'A background worker made no progress and was stopped. Try again.',
    worker_start_failed:
      'A background worker could not start. Reload the page; if that does not help, the browser may block it.',
    out_of_memory:
      'There was not enough memory for a step, even in smaller parts. Close other tabs, or choose a lower resolution.',
    frame_count_wrong:
      'The encoder did not deliver the frames that were planned, so the result was thrown away. Try again.',
    step_failed: 'One step of the export failed, even after repeating it. The details name the step.',
    copy_unsafe:
      'The packets of this range cannot be copied safely. Choose the exact cut, which re-encodes where needed.',
    font_missing:
      'The font that comments are painted with could not be loaded. Reload the page and try again.',
    file_check_failed: 'The finished file did not pass its check, so it is not handed out. Try again.',
    cancelled: 'Cancelled. All partial files were removed.',
    no_space: 'There is not enough free space for the browser. Delete old exports or free some disk space.',
    storage_unavailable:
      'The browser gives this page no private storage. Private windows and strict settings can be the cause.',
    unknown_export: 'This export no longer exists.',
    result_gone: 'The file of this export is no longer kept. Make it again.',
    unknown_asset: 'This file is no longer in the project. Import it again.',
    unknown_comment: 'This comment is no longer there.',
    export_not_finished: 'The export is not finished yet.',
    export_running: 'The export is still running. Cancel it first.',
    instance_closed: 'The studio was closed. Reload the page.',
    forbidden_role: 'Your role in this review does not allow this. Ask the owner.',
    unexpected:
      'Something unexpected went wrong. Try again; if it happens again, the details below help to find out why.',
  },
  reason: {
    packets_fit: 'the packets already are what the output needs',
    starts_off_key_frame: 'the start lies between key frames',
    ends_inside_group: 'the end lies inside a group of pictures that depend on each other',
    codec_differs: 'the source uses another codec',
    size_changes: 'the picture size changes',
    rotation_baked: 'the rotation has to be applied to the picture',
    parameters_differ: 'the source was encoded with other parameters',
    parameters_in_band: 'the source changes its parameters along the way',
    pixel_format_differs: 'the source uses another pixel format',
    color_differs: 'the colours are described differently',
    open_group: 'the pictures after the cut depend on pictures before it',
    edit_list_cuts_in: 'the file itself hides its first pictures (edit list)',
    check_failed_before: 'a copy did not pass the check before',
    cut_before_key_frame: 'the cut lies before the next key frame',
    cut_after_last_reference: 'the pictures at the end need others that come after the cut',
    rate_above_ceiling: 'the file is larger than the chosen quality allows',
    comments_painted: 'comments are painted into the picture',
    sound_joined: 'the sound of several ranges is joined without clicks',
    sound_unbroken: 'the sound is one unbroken range',
    sound_codec_differs: 'the sound uses another codec',
  },
  deviation: {
    cut_moved:
      'The cut was moved to key frames: it starts {startMs, number} ms earlier and ends {endMs, number} ms later.',
    range_clamped: 'The range was shortened by {ms, number} ms to what the file contains.',
    stream_reencoded: 'The picture cannot be copied in full ({codec}) and is re-encoded where needed.',
    picture_fitted:
      'The picture ({width} × {height}) is fitted into the size of the output with black borders.',
    legacy_comments_left_out:
      '{count, plural, one {# comment has no time and is not painted.} other {# comments have no time and are not painted.}}',
    legacy_comments:
      '{count, plural, one {# comment has no time: it is listed without one and shown on no frame.} other {# comments have no time: they are listed without one and shown on no frame.}}',
    comments_outside_ranges:
      '{count, plural, one {# comment lies outside the ranges and is left out.} other {# comments lie outside the ranges and are left out.}}',
    csv_cells_long:
      '{count, plural, one {# cell of the CSV is} other {# cells of the CSV are}} longer than spreadsheet programs hold; they cut it when they save.',
    thumbnails_missing:
      '{count, plural, one {The frame of # comment cannot be shown: it has no picture.} other {The frames of # comments cannot be shown: they have no pictures.}}',
    bundle_in_volumes:
      'The bundle is too large for one ZIP; it is delivered in {count, number}, each of which opens by itself.',
    clip_failed: 'This clip is missing: {problem}',
    clip_enlarged: 'The picture ({width} × {height}) is smaller than the output and is enlarged to fit.',
    hdr_tone_mapped: 'HDR is converted to standard range.',
    sound_downmixed: '{from, number} sound channels are mixed down to {to, number}.',
    silence_added: '{name} has no sound; silence stands in its place.',
    tracks_left_out:
      '{count, plural, one {# further track of the source is} other {# further tracks of the source are}} left out.',
    rate_variable: 'The frame rate varies; every frame keeps its own time.',
    odd_size_evened: 'The picture size is made even: {width} × {height}.',
    copy_replaced: 'A copied stretch did not pass the check and was re-encoded instead.',
    source_truncated: '{name} ends early; what is there is used.',
    no_sound: 'The output has no sound because no source has any.',
    frames_lost:
      '{count, plural, one {# frame could not be decoded and is} other {# frames could not be decoded and are}} missing.',
    depth_reduced: 'The source picture is {bits}-bit {chroma}; the file has 8-bit 4:2:0.',
    not_enlarged:
      'The source is smaller than the chosen resolution. It is not enlarged and stays {width} × {height}.',
    source_damaged:
      'The decoder reported {count, plural, one {# error} other {# errors}} in this stretch: pictures may be damaged, as they are in the source.',
    sound_joined_by_packets:
      'The sound is copied packet by packet, too: at the joins it may lie up to {ms, number} ms off and be heard to jump.',
    picture_gap:
      'The picture stands still for {seconds, number} s: the clock of the file has a gap or a jump there.',
  },
  check: {
    tracks: 'Tracks',
    duration: 'Duration',
    frame_count: 'Number of frames',
    frame_times: 'Time of every frame',
    joins_decode: 'Joins decode cleanly',
    join_pictures: 'Pictures at the joins',
    sound_start: 'Sound starts with the picture',
    sound_duration: 'Length of the sound',
    sound_offset: 'Sound in step with the picture',
    loudness: 'Loudness of the sound',
    black_or_frozen: 'Black or frozen stretches',
  },
  stage: {
    preparing: 'Preparing',
    rendering: 'Rendering',
    assembling: 'Assembling',
    verifying: 'Checking the file',
    packaging: 'Packaging',
  },
  status: {
    pending: 'Waiting',
    processing: 'Running',
    completed: 'Finished',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  warning: {
    truncated: 'The end of the file is missing. What is there can be used.',
    times_odd: 'Some times in this file make no sense. What lies there is left out.',
    duration_estimated: 'The file does not state its duration; it was estimated.',
    several_video_tracks: 'The file has several picture tracks; the first one is used.',
    interlaced:
      'The picture is stored interlaced (two fields a frame). It is kept so: nothing is deinterlaced.',
    drm_track_skipped: 'A protected track cannot be read and is left out.',
  },
};

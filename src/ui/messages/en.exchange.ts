import type { ExchangeFormat, LOSS_CODES, LOSS_RULES, LOSS_THINGS } from '../../core/interchange/model.ts';

/** Formats of other programs, and what was not carried over: every code of the closed lists has a sentence. */
export interface ExchangeMessages {
  /** Names of formats. */
  readonly exchange: Readonly<Record<ExchangeFormat, string>>;
  readonly loss: Readonly<Record<(typeof LOSS_CODES)[number], string>>;
  /** What `not_carried` is about; `what` of the loss is the key. */
  readonly lossThing: Readonly<Record<(typeof LOSS_THINGS)[number], string>>;
  /** The clause of a rule; `rule` of the loss is the key. */
  readonly lossRule: Readonly<Record<(typeof LOSS_RULES)[number], string>>;
}

export const enExchange: ExchangeMessages = {
  exchange: {
    'reelkeep-csv': 'Reelkeep CSV',
    'frameio-csv': 'Frame.io-compatible CSV',
    'premiere-markers': 'Premiere marker list',
    'resolve-edl': 'DaVinci Resolve markers (EDL)',
    cmx3600: 'Edit list (EDL, CMX3600)',
    'avid-markers': 'Avid marker text',
    fcpxml: 'Final Cut Pro XML',
    xmeml: 'Premiere XML (Final Cut Pro 7)',
    otio: 'OpenTimelineIO',
    otioz: 'OpenTimelineIO bundle',
    fiojson: 'Frame.io JSON',
    losslesscut: 'LosslessCut project',
    'losslesscut-csv': 'LosslessCut CSV',
    webvtt: 'WebVTT subtitles',
    srt: 'SubRip subtitles',
    'youtube-chapters': 'YouTube chapters',
  },
  loss: {
    not_carried: 'Left out, because the format has no place for it: {what} ({count, number}).',
    legacy_left_out:
      '{count, plural, one {# comment on no frame was} other {# comments on no frame were}} left out: the format knows only frames.',
    legacy_placed:
      '{count, plural, one {# comment on no frame was} other {# comments on no frame were}} put where the format keeps such.',
    time_rounded:
      '{count, plural, one {# time fell between two frames and was} other {# times fell between two frames and were}} moved to one.',
    outside_media:
      '{count, plural, one {# place lies} other {# places lie}} beyond the end or before the start of the film and {count, plural, one {was} other {were}} left out or shortened.',
    unreadable_line:
      '{count, plural, one {# place} other {# places}} could not be read, the first in line {line, number}: {found}',
    unknown_media:
      'No imported film is called “{name}” ({count, plural, one {named once} other {named # times}}).',
    text_changed:
      '{count, plural, one {# text holds} other {# texts hold}} characters that the format cannot, which were replaced.',
    merged_same_frame:
      '{count, plural, one {# comment on a frame} other {# comments on the same frame}} were put together: readers of the format keep one a frame.',
    text_cut: '{count, plural, one {# text was} other {# texts were}} cut to {limit, number} characters.',
    too_many: '{count, number} left out: no more than {limit, number} are taken from one text.',
    effect_left_out:
      '{count, plural, one {# transition, speed change or effect was} other {# transitions, speed changes or effects were}} left out.',
    rate_differs: 'The text counts frames as {found}, the film as {expected}.',
    timecode_repaired:
      '{count, plural, one {# timecode does} other {# timecodes do}} not exist in drop-frame and {count, plural, one {was} other {were}} read as the first that does.',
    encoding_guessed: 'The text is not UTF-8. It was read as {encoding}; check special characters.',
    rule_broken: 'Another program may refuse this: {rule}.',
    start_assumed:
      'The text does not say at which timecode its time line starts; {start} was assumed. Check the first comment.',
  },
  lossThing: {
    shapes: 'drawings',
    replies: 'replies',
    resolved: 'resolved comments',
    author: 'authors',
    color: 'colours',
    category: 'categories',
    duration: 'durations',
    created: 'dates',
    tags: 'tags',
    comments: 'comments',
    cuts: 'cuts',
    styles: 'styles',
    tracks: 'further tracks',
    resolved_by: 'who resolved, and when',
    labels: 'names of cuts',
    speakers: 'speakers',
    cues: 'subtitles',
    selection: 'what was selected',
    notes: 'notes of the file',
  },
  lossRule: {
    first_at_zero: 'the first chapter has to start at 0:00',
    at_least_three: 'there have to be at least three chapters',
    ascending: 'chapters have to follow one another in time',
    ten_seconds: 'a chapter has to last at least ten seconds',
    events_999: 'some programs read no more than 999 events',
    cell_length: 'a cell is longer than a spreadsheet keeps (32,767 characters)',
  },
};

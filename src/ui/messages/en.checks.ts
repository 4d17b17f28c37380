import type { CheckText } from '../../core/schema/certificate.ts';

/** What the checks of a certificate say, by their codes. */
export interface CheckMessages {
  readonly checkText: Readonly<Record<CheckText['code'], string>>;
}

export const enChecks: CheckMessages = {
  checkText: {
    container: '{container}',
    picture: '{codec} {width} × {height}{rotation, plural, =0 {} other { turned #°}}',
    no_picture: 'no picture',
    sound: '{codec}',
    no_sound: 'no sound',
    length: '{time} s',
    frames: '{count, number}',
    at: '{time} s',
    between: '{time} to {end} s',
    clips_in_place: 'each range in its place',
    clip_begins: 'range {clip} begins at {time} s',
    clip_empty: 'range {clip} has no frame',
    clip_too_long: 'range {clip} reaches beyond its end',
    joins_clean: '{count, number} clean',
    joins_entered:
      '{count, plural, one {# of them entered at its key frame} other {# of them entered at their key frames}}',
    nothing_decoded: 'there is no picture',
    decoder_said: 'the decoder says: {said}',
    as_in_source: 'as in the source',
    joins_compared: '{count, number} of {total, number} compared',
    largest_difference: 'largest difference {difference} of 255',
    picture_differs:
      'the picture {side, select, before {before} other {after}} it differs by {difference} of 255',
    picture_early:
      'the picture {side, select, before {before} other {after}} it is {count, plural, one {# frame} other {# frames}} too early',
    picture_late:
      'the picture {side, select, before {before} other {after}} it is {count, plural, one {# frame} other {# frames}} too late',
    starts_together: 'with the picture, at most {ms} ms later',
    started_together: 'with the picture',
    started_late: '{time} s after the picture',
    run_in: 'its run-in of {time} s is not played',
    most_offset: 'at most {ms} ms off',
    offset: '{ms} ms off',
    places_compared: '{count, plural, one {# place} other {# places}} compared',
    other_sound: 'not the sound that was encoded, or more than {ms} ms off',
    most_level: 'within {db} dB',
    level: '{db} dB',
    noise: '{db} dB where silence was planned',
    silence: 'silence, as planned',
    sound_copied: 'nothing to compare: the packets of the source are taken over as they are',
    sound_reused: 'nothing to compare: the sound of an earlier export is taken over as it is',
    sound_even: 'nothing to compare: the sound is silent or too even to tell',
    sound_short: 'nothing to compare: the sound is too short',
    sound_unread: 'not compared: {said}',
    nothing_black: 'nothing black or frozen that the source does not have',
    looked_at: '{count, plural, one {# picture} other {# pictures}} looked at',
    still_in_source: '{count, number} black or still as in the source',
    still_not_compared: '{count, number} black or still and not compared',
    black: 'black, the source is not',
    frozen: 'frozen, the source is not',
  },
};

/** Comparing versions of a film, in English. */
export const enVersions = {
  versions: {
    button: 'Compare versions',
    title: 'Compare versions',
    none: 'There have to be two films in the project to compare.',
    same: 'Choose two different files to carry comments from one to the other.',
    older: 'Version 1',
    newer: 'Version 2',
    both: 'Both versions',
    play: 'Play both',
    pause: 'Pause both',
    stepBack: 'Both one frame back',
    stepOn: 'Both one frame on',
    place: 'Place in version 1',
    offset: 'Version 2 is {seconds} s ahead',
    offsetLess: 'Version 2 one frame earlier',
    offsetMore: 'Version 2 one frame later',
    carry:
      '{count, plural, =0 {No comments to carry} one {Carry # comment to version 2} other {Carry # comments to version 2}}',
    carryHint: 'Each comment is put on the same picture, wherever that is now. What is not found is listed.',
    carrying: 'Looking for the same pictures',
    stop: 'Stop',
    carried:
      '{count, plural, =0 {No comment was carried} one {# comment carried} other {# comments carried}}',
    lost: '{count, plural, one {# comment could not be placed} other {# comments could not be placed}}',
    keep: 'Keep them as comments without a frame',
  },
  lost: {
    not_found: 'This picture is not in version 2.',
    ambiguous: 'Several places look the same.',
    no_detail: 'The picture is too plain to be recognised.',
  },
} as const;

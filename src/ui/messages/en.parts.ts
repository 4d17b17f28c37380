/** Exports of separate clips, in English. */
export const enParts = {
  parts: {
    type: 'Separate clips (ZIP)',
    made: '{made, number} of {total, plural, one {# clip} other {# clips}}',
    failed: '{count, number} failed',
    partial: 'Finished in part',
    finished:
      'Export finished in part: {name}. {count, plural, one {# clip is} other {# clips are}} missing.',
    failedList: 'Clips that are missing',
    retry: '{count, plural, one {Try the failed clip again} other {Try the # failed clips again}}',
    retryHint: 'Only what is missing is made; the clips that are there are kept.',
    files: '{count, plural, one {# file} other {# files}}',
    different: 'different sizes',
    soundEncoded: 'Sound: encoded',
    soundOnlyEncoded: 'Sound only: it is encoded.',
    list: 'Clips',
    waiting: 'Not made yet',
  },
} as const;

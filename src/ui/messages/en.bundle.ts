/** Exports that hand comments over, and comments in the picture, in English. */
export const enBundle = {
  bundle: {
    type: 'Bundle (ZIP)',
    csvType: 'Comments as CSV',
    profile: 'CSV for',
    spreadsheet: 'Spreadsheet',
    spreadsheetHint:
      'Opens in a spreadsheet program; a text that it would run as a formula is made harmless.',
    interchange: 'Program',
    interchangeHint: 'Every text exactly as it is.',
    burnIn: 'Paint comments into the picture',
    strip: 'Strip at the lower edge',
    stripNone: 'None',
    stripTimecode: 'Timecode',
    stripName: 'File name',
    stripBoth: 'Timecode and file name',
    shown: 'Seconds that a comment without a length is shown',
    planCsv:
      '{count, plural, =0 {There is no comment to write.} one {# comment is written.} other {# comments are written.}} Nothing is rendered.',
    planBundle:
      'Beside the video: CSV, pictures and contact sheet of {count, plural, =0 {no comments} one {# comment} other {# comments}}.',
    legacy: '{count, plural, one {# of them has no time.} other {# of them have no time.}}',
    files: 'Files of this export',
    saved: '{count, plural, one {# file} other {# files}} saved',
  },
} as const;

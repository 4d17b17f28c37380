/** Exports that hand comments over, and comments in the picture, in Korean. */
export const koBundle = {
  bundle: {
    type: '묶음(ZIP)',
    csvType: '코멘트 CSV',
    profile: 'CSV 용도',
    spreadsheet: '스프레드시트',
    spreadsheetHint: '스프레드시트 프로그램에서 엽니다. 수식으로 실행될 수 있는 글은 실행되지 않게 바꿉니다.',
    interchange: '프로그램 연동',
    interchangeHint: '모든 글을 있는 그대로 적습니다.',
    burnIn: '코멘트를 화면에 그려 넣기',
    strip: '아래쪽 띠',
    stripNone: '없음',
    stripTimecode: '타임코드',
    stripName: '파일 이름',
    stripBoth: '타임코드와 파일 이름',
    shown: '길이가 없는 코멘트를 표시하는 시간(초)',
    planCsv:
      '{count, plural, =0 {적을 코멘트가 없습니다.} other {코멘트 #개를 적습니다.}} 렌더링은 하지 않습니다.',
    planBundle: '영상과 함께 {count, plural, other {코멘트 #개}}의 CSV, 화면, 콘택트 시트를 담습니다.',
    legacy: '{count, plural, other {그중 #개는 시간이 없습니다.}}',
    files: '이 내보내기의 파일',
    saved: '{count, plural, other {파일 #개}} 저장됨',
  },
};

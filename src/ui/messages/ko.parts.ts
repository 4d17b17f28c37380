/** Exports of separate clips, in Korean. */
export const koParts = {
  parts: {
    type: '개별 클립(ZIP)',
    made: '클립 {total, plural, other {#개}} 중 {made, number}개',
    failed: '{count, number}개 실패',
    partial: '일부만 완료',
    finished: '내보내기 일부만 완료: {name}. {count, plural, other {클립 #개}}가 빠졌습니다.',
    failedList: '빠진 클립',
    retry: '{count, plural, other {실패한 클립 #개 다시 시도}}',
    retryHint: '빠진 클립만 새로 만듭니다. 이미 만든 클립은 그대로 둡니다.',
    files: '{count, plural, other {파일 #개}}',
    different: '크기 다름',
    soundEncoded: '소리: 인코딩',
    soundOnlyEncoded: '소리만 있으며 인코딩합니다.',
    list: '클립',
    waiting: '아직 만들지 않음',
  },
};

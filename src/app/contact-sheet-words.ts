/** The words of a bundle's contact sheet: a job that makes one may run in a page without an interface, and so without its catalogue. */
import type { ContactSheetWords } from '../core/interchange/contact-sheet.ts';

/** Languages of contact sheets. */
export type SheetLanguage = 'en' | 'ko';

/** By language. */
export const SHEET_WORDS: Readonly<Record<SheetLanguage, ContactSheetWords>> = {
  en: {
    language: 'en',
    heading: 'Contact sheet',
    count: 'Comments:',
    made: 'Made',
    replies: 'Replies',
    resolved: 'Resolved',
    open: 'Open',
    by: 'by',
    legacy: 'Comments without a time',
    legacyHint: 'They come from older reviews and belong to no frame.',
    noPicture: 'No picture',
    pictureOf: 'Frame of comment {n}',
    nobody: 'No name',
  },
  ko: {
    language: 'ko',
    heading: '콘택트 시트',
    count: '코멘트 수:',
    made: '작성',
    replies: '답글',
    resolved: '해결됨',
    open: '미해결',
    by: '처리:',
    legacy: '시간이 없는 코멘트',
    legacyHint: '이전 리뷰에서 가져온 코멘트로, 어떤 프레임에도 속하지 않습니다.',
    noPicture: '화면 없음',
    pictureOf: '코멘트 {n}의 프레임',
    nobody: '이름 없음',
  },
};

/** The language of a contact sheet: the one that was asked for, else the browser's where there are words for it. */
export function sheetLanguage(asked: SheetLanguage | null | undefined): SheetLanguage {
  return asked ?? (navigator.languages[0]?.toLowerCase().startsWith('ko') === true ? 'ko' : 'en');
}

/** What checks say: in codes, and the English sentences that a certificate is read for outside of the studio. Pure. */
import type { CertificateCheck, CheckText, CheckTextParams } from '../schema/certificate.ts';

const seconds = (us: number): string => `${(us / 1e6).toFixed(3)} s`;
/** One digit after the point; never "-0.0". */
const tenths = (value: number): string => (Math.round(value * 10) / 10 + 0).toFixed(1);
const milliseconds = (ms: number): string => `${tenths(ms)} ms`;
const decibels = (db: number): string => `${tenths(db)} dB`;
const signed = (db: number): string => `${Math.round(db * 10) > 0 ? '+' : ''}${decibels(db)}`;
const several = (count: number, one: string, many: string): string =>
  `${String(count)} ${count === 1 ? one : many}`;

const ENGLISH: { readonly [C in keyof CheckTextParams]: (params: CheckTextParams[C]) => string } = {
  container: ({ container }) => container,
  picture: ({ codec, width, height, rotation }) =>
    `${codec} ${String(width)}x${String(height)}${rotation === 0 ? '' : ` turned ${String(rotation)}`}`,
  no_picture: () => 'no picture',
  sound: ({ codec }) => codec,
  no_sound: () => 'no sound',
  length: ({ us }) => seconds(us),
  frames: ({ count }) => String(count),
  at: ({ us }) => seconds(us),
  between: ({ us, endUs }) => `${seconds(us)} to ${seconds(endUs)}`,
  clips_in_place: () => 'each clip in its place',
  clip_begins: ({ clip, us }) => `clip ${String(clip)} begins at ${seconds(us)}`,
  clip_empty: ({ clip }) => `clip ${String(clip)} begins at no frame`,
  clip_too_long: ({ clip }) => `clip ${String(clip)} reaches beyond its end`,
  joins_clean: ({ count }) => `${String(count)} clean`,
  joins_entered: ({ count }) =>
    `${String(count)} of them entered at ${count === 1 ? 'its' : 'their'} key frame`,
  nothing_decoded: () => 'There is no picture.',
  decoder_said: ({ said }) => said,
  as_in_source: () => 'as in the source',
  joins_compared: ({ count, total }) => `${String(count)} of ${String(total)} compared`,
  largest_difference: ({ difference }) => `largest difference ${tenths(difference)} of 255`,
  picture_differs: ({ side, difference }) => `the picture ${side} it differs by ${tenths(difference)} of 255`,
  picture_early: ({ side, count }) =>
    `the picture ${side} it is the one ${several(count, 'frame', 'frames')} on`,
  picture_late: ({ side, count }) =>
    `the picture ${side} it is the one ${several(count, 'frame', 'frames')} back`,
  starts_together: ({ ms }) => `with the picture, at most ${milliseconds(ms)} later`,
  started_together: () => 'with the picture',
  started_late: ({ us }) => `${seconds(us)} after the picture`,
  run_in: ({ us }) => `its run-in of ${seconds(us)} is not played`,
  most_offset: ({ ms }) => `at most ${milliseconds(ms)} off`,
  offset: ({ ms }) => `${milliseconds(ms)} off`,
  places_compared: ({ count }) => `${several(count, 'place', 'places')} compared`,
  other_sound: ({ ms }) => `not the sound that was encoded, or more than ${milliseconds(ms)} off`,
  most_level: ({ db }) => `within ${decibels(db)}`,
  level: ({ db }) => signed(db),
  noise: ({ db }) => `${decibels(db)} where silence was planned`,
  silence: () => 'silence, as planned',
  sound_copied: () => 'not compared: the packets of the source were taken over as they are',
  sound_reused: () => 'not compared: the sound of an earlier export was taken over as it is',
  sound_even: () => 'not compared: the sound is silent or too even to tell',
  sound_short: () => 'not compared: the sound is too short',
  sound_unread: ({ said }) => `not compared: ${said}`,
  nothing_black: () => 'nothing black or frozen that the source does not have',
  looked_at: ({ count }) => `${several(count, 'picture', 'pictures')} looked at`,
  still_in_source: ({ count }) => `${String(count)} black or still as in the source`,
  still_not_compared: ({ count }) => `${String(count)} black or still and not compared`,
  black: () => 'black, the source is not',
  frozen: () => 'frozen, the source is not',
};

/** One thing to say. */
export function text<C extends keyof CheckTextParams>(code: C, params: CheckTextParams[C]): CheckText {
  return { code, params } as unknown as CheckText;
}

/** What stands before a colon: it says what the rest is about. */
const LEADS: ReadonlySet<CheckText['code']> = new Set(['container', 'at', 'between']);

/** One thing after the other, as `say` says each of them. */
export function inSequence(texts: readonly CheckText[], say: (said: CheckText) => string): string {
  return texts.reduce((sentence, said, i) => {
    const before = texts[i - 1];
    const between = before === undefined ? '' : LEADS.has(before.code) ? ': ' : ', ';
    return `${sentence}${between}${say(said)}`;
  }, '');
}

/** English for what is said. */
export function inEnglish(texts: readonly CheckText[]): string {
  return inSequence(texts, ({ code, params }) => {
    const say = ENGLISH[code] as (params: CheckText['params']) => string;
    return say(params);
  });
}

/** A check, with its sentences. */
export function checked(
  name: CertificateCheck['name'],
  outcome: boolean | 'skipped',
  expectedText: readonly CheckText[],
  foundText: readonly CheckText[],
): CertificateCheck {
  return {
    name,
    passed: outcome !== false,
    expected: inEnglish(expectedText),
    found: inEnglish(foundText),
    expectedText,
    foundText,
    ...(outcome === 'skipped' ? { skipped: true } : {}),
  };
}

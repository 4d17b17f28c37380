import type { Deviation } from '../../core/schema/plan.ts';
import { FAILURE_REASONS } from '../core.ts';
import { useT, type Translate } from '../messages/i18n.tsx';

/** What a sentence may ask for; a plan made by an older build may not say all of it. */
const UNSTATED = {
  startMs: 0,
  endMs: 0,
  ms: 0,
  count: 0,
  from: 0,
  to: 0,
  width: '–',
  height: '–',
  name: '–',
  codec: '–',
  bits: 8,
  chroma: '–',
  seconds: 0,
};

/** Where the output differs from the plain reading of the request. */
export function Deviations({ list }: { readonly list: readonly Deviation[] }) {
  const t = useT();
  return (
    <ul className="deviations">
      {list.map((deviation, position) => {
        const text = t(`deviation.${deviation.code}`, {
          ...UNSTATED,
          ...textual(deviation.params),
          problem: problemOf(deviation, t),
        });
        return (
          <li key={position}>
            {deviation.clip === null ? text : t('plan.deviationClip', { n: deviation.clip + 1, text })}
          </li>
        );
      })}
    </ul>
  );
}

/** Why a clip has no file. */
function problemOf({ code, params }: Deviation, t: Translate): string {
  if (code !== 'clip_failed') return '';
  return failureText(String(params['reason'] ?? '–'), t);
}

/** The sentence of a reason that is kept as a word; one of another build is shown by its name. */
export function failureText(reason: string, t: Translate): string {
  const known = FAILURE_REASONS.find((one) => one === reason);
  return known === undefined ? reason : t(`failure.${known}`);
}

/** Sizes are written without separators of thousands. */
function textual(params: Deviation['params']): Readonly<Record<string, string | number>> {
  return {
    ...params,
    ...('width' in params ? { width: String(params['width']) } : {}),
    ...('height' in params ? { height: String(params['height']) } : {}),
  };
}

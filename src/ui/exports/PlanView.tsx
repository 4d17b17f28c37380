import type { Export } from '../../core/schema/export.ts';
import type { Deviation, RenderPlan } from '../../core/schema/plan.ts';
import { clock, codecName } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import { FailureNote } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import { Deviations, failureText } from './Deviations.tsx';
import { filesText } from './Parts.tsx';
import { PlannedComments } from './PlannedComments.tsx';
import {
  countReasons,
  countSmart,
  deviationsShown,
  failedClips,
  filesOf,
  outlookOf,
  pictureShares,
  type ClipOutlook,
} from './summary.ts';
import type { PlanState } from './usePlan.ts';

/** What will be done, before it is done. */
export function PlanView({ state }: { readonly state: PlanState & { readonly loading: boolean } }) {
  const t = useT();
  const { plan, failure, loading } = state;
  return (
    <section
      className={loading ? 'plan is-loading' : 'plan'}
      aria-label={t('plan.title')}
      aria-busy={loading}
    >
      {failure !== null ? <FailureNote failure={failure} /> : null}
      {plan === null ? (
        failure === null ? (
          <p className="plan-line plan-loading">
            <span className="spinner" /> {t('plan.loading')}
          </p>
        ) : null
      ) : (
        <>
          {loading ? <span className="spinner plan-renewing" /> : null}
          <PlanSummary
            plan={plan}
            type={state.spec?.type ?? 'combined'}
            parts={state.spec?.type === 'clips' ? 'planned' : null}
          />
        </>
      )}
    </section>
  );
}

/** What a plan says, in words; its differences from the request are told elsewhere where a finished file has its own. */
export function PlanSummary({
  plan,
  type,
  parts,
  deviations: withDeviations = true,
}: {
  readonly plan: RenderPlan;
  readonly type: Export['type'];
  /** The files of an export of separate clips, `planned` before there are any; null for one file. */
  readonly parts: Export['parts'] | 'planned' | null;
  readonly deviations?: boolean;
}) {
  const deviations = withDeviations ? deviationsShown(plan, plan.deviations) : [];
  return (
    <>
      {type === 'csv' ? null : <VideoSummary plan={plan} parts={parts} />}
      <PlannedComments plan={plan} type={type} />
      {deviations.length === 0 ? null : <PlannedDeviations list={deviations} />}
    </>
  );
}

function PlannedDeviations({ list }: { readonly list: readonly Deviation[] }) {
  const t = useT();
  return (
    <details className="plan-deviations">
      <summary>
        <Icon name="right" size={12} />
        {t('plan.deviations', { count: list.length })}
      </summary>
      <Deviations list={list} />
    </details>
  );
}

/** What a plan says of its pictures and its sound. */
function VideoSummary({
  plan,
  parts,
}: {
  readonly plan: RenderPlan;
  readonly parts: Export['parts'] | 'planned' | null;
}) {
  const t = useT();
  const language = useLanguage();
  const total = plan.clips.length;
  const reasons = countReasons(plan);
  const share = pictureShares(plan);
  const failed = failedClips(plan).size;
  const { sound } = plan.summary;
  const { video, audio, durationUs } = plan.output;
  const assets = useWatch(useSurroundings().studio.assets);
  const files =
    parts == null
      ? null
      : filesOf(
          plan,
          parts === 'planned' ? null : parts,
          assets.map(({ asset }) => asset),
        );
  // Without pictures no range says how it is made.
  const soundEncoded = video === null && sound === 'encoded';
  const smart = countSmart(plan);
  const sentence =
    video === null
      ? t(
          sound !== 'encoded'
            ? 'plan.soundOnlyCopied'
            : files === null
              ? 'plan.soundOnlyEncoded'
              : 'parts.soundOnlyEncoded',
        )
      : smart?.count === total
        ? t('plan.smartAll', { total, encoded: smart.encodedFrames, frames: smart.frames })
        : smart === null && reasons.length === 0 && failed === 0
          ? t(sound === 'encoded' ? 'plan.picturesCopied' : 'plan.allCopied', { total })
          : [
              // “0 of 4 copied” would deny what the smart cuts copy.
              plan.summary.copied === 0 && smart !== null
                ? null
                : t('plan.copied', { copied: plan.summary.copied, total }),
              smart === null
                ? null
                : t('plan.smart', {
                    count: smart.count,
                    total,
                    encoded: smart.encodedFrames,
                    frames: smart.frames,
                  }),
              ...reasons.map(({ count, reason }) =>
                t('plan.encoded', { count, reason: t(`reason.${reason}`) }),
              ),
            ]
              .filter((part) => part !== null)
              .join(', ');
  return (
    <>
      <p className="plan-line">
        {sentence}
        {failed === 0 ? null : (
          <>
            {video === null ? ' ' : ', '}
            <b className="plan-failed">
              {t(video === null ? 'plan.failedRanges' : 'plan.failed', { count: failed })}
            </b>
          </>
        )}
      </p>
      {share === null ? null : (
        <div className="plan-share" role="img" aria-label={shareText(share, t)} title={shareText(share, t)}>
          <span style={{ inlineSize: `${String(share.copied * 100)}%` }} />
          {share.failed === 0 ? null : (
            <span className="is-failed" style={{ inlineSize: `${String(share.failed * 100)}%` }} />
          )}
        </div>
      )}
      <p className="plan-facts">
        <span>
          {files !== null
            ? [...filesText(files, t), clock(durationUs)].join(', ')
            : video === null
              ? clock(durationUs)
              : t('plan.output', {
                  width: String(video.width),
                  height: String(video.height),
                  duration: clock(durationUs),
                })}
        </span>
        <span>
          {[video?.settings.codec, audio?.codec]
            .filter((codec) => codec !== undefined)
            .map(codecName)
            .join(' + ')}
        </span>
        {video === null ? null : (
          <span>
            {t(
              sound === 'copied'
                ? 'plan.soundCopied'
                : sound === 'encoded'
                  ? files === null
                    ? 'plan.soundEncoded'
                    : 'parts.soundEncoded'
                  : 'plan.soundNone',
            )}
          </span>
        )}
      </p>
      <details className="plan-ranges">
        <summary>
          <Icon name="right" size={12} />
          {t('plan.showRanges')}
        </summary>
        <ol>
          {outlookOf(plan).map((clip) => (
            <li key={clip.position} className={markOf(clip, soundEncoded)}>
              <b>{clip.label === '' ? t('reel.range', { n: clip.position + 1 }) : clip.label}</b>
              <span>
                {soundEncoded && clip.failed === null
                  ? seconds(clip.lengthUs, t, language)
                  : outlookText(clip, t, language)}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

/** How one range is made, in words. */
function outlookText(clip: ClipOutlook, t: Translate, language: string): string {
  const { smart, reason, encodedUs, lengthUs, failed } = clip;
  if (failed !== null) return t('plan.clipFailed', { problem: failureText(failed, t) });
  if (smart !== null) return t('plan.clipSmart', { encoded: smart.encodedFrames, frames: smart.frames });
  if (reason === null) return t('plan.clipCopied');
  if (encodedUs === 0 || encodedUs >= lengthUs)
    return t('plan.clipEncoded', { reason: t(`reason.${reason}`) });
  return t('plan.clipPart', {
    part: seconds(encodedUs, t, language),
    whole: seconds(lengthUs, t, language),
    reason: t(`reason.${reason}`),
  });
}

function markOf(clip: ClipOutlook, soundEncoded: boolean): string {
  if (clip.failed !== null) return 'is-failed';
  if (clip.smart !== null) return 'is-smart';
  return clip.reason === null && !soundEncoded ? 'is-copied' : '';
}

function shareText({ copied, failed }: NonNullable<ReturnType<typeof pictureShares>>, t: Translate): string {
  const said = t('plan.share', { percent: copied });
  return failed === 0 ? said : `${said}, ${t('plan.shareFailed', { percent: failed })}`;
}

function seconds(us: number, t: Translate, language: string): string {
  const s = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(us / 1_000_000);
  return t('time.seconds', { s });
}

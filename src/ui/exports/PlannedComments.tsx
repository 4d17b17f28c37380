import type { Export } from '../../core/schema/export.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import { useT } from '../messages/i18n.tsx';

/** How many comments an export lists; nothing for one that lists none. */
export function PlannedComments({
  plan: { comments },
  type,
}: {
  readonly plan: RenderPlan;
  readonly type: Export['type'];
}) {
  const t = useT();
  if (comments === undefined) return null;
  const { listed, legacy } = comments;
  return (
    <p className="plan-line" data-testid="plan-comments">
      {t(type === 'csv' ? 'bundle.planCsv' : 'bundle.planBundle', { count: listed })}
      {legacy === 0 ? null : ` ${t('bundle.legacy', { count: legacy })}`}
    </p>
  );
}

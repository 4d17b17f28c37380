import type { BudgetOutlook, StorageState } from '../../app/studio/types.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import { budgetOutlook } from '../core.ts';
import { size } from '../format/text.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import { FreeStorage } from './FreeStorage.tsx';

const SENTENCES = { soft: 'budget.soft', hard: 'budget.hard', full: 'budget.full' } as const;

/** How a planned export fits into storage; null while nothing was counted. */
export function useBudget(plan: RenderPlan | null): BudgetOutlook | null {
  const { use, policy } = useWatch(useSurroundings().studio.storage);
  return plan === null || use === null ? null : budgetOutlook(use, policy, plan.estimate.storageBytes);
}

/** Says before the start that storage becomes tight, or why there is no start, and what to free. */
export function BudgetNote({
  outlook,
  plan,
}: {
  readonly outlook: BudgetOutlook;
  readonly plan: RenderPlan;
}) {
  const t = useT();
  const language = useLanguage();
  const storage = useWatch(useSurroundings().studio.storage);
  if (outlook.state === 'fine') return null;
  const refused = outlook.state !== 'soft';
  return (
    <div className={refused ? 'note note-danger' : 'note note-warning'} role={refused ? 'alert' : 'status'}>
      <Icon name="warning" />
      <div className="note-body">
        <p>{t(SENTENCES[outlook.state], valuesOf(outlook, plan, storage, language))}</p>
        {refused ? <FreeStorage bytes={outlook.missingBytes} /> : null}
      </div>
    </div>
  );
}

function valuesOf(
  { state, missingBytes }: BudgetOutlook,
  plan: RenderPlan,
  { use, policy }: StorageState,
  language: 'en' | 'ko',
): Readonly<Record<string, string>> {
  const used = Math.max(0, (use?.usedBytes ?? 0) - (use?.evictableBytes ?? 0)) + plan.estimate.storageBytes;
  return {
    used: size(used, language),
    missing: size(missingBytes, language),
    free: size(use?.freeBytes ?? 0, language),
    limit: size(state === 'soft' ? policy.softBytes : policy.hardBytes, language),
  };
}

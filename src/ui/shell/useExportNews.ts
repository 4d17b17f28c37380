import { useEffect, useRef } from 'react';
import { useT } from '../messages/i18n.tsx';
import { partCounts } from '../exports/summary.ts';
import { useExports, useSurroundings } from '../workspace/context.tsx';

/** Says when an export reaches its next stage or ends. */
export function useExportNews(): void {
  const t = useT();
  const exports = useExports();
  const { announce } = useSurroundings();
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    const before = known.current;
    known.current = new Map(
      exports.map(({ record, progress }) => [
        record.id,
        `${record.status} ${progress?.stage ?? record.stage}`,
      ]),
    );
    if (before === null) return;
    for (const { record, progress } of exports) {
      const old = before.get(record.id);
      const stage = progress?.stage ?? record.stage;
      if (old === undefined || old === `${record.status} ${stage}`) continue;
      const wasRunning = !/^(completed|failed|cancelled)/.test(old);
      if (record.status === 'completed' && wasRunning) {
        const missing = partCounts(record)?.failed ?? 0;
        announce(
          missing === 0
            ? t('job.finished', { name: record.name })
            : t('parts.finished', { name: record.name, count: missing }),
        );
      } else if (record.status === 'failed' && wasRunning)
        announce(t('job.failedNews', { name: record.name }));
      else if (record.status === 'processing') {
        announce(t('job.stageNews', { name: record.name, stage: t(`stage.${stage}`) }), { quiet: true });
      }
    }
  }, [exports, announce, t]);
}

/** What the machine did, out of the local log and the exports: for the diagnostics. */
import type { ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import type { Result } from '../../core/base/result.ts';
import { isComparable, isOff, type Off } from '../../core/plan/off.ts';
import type { Export } from '../../core/schema/export.ts';
import type { LogEntry } from '../../core/schema/log.ts';
import { statisticsOf, type IncompleteJob, type Statistics } from '../../core/stats/statistics.ts';
import { saveOrDownload } from '../../runtime/delivery/save.ts';
import type { Log } from '../log.ts';
import type { Runtime } from '../runtime.ts';

export type { LogEntry, Off, Statistics };

/** An export whose estimate was off by more than a fifth. */
export interface OffExport {
  readonly id: ExportId;
  /** For the screen only: it is not in the log. */
  readonly name: string;
  readonly completedAt: string;
  readonly offs: readonly Off[];
}

/** What the machine did. */
export interface Activity {
  readonly statistics: Statistics;
  /** Finished exports whose estimate was off, newest first, and of how many that can be said. */
  readonly off: readonly OffExport[];
  readonly compared: number;
  /** The log, newest first. */
  readonly entries: readonly LogEntry[];
}

/** What the activity is made of. */
export interface ActivityPorts {
  readonly log: Pick<Log, 'list' | 'clear' | 'exportLines'>;
  /** Finished exports, newest first. */
  readonly finished: () => Promise<readonly Export[]>;
  readonly save: (blob: Blob, name: string) => Promise<Result<'saved' | 'downloaded' | 'dismissed', Failure>>;
}

/** Exports that are looked at. */
const MOST_EXPORTS = 200;
const LOG_NAME = 'reelkeep-log.jsonl';

/** Looks at everything. */
export async function readActivity({ log, finished }: ActivityPorts): Promise<Activity> {
  const [entries, exports] = await Promise.all([log.list(), finished()]);
  const compared = exports.filter(isComparable);
  return {
    statistics: statisticsOf(entries, exports.flatMap(incompleteOf)),
    off: compared.flatMap((record) => {
      const offs = isOff(record);
      const { id, name, createdAt, completedAt } = record;
      return offs.length === 0 ? [] : [{ id, name, completedAt: completedAt ?? createdAt, offs }];
    }),
    compared: compared.length,
    entries: [...entries].reverse(),
  };
}

/** Why clips of a finished export are missing. */
function incompleteOf({ id, parts }: Export): readonly IncompleteJob[] {
  const reasons = (parts ?? []).flatMap(({ status, error }) =>
    status === 'failed' ? [error?.reason ?? 'unexpected'] : [],
  );
  return reasons.length === 0 ? [] : [{ jobId: id, reasons }];
}

/** Saves the log as JSON Lines. */
export async function saveLog({ log, save }: ActivityPorts): ReturnType<ActivityPorts['save']> {
  return save(new Blob([await log.exportLines()], { type: 'application/x-ndjson' }), LOG_NAME);
}

/** The activity of a runtime. */
export function activityOf(runtime: Pick<Runtime, 'log' | 'stores'>): ActivityPorts {
  return {
    log: runtime.log,
    finished: async () =>
      (await runtime.stores.exports.list({ status: 'completed', limit: MOST_EXPORTS })).exports,
    save: (blob, name) =>
      saveOrDownload(blob, name, [
        { description: 'JSON Lines', accept: { 'application/x-ndjson': ['.jsonl'] } },
      ]),
  };
}

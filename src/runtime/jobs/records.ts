/** Records of exports: what they say, and changing them without losing what others change at the same time. */
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ExportId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Export, ExportProgress } from '../../core/schema/export.ts';
import type { JobPorts, Room } from '../contract/job-ports.ts';
import { recoveryFor } from './recovery.ts';

/** Room that is made for a record that a full disk refused: one with a long plan and all its receipts, bytes. */
export const RECORD_BYTES = 4 * 1024 * 1024;

/** There is no such export. */
export function unknownExport(id: unknown): Failure {
  return failure('not_found', 'unknown_export', 'There is no such export.', { id: String(id) });
}

/** Whether an export was finished and what it made is no longer kept: it expired, or was removed to make room. */
export function isGone({ status, files }: Pick<Export, 'status' | 'files'>): boolean {
  return status === 'completed' && files.length === 0;
}

/** What an export made is no longer kept. */
export function resultGone(id: ExportId): Failure {
  return failure(
    'not_found',
    'result_gone',
    'What this export made is no longer kept. It can be made again.',
    {
      id,
    },
  );
}

/** Writes a record; where a full disk refuses it, once more after room was made. */
export async function writeWithRoom<T>(
  room: Pick<Room, 'make'>,
  write: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const written = await write();
  const full = !written.ok && recoveryFor(written.error) === 'ask_storage';
  return full && (await room.make(RECORD_BYTES)) ? write() : written;
}

/** Progress of a job that is not running in this tab, from its record. */
export function progressOfRecord(record: Export, nowIso: string): ExportProgress {
  const rendered = record.plan.steps.filter(
    (step) => step.kind !== 'copy-video' && step.kind !== 'copy-audio',
  );
  return {
    exportId: record.id,
    status: record.status,
    stage: record.stage,
    percent: record.percent,
    elapsedMs: elapsedOf(record, nowIso),
    etaMs: record.status === 'completed' ? 0 : null,
    speed: null,
    stepsDone: record.status === 'completed' ? rendered.length + 2 : record.receipts.length,
    stepsTotal: rendered.length + 2,
  };
}

/** Working time where the record has it; older records know only when they began, by a clock that may have been set back. */
function elapsedOf(record: Export, nowIso: string): number {
  if (record.actual !== null) return record.actual.wallMs;
  if (record.startedAt === null) return 0;
  return Math.max(0, Date.parse(record.completedAt ?? nowIso) - Date.parse(record.startedAt));
}

/** When a result that is finished now expires; null: never. */
export function expiryFrom(nowIso: string, keepDays: number | null): string | null {
  return keepDays === null ? null : new Date(Date.parse(nowIso) + keepDays * 86_400_000).toISOString();
}

/** What people (and the document) change of a record, in whatever tab, while another tab may be working on the job. */
export function changedByOthers(record: Export): Pick<Export, 'order' | 'paused' | 'pinned' | 'stale'> {
  const { order, paused, pinned, stale } = record;
  return { order, paused, pinned, stale };
}

/** Reads and changes records. */
export interface Records {
  /** JavaScript callers may pass anything for an id; a store would throw at what is no key. */
  find(id: unknown): Promise<Export | null>;
  /**
   * Reads a record, changes it and writes it, while nobody else does, in this tab or another. `change` answers null where
   * there is nothing to write. Answers the record as it is then stored; `not_found`, or what the store says.
   */
  update(id: ExportId, change: (stored: Export) => Export | null): Promise<Result<Export, Failure>>;
}

/** Makes the access to records. */
export function createRecords(ports: Pick<JobPorts, 'exports' | 'exclusively'>): Records {
  const never = new AbortController().signal;
  /** In a browser without locks there is still only one change at a time in this tab. */
  const turns = new Map<ExportId, Promise<unknown>>();

  const find = (id: unknown): Promise<Export | null> =>
    typeof id === 'string' ? ports.exports.get(id as ExportId) : Promise.resolve(null);

  const changeNow = async (
    id: ExportId,
    change: (stored: Export) => Export | null,
  ): Promise<Result<Export, Failure>> => {
    const stored = await find(id);
    if (stored === null) return err(unknownExport(id));
    const next = change(stored);
    if (next === null) return ok(stored);
    const written = await ports.exports.put(next);
    return written.ok ? ok(next) : written;
  };

  return {
    find,
    update(id, change) {
      const before = turns.get(id) ?? Promise.resolve();
      const mine = before
        .catch(() => undefined)
        .then(() => ports.exclusively(`record:${String(id)}`, never, () => changeNow(id, change)));
      turns.set(id, mine);
      const forget = (): void => {
        if (turns.get(id) === mine) turns.delete(id);
      };
      mine.then(forget, forget);
      return mine;
    },
  };
}

/** What the cards of exports say, worked out of their records. Pure. */
import type { AssetView, ExportView, StorageState } from '../../app/studio/types.ts';
import type { Export } from '../../core/schema/export.ts';
import type { ExportId } from '../../core/base/ids.ts';
import type { Translate } from '../messages/i18n.tsx';
import type { IconName } from '../parts/icons.tsx';
import { isUnfinished } from '../core.ts';
import { partCounts } from './summary.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often days that are left are counted again. */
export const LOOK_AGAIN_MS = 600_000;

/**
 * Days that a result is still kept, begun ones too; 0 where its time is over, null where it does not expire. An hour more than
 * full days does not make another one: what was kept for 7 days a moment ago has "7 days left".
 */
export function daysLeft(
  { expiresAt, pinned }: Pick<Export, 'expiresAt' | 'pinned'>,
  nowMs: number,
): number | null {
  if (pinned || expiresAt === null) return null;
  const leftMs = Date.parse(expiresAt) - nowMs;
  return leftMs <= 0 ? 0 : Math.max(1, Math.ceil((leftMs - HOUR_MS) / DAY_MS));
}

/** Before which export another one has to be put so that it comes to a place of the list; null for its end. */
export function beforeAt(ids: readonly ExportId[], from: number, to: number): ExportId | null {
  return ids.filter((_, at) => at !== from)[to] ?? null;
}

/** What an unfinished export is doing. */
export type JobState = 'running' | 'queued' | 'paused' | 'waiting';

/** What an unfinished export is doing. */
export function jobState({ status, paused, waitingFor }: Export): JobState {
  if (paused) return 'paused';
  if (waitingFor !== null) return 'waiting';
  return status === 'processing' ? 'running' : 'queued';
}

/** How an export stands, as lists and signs tell it apart. `gone`: finished, and its file is not kept any more. */
export type Standing = JobState | 'completed' | 'partial' | 'gone' | 'failed' | 'cancelled';

/** How an export stands. */
export function standingOf(record: Export): Standing {
  const { status, files } = record;
  if (status === 'pending' || status === 'processing') return jobState(record);
  if (status !== 'completed') return status;
  if (files.length === 0) return 'gone';
  return isPartial(record) ? 'partial' : 'completed';
}

/** Whether an export has ended well, and some of its clips are missing. */
export function isPartial(record: Pick<Export, 'status' | 'parts'>): boolean {
  return record.status === 'completed' && (partCounts(record)?.failed ?? 0) > 0;
}

/** The word for how an export stands. */
export function standingText(record: Export, nowMs: number, t: Translate): string {
  const standing = standingOf(record);
  switch (standing) {
    case 'running':
      return t('status.processing');
    case 'queued':
    case 'waiting':
      return t('status.pending');
    case 'paused':
      return t('job.paused');
    case 'partial':
      return t('parts.partial');
    case 'gone':
      return t(daysLeft(record, nowMs) === 0 ? 'job.goneExpired' : 'job.goneRemoved');
    default:
      return t(`status.${standing}`);
  }
}

/** The sign of how an export stands; what runs turns instead. */
export const STANDING_ICONS: Readonly<Record<Standing, IconName>> = {
  running: 'file',
  queued: 'file',
  paused: 'pause',
  waiting: 'warning',
  completed: 'check',
  partial: 'warning',
  gone: 'minus',
  failed: 'warning',
  cancelled: 'close',
};

/** What the sign of the queue says. */
export interface QueueSummary {
  /** Jobs that need something from the person. */
  readonly waiting: number;
  /** How far those are that run, taken together; null while none does. */
  readonly percent: number | null;
  /** All of them are held. */
  readonly paused: boolean;
}

/** Sums up the queue. */
export function queueSign(views: readonly ExportView[]): QueueSummary {
  const states = views.map(({ record }) => jobState(record));
  const running = views.filter((_, at) => states[at] === 'running');
  const done = running.reduce((sum, { record, progress }) => sum + (progress?.percent ?? record.percent), 0);
  return {
    waiting: states.filter((state) => state === 'waiting').length,
    percent: running.length === 0 ? null : Math.floor(done / running.length),
    paused: states.length > 0 && states.every((state) => state === 'paused'),
  };
}

/** Whether a new job has to wait: others are being worked on. */
export function startsLater(made: Pick<Export, 'id'>, views: readonly ExportView[]): boolean {
  const own = views.find(({ record }) => record.id === made.id);
  if (own !== undefined && own.record.status === 'processing') return false;
  return views.some(
    ({ record }) => record.id !== made.id && isUnfinished(record) && jobState(record) === 'running',
  );
}

/** Files of an export that cannot be read now, in the order in which they are used, each once. */
export function sourcesAway(
  { plan }: Pick<Export, 'plan'>,
  assets: readonly AssetView[],
): readonly AssetView[] {
  const used = new Set(plan.clips.map(({ assetId }) => assetId));
  return [...used].flatMap((id) =>
    assets.filter(({ asset, access }) => asset.id === id && access !== 'ready'),
  );
}

/** What may still be written by the numbers: what the browser gives, and what the hard budget leaves. */
function freeOf({ use, policy }: StorageState): number {
  const browser = use?.freeBytes ?? Infinity;
  const budget = use?.usedBytes == null ? Infinity : Math.max(0, policy.hardBytes - use.usedBytes);
  return Math.min(browser, budget);
}

/**
 * Bytes that a job which waits for storage still lacks. Where the numbers say that there is enough, and writing failed all the
 * same, nobody knows more than what it needs in all.
 */
export function lackingBytes({ plan }: Pick<Export, 'plan'>, storage: StorageState): number {
  const needed = plan.estimate.storageBytes;
  const lacking = needed - freeOf(storage);
  return Math.max(1, lacking > 0 && lacking < needed ? lacking : needed);
}

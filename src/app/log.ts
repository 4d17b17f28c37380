/**
 * The local log: what happened here and how long it took, kept in a ring and never sent. What people's files are called
 * and what they wrote has no place in it: beside numbers only words of ours pass, from a closed list.
 */
import { FAILURE_CODES, FAILURE_REASONS } from '../core/base/failure.ts';
import { exportStageSchema, exportStatusSchema } from '../core/schema/export.ts';
import { logEntrySchema, type LogEntry, type LogNews } from '../core/schema/log.ts';
import type { Clock } from '../runtime/contract/clock.ts';
import type { LogStore } from '../runtime/contract/stores.ts';

/** How long entries are gathered before they are written together, milliseconds. */
const GATHER_MS = 100;
/** Entries that are gathered at most while nothing can be written; then the oldest go. */
const MOST_GATHERED = 1000;

/** Words that data may hold, alone or joined by `/`: what engines, steps, codecs and the like are called here. */
const WORDS: ReadonlySet<string> = new Set([
  ...FAILURE_CODES,
  ...FAILURE_REASONS,
  ...exportStageSchema.options,
  ...exportStatusSchema.options,
  ...['auto', 'copy', 'ffmpeg', 'webcodecs', 'webcodecs-hardware', 'webcodecs-software'],
  ...['copy-video', 'encode-video', 'decode-audio', 'encode-audio', 'copy-audio', 'video', 'pcm', 'audio'],
  ...['avc', 'hevc', 'vp8', 'vp9', 'av1', 'aac', 'opus', 'mp4', 'mov', 'webm'],
  ...['single', 'combined', 'clips', 'csv', 'bundle', 'exact', 'keyframe', 'high', 'medium', 'low'],
  ...['source', 'storage', 'all', 'segments', 'results', 'copies', 'previews', 'expired', 'orphans'],
  ...['retry', 'other_engine', 'smaller_chunk', 'encode_instead', 'ask_source', 'ask_storage', 'stop'],
]);
/** Numbers of steps (`v0.1`, `a`), which say nothing of anybody. */
const STEP = /^[va]\d{0,5}(\.\d{1,5}){0,8}$/;
/** What data may be called. Whoever logs something new adds its name here; a test looks for those that are missing. */
export const LOG_KEYS: ReadonlySet<string> = new Set([
  ...['step', 'kind', 'engine', 'rung', 'work', 'scope', 'stage', 'status', 'for', 'what'],
  ...['attempt', 'attempts', 'reused', 'pixels', 'frames', 'bytes', 'usedBytes', 'freeBytes', 'neededBytes'],
  ...['steps', 'estimateMs', 'queued', 'running', 'workers', 'jobs', 'files', 'segments'],
]);
const JOB = /^export_[0-9a-f]{1,40}$/;

/** Events after which it is noted how much storage is used. */
const MEASURED: ReadonlySet<LogNews['event']> = new Set(['opened', 'job_ended', 'storage_freed', 'swept']);

/** The local log. */
export interface Log {
  /** Adds an entry. Never throws, never waits. */
  log(news: LogNews): void;
  /** All entries, oldest first. */
  list(): Promise<readonly LogEntry[]>;
  clear(): Promise<void>;
  /** All entries as JSON Lines: one JSON object in each line. */
  exportLines(): Promise<string>;
}

/** What the log needs. */
export interface LogPorts {
  readonly store: LogStore;
  readonly clock: Clock;
  /** Bytes of private storage in use, null where the browser does not say. */
  readonly used?: () => Promise<number | null>;
}

type Datum = LogEntry['data'][string];

function cleanValue(value: unknown): Datum | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return STEP.test(value) || value.split('/').every((word) => WORDS.has(word)) ? value : undefined;
}

/**
 * What may be kept of some news. Whatever is no number and no word of ours is dropped, the rest stays. Null when not even
 * the event is known.
 */
export function cleanEntry(news: LogNews, time: string): LogEntry | null {
  const data: Record<string, Datum> = {};
  for (const [key, value] of Object.entries(news.data ?? {})) {
    const clean = LOG_KEYS.has(key) ? cleanValue(value) : undefined;
    if (clean !== undefined) data[key] = clean;
  }
  const durationMs = news.durationMs ?? null;
  const entry = {
    time,
    event: news.event,
    jobId: typeof news.jobId === 'string' && JOB.test(news.jobId) ? news.jobId : null,
    durationMs: durationMs === null || !Number.isFinite(durationMs) ? null : Math.max(0, durationMs),
    code: FAILURE_REASONS.find((reason) => reason === news.code) ?? null,
    data,
  };
  const parsed = logEntrySchema.safeParse(entry);
  return parsed.success ? parsed.data : null;
}

/** Entries as JSON Lines. */
export function linesOf(entries: readonly LogEntry[]): string {
  // Gone through again: another build may have let something else in.
  const clean = entries.flatMap((entry) => cleanEntry(entry, entry.time) ?? []);
  return clean.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** Makes the log of a database. */
export function createLog({ store, clock, used }: LogPorts): Log {
  let gathered: LogEntry[] = [];
  let last = Promise.resolve();
  let waiting = false;

  const measured = async (entries: readonly LogEntry[]): Promise<readonly LogEntry[]> => {
    if (used === undefined || !entries.some(({ event }) => MEASURED.has(event))) return entries;
    const usedBytes = await used().catch(() => null);
    if (usedBytes === null) return entries;
    return entries.map((entry) =>
      MEASURED.has(entry.event) ? { ...entry, data: { ...entry.data, usedBytes } } : entry,
    );
  };
  /** Writes what is gathered, after what is being written. */
  const flush = (): Promise<void> => {
    last = last.then(async () => {
      const entries = gathered;
      gathered = [];
      if (entries.length === 0) return;
      try {
        await store.append(await measured(entries));
      } catch {
        // A log that cannot be written is no error of whatever is logged.
      }
    });
    return last;
  };

  return {
    log(news) {
      try {
        const entry = cleanEntry(news, clock.iso());
        if (entry === null) return;
        gathered = [...gathered, entry].slice(-MOST_GATHERED);
        if (waiting) return;
        waiting = true;
        const write = (): void => {
          waiting = false;
          void flush();
        };
        clock.sleep(GATHER_MS).then(write, write);
      } catch {
        // Whoever logs must not fail because of it.
      }
    },
    async list() {
      await flush();
      return store.list().catch(() => []);
    },
    async clear() {
      await flush();
      await store.clear().catch(() => undefined);
    },
    async exportLines() {
      await flush();
      return linesOf(await store.list().catch(() => []));
    },
  };
}

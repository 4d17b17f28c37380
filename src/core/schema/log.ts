/**
 * The local log: what the machine did, never what the person's files are called or say. One line of JSON for each entry
 * when it is exported; nothing is ever sent.
 */
import { z } from 'zod';
import { FAILURE_REASONS } from '../base/failure.ts';
import { isoDateSchema } from './iso-date.ts';

/** What can be logged. */
export const LOG_EVENTS = [
  'opened',
  'job_created',
  'job_started',
  'job_taken_over',
  'job_waiting',
  'job_paused',
  'job_ended',
  'stage_ended',
  'step_ended',
  'step_failed',
  'step_split',
  'breaker_opened',
  'storage_freed',
  'swept',
] as const;

/** A word of ours (an engine, a stage, a kind of step): short, and of letters that no sentence is made of. */
const token = z.string().regex(/^[\w./:-]{1,60}$/);

/** One entry. */
export const logEntrySchema = z.strictObject({
  /** ISO-8601. */
  time: isoDateSchema,
  event: z.enum(LOG_EVENTS),
  /** The export it is about; null where it is about none. */
  jobId: token.nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** Why, for what failed. */
  code: z.enum(FAILURE_REASONS).nullable(),
  /** Numbers and words of ours. What people wrote and files are called has no place here: the shape lets none in. */
  data: z.record(token, z.union([z.number(), z.boolean(), token, z.null()])),
});

/** What can be logged. */
export type LogEvent = (typeof LOG_EVENTS)[number];
/** One entry. */
export type LogEntry = z.infer<typeof logEntrySchema>;
/** What whoever logs says; time and order are the log's. */
export type LogNews = Pick<LogEntry, 'event'> & Partial<Omit<LogEntry, 'event' | 'time'>>;

/** Entries that are kept; the oldest leave. */
export const LOG_LIMIT = 5000;

/** Reads a saved export record of any version up to ours. */
import { z } from 'zod';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { EXPORT_VERSION, exportStageSchema, exportStatusSchema, type Export } from './export.ts';
import { migrateRecord, type MigrationStep, type RawRecord } from './migrate-record.ts';
import { whereWrong } from './where-wrong.ts';

/** Steps of the export record: one for each version after 1, without gaps. */
const EXPORT_STEPS: readonly MigrationStep[] = [
  // The queue, pause and pins. Until then jobs came in the order in which they were made, and nobody noted of what.
  {
    to: 2,
    up: (record) => ({
      ...record,
      order: millisecondsOf(record['createdAt']),
      paused: false,
      pinned: false,
      origin: null,
    }),
  },
];

/**
 * What lists, the queue and the sweep take from a record before anybody has looked at it closely. The plan has a version of
 * its own (none in the oldest) and is made anew where it is not today's; spec, receipts and certificate are only shown.
 */
const recordSchema = z.looseObject({
  version: z.literal(EXPORT_VERSION),
  id: z.string().min(1),
  name: z.string(),
  type: z.string(),
  status: exportStatusSchema,
  stage: exportStageSchema,
  percent: z.number(),
  createdAt: z.string(),
  bytes: z.number().nonnegative(),
  files: z.array(z.looseObject({ name: z.string(), path: z.string(), bytes: z.number() })),
  plan: z.looseObject({}),
  receipts: z.array(z.unknown()),
  parts: z.array(z.looseObject({ position: z.number(), name: z.string(), status: z.string() })).optional(),
  expiresAt: z.string().nullable(),
  order: z.number(),
  paused: z.boolean(),
  pinned: z.boolean(),
});

/**
 * Reads a saved export record. Fails with `invalid_spec`/`newer_version` when a newer build saved it, with
 * `invalid_spec`/`bad_spec` and the place in `details.path` when it is broken.
 */
export function migrateExport(raw: unknown): Result<Export, Failure> {
  const migrated = migrateRecord(raw, EXPORT_VERSION, EXPORT_STEPS);
  if (!migrated.ok) return migrated;
  const parsed = recordSchema.safeParse(migrated.value);
  if (!parsed.success) {
    const path = whereWrong(parsed.error);
    const message = `The export record is not valid at "${path}": ${parsed.error.issues[0]?.message ?? ''}`;
    return err(failure('invalid_spec', 'bad_spec', message, { path }));
  }
  return ok(asExport(migrated.value));
}

/** What the schema above leaves open has been written by a build of this version or by the steps. */
function asExport(record: RawRecord): Export {
  return record as unknown as Export;
}

function millisecondsOf(date: unknown): number {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isFinite(time) ? time : 0;
}

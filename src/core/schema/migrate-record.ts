/**
 * Brings a saved record of any version up to ours, step by step. The version is looked at before anything else, so that a
 * record of a newer build is called newer and not broken.
 */
import { assert } from '../base/assert.ts';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';

/** A saved record before its shape is known. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Brings a record from version `to - 1` to version `to`; sets everything but `version`, which the table sets. */
export interface MigrationStep {
  readonly to: number;
  readonly up: (record: RawRecord) => RawRecord;
}

/**
 * Brings a saved record to the version `current`. Fails with `invalid_spec`/`newer_version` when a newer build
 * saved it, with `invalid_spec`/`bad_spec` when it has no version that ever was.
 */
export function migrateRecord(
  raw: unknown,
  current: number,
  steps: readonly MigrationStep[],
): Result<RawRecord, Failure> {
  assert(steps.length === current - 1, `versions 2 to ${String(current)} need one step each`);
  steps.forEach((step, position) => {
    assert(step.to === position + 2, `step ${String(position)} leads to version ${String(position + 2)}`);
  });
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return err(failure('invalid_spec', 'bad_spec', 'The saved record is not a record.'));
  }
  const record = raw as RawRecord;
  const version = record['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return err(failure('invalid_spec', 'bad_spec', 'The saved record has no version.'));
  }
  if (version > current) {
    const message = `The saved record is version ${String(version)}; this build reads ${String(current)}.`;
    return err(failure('invalid_spec', 'newer_version', message, { version }));
  }
  const migrated = steps
    .filter((step) => step.to > version)
    .reduce<RawRecord>((before, step) => ({ ...step.up(before), version: step.to }), record);
  return ok(migrated);
}

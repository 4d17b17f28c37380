/** Reads a saved document of any version up to ours. */
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { DOCUMENT_VERSION, documentSchema, type ProjectDocument } from '../schema/document.ts';
import { migrateRecord, type MigrationStep } from '../schema/migrate-record.ts';
import { whereWrong } from '../schema/where-wrong.ts';

/** Steps of the document: one for each version after 1, without gaps. */
const DOCUMENT_STEPS: readonly MigrationStep[] = [
  // Clips may name a sound track. Nothing to change; the number keeps builds that would drop it from saving over it.
  { to: 2, up: (record) => record },
];

/** Reads a saved document. `invalid_spec` with `newer_version`, or `bad_spec` and the place in `details.path`. */
export function migrateDocument(raw: unknown): Result<ProjectDocument, Failure> {
  const migrated = migrateRecord(raw, DOCUMENT_VERSION, DOCUMENT_STEPS);
  if (!migrated.ok) return migrated;
  const parsed = documentSchema.safeParse(migrated.value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = whereWrong(parsed.error);
  const message = `The document is not valid at "${path}": ${issue?.message ?? ''}`;
  return err(failure('invalid_spec', 'bad_spec', message, { path }));
}

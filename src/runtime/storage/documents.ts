/** The project document in the database. */
import { failure } from '../../core/base/failure.ts';
import { err, ok } from '../../core/base/result.ts';
import { migrateDocument } from '../../core/project/migrate.ts';
import { DOCUMENT_VERSION } from '../../core/schema/document.ts';
import type { DocumentStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { storageFailure } from './failures.ts';
import { readIn, writeIn } from './transactions.ts';

/** Makes the document store. */
export function createDocumentStore(connection: Connection): DocumentStore {
  return {
    async load(id) {
      try {
        const raw = await readIn(connection, ['documents'], undefined, (transaction) =>
          transaction.objectStore('documents').get(id),
        );
        return raw === undefined ? ok(null) : migrateDocument(raw);
      } catch (error) {
        return err(storageFailure(error));
      }
    },

    save: (document) =>
      writeIn(connection, ['documents'], async (transaction) => {
        const store = transaction.objectStore('documents');
        const before = await store.get(document.id);
        const version = (before as { readonly version?: unknown } | undefined)?.version;
        // A tab with older code must not write over what a newer build saved meanwhile.
        if (typeof version === 'number' && version > DOCUMENT_VERSION) {
          return failure(
            'invalid_spec',
            'newer_version',
            'A newer build of Reelkeep has saved this project.',
            { version },
          );
        }
        await store.put(document, document.id);
        return null;
      }),
  };
}

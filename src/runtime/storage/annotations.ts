/** Comments in the database. */
import type { AssetId } from '../../core/base/ids.ts';
import { ANNOTATION_VERSION, readAnnotation } from '../../core/schema/annotation.ts';
import type { AnnotationStore } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import type { Problems } from './problems.ts';
import { readIn, writeIn } from './transactions.ts';

/** Makes the store of comments. */
export function createAnnotationStore(connection: Connection, problems: Problems): AnnotationStore {
  return {
    async list(assetId?: AssetId) {
      const rows = await readIn(connection, ['annotations'], [], (transaction) => {
        const store = transaction.objectStore('annotations');
        return assetId === undefined ? store.getAll() : store.index('byAsset').getAll(assetId);
      });
      return rows.flatMap(({ id, record }) => {
        const read = readAnnotation(record);
        if (read.ok) return [read.value];
        const newer = read.error.reason === 'newer_version';
        problems.add({
          store: 'annotations',
          key: id,
          reason: newer ? 'newer_version' : 'unreadable',
          message: read.error.message,
        });
        return [];
      });
    },

    write: (put, removed) =>
      writeIn(connection, ['annotations'], async (transaction) => {
        const store = transaction.objectStore('annotations');
        for (const id of removed) await store.delete(id);
        for (const record of put) {
          const before = (await store.get(record.id))?.record as { readonly version?: unknown } | undefined;
          const version = before?.version;
          if (typeof version === 'number' && version > ANNOTATION_VERSION) continue;
          await store.put({ id: record.id, assetId: record.assetId, record });
          problems.clear('annotations', record.id);
        }
        return null;
      }),
  };
}

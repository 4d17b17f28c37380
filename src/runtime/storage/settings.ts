/** The person's choices in the database, by name. Whoever reads one checks its shape. */
import type { Stores } from '../contract/stores.ts';
import type { Connection } from './database.ts';
import { readIn, writeIn } from './transactions.ts';

/** Makes the settings store. */
export function createSettingsStore(connection: Connection): Stores['settings'] {
  return {
    get: (key) =>
      readIn<unknown>(connection, ['settings'], undefined, (transaction) =>
        transaction.objectStore('settings').get(key),
      ),
    set: (key, value) =>
      writeIn(connection, ['settings'], async (transaction) => {
        await transaction.objectStore('settings').put(value, key);
        return null;
      }),
  };
}

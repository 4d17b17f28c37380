/** Paths in private storage: parts between `/`, none of which may lead out of the database's own folder. */

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\\/\u0000-\u001f\u007f]/;

/** The parts of a path, null when it is not one. An empty path is null too: it would be the folder itself. */
export function pathParts(path: string): readonly string[] | null {
  const parts = path.split('/');
  const safe = (part: string) =>
    part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !UNSAFE.test(part);
  return parts.every(safe) ? parts : null;
}

/** The folder of a database: its name, with what cannot be in a folder's name escaped. */
export function folderOf(databaseName: string): string {
  const escaped = encodeURIComponent(databaseName).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
  return escaped === '' ? '%' : escaped;
}

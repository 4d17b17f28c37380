// @ts-check
/**
 * Size budgets of the built page, gzipped (ANCHORS: a budget per chunk, raised only in the change that spends it).
 * Follows the static imports in Vite's manifest; what is loaded later is not the first load.
 *
 *   node scripts/check-size.mjs [--dir dist]
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

/** kB here is 1000 bytes. The page's own grew from 300 with comments: their panel, their tools on the picture and the time line. */
const BUDGETS = { page: 360, embed: 250, worker: 250 };

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], css?: string[] }} ManifestChunk */

const { values } = parseArgs({
  options: { dir: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) } },
});
const dir = values.dir;

/** @param {string} file */
const gzipped = (file) => gzipSync(readFileSync(join(dir, file)), { level: 9 }).length;

/**
 * The scripts an entry loads before it runs.
 * @param {Record<string, ManifestChunk>} manifest
 * @param {string} entry
 */
const scriptsOf = (manifest, entry) => {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} key */
  const walk = (key) => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`The manifest of the build does not know "${key}".`);
    if (seen.has(chunk.file)) return;
    seen.add(chunk.file);
    chunk.imports?.forEach(walk);
  };
  walk(entry);
  return [...seen];
};

/** Static imports of a built worker: `import … from"./x.js"` of the minified text. @param {string} file @param {Set<string>} [seen] */
const workerScripts = (file, seen = new Set()) => {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(dir, file), 'utf8');
  for (const [, name] of text.matchAll(
    /(?:^|[;}])(?:import|export)(?:[^;"'()]*?from)?\s*["']\.\/([^"']+\.js)["']/g,
  )) {
    if (name !== undefined) workerScripts(`assets/${name}`, seen);
  }
  return seen;
};

let failed = 0;
/** @param {string} name @param {Iterable<string>} files @param {number} budget in kB */
const check = (name, files, budget) => {
  const list = [...files];
  const kilobytes = list.reduce((sum, file) => sum + gzipped(file), 0) / 1000;
  const over = kilobytes > budget;
  if (over) failed += 1;
  console.log(
    `${over ? 'OVER' : 'ok  '}  ${name}: ${kilobytes.toFixed(1)} of ${budget} kB gzip in ${list.length} file${list.length > 1 ? 's' : ''}`,
  );
  if (over) for (const file of list) console.log(`        ${(gzipped(file) / 1000).toFixed(1)} kB  ${file}`);
};

try {
  /** @type {Record<string, ManifestChunk>} */
  const manifest = JSON.parse(readFileSync(join(dir, '.vite/manifest.json'), 'utf8'));
  check('page, first load', scriptsOf(manifest, 'index.html'), BUDGETS.page);
  check('embed.js, first load', scriptsOf(manifest, 'src/widget/embed.ts'), BUDGETS.embed);
  const workers = readdirSync(join(dir, 'assets')).filter((name) => /^worker-.*\.js$/.test(name));
  for (const name of workers)
    check(`worker ${basename(name, '.js')}`, workerScripts(`assets/${name}`), BUDGETS.worker);
  if (failed > 0) {
    console.error(
      `${failed} over budget: load later what the first screen does not need, or raise the budget here and say why.`,
    );
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

// @ts-check
/** Vite plugin: writes `dist/service-worker.js`, which keeps everything the build wrote for use without a network. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('service-worker.template.js', import.meta.url));
const KEPT = /\.(html|js|css|wasm|svg|png|json|mp4|woff2|webmanifest)$/;
const LEFT_OUT = /^(\.vite|types)\/|^service-worker\.js$/;

/**
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]} paths below the root with forward slashes
 */
const filesBelow = (root, folder = root) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [relative(root, path).replaceAll('\\', '/')];
  });

/** @returns {import('vite').Plugin} */
export const offline = () => {
  let dist = '';
  return {
    name: 'reelkeep-offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      dist = resolve(config.root, config.build.outDir);
    },
    // After everything is on disk, the public folder too: that is what a browser will find.
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const files = filesBelow(dist)
          .filter((path) => KEPT.test(path) && !LEFT_OUT.test(path))
          .sort();
        const hash = createHash('sha256');
        for (const path of files) {
          hash.update(`${path} ${statSync(join(dist, path)).size} `);
          hash.update(readFileSync(join(dist, path)));
        }
        const text = readFileSync(TEMPLATE, 'utf8')
          .replace("VERSION = '__VERSION__'", `VERSION = '${hash.digest('hex').slice(0, 16)}'`)
          .replace('FILES = __FILES__', `FILES = ${JSON.stringify(files)}`);
        writeFileSync(join(dist, 'service-worker.js'), text);
      },
    },
  };
};

// @ts-check
/**
 * Writes the types of embed.js: dist/embed.d.ts and, under dist/types/, only the declarations it reaches.
 * Then compiles a page that uses them with nothing of ours around, so that a type nobody else could resolve fails the build.
 *
 *   node scripts/embed-types.mjs [--dir dist]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const ENTRY = 'src/widget/embed';
/** Packages whose types an embedder may be asked to install. Keep it short: plain interfaces need none. */
const ALLOWED_PACKAGES = ['zod'];

const host = {
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => '\n',
};
/** @param {readonly ts.Diagnostic[]} diagnostics */
const failOn = (diagnostics) => {
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, host));
};

/** @returns {Map<string, string>} declaration texts by path from the root, without `.d.ts` */
const declarations = () => {
  const { config, error } = ts.readConfigFile(join(ROOT, 'tsconfig.embed.json'), ts.sys.readFile);
  if (error !== undefined) failOn([error]);
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  failOn(errors);
  const program = ts.createProgram(fileNames, options);
  const out = options.outDir ?? ROOT;
  /** @type {Map<string, string>} */
  const texts = new Map();
  const { diagnostics } = program.emit(
    undefined,
    (name, text) =>
      texts.set(
        relative(out, name)
          .replaceAll('\\', '/')
          .replace(/\.d\.ts$/, ''),
        text,
      ),
    undefined,
    true,
  );
  failOn(diagnostics);
  return texts;
};

/**
 * Follows the relative imports from the entry. Their `.ts` becomes `.js`, which every resolution mode understands.
 * @param {Map<string, string>} all
 */
const reachable = (all) => {
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @type {Set<string>} */
  const packages = new Set();
  const queue = [ENTRY];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    let text = all.get(path);
    if (text === undefined)
      throw new Error(`The types of embed.js need "${path}", which has no declarations.`);
    const imports = ts.preProcessFile(text, true, true).importedFiles.sort((a, b) => b.pos - a.pos);
    for (const { fileName, pos } of imports) {
      if (!fileName.startsWith('.')) {
        packages.add(fileName.split('/', fileName.startsWith('@') ? 2 : 1).join('/'));
        continue;
      }
      const bare = fileName.replace(/\.[cm]?[jt]sx?$/, '');
      queue.push(posix.join(posix.dirname(path), bare));
      const start = pos + 1; // behind the quote
      text = `${text.slice(0, start)}${bare}.js${text.slice(start + fileName.length)}`;
    }
    found.set(path, text);
  }
  return { found, packages: [...packages].sort() };
};

/** @param {string} dir the built site */
const checkAlone = (dir) => {
  const scratch = mkdtempSync(join(tmpdir(), 'reelkeep-types-'));
  try {
    const consumer = join(scratch, 'consumer.ts');
    const entry = join(dir, 'embed.js').replaceAll('\\', '/');
    writeFileSync(consumer, `import * as embed from ${JSON.stringify(entry)};\nexport const all = embed;\n`);
    const program = ts.createProgram([consumer], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      paths: Object.fromEntries(ALLOWED_PACKAGES.map((name) => [name, [join(ROOT, 'node_modules', name)]])),
    });
    failOn(
      ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => file === undefined || !/\/node_modules\/(?!\.)/.test(file.fileName)),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const main = () => {
  const { values } = parseArgs({ options: { dir: { type: 'string', default: join(ROOT, 'dist') } } });
  const dir = resolve(values.dir);
  const { found, packages } = reachable(declarations());
  const foreign = packages.filter((name) => !ALLOWED_PACKAGES.includes(name));
  if (foreign.length > 0) {
    throw new Error(
      `The types of embed.js import ${foreign.join(', ')}: use plain interfaces in the public API.`,
    );
  }
  rmSync(join(dir, 'types'), { recursive: true, force: true });
  for (const [path, text] of found) {
    const file = join(dir, 'types', `${path}.d.ts`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const needs =
    packages.length === 0
      ? ''
      : `// These types need the package${packages.length > 1 ? 's' : ''}: ${packages.join(', ')}.\n`;
  writeFileSync(join(dir, 'embed.d.ts'), `${needs}export * from './types/${ENTRY}.js';\n`);
  checkAlone(dir);
  const note = packages.length === 0 ? '' : `; they need ${packages.join(', ')}`;
  console.log(`embed.d.ts: types of ${found.size} files${note}`);
};

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The rules of the rooms are only rules if breaking one is reported: real runs of both checks on planted trees. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { checkRooms as findRoomFaults } from '../../../scripts/check-rooms.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEPCRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const PACKAGES = ['zod', 'json5', 'papaparse', 'minisearch', 'idb', 'react', 'comlink'];

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

const plant = (files: Readonly<Record<string, string>>): string => {
  const tree = mkdtempSync(join(tmpdir(), 'reelkeep-rooms-'));
  trees.push(tree);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
};

/** Every file of the tree that is imported and not written yet becomes an empty module. */
const withTargets = (imports: readonly (readonly [from: string, specifier: string])[]) => {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'planted',
      type: 'module',
      dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])),
      devDependencies: { vitest: '1.0.0' },
    }),
  };
  for (const name of [...PACKAGES, 'vitest']) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    files[`node_modules/${name}/index.js`] = 'exports.thing = 1;\n';
  }
  for (const [from, specifier] of imports) {
    const typeOnly = specifier.startsWith('type ');
    const name = specifier.replace('type ', '');
    files[from] =
      (files[from] ?? '') +
      `${typeOnly ? 'import type' : 'import'} { thing } from '${name}';\nexport { thing };\n`;
    if (!name.startsWith('.')) continue;
    const target = join(dirname(from), name).replaceAll('\\', '/').replace(/\?.*$/, '');
    files[target] ??= 'export const thing = 1;\n';
  }
  return files;
};

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** The rules each file breaks, as `file: rule`. */
const cruise = (files: Readonly<Record<string, string>>): string[] => {
  const tree = plant(files);
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json'])
    copyFileSync(join(ROOT, name), join(tree, name));
  const folders = ['src', 'workers'].filter((folder) =>
    Object.keys(files).some((path) => path.startsWith(folder)),
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [DEPCRUISE, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    { cwd: tree, encoding: 'utf8' },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser did not report: ${stderr}`);
  const { summary } = JSON.parse(stdout) as Report;
  return [...new Set(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`))];
};

const FORBIDDEN: readonly (readonly [from: string, specifier: string, rule: string])[] = [
  ['src/core/base/a.ts', '../schema/x.ts', 'core-base'],
  ['src/core/base/b.ts', 'zod', 'core-packages'],
  ['src/core/schema/a.ts', '../timeline/x.ts', 'core-schema'],
  ['src/core/schema/b.ts', 'json5', 'core-schema-packages'],
  ['src/core/project/a.ts', '../timeline/x.ts', 'core-rooms'],
  ['src/core/timeline/a.ts', '../plan/x.ts', 'core-rooms'],
  ['src/core/interchange/a.ts', '../search/x.ts', 'core-rooms'],
  ['src/core/interchange/b.ts', 'minisearch', 'core-interchange-packages'],
  ['src/core/search/a.ts', 'papaparse', 'core-search-packages'],
  ['src/core/plan/a.ts', '../project/x.ts', 'core-plan'],
  ['src/core/plan/b.ts', 'zod', 'core-packages'],
  ['src/core/plan/c.ts', 'node:fs', 'no-node-in-the-browser'],
  ['src/core/project/b.ts', '../../runtime/contract/x.ts', 'core-only-core'],
  ['src/core/project/c.ts', 'type ../../runtime/contract/x.ts', 'core-only-core'],
  ['src/core/loose.ts', './base/x.ts', 'no-unknown-rooms'],
  ['src/paint/a.ts', '../runtime/contract/x.ts', 'paint'],
  ['src/paint/b.ts', 'react', 'paint-packages'],
  ['src/runtime/contract/a.ts', '../storage/x.ts', 'runtime-contract'],
  ['src/runtime/jobs/a.ts', '../storage/x.ts', 'runtime-rooms'],
  ['src/runtime/jobs/b.ts', 'type ../engine/x.ts', 'runtime-rooms'],
  ['src/runtime/playback/a.ts', '../ingest/x.ts', 'runtime-rooms'],
  ['src/runtime/artifacts/a.ts', '../../app/x.ts', 'runtime-rooms'],
  ['src/runtime/artifacts/b.ts', 'idb', 'idb-only-in-storage'],
  ['src/runtime/engine/a.ts', '../../../workers/ffmpeg/worker.ts?worker&url', 'page-never-imports-workers'],
  ['src/runtime/engine/b.ts', 'vitest', 'no-dev-packages-in-the-product'],
  ['src/runtime/loose.ts', './contract/x.ts', 'no-unknown-rooms'],
  ['src/app/a.ts', '../ui/x.ts', 'nothing-imports-ui'],
  ['src/app/b.ts', '../widget/x.ts', 'nothing-imports-widget'],
  ['src/app/c.ts', '../../workers/zip/x.ts', 'page-never-imports-workers'],
  ['src/app/assets.ts', '../../workers/zip/argv.ts', 'assets-only-worker-entries'],
  ['src/ui/a.ts', '../runtime/contract/x.ts', 'ui'],
  ['src/ui/b.ts', '../core/base/x.ts', 'ui-core-types-only'],
  ['src/ui/c.ts', '../paint/x.ts', 'ui'],
  ['src/widget/a.ts', '../runtime/contract/x.ts', 'widget'],
  ['src/sideroom/a.ts', '../core/base/x.ts', 'no-unknown-rooms'],
  ['workers/ffmpeg/a.ts', '../webcodecs/x.ts', 'workers-rooms'],
  ['workers/assembly/a.ts', '../ffmpeg/x.ts', 'workers-rooms'],
  ['workers/ffmpeg/b.ts', '../../src/app/x.ts', 'workers-rooms'],
  ['workers/zip/a.ts', '../../src/runtime/storage/x.ts', 'workers-rooms'],
  ['workers/shared/a.ts', '../zip/y.ts', 'workers-shared'],
  ['workers/analysis/a.ts', './nowhere-to-be-found.ts', 'not-to-unresolvable'],
];

const ALLOWED: readonly (readonly [from: string, specifier: string])[] = [
  ['src/core/schema/a.ts', '../base/x.ts'],
  ['src/core/schema/a2.ts', 'zod'],
  ['src/core/project/a.ts', '../schema/x.ts'],
  ['src/core/project/b.ts', '../base/x.ts'],
  ['src/core/project/c.ts', './other.ts'],
  ['src/core/plan/a.ts', '../timeline/x.ts'],
  ['src/core/interchange/a.ts', 'json5'],
  ['src/core/interchange/b.ts', 'papaparse'],
  ['src/core/search/a.ts', 'minisearch'],
  ['src/paint/a.ts', '../core/base/x.ts'],
  ['src/runtime/contract/a.ts', '../../core/schema/x.ts'],
  ['src/runtime/storage/a.ts', 'idb'],
  ['src/runtime/storage/b.ts', '../contract/x.ts'],
  ['src/runtime/playback/a.ts', './b.ts'],
  ['src/app/assets.ts', '../../workers/ffmpeg/worker.ts?worker&url'],
  ['src/app/a.ts', '../runtime/storage/x.ts'],
  ['src/app/b.ts', '../runtime/playback/x.ts'],
  ['src/app/c.ts', '../paint/x.ts'],
  ['src/ui/main.ts', '../app/x.ts'],
  ['src/ui/a.ts', 'type ../core/schema/x.ts'],
  ['src/ui/b.ts', 'react'],
  ['src/widget/embed.ts', '../app/x.ts'],
  ['src/widget/frame.ts', '../ui/x.ts'],
  ['workers/ffmpeg/worker.ts', '../shared/x.ts'],
  ['workers/ffmpeg/a.ts', '../../src/paint/x.ts'],
  ['workers/assembly/a.ts', '../../src/runtime/contract/x.ts'],
  ['workers/shared/a.ts', '../../src/core/base/x.ts'],
];

describe('import rules', () => {
  it('reports every forbidden import, by the rule that forbids it', () => {
    const files = withTargets(FORBIDDEN.map(([from, specifier]) => [from, specifier] as const));
    delete files['workers/analysis/nowhere-to-be-found.ts'];
    const found = cruise(files);
    const missing = FORBIDDEN.map(([from, , rule]) => `${from}: ${rule}`).filter(
      (one) => !found.includes(one),
    );
    expect(missing).toEqual([]);
  });

  it('lets every import of the design pass', () => {
    expect(cruise(withTargets(ALLOWED))).toEqual([]);
  });

  it('reports a circle, of types too', () => {
    const found = cruise({
      'src/core/base/a.ts': "import type { B } from './b.ts';\nexport interface A { b: B }\n",
      'src/core/base/b.ts': "import type { A } from './a.ts';\nexport interface B { a: A }\n",
    });
    expect(found).toContain('src/core/base/a.ts: no-circular');
  });
});

const checkRooms = (files: Readonly<Record<string, string>>) =>
  findRoomFaults(plant(files)).findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);

/** The script as `npm run rooms` runs it. */
const runCheckRooms = (files: Readonly<Record<string, string>>) => {
  const script = join(ROOT, 'scripts/check-rooms.mjs');
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, '--root', plant(files)], {
    encoding: 'utf8',
  });
  return { status, stderr, stdout };
};

describe('what an import graph cannot see', () => {
  const FOUND: readonly (readonly [name: string, file: string, line: string, rule: string])[] = [
    ['indexedDB', 'src/app/a.ts', 'export const a = indexedDB.open("x");', 'storage'],
    ['indexedDB by name', 'src/app/a.ts', "export const a = globalThis['indexedDB'];", 'storage'],
    ['OPFS', 'src/runtime/jobs/a.ts', 'export const a = await navigator.storage.getDirectory();', 'storage'],
    ['OPFS taken apart', 'src/ui/a.ts', 'const { getDirectory } = navigator.storage;', 'storage'],
    ['fetch', 'src/app/a.ts', 'await fetch("x");', 'network'],
    ['fetch of window', 'workers/zip/a.ts', 'await self.fetch("x");', 'network'],
    ['XMLHttpRequest', 'workers/shared/a.ts', 'new XMLHttpRequest();', 'network'],
    ['WebSocket', 'src/widget/a.ts', 'new WebSocket("x");', 'network'],
    ['sendBeacon', 'src/ui/a.tsx', 'navigator.sendBeacon("x");', 'network'],
    ['an address', 'src/app/a.ts', "export const a = 'https://example.org/x';", 'address'],
    ['an address in a template', 'src/app/a.ts', 'export const a = `http://example.org/${1}`;', 'address'],
    ['an address in JSX', 'src/ui/a.tsx', 'export const a = <a href="https://example.org">x</a>;', 'address'],
    ['an address in CSS', 'src/ui/a.css', 'a { background: url(https://example.org/x.png) }', 'address'],
    ['an address in the page', 'index.html', '<script src="https://example.org/x.js"></script>', 'address'],
    [
      'a worker outside of assets',
      'src/ui/a.ts',
      "import a from '../../workers/zip/worker.ts?worker&url';",
      'worker',
    ],
    ['a worker as a module', 'src/app/assets.ts', "import '../../workers/zip/worker.ts';", 'worker'],
  ];
  it.each(FOUND)('finds %s', (_name, file, line, rule) => {
    expect(checkRooms({ [file]: `\n${line}\n` })).toEqual([`${file}:2 ${rule}`]);
  });

  it('fails as a command, and says where', () => {
    const { status, stderr } = runCheckRooms({ 'src/app/a.ts': '\nawait fetch("x");\n' });
    expect(stderr).toContain('src/app/a.ts:2  network: fetch() reaches a network');
    expect(status).toBe(1);
  });

  it('passes what is where it belongs', () => {
    const { status, stderr, stdout } = runCheckRooms({
      'src/runtime/storage/a.ts': 'indexedDB.open("x"); await navigator.storage.getDirectory();',
      'workers/shared/sink.ts': 'await navigator.storage.getDirectory();',
      'src/app/assets.ts': "import a from '../../workers/zip/worker.ts?worker&url';\nexport { a };",
      'src/app/a.ts': '// see https://example.org, no fetch() here, no indexedDB\nexport const a = 1;',
      'src/ui/icon.tsx': 'export const a = <svg xmlns="http://www.w3.org/2000/svg" />;',
      'src/ui/a.css': '/* https://example.org */ a { color: red }',
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('6 files');
    expect(status).toBe(0);
  });

  it('follows the list of allowed places, and reports what is wrong with the list', () => {
    const allow = (text: string) =>
      checkRooms({ 'src/app/a.ts': 'await fetch("x");', 'scripts/rooms.allow.txt': text });
    const fault = 'src/app/a.ts:1 network';
    expect(allow('# why\nnetwork src/app/a.ts # our own file, by a relative address\n')).toEqual([]);
    expect(allow('network src/app/a.ts\n')).toEqual([fault, 'scripts/rooms.allow.txt:1 allow']);
    expect(allow('storage src/app/a.ts # no\n')).toEqual([fault, 'scripts/rooms.allow.txt:1 allow']);
    expect(allow('network src/app/a.ts # why\nnetwork src/app/gone.ts # why\n')).toEqual([
      'scripts/rooms.allow.txt:2 allow',
    ]);
  });
});

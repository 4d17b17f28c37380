/**
 * The rooms of the house and who may import whom: docs/architecture.md says why.
 * What an import graph cannot see is checked by scripts/check-rooms.mjs.
 *
 * Rules are written as "from here, nothing but …", so that a new room is closed until somebody opens it.
 */

/** Import of something outside of node_modules: only a path of the repository counts for the rooms. */
const OURS = '^(src|workers|test|scripts|public)/';
/** A package, or a module that could not be found. */
const PACKAGE = 'node_modules/';

/** @param {string} name @param {string} comment @param {string} from @param {readonly string[]} allowed */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: OURS, pathNot: [...allowed] },
});

/** @param {string} name @param {string} from @param {readonly string[]} packages */
const packagesOnly = (name, from, packages) => ({
  name,
  comment: `Packages here: ${packages.length === 0 ? 'none' : packages.join(', ')}.`,
  severity: 'error',
  from: { path: from },
  to: {
    path: PACKAGE,
    ...(packages.length === 0 ? {} : { pathNot: packages.map((one) => `node_modules/(@types/)?${one}/`) }),
  },
});

const CORE = '^src/core/';
const CONTRACT = '^src/runtime/contract/';
const PAINT = '^src/paint/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'The flow has one direction; types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      // Asset addresses (`?url`, `?worker&url`) of packages are resolved by Vite.
      to: { couldNotResolve: true, pathNot: ['\\?', '^virtual:'] },
    },
    {
      name: 'no-node-in-the-browser',
      comment: 'src and workers run in a browser.',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-dev-packages-in-the-product',
      comment: 'What is shipped depends on "dependencies" only (types may come from anywhere).',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['node_modules/@types/'],
      },
    },

    // core: knows everything about video and nothing about browsers.
    only('core-only-core', 'core imports core only.', CORE, [CORE]),
    only('core-base', 'base imports nothing.', '^src/core/base/', ['^src/core/base/']),
    only('core-schema', 'schema imports base.', '^src/core/schema/', ['^src/core/(base|schema)/']),
    only(
      'core-rooms',
      'project, timeline, interchange, search import base and schema.',
      '^src/core/(?!(?:base|schema|plan)/)([^/]+)/',
      ['^src/core/(base|schema)/', '^src/core/$1/'],
    ),
    only('core-plan', 'plan imports base, schema and timeline.', '^src/core/plan/', [
      '^src/core/(base|schema|timeline|plan)/',
    ]),
    packagesOnly('core-packages', '^src/core/(?!schema/|interchange/|search/)', []),
    packagesOnly('core-schema-packages', '^src/core/schema/', ['zod']),
    packagesOnly('core-interchange-packages', '^src/core/interchange/', [
      '@rgrove/parse-xml',
      'json5',
      'papaparse',
      'webvtt-parser',
    ]),
    packagesOnly('core-search-packages', '^src/core/search/', ['minisearch']),

    // paint: one painter for preview, both engines and thumbnails; compiled for page and worker.
    only('paint', 'paint imports core.', PAINT, [PAINT, CORE]),
    packagesOnly('paint-packages', PAINT, ['perfect-freehand']),

    // runtime: one sub-room for each effect; app connects them.
    only('runtime-contract', 'The contract imports core.', CONTRACT, [CONTRACT, CORE]),
    only(
      'runtime-rooms',
      'A sub-room imports core, the contract and itself, never another sub-room.',
      '^src/runtime/(?!contract/)([^/]+)/',
      [CORE, CONTRACT, '^src/runtime/$1/'],
    ),
    {
      name: 'idb-only-in-storage',
      comment: 'The only place that names IndexedDB is runtime/storage.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/runtime/storage/' },
      to: { path: 'node_modules/idb/' },
    },

    // app, ui, widget.
    only('app', 'app imports core, paint and runtime.', '^src/app/', [
      '^src/app/',
      CORE,
      PAINT,
      '^src/runtime/',
      '^workers/',
    ]),
    only('ui', 'ui imports app, and types from core.', '^src/ui/', ['^src/ui/', '^src/app/', CORE]),
    {
      name: 'ui-core-types-only',
      comment: 'Of core, ui takes types; what it needs done goes through app.',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: CORE, dependencyTypesNot: ['type-only'] },
    },
    only('widget', 'widget imports app and ui.', '^src/widget/', ['^src/widget/', '^src/app/', '^src/ui/']),
    {
      name: 'nothing-imports-ui',
      comment: 'Only widget (and the page, which loads src/ui/main.tsx) knows ui.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/(ui|widget)/' },
      to: { path: '^src/ui/' },
    },
    {
      name: 'nothing-imports-widget',
      comment: 'widget is the outermost room.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/widget/' },
      to: { path: '^src/widget/' },
    },

    // workers: reached by address only.
    {
      name: 'page-never-imports-workers',
      comment: 'The page has addresses of workers (src/app/assets.ts) and types from the contract.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app/assets\\.ts$' },
      to: { path: '^workers/' },
    },
    {
      name: 'assets-only-worker-entries',
      comment: 'src/app/assets.ts imports the address of a worker and nothing else of it.',
      severity: 'error',
      from: { path: '^src/app/assets\\.ts$' },
      to: { path: '^workers/', pathNot: '^workers/[^/]+/worker\\.ts(\\?worker&url)?$' },
    },
    only(
      'workers-rooms',
      'A worker imports core, paint, the contract, workers/shared and itself.',
      '^workers/(?!shared/)([^/]+)/',
      [CORE, PAINT, CONTRACT, '^workers/shared/', '^workers/$1/'],
    ),
    only('workers-shared', 'workers/shared imports core, paint and the contract.', '^workers/shared/', [
      '^workers/shared/',
      CORE,
      PAINT,
      CONTRACT,
    ]),

    // A new room, or a file between the rooms, is closed until somebody writes its rule.
    only(
      'no-unknown-rooms',
      'A new room needs a rule here and a decision record; no file lies between the rooms.',
      '^src/(?!(?:core|paint|runtime|app|ui|widget)/)|^(src/core|src/runtime|workers)/[^/]+$',
      [],
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['^dist/', '^test/fixtures/.*\\.js$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: true,
  },
};

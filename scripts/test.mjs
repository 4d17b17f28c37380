// @ts-check
/**
 * Runs everything and counts. Each step's output goes straight to the terminal, a failed step does not stop the next one, and
 * the last line is `N passed, N failed` (with `, N skipped` if there are any). Types, lint, rooms, build and size count as one
 * test each; the runners' counts come from their own JSON reports.
 *
 *   node scripts/test.mjs [--only unit,e2e] [arguments for the runners of the chosen steps, such as a file name]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = join(ROOT, 'node_modules/.cache/reelkeep');
const require = createRequire(import.meta.url);

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ program: string, args: string[] }} Command */

/**
 * The start script of a tool, so that no shell and no wrapper stands between us and its exit code.
 * @param {string} packageName
 * @param {string} [bin]
 */
const tool = (packageName, bin = packageName) => {
  // Not every package exports its package.json: look for it from its folder.
  const folder = (require.resolve.paths(packageName) ?? [])
    .map((path) => join(path, packageName))
    .find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`"${packageName}" is not installed: run npm ci.`);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[bin];
  if (typeof file !== 'string') throw new Error(`"${packageName}" has no program "${bin}".`);
  return join(folder, file);
};

/** @param {string} script @param {string[]} args @returns {Command} */
const node = (script, ...args) => ({ program: process.execPath, args: [script, ...args] });

/**
 * @param {Command} command
 * @param {Record<string, string>} [env]
 * @returns {Promise<boolean>} whether it ended with 0
 */
const run = ({ program, args }, env = {}) =>
  new Promise((done) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (error) => {
      console.error(error.message);
      done(false);
    });
    child.on('exit', (code, signal) => {
      if (signal !== null) console.error(`Ended by ${signal}.`);
      done(code === 0);
    });
  });

/**
 * A check counts as one test: all of its commands must succeed, and all of them run.
 * @param {() => Command[]} commands
 * @returns {() => Promise<Counts>}
 */
const check = (commands) => async () => {
  let ok = true;
  for (const command of commands()) ok = (await run(command)) && ok;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
};

/**
 * A runner that failed without a failed test (a file that could not be loaded, a crash, no report) still failed.
 * @param {boolean} ok
 * @param {Counts} counts
 * @returns {Counts}
 */
const honest = (ok, counts) => (ok || counts.failed > 0 ? counts : { ...counts, failed: 1 });

/** @param {string} file @returns {any} */
const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * @param {'unit' | 'browser'} project
 * @param {readonly string[]} rest
 * @returns {Promise<Counts>}
 */
const vitest = async (project, rest) => {
  const report = join(REPORTS, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = await run(
    node(tool('vitest'), 'run', '--project', project, '--passWithNoTests', ...reporters, ...rest),
  );
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readReport(report)?.testResults ?? []) {
    let failed = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') failed += 1;
      else counts.skipped += 1;
    }
    // A file that could not be loaded has no tests, and is not nothing.
    counts.failed += file.status === 'failed' && failed === 0 ? 1 : failed;
  }
  return honest(ok, counts);
};

/**
 * @param {readonly string[]} rest
 * @returns {Promise<Counts>}
 */
const playwright = async (rest) => {
  const report = join(REPORTS, 'e2e.json');
  rmSync(report, { force: true });
  const ok = await run(
    node(
      tool('@playwright/test', 'playwright'),
      'test',
      '--pass-with-no-tests',
      '--reporter=list,json',
      ...rest,
    ),
    {
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  );
  const stats = readReport(report)?.stats ?? {};
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats;
  return honest(ok, { passed: expected, failed: unexpected + flaky, skipped });
};

const withChromium = () => {
  process.env['REELKEEP_CHROMIUM'] = findChromium();
};

/** @param {readonly string[]} rest */
const steps = (rest) => ({
  types: check(() => [node(tool('typescript', 'tsc'), '-b', '--pretty')]),
  lint: check(() => [
    node(tool('eslint'), '.', '--max-warnings', '0'),
    node(tool('prettier'), '--check', '--log-level', 'warn', '.'),
  ]),
  rooms: check(() => [
    node(tool('dependency-cruiser', 'depcruise'), '--config', '.dependency-cruiser.cjs', 'src', 'workers'),
    node('scripts/check-rooms.mjs'),
  ]),
  unit: () => vitest('unit', rest),
  browser: () => {
    withChromium();
    return vitest('browser', rest);
  },
  build: check(() => {
    // What an earlier build left must not be what the next steps test.
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
    return [node(tool('vite'), 'build'), node('scripts/embed-types.mjs')];
  }),
  size: check(() => [node('scripts/check-size.mjs')]),
  e2e: async () => {
    withChromium();
    return playwright(rest);
  },
});

/**
 * Everything but `--only` goes to the runners.
 * @param {readonly string[]} args
 */
const readArguments = (args) => {
  const rest = [...args];
  const at = rest.findIndex((one) => one === '--only' || one.startsWith('--only='));
  const [flag = '', value = ''] = at < 0 ? [] : rest.splice(at, rest[at] === '--only' ? 2 : 1);
  const names = flag.startsWith('--only=') ? flag.slice('--only='.length) : value;
  return { only: at < 0 ? undefined : names.split(',').map((name) => name.trim()), rest };
};

const main = async () => {
  const { only, rest } = readArguments(process.argv.slice(2));
  const all = Object.entries(steps(rest));
  const unknown = only?.filter((name) => !all.some(([step]) => step === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`Unknown step: ${unknown.join(', ')}. Steps: ${all.map(([step]) => step).join(', ')}.`);
  }
  mkdirSync(REPORTS, { recursive: true });

  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const table = [];
  for (const [name, step] of all) {
    if (only !== undefined && !only.includes(name)) continue;
    console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`);
    const start = performance.now();
    /** @type {Counts} */
    let counts;
    try {
      counts = await step();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    table.push(`${name.padEnd(8)} ${line(counts)} in ${seconds} s`);
  }
  console.log(`\n${table.join('\n')}\n`);
  console.log(line(total));
  if (total.failed > 0) process.exitCode = 1;
};

/** @param {Counts} counts */
const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(line({ passed: 0, failed: 1, skipped: 0 }));
  process.exitCode = 1;
});

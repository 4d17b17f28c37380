// @ts-check
/**
 * Finds a Chromium for the browser tests.
 *
 * Order: REELKEEP_CHROMIUM or CHROME_PATH, a Chromium or Chrome of the system, the one Playwright has installed.
 * `findChromium` goes one step further and installs one. Playwright's own download is not reachable everywhere,
 * so on Debian as root the distribution's package comes first.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, getuid, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** @type {Partial<Record<NodeJS.Platform, readonly string[]>>} */
const PLACES = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const root = env[name];
    return root === undefined ? [] : [join(root, 'Google', 'Chrome', 'Application', 'chrome.exe')];
  }),
};

const isRoot = () => getuid?.() === 0;

/** @param {string} path */
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/**
 * The flags every Chromium of the tests is started with. Without a sandbox only as root, where it cannot start otherwise.
 * @returns {string[]}
 */
export const chromiumFlags = () => [
  ...(isRoot() ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Looks for a Chromium without installing anything.
 * @returns {string | undefined} the path of the program
 */
export const locateChromium = () => {
  for (const name of ['REELKEEP_CHROMIUM', 'CHROME_PATH']) {
    const path = env[name];
    if (path === undefined || path === '') continue;
    if (isProgram(path)) return path;
    throw new Error(`${name} is set to "${path}", which is not a program that can be started.`);
  }
  const suffix = platform === 'win32' ? '.exe' : '';
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name + suffix)));
  const playwrights = chromium.executablePath();
  return [...onPath, ...(PLACES[platform] ?? []), playwrights].find((path) => path !== '' && isProgram(path));
};

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
const run = (command, args) => {
  console.log(`$ ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: platform === 'win32',
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
};

const install = () => {
  if (isRoot() && existsSync('/etc/debian_version')) {
    if (run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium'])) return;
  }
  run('npx', ['playwright', 'install', 'chromium']);
};

/**
 * Looks for a Chromium and installs one if there is none.
 * @returns {string} the path of the program
 * @throws {Error} with one plain sentence when there is none and none could be installed
 */
export const findChromium = () => {
  const found = locateChromium();
  if (found !== undefined) return found;
  console.log('No Chromium found: installing one.');
  install();
  const installed = locateChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'No Chromium was found and none could be installed: install Chromium or Google Chrome, ' +
      'or set REELKEEP_CHROMIUM to the path of one.',
  );
};

/**
 * What Playwright needs to start the Chromium that was found. Never installs: config files call this.
 * @returns {{ executablePath?: string, args: string[] }}
 */
export const launchOptions = () => {
  const executablePath = locateChromium();
  return { ...(executablePath === undefined ? {} : { executablePath }), args: chromiumFlags() };
};

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    console.log(findChromium());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

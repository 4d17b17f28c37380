// @ts-check
/**
 * Checks what an import graph cannot see (the import rules themselves are in .dependency-cruiser.cjs):
 *
 * - storage: `indexedDB` and `navigator.storage.getDirectory` are named only in src/runtime/storage and in workers/<folder>/;
 * - network: nothing in src and workers talks to a network, but for the places in scripts/rooms.allow.txt;
 * - address: no text in src, workers or index.html is an http address, but for the names of XML namespaces at w3.org;
 * - worker: workers are imported only by src/app/assets.ts and only as an address (`?worker&url`).
 *
 * Comments are not looked at.
 *
 *   node scripts/check-rooms.mjs [--root <folder>]
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

/**
 * @typedef {'storage' | 'network' | 'address' | 'worker'} Rule
 * @typedef {{ rule: Rule | 'allow', file: string, line: number, message: string }} Finding
 */

const NETWORK = new Set([
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
  'sendBeacon',
]);
const ADDRESS = /\bhttps?:\/\/(?!(?:www\.)?w3\.org\/)/i;
const ALLOWABLE = new Set(['network', 'address']);
const MAY_STORE = /^(src\/runtime\/storage|workers\/[^/]+)\//;
const ASSETS = 'src/app/assets.ts';

/**
 * @param {string} file path from the root, with slashes
 * @param {string} text
 * @returns {Finding[]}
 */
const checkScript = (file, text) => {
  /** @type {Finding[]} */
  const findings = [];
  const kind = /\.[jt]sx$/.test(file) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  /** @param {Rule} rule @param {ts.Node} node @param {string} message */
  const add = (rule, node, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    findings.push({ rule, file, line: line + 1, message });
  };
  /** @param {string} word @param {ts.Node} node */
  const checkWord = (word, node) => {
    if (MAY_STORE.test(file)) return;
    if (word === 'indexedDB') add('storage', node, 'indexedDB is named outside of src/runtime/storage');
  };
  /** @param {string} word @param {ts.Node} node */
  const checkNetwork = (word, node) => {
    if (NETWORK.has(word)) add('network', node, `${word} reaches a network`);
  };
  /** @param {ts.Node} node `navigator.storage`, however it is reached */
  const isStorage = (node) => /(^|\.)storage(\??\.)?$/.test(node.getText(source).replaceAll(/\s|[()!]/g, ''));

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      checkWord(node.text, node);
      // A name in a type is not a use.
      if (!ts.isTypeReferenceNode(node.parent)) checkNetwork(node.text, node);
      if (node.text === 'getDirectory' && !MAY_STORE.test(file)) {
        const { parent } = node;
        const ofStorage =
          (ts.isPropertyAccessExpression(parent) && isStorage(parent.expression)) ||
          ts.isBindingElement(parent);
        if (ofStorage)
          add('storage', node, 'navigator.storage.getDirectory is named outside of src/runtime/storage');
      }
    }
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const name = ts.isIdentifier(callee)
        ? callee.text
        : ts.isPropertyAccessExpression(callee)
          ? callee.name.text
          : '';
      if (name === 'fetch') add('network', node, 'fetch() reaches a network');
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node)) {
      const value = node.text;
      if (ADDRESS.test(value)) add('address', node, `an address as text: ${value.trim().slice(0, 60)}`);
      if (ts.isElementAccessExpression(node.parent)) {
        checkWord(value, node);
        checkNetwork(value, node);
        if (value === 'fetch') add('network', node, 'fetch reaches a network');
        if (value === 'getDirectory' && !MAY_STORE.test(file)) {
          add('storage', node, 'navigator.storage.getDirectory is named outside of src/runtime/storage');
        }
      }
      checkWorkerImport(value, node);
    }
    ts.forEachChild(node, visit);
  };
  /** @param {string} specifier @param {ts.Node} node */
  const checkWorkerImport = (specifier, node) => {
    if (!file.startsWith('src/') || !/^[./].*\/workers\//.test(specifier)) return;
    if (file !== ASSETS) add('worker', node, `only ${ASSETS} imports addresses of workers`);
    else if (!/\/workers\/[^/]+\/worker\.ts\?worker&url$/.test(specifier)) {
      add('worker', node, 'a worker is imported as its address: ../../workers/<folder>/worker.ts?worker&url');
    }
  };
  visit(source);
  return findings;
};

/**
 * @param {string} file
 * @param {string} text
 * @returns {Finding[]}
 */
const checkMarkup = (file, text) => {
  const blank = (/** @type {string} */ comment) => comment.replaceAll(/[^\n]/g, ' ');
  const bare = text.replaceAll(file.endsWith('.css') ? /\/\*[^]*?\*\//g : /<!--[^]*?-->/g, blank);
  return bare.split('\n').flatMap((line, index) =>
    ADDRESS.test(line)
      ? [
          {
            rule: /** @type {const} */ ('address'),
            file,
            line: index + 1,
            message: `an address as text: ${line.trim().slice(0, 60)}`,
          },
        ]
      : [],
  );
};

/**
 * @param {string} root
 * @returns {string[]} paths from the root, with slashes
 */
const filesOf = (root) => [
  ...['src', 'workers'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
          (name) => `${folder}/${name.replaceAll('\\', '/')}`,
        )
      : [],
  ),
  ...(existsSync(join(root, 'index.html')) ? ['index.html'] : []),
];

/**
 * @param {string} root
 * @returns {{ file: string, line: number, key: string, problem?: string }[]}
 */
const allowances = (root) => {
  const file = 'scripts/rooms.allow.txt';
  if (!existsSync(join(root, file))) return [];
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const line = index + 1;
      if (/^\s*(#|$)/.test(text)) return [];
      const [, rule = '', path = ''] = /^(\S+)\s+(\S+)\s+#\s*\S/.exec(text.trim()) ?? [];
      if (path === '') return [{ file, line, key: '', problem: 'expected: <rule> <path> # <reason>' }];
      if (!ALLOWABLE.has(rule)) return [{ file, line, key: '', problem: `"${rule}" cannot be allowed` }];
      return [{ file, line, key: `${rule} ${path}` }];
    });
};

/**
 * Runs every check.
 * @param {string} root folder that holds src and workers
 * @returns {{ findings: Finding[], files: number }}
 */
export const checkRooms = (root) => {
  let files = 0;
  const all = filesOf(root).flatMap((file) => {
    const isScript = /\.([cm]?[jt]s|[jt]sx)$/.test(file);
    if (!isScript && !['.css', '.html', '.svg'].includes(extname(file))) return [];
    files += 1;
    const text = readFileSync(join(root, file), 'utf8');
    return isScript ? checkScript(file, text) : checkMarkup(file, text);
  });
  const allowed = allowances(root);
  const keys = new Set(all.map(({ rule, file }) => `${rule} ${file}`));
  const allowedKeys = new Set(allowed.map(({ key }) => key));
  return {
    files,
    findings: [
      ...all.filter(({ rule, file }) => !allowedKeys.has(`${rule} ${file}`)),
      ...allowed.flatMap(({ file, line, key, problem }) => {
        const message = problem ?? (keys.has(key) ? undefined : `no longer needed: ${key}`);
        return message === undefined ? [] : [{ rule: /** @type {const} */ ('allow'), file, line, message }];
      }),
    ],
  };
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
  });
  const { findings, files } = checkRooms(resolve(values.root));
  for (const { rule, file, line, message } of findings) console.error(`${file}:${line}  ${rule}: ${message}`);
  console.log(
    `check-rooms: ${files} files, ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`,
  );
  if (findings.length > 0) process.exitCode = 1;
}

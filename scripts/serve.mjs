// @ts-check
/**
 * A plain static file server for the built page: no header that matters but Content-Type (and what byte ranges need).
 * If the page works from here, it works from any static host.
 *
 *   node scripts/serve.mjs [--dir dist] [--port 4173] [--host localhost] [--base /sub/folder/] [--strict-port]
 */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.ts': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.vtt': 'text/vtt; charset=utf-8',
  '.srt': 'application/x-subrip; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.otf': 'font/otf',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.zip': 'application/zip',
};

/**
 * One range of a Range header. Several ranges, or a form we do not know, are answered with the whole file, as RFC 9110 allows.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ start: number, end: number } | 'whole' | 'unsatisfiable'} both ends inclusive
 */
export const parseRange = (header, size) => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
};

/**
 * The file a request path means, or undefined if there is none below `root`.
 * @param {string} root
 * @param {string} path decoded, starting with a slash
 */
const fileFor = async (root, path) => {
  const inside = (/** @type {string} */ file) => file === root || file.startsWith(root + sep);
  const asked = resolve(root, `.${path}`);
  if (!inside(asked)) return undefined;
  try {
    // A link may point anywhere: what counts is where it ends.
    const real = await realpath(asked);
    if (!inside(real)) return undefined;
    const info = await stat(real);
    if (info.isFile()) return { file: real, size: info.size };
    if (!info.isDirectory()) return undefined;
    if (!path.endsWith('/')) return 'folder';
    const index = await realpath(join(real, 'index.html'));
    return inside(index) ? { file: index, size: (await stat(index)).size } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * @typedef {object} ServeOptions
 * @property {string} [dir] folder to serve, default `dist` of the current folder
 * @property {number} [port] default 0: any free port
 * @property {string} [host] default `localhost`
 * @property {string} [base] path the folder is served under, default `/`
 * @property {boolean} [nextFree] if the port is taken, try the next ones
 */

/**
 * @typedef {object} Served
 * @property {string} url address of the folder, ends with a slash
 * @property {number} port
 * @property {() => Promise<void>} close ends the server and its open connections
 */

/**
 * Serves a folder.
 * @param {ServeOptions} [options]
 * @returns {Promise<Served>}
 */
export const serve = async ({
  dir = 'dist',
  port = 0,
  host = 'localhost',
  base = '/',
  nextFree = false,
} = {}) => {
  const root = await realpath(resolve(dir)).catch(() => {
    throw new Error(`There is no folder "${dir}" to serve. Build first: npm run build`);
  });
  const prefix = `/${base.split('/').filter(Boolean).join('/')}/`.replace('//', '/');

  const server = createServer((request, response) => {
    const send = (/** @type {number} */ status, /** @type {string} */ text, headers = {}) => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    const answer = async () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        send(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
        return;
      }
      const raw = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
      let path;
      try {
        path = decodeURIComponent(raw);
      } catch {
        send(400, 'Bad path.');
        return;
      }
      if (path.includes('\0') || path.includes('\\')) {
        send(400, 'Bad path.');
        return;
      }
      if (`${path}/` === prefix) {
        send(301, 'Moved.', { Location: encodeURI(prefix) });
        return;
      }
      const found = path.startsWith(prefix) ? await fileFor(root, path.slice(prefix.length - 1)) : undefined;
      if (found === undefined) {
        send(404, 'Not found.');
        return;
      }
      if (found === 'folder') {
        send(301, 'Moved.', { Location: encodeURI(`${path}/`.replace(/^\/+/, '/')) });
        return;
      }
      const { file, size } = found;
      const range = parseRange(request.headers.range, size);
      if (range === 'unsatisfiable') {
        send(416, 'No such range.', { 'Content-Range': `bytes */${size}` });
        return;
      }
      const whole = range === 'whole';
      const { start, end } = whole ? { start: 0, end: size - 1 } : range;
      response.writeHead(whole ? 200 : 206, {
        'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
        'Content-Length': end - start + 1,
        'Accept-Ranges': 'bytes',
        ...(whole ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }),
      });
      if (request.method === 'HEAD' || size === 0) {
        response.end();
        return;
      }
      const stream = createReadStream(file, { start, end });
      stream.on('error', () => response.destroy());
      response.on('close', () => stream.destroy());
      stream.pipe(response);
    };
    answer().catch((/** @type {unknown} */ error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else send(500, 'The server failed.');
    });
  });

  const listen = (/** @type {number} */ wanted) =>
    new Promise((/** @type {(value: void) => void} */ done, fail) => {
      server.once('error', fail);
      server.listen(wanted, host, () => {
        server.off('error', fail);
        done();
      });
    });
  const isTaken = (/** @type {unknown} */ error) =>
    error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  for (let wanted = port, tries = 100; ; wanted += 1, tries -= 1) {
    try {
      await listen(wanted);
      break;
    } catch (error) {
      if (!nextFree || !isTaken(error) || tries === 0) throw error;
    }
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}${encodeURI(prefix)}`,
    port: bound,
    close: () =>
      new Promise((done, fail) => {
        server.close((error) => {
          if (error) fail(error);
          else done();
        });
        server.closeAllConnections();
      }),
  };
};

const main = async () => {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: 'localhost' },
      base: { type: 'string', default: '/' },
      'strict-port': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`"${values.port}" is not a port.`);
  const { url } = await serve({
    dir: values.dir,
    port,
    host: values.host,
    base: values.base,
    nextFree: !values['strict-port'],
  });
  console.log(`Reelkeep: ${url}`);
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

/** The static server of `npm start` and of the end-to-end tests. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRange, serve } from '../../../scripts/serve.mjs';

let folder: string;
let root: Awaited<ReturnType<typeof serve>>;
let sub: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reelkeep-serve-'));
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'dist/empty.json'), '');
  writeFileSync(join(folder, 'dist/assets/clip.mp4'), '0123456789');
  for (const name of [
    'a.wasm',
    'a.js',
    'a.mjs',
    'a.json',
    'a.webmanifest',
    'a.woff2',
    'a.bin',
    '한글 1.txt',
  ]) {
    writeFileSync(join(folder, 'dist/assets', name), 'x');
  }
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist/link.txt'));
  const dir = join(folder, 'dist');
  root = await serve({ dir });
  sub = await serve({ dir, base: '/sub/folder/' });
});
afterAll(async () => {
  await Promise.all([root.close(), sub.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A request line as it is, which `fetch` would tidy up. */
const raw = (path: string) =>
  new Promise<string>((done, fail) => {
    const socket = createConnection({ port: root.port, host: 'localhost' }, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('end', () => done(answer));
    socket.on('error', fail);
  });

describe('serve', () => {
  it.each([
    ['', 'text/html; charset=utf-8'],
    ['assets/a.wasm', 'application/wasm'],
    ['assets/a.js', 'text/javascript; charset=utf-8'],
    ['assets/a.mjs', 'text/javascript; charset=utf-8'],
    ['assets/a.json', 'application/json; charset=utf-8'],
    ['assets/a.webmanifest', 'application/manifest+json; charset=utf-8'],
    ['assets/a.woff2', 'font/woff2'],
    ['assets/clip.mp4', 'video/mp4'],
    ['assets/a.bin', 'application/octet-stream'],
    ['empty.json', 'application/json; charset=utf-8'],
    [encodeURI('assets/한글 1.txt?query#hash'), 'text/plain; charset=utf-8'],
  ])('serves /%s as %s, at the root and in a sub-folder', async (path, type) => {
    for (const { url } of [root, sub]) {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      await response.arrayBuffer();
    }
  });

  it('sends no header a plain host would not send', async () => {
    const { headers } = await fetch(root.url);
    const names = [...headers.keys()].filter((name) => !['connection', 'date', 'keep-alive'].includes(name));
    expect(names.sort()).toEqual(['accept-ranges', 'content-length', 'content-type']);
  });

  it('answers byte ranges', async () => {
    const range = async (value: string) => {
      const response = await fetch(`${root.url}assets/clip.mp4`, { headers: { Range: value } });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await range('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
    expect((await range('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
    expect(await range('bytes=0-1,3-4')).toEqual([200, null, '0123456789']);
    expect(parseRange('bytes=-', 10)).toBe('whole');
    expect(parseRange('bytes=5-2', 10)).toBe('whole');
    expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable');
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  });

  it('never leaves its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/link.txt',
      '//secret.txt',
      '/%00',
      '/%zz',
    ]) {
      const answer = await raw(path);
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).not.toContain('secret\r\n');
    }
  });

  it('adds the slash to a folder, and answers nothing outside of its base', async () => {
    const bare = await fetch(sub.url.replace(/\/$/, ''), { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([301, '/sub/folder/']);
    expect((await fetch(new URL('/index.html', sub.url))).status).toBe(404);
    expect((await fetch(`${root.url}missing.js`)).status).toBe(404);
    expect((await fetch(root.url, { method: 'POST' })).status).toBe(405);
    const head = await fetch(root.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '19', '']);
  });

  it('takes the next free port when it may, and says so when it may not', async () => {
    const dir = join(folder, 'dist');
    const next = await serve({ dir, port: root.port, nextFree: true });
    expect(next.port).toBeGreaterThan(root.port);
    await next.close();
    await expect(serve({ dir, port: root.port })).rejects.toThrow(/EADDRINUSE/);
    await expect(serve({ dir: join(folder, 'none') })).rejects.toThrow(/Build first/);
  });
});

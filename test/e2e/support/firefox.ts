/**
 * Plays files in a real Firefox: a page that seeks, looks and plays, and tells a server of ours what it saw. Firefox is
 * started without any driver, so that the distribution's own build does.
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  createReadStream,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['firefox', 'firefox-esr'];
const PLACES = ['/Applications/Firefox.app/Contents/MacOS/firefox'];

/** The system's Firefox, or the one that REELKEEP_FIREFOX names; null without one. */
export function findFirefox(): string | null {
  const named = process.env['REELKEEP_FIREFOX'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = [...folders.flatMap((folder) => PROGRAMS.map((name) => join(folder, name))), ...PLACES];
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What Firefox showed after a seek: 8-bit luma, `width * height`. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** What playing from the beginning to the end gave. */
export interface Played {
  readonly durationS: number;
  readonly endedAtS: number;
  /** Media times of the frames that were shown, as the browser says them, seconds. */
  readonly shownS: readonly number[];
  /** `error` or `stalled` events, and the media error's message. */
  readonly trouble: readonly string[];
}

const PAGE = `<!doctype html><meta charset="utf-8"><video id="v" muted preload="auto"></video><script>
const video = document.getElementById('v');
const once = (name) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'error')), { once: true });
});
const post = (path, body) => fetch(path, { method: 'POST', body });
(async () => {
  const { seeksS } = await (await fetch('work')).json();
  const loaded = once('loadeddata');
  video.src = 'film';
  await loaded;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  for (const [i, at] of seeksS.entries()) {
    const seeked = once('seeked');
    video.currentTime = at;
    await seeked;
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const luma = new Uint8Array(canvas.width * canvas.height);
    for (let p = 0; p < luma.length; p += 1) luma[p] = (data[4 * p] * 77 + data[4 * p + 1] * 151 + data[4 * p + 2] * 28) >> 8;
    await post('seen?i=' + i + '&width=' + canvas.width + '&height=' + canvas.height, luma);
  }
  const shownS = [], trouble = [];
  video.addEventListener('error', () => trouble.push(video.error?.message ?? 'error'));
  video.addEventListener('stalled', () => trouble.push('stalled'));
  const back = once('seeked');
  video.currentTime = 0;
  await back;
  const watch = (_, { mediaTime }) => { shownS.push(mediaTime); video.requestVideoFrameCallback(watch); };
  video.requestVideoFrameCallback?.(watch);
  const ended = once('ended');
  await video.play();
  await ended;
  await post('played', JSON.stringify({ durationS: video.duration, endedAtS: video.currentTime, shownS, trouble }));
})().catch((cause) => post('failed', String(cause)));
</script>`;

/** Nothing that reaches for the network, asks, or waits for a click. */
const PREFERENCES = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'app.update.disabledForTesting': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'media.hardware-video-decoding.enabled': false,
};

/** Answers with a file, or the part of it that a media element asks for. */
function sendFile(path: string, type: string, request: IncomingMessage, response: ServerResponse): void {
  const { size } = statSync(path);
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = from === undefined ? 0 : Number(from);
  const end = to === undefined || to === '' ? size - 1 : Number(to);
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': type,
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(from === undefined
      ? {}
      : { 'content-range': `bytes ${String(start)}-${String(end)}/${String(size)}` }),
  });
  createReadStream(path, { start, end }).pipe(response);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Seeks to each time and looks, then plays the whole film. Rejects when Firefox reports an error or ends before it is done.
 */
export async function watchInFirefox(
  firefox: string,
  film: { readonly path: string; readonly type: string },
  seeksS: readonly number[],
): Promise<{ readonly seen: readonly Seen[]; readonly played: Played }> {
  const seen: Seen[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'reelkeep-firefox-'));
  const preferences = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(folder, 'user.js'), preferences.join('\n'));
  let finish: (played: Played) => void = () => undefined;
  let fail: (cause: Error) => void = () => undefined;
  const ending = new Promise<Played>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = async (): Promise<void> => {
      switch (url.pathname) {
        case '/':
          response.setHeader('content-type', 'text/html');
          response.end(PAGE);
          return;
        case '/work':
          response.end(JSON.stringify({ seeksS }));
          return;
        case '/film':
          sendFile(film.path, film.type, request, response);
          return;
        case '/seen': {
          const number = (name: string): number => Number(url.searchParams.get(name));
          const luma = new Uint8Array(await bodyOf(request));
          seen[number('i')] = { width: number('width'), height: number('height'), luma };
          response.end();
          return;
        }
        case '/played':
          finish(JSON.parse((await bodyOf(request)).toString()) as Played);
          response.end();
          return;
        case '/failed':
          fail(new Error(`Firefox: ${(await bodyOf(request)).toString()}`));
          response.end();
          return;
        default:
          response.writeHead(404).end();
      }
    };
    answer().catch(fail);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    firefox,
    ['--headless', '--no-remote', '--profile', folder, `http://127.0.0.1:${String(port)}/`],
    { stdio: 'ignore', env: { ...process.env, HOME: folder } },
  );
  child.on('error', fail);
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => {
      fail(new Error('Firefox ended before it was done.'));
      resolve();
    });
  });
  try {
    return { played: await ending, seen };
  } finally {
    child.kill();
    await gone;
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Where the build put workers and wasm. The only place that names worker files; `?url` makes the build emit them,
 * and the addresses are taken relative to this module, so the page and embed.js work from any folder.
 */
import ffmpegWorkerUrl from '../../workers/ffmpeg/worker.ts?worker&url';
import analysisWorkerUrl from '../../workers/analysis/worker.ts?worker&url';
import assemblyWorkerUrl from '../../workers/assembly/worker.ts?worker&url';
import webcodecsWorkerUrl from '../../workers/webcodecs/worker.ts?worker&url';
import playbackWorkerUrl from '../../workers/playback/worker.ts?worker&url';
import zipWorkerUrl from '../../workers/zip/worker.ts?worker&url';
import classWorkerUrl from '@ffmpeg/ffmpeg/worker?worker&url';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import boldFontUrl from 'pretendard/dist/web/static/woff2/Pretendard-SemiBold.woff2?url';
import regularFontUrl from 'pretendard/dist/web/static/woff2/Pretendard-Regular.woff2?url';
import type { PaintFonts } from '../core/schema/overlay.ts';
import type { FfmpegAssets } from '../runtime/contract/ffmpeg.ts';

/** How to start each kind of worker, and where ffmpeg's parts and the painter's font lie. */
export interface RuntimeAssets {
  readonly ffmpeg: FfmpegAssets;
  readonly fonts: PaintFonts;
  spawn(kind: WorkerKind): Worker;
}

/** The kinds of workers. */
export type WorkerKind = 'ffmpeg' | 'analysis' | 'assembly' | 'webcodecs' | 'playback' | 'zip';

const WORKER_URLS: Readonly<Record<WorkerKind, string>> = {
  ffmpeg: ffmpegWorkerUrl,
  analysis: analysisWorkerUrl,
  assembly: assemblyWorkerUrl,
  webcodecs: webcodecsWorkerUrl,
  playback: playbackWorkerUrl,
  zip: zipWorkerUrl,
};

/** `assetBase`: the folder that holds the build's `assets/`, when it is not beside this module. */
export function locateAssets(assetBase: string | undefined): RuntimeAssets {
  const resolve = (url: string): string => {
    const here = new URL(url, import.meta.url);
    if (assetBase === undefined) return here.href;
    const base = new URL(assetBase.endsWith('/') ? assetBase : `${assetBase}/`, document.baseURI);
    const name = here.pathname.slice(here.pathname.lastIndexOf('/') + 1);
    return new URL(`assets/${name}`, base).href;
  };
  return {
    ffmpeg: {
      coreUrl: resolve(coreUrl),
      wasmUrl: resolve(wasmUrl),
      classWorkerUrl: startable(resolve(classWorkerUrl)),
    },
    fonts: { regular: resolve(regularFontUrl), bold: resolve(boldFontUrl) },
    spawn(kind) {
      return new Worker(startable(resolve(WORKER_URLS[kind])), { type: 'module', name: `reelkeep-${kind}` });
    },
  };
}

const stubs = new Map<string, string>();

/**
 * An address that a worker can be started from. Browsers start workers of the page's own origin only; where embed.js
 * lies elsewhere (its host then allows that by CORS, or the page could not have imported it), a stub of the page's
 * origin imports the real one.
 */
function startable(url: string): string {
  if (new URL(url).origin === globalThis.location.origin) return url;
  let stub = stubs.get(url);
  if (stub === undefined) {
    stub = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
    stubs.set(url, stub);
  }
  return stub;
}

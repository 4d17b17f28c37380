import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { z } from 'zod';
import { licences } from './scripts/vite/licences.mjs';
import { offline } from './scripts/vite/offline.mjs';
import { exportSpecSchema } from './src/core/schema/spec.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const licencePages = licences({ root: here('.') });

/** All workers are called `worker.ts`: their folder tells them apart. */
const workerName = (facadeModuleId: string | null) => {
  const folder = /\/workers\/([^/]+)\//.exec(facadeModuleId?.replaceAll('\\', '/') ?? '')?.[1];
  return folder === undefined ? 'assets/worker-[name]-[hash].js' : `assets/worker-${folder}-[hash].js`;
};

/** The export spec as JSON Schema, for programs that write one: `dist/export-spec.schema.json`. */
const jsonSchema: Plugin = {
  name: 'reelkeep-json-schema',
  apply: 'build',
  generateBundle() {
    const schema = z.toJSONSchema(exportSpecSchema, { io: 'input' });
    this.emitFile({
      type: 'asset',
      fileName: 'export-spec.schema.json',
      source: `${JSON.stringify(schema, null, 2)}\n`,
    });
  },
};

export default defineConfig({
  // Every address is relative: to the page in index.html, to the module itself (import.meta.url) in scripts.
  // So the build runs from any folder, and embed.js from any other page's folder.
  base: './',
  plugins: [react(), licencePages, jsonSchema, offline()],
  worker: {
    format: 'es',
    plugins: () => [licencePages.inWorkers()],
    rolldownOptions: {
      output: {
        entryFileNames: (chunk) => workerName(chunk.facadeModuleId),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    manifest: true,
    // A data: address would need a wider Content-Security-Policy than the page has.
    assetsInlineLimit: 0,
    // Inline scripts are forbidden by the page's policy, and every browser with WebCodecs knows modulepreload.
    modulePreload: { polyfill: false },
    // The wasm core alone is 32 MB; what counts is checked by scripts/check-size.mjs.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: { index: here('index.html'), embed: here('src/widget/embed.ts') },
      // embed.js is a library: its exports are its purpose.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  optimizeDeps: {
    // Both start a worker of their own by address, which bundling ahead would break.
    exclude: ['@ffmpeg/ffmpeg', '@ffmpeg/core'],
  },
});

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { licences } from './scripts/vite/licences.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const licencePages = licences({ root: here('.') });

/** All workers are called `worker.ts`: their folder tells them apart. */
const workerName = (facadeModuleId: string | null) => {
  const folder = /\/workers\/([^/]+)\//.exec(facadeModuleId?.replaceAll('\\', '/') ?? '')?.[1];
  return folder === undefined ? 'assets/worker-[name]-[hash].js' : `assets/worker-${folder}-[hash].js`;
};

export default defineConfig({
  // Every address is relative: to the page in index.html, to the module itself (import.meta.url) in scripts.
  // So the build runs from any folder, and embed.js from any other page's folder.
  base: './',
  plugins: [react(), licencePages],
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

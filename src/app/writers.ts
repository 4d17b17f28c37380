/** The workers that write finished files, as the jobs see them. */
import { proxy } from 'comlink';
import type { AssemblyWorkerApi } from '../runtime/contract/assembly.ts';
import type { Assembler, Packer } from '../runtime/contract/job-ports.ts';
import type { Beat, Supervised } from '../runtime/contract/supervised.ts';
import type { ZipWorkerApi } from '../runtime/contract/zip.ts';

/** Puts the pieces of a file together. */
export function createAssembler(pool: Supervised<AssemblyWorkerApi>): Assembler {
  return {
    assemble: (request, { signal, onProgress, limits }) =>
      pool.call((api, beat) => api.assemble(request, listener(beat, onProgress)), { signal, ...limits }),
  };
}

/** Puts finished files into a ZIP, and says what is in them. */
export function createPacker(pool: Supervised<ZipWorkerApi>): Packer {
  return {
    digest: (files, { signal, onProgress, limits }) =>
      pool.call((api, beat) => api.digest(files, listener(beat, onProgress)), { signal, ...limits }),
    pack: (request, { signal, onProgress, limits }) =>
      pool.call((api, beat) => api.pack(request, listener(beat, onProgress)), { signal, ...limits }),
  };
}

function listener(beat: Beat, onProgress: (fraction: number) => void) {
  return proxy((fraction: number) => {
    beat(fraction);
    onProgress(fraction);
  });
}

/** The assembly on a full disk: it says so, and nothing is left of the file. */
import { proxy } from 'comlink';
import { afterEach, expect, test } from 'vitest';
import type { Failure } from '../../../src/core/base/failure.ts';
import type { Result } from '../../../src/core/base/result.ts';
import type {
  AssembleOutcome,
  AssembleRequest,
  AssemblyWorkerApi,
} from '../../../src/runtime/contract/assembly.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';
import { makeClip, value } from '../analysis/helpers.ts';
import faultyWorker from './full-disk-worker.ts?worker&url';

const FOLDER = 'full-disk-test';
const FRAMES = 75;
const pools: WorkerPool<AssemblyWorkerApi>[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) pool.dispose();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
});

async function assemble(fault: string, wish: AssembleRequest): Promise<Result<AssembleOutcome, Failure>> {
  const url = new URL(faultyWorker, location.href);
  url.searchParams.set('fault', fault);
  const pool = new WorkerPool<AssemblyWorkerApi>({
    name: 'assembly',
    size: 1,
    spawn: () => new Worker(url, { type: 'module' }),
  });
  pools.push(pool);
  return pool.call((api) =>
    api.assemble(
      wish,
      proxy(() => undefined),
    ),
  );
}

function request(data: Blob): AssembleRequest {
  const durationUs = FRAMES * 40_000;
  const piece = { stepId: 'v0.0', kind: 'segment', data, order: 0, fromUs: 0, toUs: durationUs } as const;
  return {
    container: 'mp4',
    video: {
      codec: 'avc',
      pieces: [{ ...piece, outStartUs: 0, outEndUs: durationUs, frames: FRAMES }],
      rotation: 0,
      rate: { num: 25, den: 1 },
    },
    audio: null,
    durationUs,
    path: `${FOLDER}/exports/one/result.mp4`,
  };
}

async function filesIn(name: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
    for await (const [entry, handle] of folder.entries()) {
      if (handle.kind === 'directory') await walk(handle);
      else found.push(entry);
    }
  };
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name).catch(() => null);
  if (folder !== null) await walk(folder);
  return found;
}

test('with room enough the file is written', async () => {
  const clip = await makeClip({ frames: FRAMES, width: 640, height: 360 });
  const written = value(await assemble('none', request(clip)));
  expect(written.videoPackets).toBe(FRAMES);
  // The faults below strike in the middle of it.
  expect(written.bytes).toBeGreaterThan(25_000);
  expect(await filesIn(FOLDER)).toEqual(['result.mp4']);
});

test.each(['write', 'short', 'flush', 'open'])('a disk that is full at: %s', async (fault) => {
  const clip = await makeClip({ frames: FRAMES, width: 640, height: 360 });
  const result = await assemble(fault, request(clip));
  expect(result).toMatchObject({ ok: false, error: { code: 'quota_exceeded', reason: 'no_space' } });
  expect(await filesIn(FOLDER)).toEqual([]);
});

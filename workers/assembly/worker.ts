/** Entry of the assembly worker: joins pieces into one file in private storage. */
import { isOutOfMemory } from '../../src/core/base/out-of-memory.ts';
import { failure, type Failure } from '../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../src/core/base/result.ts';
import type {
  AssembleOutcome,
  AssembleRequest,
  AssemblyWorkerApi,
} from '../../src/runtime/contract/assembly.ts';
import { exposeWorker } from '../shared/expose.ts';
import { messageOf, nameOf } from '../shared/failure.ts';
import { join } from './join.ts';
import { clearMovieTimes } from './movie-times.ts';
import { openOpfsTarget } from './opfs-target.ts';
import { PieceError } from './pieces.ts';

function describe(cause: unknown): Failure {
  if (cause instanceof PieceError) return cause.failure;
  const name = nameOf(cause);
  if (name === 'QuotaExceededError') {
    return failure('quota_exceeded', 'no_space', 'There is not enough storage left for the finished file.');
  }
  if (name === 'NotReadableError' || name === 'NotFoundError') {
    return failure('source_missing', 'source_missing', 'A source file can no longer be read.');
  }
  const text = messageOf(cause);
  if (isOutOfMemory(text)) {
    return failure('engine_failed', 'out_of_memory', `Memory ran out: ${text}`, { cause: text });
  }
  return failure('engine_failed', 'step_failed', `The file could not be put together: ${text}`, {
    cause: text,
  });
}

async function assemble(
  request: AssembleRequest,
  onProgress: (fraction: number) => void,
): Promise<Result<AssembleOutcome, Failure>> {
  let file: Awaited<ReturnType<typeof openOpfsTarget>> | null = null;
  try {
    file = await openOpfsTarget(request.path);
    const { index, ...counts } = await join(request, file.target, onProgress);
    if (index !== null) {
      clearMovieTimes(index.data);
      file.overwrite(index.data, index.position);
    }
    return ok({ bytes: file.close(), ...counts });
  } catch (cause) {
    await file?.discard();
    return err(describe(cause));
  }
}

const api: AssemblyWorkerApi = { ping: () => Promise.resolve('pong'), assemble };
exposeWorker(api);

/** How a worker opens its API to the page. */
import { expose } from 'comlink';
import type { Failure } from '../../src/core/base/failure.ts';
import { err, type Result } from '../../src/core/base/result.ts';
import type { BaseWorkerApi } from '../../src/runtime/contract/supervised.ts';
import { failureOf } from './failure.ts';

type Method = (...args: never[]) => Promise<unknown>;

/** Turns a throw of a method into a Result. */
function guarded(method: Method): (...args: never[]) => Promise<unknown> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (cause) {
      const result: Result<never, Failure> = err(failureOf(cause));
      return result;
    }
  };
}

/**
 * Opens a worker's API. Every method answers with a Result; one that throws answers with a failure instead. `ping`
 * is added here: it answers as soon as the worker's code has run.
 */
export function exposeWorker<Api extends BaseWorkerApi>(
  api: Omit<Api, 'ping'> & { readonly ping?: unknown },
): void {
  const guardedApi: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(api)) {
    if (typeof value === 'function') guardedApi[name] = guarded(value as Method);
  }
  guardedApi['ping'] = () => Promise.resolve('pong' as const);
  expose(guardedApi);
}

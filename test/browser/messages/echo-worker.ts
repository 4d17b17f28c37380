/** Gives back what it is given, and calls what it is told to call. */
import { expose } from 'comlink';

export interface EchoApi {
  echo(value: unknown): unknown;
  /** Calls a function of the page with each list of arguments. */
  tell(
    listener: (...args: readonly unknown[]) => Promise<void>,
    calls: readonly (readonly unknown[])[],
  ): Promise<void>;
}

const api: EchoApi = {
  echo: (value) => value,
  tell: async (listener, calls) => {
    for (const args of calls) await listener(...args);
  },
};
expose(api);

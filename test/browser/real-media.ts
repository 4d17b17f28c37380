/**
 * Real files of other people. They lie in a folder beside the checkout on some machines only; tests that need them say so
 * in their name and are skipped elsewhere.
 */
import type { TestContext } from 'vitest';
import { userEvent } from 'vitest/browser';

/** Set by vitest.config.ts: the folder's path, whether or not it is there. */
const FOLDER = String(import.meta.env.REAL_MEDIA);

/** A real file, or null where this machine does not have it. */
export async function realFile(name: string): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  document.body.append(input);
  try {
    await userEvent.upload(input, `${FOLDER}/${name}`);
    return input.files?.[0] ?? null;
  } catch {
    return null;
  } finally {
    input.remove();
  }
}

/** A real file; skips the test where it is not there. */
export async function realFileOrSkip(context: TestContext, name: string): Promise<File> {
  return (await realFile(name)) ?? context.skip('the folder of real files is not beside this checkout');
}

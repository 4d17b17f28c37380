/** The decoder that the core is given, as a browser has it; and the folder of real files, which is there on some machines. */
import type { Decode } from '../../../src/core/interchange/decode.ts';

export const decodeInNode: Decode = (encoding, bytes) => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Beside the checkout, as in vitest.config.ts. */
export const REAL_MEDIA = new URL('../../../../shared/media/', import.meta.url);

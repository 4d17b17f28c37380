import { expect, it } from 'vitest';
import { failure, FAILURE_REASONS } from '../../../src/core/base/failure.ts';
import { recoveryFor } from '../../../src/runtime/jobs/retry.ts';

it('knows what to do about every reason', () => {
  for (const reason of FAILURE_REASONS) {
    expect(['retry', 'stop', 'ask_source', 'encode_instead']).toContain(
      recoveryFor(failure('internal', reason, 'test')),
    );
  }
});

it('does not repeat what cannot pass', () => {
  expect(recoveryFor(failure('unsupported_media', 'damaged', 'test'))).toBe('stop');
  expect(recoveryFor(failure('engine_failed', 'worker_crashed', 'test'))).toBe('retry');
  expect(recoveryFor(failure('source_missing', 'source_missing', 'test'))).toBe('ask_source');
});

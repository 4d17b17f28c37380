/** How long the parts of a job may take before they count as stuck. Pure. */
import type { CallLimits } from '../contract/supervised.ts';

const MINUTE = 60_000;

/** Nobody waits longer than this for something that makes no progress. */
export const MOST_SILENT_MS = 15 * MINUTE;
/** What a machine may be slowed down by others, or a step be harder than it looks. */
const SLACK = 10;
/** A call that goes on and on while it makes progress may take this many times what was expected. */
const SLACK_IN_ALL = 40;
/** Short work may wait behind a garbage collection, a slow disk, a tab in the background: no limit is below this. */
const LEAST_SILENT_MS = MINUTE;
/** What a slow disk reads and writes, bytes per millisecond. */
const DISK_BYTES_PER_MS = 50_000;
/** Checking one join: seek, decode a few pictures. */
const JOIN_MS = 300;
/** Looking at one clip's source again for the plan, or proving it by its fingerprint. */
const OPEN_MS = 12_000;
/** Waiting for one of the few workers of a stage, which other jobs share. */
const WAIT_FOR_WORKER_MS = 5 * MINUTE;
/** Work that must be behind before the speed of this job says more than the estimate, milliseconds of cost. */
const TRUSTED_COST_MS = 3_000;

/** What steps of one rung were expected to take and took, in this job. */
export interface Measured {
  readonly costMs: number;
  readonly wallMs: number;
}

/** What work of this cost should take: by what this job measured so far, or by the estimate. */
export function expectedMs(costMs: number, measured: Measured | null): number {
  if (measured === null || measured.costMs < TRUSTED_COST_MS) return costMs;
  return costMs * (measured.wallMs / measured.costMs);
}

function limits(expected: number, least = LEAST_SILENT_MS): CallLimits {
  return {
    stallMs: Math.round(Math.min(MOST_SILENT_MS, Math.max(least, expected * SLACK))),
    totalMs: Math.round(Math.max(MOST_SILENT_MS, expected * SLACK_IN_ALL)),
  };
}

/** What is limited. */
export type Limited =
  | { readonly part: 'step'; readonly expectedMs: number }
  | { readonly part: 'preparing'; readonly clips: number }
  | { readonly part: 'writing'; readonly bytes: number }
  | { readonly part: 'assembling'; readonly bytes: number }
  | { readonly part: 'packaging'; readonly bytes: number }
  | { readonly part: 'verifying'; readonly bytes: number; readonly joins: number };

/**
 * Limits of a part of a job. Those of a step and of writing are for the worker that does it, from when it begins; those of a stage
 * hold for the whole call, the wait for a free worker included.
 */
export function limitsFor(limited: Limited): CallLimits {
  switch (limited.part) {
    case 'step':
      return limits(limited.expectedMs);
    case 'preparing':
      return limits(limited.clips * OPEN_MS, WAIT_FOR_WORKER_MS);
    case 'writing':
      return limits(limited.bytes / DISK_BYTES_PER_MS);
    case 'assembling':
      return limits(limited.bytes / DISK_BYTES_PER_MS, WAIT_FOR_WORKER_MS);
    case 'packaging':
      // Written, and read again.
      return limits((2 * limited.bytes) / DISK_BYTES_PER_MS, WAIT_FOR_WORKER_MS);
    case 'verifying':
      return limits(limited.bytes / DISK_BYTES_PER_MS + limited.joins * JOIN_MS, WAIT_FOR_WORKER_MS);
  }
}

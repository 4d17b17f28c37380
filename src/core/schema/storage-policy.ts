/** How much is kept and for how long: what the person chose, with what holds when nothing was chosen. */
import { z } from 'zod';

/** As sizes are shown to people: the settings offer round ones. */
const GB = 1000 ** 3;

/** Saved in the settings. A field that does not fit (of an older or newer build) takes its default. */
export const storagePolicySchema = z.object({
  /** Days that results are kept; null: until they are deleted. */
  keepDays: z.number().int().min(1).max(3650).nullable().catch(7),
  /** Everything together above which the person is warned, and old segments make room. Bytes. */
  softBytes: z
    .number()
    .int()
    .positive()
    .catch(8 * GB),
  /** Everything together above which no export starts. Bytes; never below the soft one. */
  hardBytes: z
    .number()
    .int()
    .positive()
    .catch(24 * GB),
  /** Rendered segments that are kept for a next export. Bytes. */
  cacheBytes: z
    .number()
    .int()
    .nonnegative()
    .catch(2 * GB),
});

/** How much is kept and for how long. */
export type StoragePolicy = z.infer<typeof storagePolicySchema>;

/** Under which name the settings keep it. */
export const STORAGE_POLICY_KEY = 'storage-policy';

/** Reads what was saved, or takes the defaults. A hard budget below the soft one is raised to it. */
export function storagePolicyOf(saved: unknown): StoragePolicy {
  const read = storagePolicySchema.safeParse(saved);
  const policy = read.success ? read.data : storagePolicySchema.parse({});
  return { ...policy, hardBytes: Math.max(policy.hardBytes, policy.softBytes) };
}

/** What of a policy a number of bytes breaks. */
export function budgetState(policy: StoragePolicy, bytes: number): 'fine' | 'soft' | 'hard' {
  if (bytes > policy.hardBytes) return 'hard';
  return bytes > policy.softBytes ? 'soft' : 'fine';
}

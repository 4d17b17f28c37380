/** What a machine allows jobs to do side by side. */
export interface QueueLimits {
  /** Jobs side by side. */
  readonly running: number;
  /** Pixels of one picture of each job, added up; one job alone always may. */
  readonly pixels: number;
}

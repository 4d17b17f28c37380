/**
 * Which jobs of this tab run now. Pure: the manager asks again whenever something changes.
 *
 * A job that is being worked on keeps its place; of those that wait, the first in the queue comes next. The engines share
 * their workers step by step among all that run, so what is limited here is memory and how thinly the cores are spread.
 *
 * Nobody starves: ordinary places are given strictly in order, so a large job at the head is not overtaken for ever by small
 * ones that fit beside what runs; and one more place is for a short job alone, so that small ones do not wait for hours
 * behind large ones. It counts towards neither limit, so it delays nobody at the head.
 */
import type { ExportId } from '../../core/base/ids.ts';
import type { Export } from '../../core/schema/export.ts';
import type { QueueLimits } from '../contract/queue.ts';

/** A job as the queue sees it. */
export interface QueuedJob {
  readonly id: ExportId;
  /** Its place: smaller ones come first. */
  readonly order: number;
  /** Held back by the person. */
  readonly paused: boolean;
  /** Needs the person before it can go on: it holds no place. */
  readonly waiting: boolean;
  readonly running: boolean;
  /** What it is expected to cost, milliseconds. */
  readonly costMs: number;
  /** Pixels of one of its pictures: what its decoders and encoders hold depends on it. */
  readonly pixels: number;
}

/** A job expected to take no longer than this does not wait behind long ones: it gets a place of its own. */
export const SHORT_MS = 20_000;

/** Jobs side by side, by default: more would only make each of them slower. */
const MOST_RUNNING = 3;
/** The same on a machine of one or two cores. */
const MOST_RUNNING_FEW_CORES = 2;
const FEW_CORES = 2;
/** Pixels that each gigabyte of memory allows side by side: two pictures of 4K. */
const PIXELS_PER_GIGABYTE = 2 * 3840 * 2160;
/** A machine that does not tell has this much. */
const COMMON_GIGABYTES = 2;
/** A short job takes at most this share of the memory beside all others. */
const SHORT_SHARE = 0.5;

/**
 * Limits of this machine.
 *
 * @param gigabytes memory as the browser tells it (`navigator.deviceMemory`); null where it does not
 * @param cores as the browser tells them (`navigator.hardwareConcurrency`)
 */
export function limitsOf(gigabytes: number | null, cores = 4): QueueLimits {
  return {
    running: cores <= FEW_CORES ? MOST_RUNNING_FEW_CORES : MOST_RUNNING,
    pixels: PIXELS_PER_GIGABYTE * Math.max(1, gigabytes ?? COMMON_GIGABYTES),
  };
}

/** What a job costs, as the queue weighs it: what is left of it, and pictures only where some are encoded. */
export function weightOf(record: Export): Pick<QueuedJob, 'costMs' | 'pixels'> {
  const { output, steps } = record.plan;
  const encodes = steps.some((step) => step.kind === 'encode-video');
  return {
    costMs: record.estimate.wallMs * (1 - record.percent / 100),
    pixels: encodes && output.video !== null ? output.video.width * output.video.height : 0,
  };
}

/** In the order of the queue; ids settle ties, so that every tab sees the same. */
export function inOrder<T extends Pick<QueuedJob, 'id' | 'order'>>(jobs: readonly T[]): T[] {
  return [...jobs].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function isShort(job: QueuedJob, limits: QueueLimits): boolean {
  return job.costMs <= SHORT_MS && job.pixels <= limits.pixels * SHORT_SHARE;
}

/** Jobs to start now, first in the queue first. */
export function toStart(jobs: readonly QueuedJob[], limits: QueueLimits): readonly ExportId[] {
  const working = jobs.filter((job) => job.running && !job.waiting);
  // Of the short ones that run, one holds the short place, whichever it was given.
  const short = working.find((job) => isShort(job, limits));
  const ordinary = working.filter((job) => job !== short);
  let shortTaken = short !== undefined;
  let places = limits.running - ordinary.length;
  let pixels = ordinary.reduce((sum, job) => sum + job.pixels, 0);
  let headWaits = false;
  const started: ExportId[] = [];
  for (const job of inOrder(jobs)) {
    if (job.running || job.paused || job.waiting) continue;
    if (!shortTaken && isShort(job, limits)) {
      shortTaken = true;
      started.push(job.id);
      continue;
    }
    const alone = places === limits.running;
    if (headWaits || places <= 0 || !(alone || pixels + job.pixels <= limits.pixels)) {
      headWaits = true;
      continue;
    }
    places -= 1;
    pixels += job.pixels;
    started.push(job.id);
  }
  return started;
}

/** A new place in the queue. */
export interface NewOrder {
  readonly id: ExportId;
  readonly order: number;
}

/**
 * The orders that put a job before another one, or at the end for null; none where that one is not (any more) in the queue. One
 * changes, as long as there is a number left between its neighbours; then all are numbered anew.
 */
export function movedBefore(
  jobs: readonly Pick<QueuedJob, 'id' | 'order'>[],
  id: ExportId,
  before: ExportId | null,
): readonly NewOrder[] {
  if (id === before) return [];
  const others = inOrder(jobs).filter((job) => job.id !== id);
  const found = before === null ? -1 : others.findIndex((job) => job.id === before);
  // It has ended since it was named: the job stays where it is, rather than behind all others.
  if (before !== null && found === -1) return [];
  const at = found === -1 ? others.length : found;
  const next = others[at];
  const previous = others[at - 1];
  const order =
    next === undefined
      ? (previous?.order ?? 0) + 1
      : previous === undefined
        ? next.order - 1
        : (previous.order + next.order) / 2;
  const isBetween =
    (previous === undefined || previous.order < order) && (next === undefined || order < next.order);
  if (isBetween) return [{ id, order }];
  const ids = [...others.slice(0, at).map((job) => job.id), id, ...others.slice(at).map((job) => job.id)];
  return ids.map((each, position) => ({ id: each, order: position + 1 }));
}

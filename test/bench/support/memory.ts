/** Memory of all processes of a browser: what the machine really gives, not what one heap says. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** Linux: read in place, because starting `ps` several times a second would slow down what is being timed. */
function processesFromProc(): readonly Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) return [];
    try {
      const match = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'));
      return match === null ? [] : [{ pid, parent: Number(match[2]), name: match[1] ?? '' }];
    } catch {
      return [];
    }
  });
}

/** Shared pages are shared out among their processes: a sum of resident sizes would count a browser's code ten times. */
function proportionalBytes(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0; // It has just ended.
  }
}

function descendants(all: readonly Process[]): readonly Process[] {
  const mine = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of all) {
      if (mine.has(parent) && !mine.has(pid)) {
        mine.add(pid);
        grown = true;
      }
    }
  }
  return all.filter(({ pid }) => pid !== process.pid && mine.has(pid));
}

function memoryFromPs(): number {
  const resident = new Map<number, number>();
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      if (match === null) return [];
      resident.set(Number(match[1]), Number(match[3]) * 1024);
      return [{ pid: Number(match[1]), parent: Number(match[2]), name: match[4] ?? '' }];
    });
  return descendants(all)
    .filter(({ name }) => /chrom/i.test(name))
    .reduce((sum, { pid }) => sum + (resident.get(pid) ?? 0), 0);
}

/** Memory of this process's descendants that are browser processes, bytes: proportional on Linux, resident elsewhere. */
export function browserMemory(): number {
  if (process.platform !== 'linux') return memoryFromPs();
  return descendants(processesFromProc())
    .filter(({ name }) => /chrom/i.test(name))
    .reduce((sum, { pid }) => sum + proportionalBytes(pid), 0);
}

/** Memory over the time of some work. */
export interface MemoryCourse {
  readonly startBytes: number;
  readonly peakBytes: number;
  readonly samples: readonly { readonly seconds: number; readonly bytes: number }[];
}

/** Samples memory while work runs. */
export async function peakMemory<T>(work: () => Promise<T>): Promise<MemoryCourse & { readonly value: T }> {
  const began = performance.now();
  const samples: { seconds: number; bytes: number }[] = [];
  const sample = (): void => {
    samples.push({ seconds: (performance.now() - began) / 1000, bytes: browserMemory() });
  };
  sample();
  const timer = setInterval(sample, 400);
  try {
    const value = await work();
    sample();
    return {
      value,
      samples,
      startBytes: samples[0]?.bytes ?? 0,
      peakBytes: Math.max(...samples.map(({ bytes }) => bytes)),
    };
  } finally {
    clearInterval(timer);
  }
}

/** The peak of a part of the course, by fractions of its time. */
export function peakWithin(course: MemoryCourse, from: number, to: number): number {
  const end = course.samples.at(-1)?.seconds ?? 0;
  const part = course.samples.filter(({ seconds }) => seconds >= from * end && seconds <= to * end);
  return Math.max(0, ...part.map(({ bytes }) => bytes));
}

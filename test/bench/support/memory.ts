/** Memory of all processes of a browser: what the machine really gives, not what one heap says. */
import { execFileSync } from 'node:child_process';

/** Resident memory of this process's descendants that are browser processes, bytes. */
export function browserMemory(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' }).split('\n');
  const rows = lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match === null
      ? []
      : [{ pid: Number(match[1]), ppid: Number(match[2]), kib: Number(match[3]), name: match[4] ?? '' }];
  });
  const mine = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const row of rows) {
      if (mine.has(row.ppid) && !mine.has(row.pid)) {
        mine.add(row.pid);
        grown = true;
      }
    }
  }
  const kib = rows
    .filter((row) => mine.has(row.pid) && /chrom/i.test(row.name))
    .reduce((sum, row) => sum + row.kib, 0);
  return kib * 1024;
}

/** Samples memory while work runs; answers with how far it rose above where it began, and the peak. */
export async function peakMemory<T>(
  work: () => Promise<T>,
): Promise<{ value: T; startBytes: number; peakBytes: number }> {
  const startBytes = browserMemory();
  let peakBytes = startBytes;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, browserMemory());
  }, 200);
  try {
    const value = await work();
    peakBytes = Math.max(peakBytes, browserMemory());
    return { value, startBytes, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

/** The work of a stage, again after what can be recovered from; and room for what it writes. */
import type { Failure } from '../../core/base/failure.ts';
import { err, type Result } from '../../core/base/result.ts';
import type { RenderPlan } from '../../core/schema/plan.ts';
import { cancelled, pauseBefore, recoveryFor } from './recovery.ts';
import type { FileContext, RunContext } from './run-context.ts';
import { canStillBeRead, unreadable, type SourceBox } from './sources.ts';

/** Tries of a stage. Steps have their own; writing and checking the file are the whole work again. */
export const TRIES = {
  preparing: 3,
  rendering: 1,
  assembling: 3,
  verifying: 3,
  packaging: 3,
} as const;

/** The work of a stage, again after what can be recovered from. */
export async function recovering<T>(
  context: RunContext,
  sources: SourceBox,
  { stage, bytes }: { readonly stage: Exclude<keyof typeof TRIES, 'preparing'>; readonly bytes: number },
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const { ports, report, signal, record } = context;
  let failures = 0;
  let refusals = 0;
  for (;;) {
    const result = await work();
    if (signal.aborted) return err(cancelled());
    // The file is written and only read back: what happens to its sources from now on does not touch it.
    if (result.ok && stage === 'verifying') return result;
    const isWhole = await allReadable(sources);
    // A file that changed while it was read: whatever was made of it, some of it may be of the old one.
    if (result.ok && isWhole) return result;
    const error = result.ok || !isWhole ? unreadable() : result.error;
    const recovery = recoveryFor(error);
    if (recovery === 'ask_source') {
      const reopened = await sources.reopen();
      if (!reopened.ok) return reopened;
      if (!(await report.turn())) return err(cancelled());
    } else if (recovery === 'ask_storage') {
      refusals += 1;
      if (!(await room(context, bytes, refusals))) return err(cancelled());
    } else {
      failures += 1;
      const pause = recovery === 'retry' ? pauseBefore(failures, ports.random(), TRIES[stage]) : null;
      if (pause === null) return err(error);
      ports.log({
        event: 'step_failed',
        jobId: record.id,
        code: error.reason,
        data: { stage, attempt: failures },
      });
      if (!(await ports.clock.sleep(pause, signal))) return err(cancelled());
    }
  }
}

async function allReadable({ current }: SourceBox): Promise<boolean> {
  for (const { file } of current.values()) if (!(await canStillBeRead(file))) return false;
  return true;
}

/** After a write that was refused: frees what can be made again, once; then waits until something was freed. */
export async function room({ ports, report }: RunContext, bytes: number, failures: number): Promise<boolean> {
  if (failures % 2 === 1 && (await ports.room.make(bytes))) return true;
  if (!(await report.wait('storage', (signal) => ports.room.changes(signal)))) return false;
  return report.turn();
}

/** Waits until there is room for what the plan needs, beside what an earlier take left of it. False when the work is to end. */
export async function waitForSpace(
  { ports, report, thereBytes }: Pick<FileContext, 'ports' | 'report' | 'thereBytes'>,
  plan: RenderPlan,
): Promise<boolean> {
  const needed = Math.max(plan.estimate.bytes, plan.estimate.storageBytes - thereBytes);
  for (;;) {
    const free = await ports.room.free();
    if (free === null || free >= needed || (await ports.room.make(needed))) return report.turn();
    if (!(await report.wait('storage', (signal) => ports.room.changes(signal)))) return false;
  }
}

/**
 * Writes what a job says of itself, first to the store and then to those who watch. A full disk loses nothing: what could not
 * be written stays in memory and goes with the next write.
 */
import { recoveryFor } from './recovery.ts';
import { hasEnded, type Export } from '../../core/schema/export.ts';
import { changedByOthers, RECORD_BYTES } from './records.ts';
import type { Household, StopReason } from './household.ts';

/** Pause before a write is tried again that failed for another reason than space, milliseconds. */
const PAUSE_MS = 5_000;
/** Tries of such a write. */
const MOST_TRIES = 3;

/** Writes one job's record. */
export interface Saver {
  /** As it was last written, with what others changed of it; waiting for storage while the disk refuses to take what is new. */
  readonly record: Export;
  /** Writes; what a full disk refuses is kept for the next time. True when it is written. */
  save(change: Partial<Export>): Promise<boolean>;
  /** The same for what must not be left unsaid: waits until there is room. False when it cannot be written at all. */
  saveSurely(change: Partial<Export>): Promise<boolean>;
  /** Begins anew with what the store has. */
  reset(record: Export): void;
  /** Takes over what others have written. */
  accept(stored: Export): void;
}

/** What the saver needs of its job. */
export interface SaverPorts {
  readonly household: Household;
  readonly made: Export;
  readonly show: (record: Export) => void;
  /** The job is another tab's now, or this tab may not write any more. */
  readonly stop: (reason: StopReason) => void;
}

/** Makes the saver of one job. */
export function createSaver({ household, made, show, stop }: SaverPorts): Saver {
  const { ports, records, closing } = household;
  let record = made;
  let unsaved: Partial<Export> = {};
  /** The last write was refused for lack of space: the stored record cannot say so, whoever asks here is told. */
  let refused = false;

  /** `full`: the disk; `never`: not from here, or not any more; `failed`: it may go better the next time. */
  const write = async (): Promise<'written' | 'full' | 'never' | 'failed'> => {
    const seen: { writing: Partial<Export>; isOurs: boolean } = { writing: {}, isOurs: true };
    const result = await records.update(record.id, (stored) => {
      const writing = unsaved;
      // Cancelled or held by a tab that could not reach this one: that is what holds.
      const isOurs = !hasEnded(stored) && (!stored.paused || writing.paused === true);
      seen.writing = writing;
      seen.isOurs = isOurs;
      if (!isOurs) return null;
      const next: Export = { ...record, ...changedByOthers(stored), ...writing };
      return next.pinned ? { ...next, expiresAt: null } : next;
    });
    if (result.ok) {
      record = result.value;
      if (!seen.isOurs) {
        stop('gone');
        return 'never';
      }
      unsaved = without(unsaved, seen.writing);
      refused = false;
      show(record);
      return 'written';
    }
    if (recoveryFor(result.error) === 'ask_storage') {
      refused = true;
      return 'full';
    }
    if (result.error.reason === 'unknown_export') {
      stop('gone');
      return 'never';
    }
    if (result.error.reason === 'newer_version') {
      stop('close');
      return 'never';
    }
    return 'failed';
  };

  const shown = (): Export => (refused ? { ...record, waitingFor: 'storage' } : record);

  const save = async (change: Partial<Export>): Promise<boolean> => {
    unsaved = { ...unsaved, ...change };
    let outcome = await write();
    if (outcome === 'full' && (await ports.room.make(RECORD_BYTES))) outcome = await write();
    if (outcome === 'full') show(shown());
    return outcome === 'written';
  };

  return {
    get record() {
      return shown();
    },
    save,
    async saveSurely(change) {
      if (await save(change)) return true;
      for (let failures = 1; !closing.aborted;) {
        const outcome = await write();
        if (outcome === 'written') return true;
        if (outcome === 'never') return false;
        if (outcome === 'full') {
          await ports.room.changes(closing);
          continue;
        }
        failures += 1;
        if (failures > MOST_TRIES) {
          // Shown at least: with the next start the job is taken up again.
          show({ ...record, ...unsaved });
          return false;
        }
        await ports.clock.sleep(PAUSE_MS, closing);
      }
      return false;
    },
    reset(latest) {
      record = latest;
      unsaved = {};
      refused = false;
    },
    accept(stored) {
      record = { ...record, ...changedByOthers(stored) };
    },
  };
}

/** What was not part of a write, or has changed again since. */
function without(all: Partial<Export>, written: Partial<Export>): Partial<Export> {
  const rest = Object.entries(all).filter(([key, value]) => written[key as keyof Export] !== value);
  return Object.fromEntries(rest);
}

/** What tabs hear of each other: two buses of one database, over a real channel. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createExportBus,
  tabChannelName,
  type ExportBus,
  type ExportEvent,
} from '../../../src/app/events.ts';
import type { ExportId } from '../../../src/core/base/ids.ts';
import type { ExportProgress } from '../../../src/core/schema/export.ts';
import { fakeExport } from '../ui/fake-exports.ts';

const open: { close(): void }[] = [];
let count = 0;
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A tab: its bus, and what it has heard. */
function tab(database: string): { bus: ExportBus; events: ExportEvent[]; said: string[] } {
  const bus = createExportBus(database);
  open.push(bus);
  const events: ExportEvent[] = [];
  const said: string[] = [];
  bus.listen((event) => events.push(event));
  bus.onForeign({
    asked: (id, what) => said.push(`${what} ${id}`),
    job: (id) => said.push(`job ${id}`),
    queue: (id) => said.push(`queue ${id}`),
    freed: () => said.push('freed'),
    policy: () => said.push('policy'),
  });
  return { bus, events, said };
}

const record = fakeExport('e1', {});
const progress: ExportProgress = {
  exportId: record.id,
  status: 'processing',
  stage: 'rendering',
  percent: 41,
  elapsedMs: 10,
  etaMs: null,
  speed: null,
  stepsDone: 1,
  stepsTotal: 3,
};
const twoTabs = () => {
  count += 1;
  const database = `events-${String(count)}`;
  return { database, here: tab(database), there: tab(database) };
};

describe('between tabs', () => {
  it('everything that is said arrives, in order, and only in the other one', async () => {
    const { here, there } = twoTabs();
    const id = record.id;
    here.bus.publish(record, progress);
    here.bus.publish(record, { ...progress, percent: 42 });
    here.bus.ask(id, 'pause');
    here.bus.queueChanged(id);
    here.bus.freed();
    here.bus.policyChanged();
    here.bus.removed(id);
    await expect
      .poll(() => there.said)
      .toEqual([`job ${id}`, `pause ${id}`, `queue ${id}`, 'freed', 'policy', 'freed']);
    expect(here.said).toEqual([]);
    expect(there.events.map(({ progress: p, removed }) => p?.percent ?? (removed ? 'gone' : 'read'))).toEqual(
      [41, 42, 'read', 'gone'],
    );
    // This tab has the record itself; the other one reads it.
    expect(here.events[0]?.record).toBe(record);
    expect(there.events.every((event) => event.record === null)).toBe(true);
  });

  it('what another build says and this one does not understand changes nothing', async () => {
    const { database, here, there } = twoTabs();
    const stranger = new BroadcastChannel(tabChannelName(database));
    open.push(stranger);
    for (const message of [
      null,
      7,
      'freed',
      {},
      { type: 'freedom' },
      { type: 'asked', id: 'e1', what: 'x' },
    ]) {
      stranger.postMessage(message);
    }
    stranger.postMessage({
      type: 'changed',
      id: 'e1',
      progress: { ...progress, status: 'new' },
      isNew: true,
    });
    stranger.postMessage({ type: 'freed', more: 1 });
    await expect.poll(() => there.said).toEqual(['freed']);
    await expect.poll(() => here.said).toEqual(['freed']);
    expect(there.events).toEqual([]);
  });

  it('nothing is said after the close, and nothing fails', () => {
    const { here } = twoTabs();
    here.bus.close();
    here.bus.publish(record, progress);
    here.bus.removed('x' as ExportId);
    here.bus.ask(record.id, 'cancel');
    expect(here.events).toEqual([]);
  });
});

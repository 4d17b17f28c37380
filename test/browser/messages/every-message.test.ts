/** Everything that crosses comes out as it went in: through a real worker, a real BroadcastChannel and a real IndexedDB. */
import { proxy, wrap, type Remote } from 'comlink';
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoDate, isoDateSchema } from '../../../src/core/schema/iso-date.ts';
import {
  exportProgressSchema,
  readDocumentMessage,
  readTabMessage,
  tabMessageSchema,
  writeDocumentMessage,
} from '../../../src/core/schema/tab-message.ts';
import { z } from 'zod';
import type { EchoApi } from './echo-worker.ts';
import { ANALYSIS, ASSEMBLY, playback, PROGRESS, RECORDS, TAB_MESSAGES, WEBCODECS } from './examples.ts';
import { FFMPEG } from './examples-ffmpeg.ts';
import { PARTS, ZIP } from './examples-zip.ts';

const NAME = `messages-${crypto.randomUUID()}`;
let worker: Worker;
let echo: Remote<EchoApi>;
let here: BroadcastChannel;
let there: BroadcastChannel;
let db: IDBPDatabase;

beforeAll(async () => {
  worker = new Worker(new URL('./echo-worker.ts', import.meta.url), { type: 'module' });
  echo = wrap<EchoApi>(worker);
  here = new BroadcastChannel(NAME);
  there = new BroadcastChannel(NAME);
  db = await openDB(NAME, 1, {
    upgrade: (upgraded) => {
      upgraded.createObjectStore('values');
    },
  });
});

afterAll(async () => {
  worker.terminate();
  here.close();
  there.close();
  db.close();
  await deleteDB(NAME);
});

const WAYS = {
  worker: (value: unknown): Promise<unknown> => Promise.resolve(echo.echo(value)),
  channel: (value: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      there.addEventListener(
        'message',
        ({ data }: MessageEvent<unknown>) => {
          resolve(data);
        },
        { once: true },
      );
      here.postMessage(value);
    }),
  store: async (value: unknown): Promise<unknown> => {
    await db.put('values', value, 'one');
    return db.get('values', 'one');
  },
};
type Way = keyof typeof WAYS;
const ALL: readonly Way[] = ['worker', 'channel', 'store'];

/** Blobs, files and pictures as what they hold; everything else as it is, with the names of its classes. */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof VideoFrame) {
    const { format, codedWidth, codedHeight, timestamp, duration } = value;
    const bytes = new Uint8Array(value.allocationSize());
    await value.copyTo(bytes);
    value.close();
    return { VideoFrame: { format, codedWidth, codedHeight, timestamp, duration }, bytes: [...bytes] };
  }
  if (value instanceof Blob) {
    const bytes = [...new Uint8Array(await value.arrayBuffer())];
    const kind = value instanceof File ? { name: value.name, lastModified: value.lastModified } : {};
    return { [value.constructor.name]: { type: value.type, ...kind }, bytes };
  }
  if (ArrayBuffer.isView(value)) {
    return { [value.constructor.name]: [...(value as unknown as Iterable<number>)] };
  }
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value === 'object' && value !== null) {
    // A class of its own would lose its methods on the way, a Date is forbidden to be there.
    expect(Object.getPrototypeOf(value), 'a plain object').toBe(Object.prototype);
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, part]) => [key, await plain(part)] as const),
    );
    return Object.fromEntries(entries);
  }
  expect(typeof value).not.toMatch(/function|symbol/);
  return value;
}

async function crosses(make: () => unknown, ways: readonly Way[] = ALL): Promise<void> {
  const sent = await plain(make());
  for (const way of ways) expect(await plain(await WAYS[way](make())), way).toStrictEqual(sent);
}

const isCalls = (value: unknown): value is { readonly calls: readonly (readonly unknown[])[] } =>
  typeof value === 'object' && value !== null && 'calls' in value;

type Examples = Readonly<
  Record<string, { readonly asks: readonly unknown[]; readonly answers: readonly unknown[] }>
>;

async function crossesAll(examples: () => Examples, ways: readonly Way[] = ALL): Promise<void> {
  for (const [method, { asks, answers }] of Object.entries(examples())) {
    for (const [place, ask] of asks.entries()) {
      if (!isCalls(ask)) await crosses(() => examples()[method]?.asks[place], ways);
      else {
        const heard: (readonly unknown[])[] = [];
        const listener = async (...args: readonly unknown[]): Promise<void> => void heard.push(args);
        await echo.tell(proxy(listener), ask.calls);
        expect(heard).toStrictEqual(ask.calls);
      }
    }
    for (const place of answers.keys()) await crosses(() => examples()[method]?.answers[place], ways);
  }
}

describe('questions to workers and their answers', () => {
  it.each<[string, Examples]>([
    ['analysis', ANALYSIS],
    ['assembly', ASSEMBLY],
    ['ffmpeg', FFMPEG],
    ['webcodecs', WEBCODECS],
    ['zip', ZIP],
  ])('%s', async (_name, examples) => {
    await crossesAll(() => examples);
  });

  it('playback, whose pictures are for workers only', async () => {
    const frame = (): VideoFrame =>
      new VideoFrame(
        Uint8Array.from({ length: 4 * 4 * 4 }, (_, at) => at),
        {
          format: 'RGBA',
          codedWidth: 4,
          codedHeight: 4,
          timestamp: 33_367,
          duration: 33_366,
        },
      );
    await crossesAll(() => playback(frame), ['worker']);
  });
});

describe('what the stores hold', () => {
  it.each(Object.entries({ ...RECORDS, 'parts of an export': PARTS }))('%s', async (_name, record) => {
    await crosses(() => record);
  });
});

describe('messages between tabs', () => {
  it.each(Object.entries(TAB_MESSAGES))('%s', async (_name, message) => {
    await crosses(() => message);
    for (const way of ALL) expect(readTabMessage(await WAYS[way](message))).toStrictEqual(message);
  });

  it('progress', async () => {
    await crosses(() => PROGRESS);
    expect(exportProgressSchema.parse(await WAYS.channel(PROGRESS))).toStrictEqual(PROGRESS);
  });

  it('that the document was saved: its date crosses as text and is a date again', async () => {
    const message = { type: 'saved' as const, savedAt: new Date('2026-11-20T10:00:00.123Z') };
    const written = writeDocumentMessage(message);
    expect(written).toStrictEqual({ type: 'saved', savedAt: '2026-11-20T10:00:00.123Z' });
    await crosses(() => written);
    expect(readDocumentMessage(await WAYS.channel(written))).toStrictEqual(message);
  });

  it('of another build are left alone', async () => {
    const changed = TAB_MESSAGES.changed;
    const strange: readonly unknown[] = [
      null,
      'changed',
      { type: 'not_yet_thought_of', id: 'x' },
      { ...changed, progress: { ...changed.progress, stage: 'not_yet_thought_of' } },
      { ...changed, progress: { ...changed.progress, percent: 101 } },
      { type: 'asked', id: 'x', what: 'explode' },
      { type: 'removed', id: 7 },
      { type: 'removed' },
    ];
    for (const message of strange) expect(readTabMessage(await WAYS.channel(message))).toBeNull();
    // What is only more than is known here does no harm.
    const more = { ...TAB_MESSAGES.freed, bytes: 5 };
    expect(readTabMessage(await WAYS.channel(more))).toStrictEqual({ type: 'freed' });
    expect(readDocumentMessage('2026-11-20T10:00:00.123Z')).toBeNull();
    expect(readDocumentMessage({ type: 'saved', savedAt: 'yesterday' })).toBeNull();
  });

  it('have an example each', () => {
    const types = tabMessageSchema.options.map(({ shape }) => shape.type.value);
    expect(Object.keys(TAB_MESSAGES).sort()).toEqual([...types].sort());
  });
});

describe('dates', () => {
  /** Every text below a key that ends like the names of dates here do. */
  function datesIn(value: unknown, key = ''): readonly string[] {
    if (typeof value === 'string') return /(At|^time)$/.test(key) ? [value] : [];
    if (Array.isArray(value)) return value.flatMap((part) => datesIn(part, key));
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
    return Object.entries(value).flatMap(([name, part]) => datesIn(part, name));
  }

  it('are text in every record, and the codec takes them there and back', async () => {
    const dates = datesIn(RECORDS);
    expect(dates.length).toBeGreaterThanOrEqual(20);
    for (const date of dates) {
      expect(isoDateSchema.safeParse(date).success, date).toBe(true);
      const crossed = (await WAYS.worker(date)) as string;
      expect(z.encode(isoDate, z.decode(isoDate, crossed))).toBe(date);
    }
  });
});

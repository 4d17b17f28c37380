import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as nodeCrc } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ZipEntry } from '../../../src/runtime/contract/zip.ts';
import { checkZip } from '../../../workers/zip/check-zip.ts';
import { writeZip } from '../../../workers/zip/write-zip.ts';

const DATE = '2026-02-03T04:05:06.000Z';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reelkeep-zip-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function bytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  let state = seed * 2654435761 + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const entry = (name: string, data: Uint8Array<ArrayBuffer>): ZipEntry => ({ name, data: new Blob([data]) });

/** Writes into memory. */
async function zipOf(entries: readonly ZipEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let end = 0;
  const written = await writeZip({ entries, date: DATE }, (piece, at) => {
    expect(at).toBe(end);
    end += piece.byteLength;
    pieces.push(piece.slice());
  });
  expect(written).toBe(end);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

const check = (zip: Uint8Array<ArrayBuffer>, entries: readonly ZipEntry[]) =>
  checkZip(new Blob([zip]), entries, () => undefined);

/** What another program makes of a ZIP: it reads every file whole. */
function pythonReads(path: string): unknown {
  const script =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
    'print(json.dumps([dict(name=i.filename,size=i.file_size,crc=i.CRC,date=list(i.date_time),at=i.header_offset) for i in z.infolist()]))';
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
}

function has(program: string): boolean {
  try {
    execFileSync(program, [program === 'unzip' ? '-v' : '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.runIf(has('python3'))('another reader (Python) finds every file, by its name, whole', async () => {
  const files = [
    { name: '01_골 장면.mp4', data: bytes(100_000, 1) },
    { name: '02_empty.mp4', data: bytes(0, 2) },
    { name: '03_long.mp4', data: bytes(4 * 1024 * 1024 + 12345, 3) },
  ];
  const entries = files.map(({ name, data }) => entry(name, data));
  const zip = await zipOf(entries);
  writeFileSync(join(folder, 'a.zip'), zip);
  expect(pythonReads(join(folder, 'a.zip'))).toMatchObject(
    files.map(({ name, data }) => ({
      name,
      size: data.byteLength,
      crc: nodeCrc(data),
      date: [2026, 2, 3, 4, 5, 6],
    })),
  );
});

test('each file is a slice of the ZIP', async () => {
  const files = [bytes(100_000, 1), bytes(0, 2), bytes(70_000, 3)];
  const entries = files.map((data, n) => entry(`${String(n)}_골.mp4`, data));
  const zip = await zipOf(entries);
  const heard: number[] = [];
  const places = await checkZip(new Blob([zip]), entries, (count) => void heard.push(count));
  if (typeof places === 'string') throw new Error(places);
  expect(
    places.map((place) =>
      Buffer.compare(zip.subarray(place.at, place.at + place.bytes), files.shift() ?? zip),
    ),
  ).toEqual([0, 0, 0]);
  expect(heard.reduce((sum, count) => sum + count, 0)).toBe(170_000);
});

test.runIf(has('unzip'))('another reader (unzip) has no complaint', async () => {
  const zip = await zipOf(
    Array.from({ length: 300 }, (_, n) => entry(`${String(n)}_여름 ☀.mp4`, bytes(n, n))),
  );
  writeFileSync(join(folder, 'a.zip'), zip);
  expect(execFileSync('unzip', ['-tqq', join(folder, 'a.zip')], { encoding: 'utf8' })).toBe('');
});

test('the same files make the same bytes', async () => {
  const entries = [entry('a.mp4', bytes(5000, 4))];
  expect(await zipOf(entries)).toEqual(await zipOf(entries));
});

test('a byte that differs anywhere does not pass the check', async () => {
  const entries = [entry('a.mp4', bytes(50, 1)), entry('b.mp4', bytes(60, 2))];
  const zip = await zipOf(entries);
  const places = await check(zip, entries);
  if (typeof places === 'string') throw new Error(places);
  for (const { at, bytes: length } of places) {
    for (const place of [at, at + length - 1]) {
      const broken = zip.slice();
      broken[place] = (broken[place] ?? 0) ^ 1;
      expect(await check(broken, entries)).toContain('read back otherwise');
    }
  }
  for (const cut of [zip.slice(0, -1), zip.slice(1), zip.slice(0, 100), new Uint8Array(0)])
    expect(await check(cut, entries)).toBeTypeOf('string');
});

test('other files than those that were to be written do not pass the check', async () => {
  const [a, b] = [entry('a.mp4', bytes(50, 1)), entry('b.mp4', bytes(60, 2))];
  const zip = await zipOf([a, b]);
  expect(await check(zip, [a])).toContain('not complete');
  expect(await check(zip, [b, a])).toContain('wrong place');
  expect(await check(zip, [a, { ...b, data: new Blob(['longer'.repeat(20)]) }])).toContain(
    'not stored as it is',
  );
});

test('a full disk ends the writing', async () => {
  let writes = 0;
  const writing = writeZip({ entries: [entry('a.mp4', bytes(500_000, 1))], date: DATE }, () => {
    writes += 1;
    if (writes === 2) throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(writing).rejects.toMatchObject({ name: 'QuotaExceededError' });
  expect(writes).toBe(2);
});

// Blobs of Node hold at most 4 GiB, so it takes two.
const isLong = process.env['REELKEEP_SOAK'] === '1' && has('python3');
test.runIf(isLong)(
  '(soak only: six gigabytes) what lies behind 4 GiB is found by others',
  async () => {
    const block = new Blob([new Uint8Array(64 * 1024 * 1024)]);
    const half = new Blob([...Array.from({ length: 48 }, () => block), 'end']);
    const entries = [
      { name: 'one.mp4', data: half },
      { name: 'other.mp4', data: half },
      entry('small.mp4', bytes(100, 1)),
    ];
    const target = join(folder, 'a.zip');
    const zip = openSync(target, 'w');
    await writeZip({ entries, date: DATE }, (piece, at) => {
      // Nothing but zeros stays a hole.
      if (piece.byteLength < 1024 || piece.some((byte) => byte !== 0))
        writeSync(zip, piece, 0, piece.byteLength, at);
    });
    closeSync(zip);
    expect(pythonReads(target)).toMatchObject([
      { name: 'one.mp4', size: half.size, at: 0 },
      { name: 'other.mp4', size: half.size },
      { name: 'small.mp4', size: 100, crc: nodeCrc(bytes(100, 1)) },
    ]);
  },
  600_000,
);

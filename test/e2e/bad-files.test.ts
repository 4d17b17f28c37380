/** Files that are not what they seem: each gets the true reason, and the page goes on working. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { damageKinds, makeDamaged, type DamageKind } from '../fixtures/damage.ts';
import { generateClip } from '../fixtures/generate.ts';
import { importFile, must, openHost, runExport, tryImport } from './support/host.ts';

const EXPECTED: Readonly<Record<DamageKind, readonly string[]>> = {
  empty: ['empty_file'],
  text: ['text_file'],
  'truncated-moov-missing': ['truncated'],
  'no-samples': ['zero_duration'],
  encrypted: ['encrypted'],
  random: ['not_media'],
  'jpeg-header': ['still_image'],
  // Half of the pictures are there: it imports with a warning.
  'truncated-mdat-cut': [],
};

test('every kind of bad file gets its reason; a good file after them imports', async ({ page }) => {
  await openHost(page);
  const table: string[] = [];
  for (const kind of damageKinds) {
    const { name, bytes } = await makeDamaged(kind);
    const result = await tryImport(page, { name, mimeType: 'video/mp4', buffer: Buffer.from(bytes) });
    const answer = result.failure?.reason ?? `imported, ${JSON.stringify(result.value?.probe.warnings)}`;
    table.push(`${kind}: ${answer} — ${result.failure?.message ?? ''}`);
    const reasons = EXPECTED[kind];
    if (reasons.length === 0) expect(result.value?.probe.warnings, kind).toContain('truncated');
    else expect(reasons, kind).toContain(result.failure?.reason);
    if (result.failure !== undefined) {
      expect(result.failure.code, kind).toBe('unsupported_media');
      expect(result.failure.message.length, kind).toBeGreaterThan(10);
    }
  }
  console.log(table.join('\n'));
  const good = await importFile(page, await generateClip({ clipId: 2 }));
  expect(good.probe.durationUs).toBeGreaterThan(2_900_000);
});

// Only ffmpeg says what its decoders stumbled over; the browser's conceal it in silence.
for (const [engine, quality] of [
  ['ffmpeg', 'low'],
  ['auto', 'high'],
] as const) {
  test(`a stream with flipped bits plays, engine ${engine}, quality ${quality}`, async ({ page }) => {
    await openHost(page, { engine });
    const bytes = await readFile(
      await generateClip({ clipId: 51, seconds: 6, width: 640, height: 360, faststart: true }),
    );
    // Well inside the pictures: far behind the index at the head.
    for (let at = Math.round(bytes.length * 0.4); at < bytes.length * 0.9; at += 3_001)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x5a, at);
    const asset = must(
      await tryImport(page, { name: 'scratched.mp4', mimeType: 'video/mp4', buffer: bytes }),
    );
    const made = must(
      await runExport(page, {
        version: 1,
        name: 'Scratched',
        type: 'single',
        quality,
        segments: [{ assetId: asset.id, startUs: 1_000_000, endUs: 5_000_000 }],
      }),
    );
    expect(made.status, JSON.stringify(made.error)).toBe('completed');
    expect(made.certificate?.passed).toBe(true);
    if (engine === 'ffmpeg') {
      expect(made.deviations.map((entry) => entry.code)).toContain('source_damaged');
    }
  });
}

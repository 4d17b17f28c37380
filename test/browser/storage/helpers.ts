import { deleteDB } from 'idb';
import { afterEach } from 'vitest';
import type { AssetId, ClipId, ExportId } from '../../../src/core/base/ids.ts';
import type { Asset } from '../../../src/core/schema/asset.ts';
import { DOCUMENT_VERSION, type ProjectDocument } from '../../../src/core/schema/document.ts';
import { EXPORT_VERSION, type Export, type ExportStatus } from '../../../src/core/schema/export.ts';
import { openDatabase, type Connection } from '../../../src/runtime/storage/database.ts';
import type { UpgradeStep } from '../../../src/runtime/storage/upgrades.ts';
import { openStores, type OpenStores } from '../../../src/runtime/storage/stores.ts';
import type { SegmentRecord } from '../../../src/runtime/contract/stores.ts';

export const NOW = '2026-11-20T10:00:00.000Z';

const opened: { close(): void }[] = [];
const names = new Set<string>();

/** A name that no other test has; its database and folder are removed after the test. */
export function freshName(): string {
  const name = `test-${crypto.randomUUID()}`;
  names.add(name);
  return name;
}

/** Opens stores that are closed after the test. */
export async function open(name: string = freshName()): Promise<OpenStores> {
  names.add(name);
  const result = await openStores(name);
  if (!result.ok) throw new Error(result.error.message);
  opened.push(result.value);
  return result.value;
}

/** Opens the database as a build with these steps does; closed after the test. */
export async function connect(name: string, steps?: readonly UpgradeStep[]): Promise<Connection> {
  names.add(name);
  const result = await openDatabase(name, steps);
  if (!result.ok) throw new Error(result.error.message);
  opened.push(result.value);
  return result.value;
}

afterEach(async () => {
  for (const stores of opened.splice(0)) stores.close();
  const root = await navigator.storage.getDirectory();
  for (const name of names) {
    await deleteDB(name);
    await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  }
  names.clear();
});

export function asset(id: string, more: Partial<Asset> = {}): Asset {
  return {
    version: 1,
    id: id as AssetId,
    name: `${id}.mp4`,
    kind: 'video',
    bytes: 1000,
    fingerprint: `1000-${id}`,
    type: 'video/mp4',
    importedAt: NOW,
    source: 'link',
    probe: {
      container: 'mp4',
      reader: 'packets',
      durationUs: 3_000_000,
      originUs: 0,
      video: [],
      audio: [],
      other: [],
      primaryVideo: null,
      primaryAudio: null,
      recordedAt: null,
      warnings: [],
    },
    ...more,
  };
}

export function document(id = 'p'): ProjectDocument {
  return {
    version: DOCUMENT_VERSION,
    id,
    name: '경기',
    assetOrder: ['a' as AssetId],
    clips: [{ id: 'c' as ClipId, assetId: 'a' as AssetId, startUs: 0, endUs: 5, label: '골' }],
    updatedAt: NOW,
  };
}

/** An export record as the stores look at it: its plan and spec are nobody's business here. */
export function exportRecord(
  id: string,
  createdAt: string,
  status: ExportStatus = 'pending',
  more: Partial<Export> = {},
): Export {
  return {
    version: EXPORT_VERSION,
    id: id as ExportId,
    name: id,
    type: 'combined',
    format: 'mp4',
    status,
    stage: 'preparing',
    percent: 0,
    createdAt,
    startedAt: null,
    completedAt: null,
    bytes: 0,
    files: [],
    waitingFor: null,
    error: null,
    spec: {} as Export['spec'],
    plan: {} as Export['plan'],
    receipts: [],
    estimate: {} as Export['estimate'],
    actual: null,
    deviations: [],
    certificate: null,
    stale: false,
    expiresAt: null,
    order: 1,
    paused: false,
    pinned: false,
    origin: null,
    ...more,
  };
}

export function segment(key: string, usedBy: readonly string[]): SegmentRecord {
  return {
    key,
    kind: 'video',
    bytes: 4,
    frames: 1,
    complaints: 2,
    references: [{ offsetUs: 40_000, luma: Uint8Array.of(16, 235) }],
    createdAt: NOW,
    usedAt: NOW,
    usedBy: usedBy as ExportId[],
  };
}

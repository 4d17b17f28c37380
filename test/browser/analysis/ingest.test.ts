/** The ingest room over the real workers: analysis, and ffmpeg for what the packet reader does not know. */
import { afterEach, describe, expect, it } from 'vitest';
import { createFfmpegEngine } from '../../../src/runtime/engine/ffmpeg/engine.ts';
import { WorkerPool } from '../../../src/runtime/engine/worker-pool.ts';
import { locateAssets } from '../../../src/app/assets.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Asset } from '../../../src/core/schema/asset.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { AssetStore, FileStore } from '../../../src/runtime/contract/stores.ts';
import { createIngest } from '../../../src/runtime/ingest/ingest.ts';
import { realFileOrSkip } from '../real-media.ts';
import { makeClip, reason, value } from './helpers.ts';

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

function room() {
  const assets = locateAssets(undefined);
  const analysis = new WorkerPool<AnalysisWorkerApi>({
    name: 'analysis',
    size: 1,
    spawn: () => assets.spawn('analysis'),
  });
  const ffmpeg = createFfmpegEngine({
    spawn: () => assets.spawn('ffmpeg'),
    assets: assets.ffmpeg,
    concurrency: 1,
  });
  disposers.push(() => {
    analysis.dispose();
    ffmpeg.dispose();
  });
  const records = new Map<string, { asset: Asset; poster: Blob | null; index: FrameIndex | null }>();
  const store: Partial<AssetStore> = {
    put: async (asset, _source, poster) => {
      records.set(asset.id, { asset, poster, index: null });
      return ok(null);
    },
    findByFingerprint: async (print) =>
      [...records.values()].find((record) => record.asset.fingerprint === print)?.asset ?? null,
    frameIndex: async (id) => records.get(id)?.index ?? null,
    setFrameIndex: async (id, index) => {
      records.get(id)!.index = index;
      return ok(null);
    },
  };
  const ingest = createIngest({
    analysis,
    ffmpeg,
    stores: { assets: store as AssetStore, files: {} as FileStore },
    clock: { now: () => performance.now(), iso: () => new Date().toISOString(), sleep: async () => true },
    newId: () => crypto.randomUUID(),
  });
  return { ingest, records, ffmpeg };
}

/** Makes a file with the real ffmpeg: formats that the browser cannot write. */
async function encode(
  ffmpeg: ReturnType<typeof createFfmpegEngine>,
  name: string,
  args: readonly string[],
): Promise<File> {
  const made = value(
    await ffmpeg.run({
      tool: 'ffmpeg',
      args: ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=2', ...args, `/out/${name}`],
      inputs: [],
      outputs: [{ name, type: '' }],
    }),
  );
  const blob = made.outputs[0];
  if (blob === null || blob === undefined) throw new Error(made.log.join('\n'));
  return new File([blob], name);
}

describe('ingest', () => {
  it('a clip that the browser wrote', async () => {
    const { ingest, records, ffmpeg } = room();
    const file = await makeClip();
    const { asset, outcome } = value(await ingest.importFile(file, null));
    expect(outcome).toBe('new');
    expect(asset).toMatchObject({ kind: 'video', source: 'link', probe: { reader: 'packets' } });
    expect(records.get(asset.id)?.poster?.type).toBe('image/webp');
    const seen: number[] = [];
    const index = value(await ingest.frameIndex(asset, file, (fraction) => seen.push(fraction)));
    expect(index.timesUs).toHaveLength(50);
    expect(seen.at(-1)).toBe(1);
    // No need for 32 MB of ffmpeg.
    expect(ffmpeg.alive).toBe(0);
  });

  it.each([
    ['a.avi', ['-c:v', 'mpeg4', '-bf', '2'], 'avi', 50],
    ['b.mpg', ['-c:v', 'mpeg2video'], 'mpegps', 50],
    ['c.flv', ['-c:v', 'flv1'], 'flv', 50],
    ['d.wmv', ['-c:v', 'wmv2'], 'asf', 50],
    ['e.ts', ['-c:v', 'mpeg2video'], 'mpegts', 50],
    ['f.m2v', ['-c:v', 'mpeg2video'], 'mpegvideo', 50],
  ] as const)('%s, which only ffmpeg reads', async (name, args, container, frames) => {
    const { ingest, records, ffmpeg } = room();
    const file = await encode(ffmpeg, name, args);
    const { asset } = value(await ingest.importFile(file, null));
    expect(asset.probe).toMatchObject({ reader: 'ffmpeg', container, primaryVideo: 0 });
    expect(asset.probe.video[0]).toMatchObject({
      codedWidth: 160,
      codedHeight: 90,
      index: 0,
      decodable: false,
    });
    expect(asset.probe.video[0]?.frameRate).toEqual({ kind: 'constant', rate: { num: 25, den: 1 } });
    expect(Math.abs(asset.probe.durationUs - 2_000_000)).toBeLessThan(100_000);
    expect(records.get(asset.id)?.poster?.type).toBe('image/png');
    const index = value(await ingest.frameIndex(asset, file));
    expect(index.timesUs).toHaveLength(frames);
    for (let i = 1; i < frames; i++) {
      expect(Math.abs(index.timesUs[i]! - index.timesUs[i - 1]! - 40_000)).toBeLessThan(1_001);
    }
  });

  it('noise is nothing', async () => {
    const { ingest } = room();
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    noise[0] = 0x80;
    expect(reason(await ingest.importFile(new File([noise], 'a.mp4'), null))).toBe('not_media');
  });

  it('a Canon AVI (a real file, where there are any)', async (context) => {
    const file = await realFileOrSkip(context, 'MVI_4823.AVI');
    const { ingest } = room();
    const { asset } = value(await ingest.importFile(file, null));
    expect(asset.probe).toMatchObject({
      container: 'avi',
      durationUs: 2_599_974,
      recordedAt: '2012-09-10T20:52:00.000Z',
    });
    expect(value(await ingest.frameIndex(asset, file)).timesUs).toHaveLength(78);
  });

  it('a picture that the browser cannot decode gets its poster from ffmpeg (a real file, where there are any)', async (context) => {
    const file = await realFileOrSkip(context, 'h265_10bits.mp4');
    const { ingest, records } = room();
    const { asset } = value(await ingest.importFile(file, null));
    expect(asset.probe).toMatchObject({ reader: 'packets', video: [{ codec: 'hevc', decodable: false }] });
    expect(records.get(asset.id)?.poster?.type).toBe('image/png');
  });
});

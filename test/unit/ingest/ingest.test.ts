import { describe, expect, it } from 'vitest';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { Asset, Probe, VideoTrackProbe } from '../../../src/core/schema/asset.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { AnalysisWorkerApi } from '../../../src/runtime/contract/analysis.ts';
import type { FfmpegEngine, FfmpegJob, FfmpegOutcome } from '../../../src/runtime/contract/ffmpeg.ts';
import type { AssetStore, FileStore, SourceRef } from '../../../src/runtime/contract/stores.ts';
import type { Supervised } from '../../../src/runtime/contract/supervised.ts';
import { createIngest } from '../../../src/runtime/ingest/ingest.ts';

const track: VideoTrackProbe = {
  index: 1,
  order: 0,
  codec: 'avc',
  codecString: 'avc1.64001f',
  profile: 'High',
  codedWidth: 640,
  codedHeight: 360,
  displayWidth: 640,
  displayHeight: 360,
  rotation: 0,
  flip: false,
  frameRate: { kind: 'constant', rate: { num: 25, den: 1 } },
  color: { primaries: null, transfer: null, matrix: null, fullRange: null },
  bitDepth: 8,
  hdr: false,
  keyFrameSpacing: null,
  decodable: true,
  firstUs: 0,
  configHash: null,
};
const probe: Probe = {
  container: 'mp4',
  reader: 'packets',
  durationUs: 10_000_000,
  originUs: 500_000,
  video: [track],
  audio: [],
  other: [],
  primaryVideo: 0,
  primaryAudio: null,
  recordedAt: null,
  warnings: [],
};
const index: FrameIndex = {
  version: 1,
  timesUs: Float64Array.of(0, 40_000),
  flags: Uint8Array.of(3, 2),
  endUs: 80_000,
  complete: true,
};
const notMedia = failure('unsupported_media', 'not_media', 'Unknown.', { tryFfmpeg: true });
const aviJson = JSON.stringify({
  format: { format_name: 'avi', probe_score: 100, duration: '4', start_time: '0' },
  streams: [
    {
      index: 0,
      codec_type: 'video',
      codec_name: 'mpeg4',
      width: 320,
      height: 180,
      r_frame_rate: '25/1',
      avg_frame_rate: '25/1',
      start_time: '0',
      duration: '4',
    },
  ],
});

/** The room with fakes around it. */
function room(
  analysis: Partial<AnalysisWorkerApi> = {},
  ffmpeg: (job: FfmpegJob) => Partial<FfmpegOutcome> = () => ({}),
) {
  const assets = new Map<
    string,
    { asset: Asset; source: SourceRef; poster: Blob | null; index: FrameIndex | null }
  >();
  const files = new Map<string, File>();
  const jobs: FfmpegJob[] = [];
  const calls: string[] = [];
  const api: Partial<AnalysisWorkerApi> = {
    fingerprint: (file) => Promise.resolve(ok(`${String(file.size)}-abc`)),
    probe: () => Promise.resolve(ok(probe)),
    poster: () => Promise.resolve(ok(new Blob(['webp'], { type: 'image/webp' }))),
    frameIndex: () => Promise.resolve(ok(index)),
    ...analysis,
  };
  const supervised = {
    alive: 1,
    dispose: () => undefined,
    call: async (work: (api: never, beat: () => void) => Promise<Result<unknown, Failure>>) => {
      const logged = new Proxy(api, {
        get: (target, key) => {
          calls.push(String(key));
          return target[key as keyof AnalysisWorkerApi];
        },
      });
      return work(logged as never, () => undefined);
    },
  } as unknown as Supervised<AnalysisWorkerApi>;
  const engine: FfmpegEngine = {
    concurrency: 1,
    alive: 0,
    dispose: () => undefined,
    run: async (job) => {
      jobs.push(job);
      return ok({
        exitCode: 0,
        log: [],
        outputs: job.outputs.map(() => null),
        stdout: '',
        wallMs: 1,
        ...ffmpeg(job),
      });
    },
  };
  const entry = (id: string) => assets.get(id);
  const store: Partial<AssetStore> = {
    put: async (asset, source, poster) => {
      assets.set(asset.id, { asset, source, poster, index: null });
      return ok(null);
    },
    get: async (id) => entry(id)?.asset ?? null,
    findByFingerprint: async (print) =>
      [...assets.values()].find(({ asset }) => asset.fingerprint === print)?.asset ?? null,
    source: async (id) => entry(id)?.source ?? null,
    setSource: async (id, source) => {
      const old = assets.get(id)!;
      assets.set(id, { ...old, source, asset: { ...old.asset, source: source.kind } });
      return ok(null);
    },
    frameIndex: async (id) => entry(id)?.index ?? null,
    setFrameIndex: async (id, made) => {
      assets.get(id)!.index = made;
      return ok(null);
    },
  };
  let ids = 0;
  const ingest = createIngest({
    analysis: supervised,
    ffmpeg: engine,
    stores: {
      assets: store as AssetStore,
      files: { open: async (path: string) => files.get(path) ?? null } as FileStore,
    },
    clock: { now: () => 0, iso: () => '2026-11-20T10:00:00.000Z', sleep: async () => true },
    newId: () => `asset-${String(++ids)}`,
  });
  return { ingest, assets, files, jobs, calls };
}

const file = (name = 'clip.mp4', content = 'bytes'): File => new File([content], name, { type: 'video/mp4' });
const value = <T>(result: Result<T, Failure>): T => {
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.message}`);
  return result.value;
};
const handle = (works: boolean): SourceRef => ({
  kind: 'handle',
  handle: {
    getFile: async () => {
      if (!works) throw new DOMException('gone', 'NotAllowedError');
      return file();
    },
  } as unknown as FileSystemFileHandle,
});

describe('importFile', () => {
  it('stores a new file with its probe, poster and composed name', async () => {
    const { ingest, assets } = room();
    const { asset, outcome } = value(await ingest.importFile(file('\u1112\u1161\u11ab.mp4'), null));
    expect(outcome).toBe('new');
    expect(asset).toMatchObject({
      id: 'asset-1',
      name: '한.mp4',
      kind: 'video',
      source: 'link',
      bytes: 5,
      probe,
    });
    expect(assets.get('asset-1')?.poster?.type).toBe('image/webp');
  });

  it('takes the poster at a tenth, in the file clock', async () => {
    const at: number[] = [];
    const { ingest } = room({
      poster: async (_, __, fileUs) => {
        at.push(fileUs);
        return ok(new Blob(['x']));
      },
    });
    await ingest.importFile(file(), null);
    expect(at).toEqual([1_500_000]);
  });

  it('a missing poster does not fail the import; ffmpeg is asked for it', async () => {
    const { ingest, assets, jobs } = room({
      poster: async () => err(failure('unsupported_media', 'no_decoder', 'No.')),
    });
    value(await ingest.importFile(file(), null));
    expect(assets.get('asset-1')?.poster).toBeNull();
    expect(jobs.every((job) => job.tool === 'ffmpeg' && job.args.includes('0:1'))).toBe(true);
    expect(jobs).toHaveLength(2);
  });

  it('goes to ffprobe where the packet reader knows nothing, under a name of ours', async () => {
    const { ingest, jobs, calls } = room({ probe: async () => err(notMedia) }, (job) =>
      job.tool === 'ffprobe' ? { stdout: aviJson } : { outputs: [new Blob(['jpeg'])] },
    );
    const { asset } = value(await ingest.importFile(file('-i; $(rm).AVI'), null));
    expect(asset.probe).toMatchObject({ reader: 'ffmpeg', container: 'avi', durationUs: 4_000_000 });
    expect(jobs[0]?.args.at(-1)).toBe('/in/source.avi');
    expect(calls).not.toContain('poster');
  });

  it('says the more precise of two reasons, and nothing meant for us only', async () => {
    const damaged = failure('unsupported_media', 'damaged', 'Broken.', { tryFfmpeg: true, cause: 'x' });
    const { ingest } = room({ probe: async () => err(damaged) }, () => ({
      exitCode: 1,
      log: ['Invalid data found'],
    }));
    expect(await ingest.importFile(file(), null)).toEqual({
      ok: false,
      error: { code: 'unsupported_media', reason: 'damaged', message: 'Broken.', details: { cause: 'x' } },
    });
    const other = room({ probe: async () => err(notMedia) }, () => ({
      exitCode: 1,
      log: ['Partial file'],
    }));
    expect(await other.ingest.importFile(file(), null)).toMatchObject({
      ok: false,
      error: { reason: 'truncated' },
    });
  });

  it('does not ask ffmpeg about text', async () => {
    const { ingest, jobs } = room({
      probe: async () => err(failure('unsupported_media', 'text_file', 'Text.')),
    });
    expect(await ingest.importFile(file('a.srt'), null)).toMatchObject({
      ok: false,
      error: { reason: 'text_file' },
    });
    expect(jobs).toHaveLength(0);
  });

  it('asks ffmpeg when the analysis worker broke on the file', async () => {
    const broke = failure('engine_failed', 'worker_stuck', 'Stuck.');
    const { ingest } = room({ probe: async () => err(broke) }, () => ({ stdout: aviJson }));
    expect(value(await ingest.importFile(file(), null)).asset.probe.reader).toBe('ffmpeg');
  });

  it('a known file without a way to its bytes is linked again, under any name', async () => {
    const { ingest, assets } = room();
    value(await ingest.importFile(file(), null));
    const again = value(await ingest.importFile(file('other name.mp4'), handle(true)));
    expect(again).toMatchObject({
      outcome: 'linked',
      asset: { id: 'asset-1', name: 'clip.mp4', source: 'handle' },
    });
    expect(assets.size).toBe(1);
  });

  it('a known file that can be reached stays as it is', async () => {
    const { ingest, files } = room();
    files.set('media/a', file());
    value(await ingest.importFile(file(), { kind: 'copy', path: 'media/a' }));
    const again = value(await ingest.importFile(file(), null));
    expect(again).toMatchObject({ outcome: 'known', asset: { source: 'copy' } });
    files.clear();
    expect(value(await ingest.importFile(file(), null)).outcome).toBe('linked');
  });

  it('a handle whose permission is gone is no way to the bytes', async () => {
    const { ingest } = room();
    value(await ingest.importFile(file(), handle(false)));
    expect(value(await ingest.importFile(file(), handle(true))).outcome).toBe('linked');
    expect(value(await ingest.importFile(file(), null))).toMatchObject({
      outcome: 'known',
      asset: { source: 'handle' },
    });
  });

  it('the same file dropped twice at once is one asset', async () => {
    const { ingest, assets, calls } = room();
    const both = await Promise.all([ingest.importFile(file(), null), ingest.importFile(file('b.mp4'), null)]);
    expect(both.map((result) => value(result).asset.id)).toEqual(['asset-1', 'asset-1']);
    expect(assets.size).toBe(1);
    expect(calls.filter((call) => call === 'probe')).toHaveLength(1);
  });

  it('a cancelled import stores nothing', async () => {
    const abort = new AbortController();
    const { ingest, assets } = room({
      poster: async () => {
        abort.abort();
        return err(failure('aborted', 'cancelled', 'Cancelled.'));
      },
    });
    const result = await ingest.importFile(file(), null, { signal: abort.signal });
    expect(result).toMatchObject({ ok: false, error: { code: 'aborted' } });
    expect(assets.size).toBe(0);
  });

  it('a cut file that only ffmpeg reads gets the length of what is there', async () => {
    const cut = failure('unsupported_media', 'truncated', 'Cut.', { tryFfmpeg: true });
    const { ingest } = room({ probe: async () => err(cut) }, (job) =>
      job.args.includes('json') ? { stdout: aviJson } : { stdout: '0.0,0.0,0.04,K_\n0.04,0.04,0.04,__\n' },
    );
    expect(value(await ingest.importFile(file(), null)).asset.probe).toMatchObject({
      durationUs: 80_000,
      warnings: ['truncated'],
    });
  });
});

describe('frameIndex', () => {
  it('is made once and then read from the store', async () => {
    const { ingest, calls } = room();
    const { asset } = value(await ingest.importFile(file(), null));
    const [first, second] = await Promise.all([
      ingest.frameIndex(asset, file()),
      ingest.frameIndex(asset, file()),
    ]);
    expect(value(first)).toBe(index);
    expect(value(second)).toBe(index);
    expect(calls.filter((call) => call === 'frameIndex')).toHaveLength(1);
  });

  it('comes from ffprobe for files that only ffmpeg reads', async () => {
    const { ingest, jobs } = room({ probe: async () => err(notMedia) }, (job) =>
      job.args.includes('json')
        ? { stdout: aviJson }
        : job.args.includes('csv=p=0')
          ? { stdout: '0.0,0.0,0.04,K_\n0.04,0.04,0.04,__\n' }
          : {},
    );
    const { asset } = value(await ingest.importFile(file('a.avi'), null));
    const made = value(await ingest.frameIndex(asset, file('a.avi')));
    expect([...made.timesUs]).toEqual([0, 40_000]);
    expect(jobs.at(-1)?.args).toContain('0');
  });

  it('sound has none', async () => {
    const { ingest } = room();
    const { asset } = value(await ingest.importFile(file(), null));
    const sound: Asset = { ...asset, id: 'x' as AssetId, probe: { ...probe, video: [], primaryVideo: null } };
    expect(await ingest.frameIndex(sound, file())).toMatchObject({
      ok: false,
      error: { reason: 'no_tracks' },
    });
  });
});

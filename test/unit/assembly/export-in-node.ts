/**
 * An export from the file to the file without a browser: the planner, the ffmpeg engine's arguments and the assembly of
 * the product, with the wasm core in Node in place of the worker pool.
 */
import { readFile } from 'node:fs/promises';
import { BufferTarget } from 'mediabunny';
import type { AssetId } from '../../../src/core/base/ids.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { planExport, type PlanningPorts } from '../../../src/app/planning.ts';
import type { Asset } from '../../../src/core/schema/asset.ts';
import type { FrameIndex } from '../../../src/core/schema/frame-index.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import { parseExportSpec, type ExportSpec } from '../../../src/core/schema/spec.ts';
import {
  AUDIO_SEGMENT,
  PCM_SEGMENT,
  soundChunkArgs,
  soundEncodeArgs,
  SOURCE_PATH,
  VIDEO_SEGMENT,
  videoChunkArgs,
} from '../../../src/runtime/engine/ffmpeg/argv.ts';
import { assembleRequest } from '../../../src/runtime/jobs/pieces.ts';
import type { RenderedSegment } from '../../../src/runtime/jobs/rendered.ts';
import { keyFrameIsClean } from '../../../workers/shared/clean.ts';
import { indexFile } from '../../../workers/analysis/index-file.ts';
import { probeFile as probe } from '../../../workers/analysis/probe.ts';
import { join } from '../../../workers/assembly/join.ts';
import { runFfmpeg } from '../../fixtures/ffmpeg-node.ts';

function must<T>(result: Result<T, { readonly message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A file as the product knows it after import. */
export interface Imported {
  readonly asset: Asset;
  readonly file: File;
  readonly path: string;
  readonly index: FrameIndex;
}

export async function importPath(path: string, id: string): Promise<Imported> {
  const file = new File([await readFile(path)], id);
  const answer = must(await probe(file));
  const index = must(
    await indexFile(
      file,
      answer.video[answer.primaryVideo ?? 0]?.order ?? 0,
      answer.originUs,
      () => undefined,
    ),
  );
  const asset: Asset = {
    version: 1,
    id: id as AssetId,
    name: id,
    kind: 'video',
    bytes: file.size,
    fingerprint: id,
    type: '',
    importedAt: '2026-01-01T00:00:00.000Z',
    source: 'link',
    probe: answer,
  };
  return { asset, file, path, index };
}

/** Plans as the app does; `inspected` counts the key frames that were read. */
export async function planInNode(
  spec: Omit<ExportSpec, 'version' | 'name' | 'type'>,
  sources: readonly Imported[],
): Promise<{ readonly plan: RenderPlan; readonly inspected: number }> {
  const find = (id: string): Imported => {
    const found = sources.find(({ asset }) => asset.id === id);
    if (found === undefined) throw new Error(`no source ${id}`);
    return found;
  };
  let inspected = 0;
  const ports = {
    stores: { assets: { get: (id: string) => Promise.resolve(find(id).asset) } },
    sources: { open: (asset: Asset) => Promise.resolve({ ok: true, value: find(asset.id).file }) },
    analysis: {
      call: (work: (api: object) => unknown) => {
        inspected += 1;
        return work({ keyFrameIsClean });
      },
    },
    frameIndex: (asset: Asset) => Promise.resolve({ ok: true, value: find(asset.id).index }),
    canDecode: () => true,
    canEncode: () => true,
    workers: 2,
    pixelsPerSecond: 14e6,
  } as unknown as PlanningPorts;
  const checked = must(parseExportSpec({ version: 1, name: 'test', type: 'combined', ...spec }));
  const plan = must(await planExport(ports, new Map<string, boolean>(), checked, new Set()));
  return { plan, inspected };
}

/** Runs one of the engine's commands; answers the file that it makes. */
async function command(
  args: readonly string[],
  input: Imported | Uint8Array | null,
  output: string,
): Promise<Blob> {
  const name = 'source';
  const result = await runFfmpeg({
    args: args.map((arg) => (arg === SOURCE_PATH ? name : arg === `/out/${output}` ? output : arg)),
    ...(input === null
      ? {}
      : input instanceof Uint8Array
        ? { inputs: { [name]: input } }
        : { inputPaths: { [name]: input.path } }),
    outputs: [output],
  });
  const bytes = result.files.get(output);
  if (bytes === undefined || result.exitCode !== 0) throw new Error(result.log.slice(-8).join('\n'));
  return new Blob([bytes as Uint8Array<ArrayBuffer>]);
}

/** Renders and joins a plan; answers the finished file. */
export async function exportInNode(plan: RenderPlan, sources: readonly Imported[]): Promise<Uint8Array> {
  const segments = new Map<string, RenderedSegment>();
  const keep = (id: string, data: Blob, frames = 0): void => {
    segments.set(id, { key: id, data, frames, complaints: 0, references: [] });
  };
  const known = new Map(sources.map((source) => [source.asset.id, source]));
  const { video, audio } = plan.output;
  const pcm: Blob[] = [];
  for (const step of plan.steps) {
    if (step.kind === 'encode-video' && video !== null) {
      const source = known.get(step.assetId);
      if (source === undefined) throw new Error('no source');
      const args = videoChunkArgs(step, source.asset.probe, video.settings);
      keep(step.id, await command(args, source, VIDEO_SEGMENT), step.frames);
    } else if (step.kind === 'decode-audio' && audio !== null) {
      const source = step.assetId === null ? null : (known.get(step.assetId) ?? null);
      const args = soundChunkArgs(step, source?.asset.probe ?? null, audio);
      pcm.push(await command(args, source, PCM_SEGMENT));
      keep(step.id, new Blob());
    } else if (step.kind === 'encode-audio' && audio !== null) {
      const bytes = new Uint8Array(await new Blob(pcm).arrayBuffer());
      keep(step.id, await command(soundEncodeArgs(audio), bytes, AUDIO_SEGMENT));
    }
  }
  const target = new BufferTarget();
  await join(assembleRequest(plan, known, { segments, receipts: [] }, ''), target, () => undefined);
  if (target.buffer === null) throw new Error('nothing was written');
  return new Uint8Array(target.buffer);
}

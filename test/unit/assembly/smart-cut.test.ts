import { describe, expect, it } from 'vitest';
import type { SpecSegment } from '../../../src/core/schema/spec.ts';
import { generateClip } from '../../fixtures/generate.ts';
import { isReadable, readMarks, type MarksReport } from '../../fixtures/read.ts';
import { displayedFrames, type ClipSpec } from '../../fixtures/spec.ts';
import { exportInNode, importPath, planInNode, type Imported } from './export-in-node.ts';

const NTSC = { num: 30000, den: 1001 };

/** A range from one shown frame up to, and without, another. */
function range({ asset, index }: Imported, first: number, stop: number): SpecSegment {
  return {
    assetId: asset.id,
    startUs: index.timesUs[first] ?? -1,
    endUs: index.timesUs[stop] ?? index.endUs,
  };
}

const numbers = (report: MarksReport): (string | null)[] =>
  report.frames.map((frame) => (isReadable(frame) ? `${String(frame.clipId)}:${String(frame.frame)}` : null));

/** What a range of a clip shows, and how far apart. */
function expected(spec: ClipSpec, first: number, stop: number): { name: string; durationUs: number }[] {
  return displayedFrames(spec)
    .slice(first, stop)
    .map((frame) => ({
      name: `${String(frame.clipId)}:${String(frame.frame)}`,
      durationUs: frame.durationUs,
    }));
}

async function imported(spec: ClipSpec, id = 'asset-a'): Promise<Imported> {
  return importPath(await generateClip(spec), id);
}

const silent = { audio: null, seconds: 5 } as const;

describe('a smart cut shows exactly its frames and decodes without a complaint', () => {
  it.each<[string, ClipSpec, number, number]>([
    ['GOP 12', { ...silent, gop: 12 }, 7, 100],
    ['GOP 60, no B-frames', { ...silent, gop: 60, bFrames: 0 }, 50, 119],
    ['B-frames at the end', { ...silent, gop: 40, bFrames: 3 }, 33, 103],
    ['29.97 frames per second', { ...silent, gop: 30, rate: NTSC }, 10, 100],
    ['an edit list', { ...silent, gop: 30, editList: { trimStartFrames: 13 } }, 3, 90],
    ['a variable rate', { audio: null, frames: 90, gop: 20, rate: 'variable' }, 7, 77],
    ['a container of milliseconds', { ...silent, gop: 30, rate: NTSC, container: 'mkv' }, 10, 100],
    ['another id of parameter sets', { ...silent, gop: 25, spsId: 3 }, 10, 100],
  ])('%s', async (_, spec, first, stop) => {
    const source = await imported(spec);
    const { plan } = await planInNode({ segments: [range(source, first, stop)] }, [source]);
    expect(plan.summary.smart).toHaveLength(1);
    const report = await readMarks(await exportInNode(plan, [source]));
    expect(report.log).toEqual([]);
    const shown = expected(spec, first, stop);
    expect(numbers(report)).toEqual(shown.map((frame) => frame.name));
    let at = 0;
    report.frames.forEach((frame, i) => {
      expect(Math.abs(frame.ptsUs - at), `frame ${String(i)}`).toBeLessThanOrEqual(
        spec.container === 'mkv' ? 1000 : 150,
      );
      at += shown[i]?.durationUs ?? 0;
    });
  });

  it('of open groups starts at none of their key frames', async () => {
    const spec: ClipSpec = { ...silent, gop: 25, bFrames: 3, openGop: true };
    const source = await imported(spec);
    const { plan } = await planInNode({ segments: [range(source, 10, 100), range(source, 0, 90)] }, [source]);
    expect(plan.summary.encoded.map((entry) => entry.clip)).toEqual([0]);
    const report = await readMarks(await exportInNode(plan, [source]));
    expect(report.log).toEqual([]);
    expect(numbers(report)).toEqual(
      [...expected(spec, 10, 100), ...expected(spec, 0, 90)].map((frame) => frame.name),
    );
  });

  it('keeps a rotation, with pictures that are encoded as they are stored', async () => {
    const spec: ClipSpec = { ...silent, gop: 25, rotation: 90, width: 180, height: 320 };
    const source = await imported(spec);
    const { plan } = await planInNode({ segments: [range(source, 10, 99)] }, [source]);
    expect(plan.output.video).toMatchObject({ width: 180, height: 320, rotation: 90 });
    const report = await readMarks(await exportInNode(plan, [source]));
    expect(report.log).toEqual([]);
    expect(report.video).toMatchObject({ width: 180, height: 320, rotation: 90 });
    expect(numbers(report)).toEqual(expected(spec, 10, 99).map((frame) => frame.name));
  });

  it('joins two sources, with their sound', async () => {
    const a: ClipSpec = { seconds: 5, gop: 25, clipId: 2 };
    const b: ClipSpec = { seconds: 5, gop: 25, clipId: 3 };
    const sources = [await imported(a, 'asset-a'), await imported(b, 'asset-b')] as const;
    const segments = [range(sources[0], 10, 99), range(sources[1], 33, 120), range(sources[0], 60, 111)];
    const { plan, inspected } = await planInNode({ segments }, sources);
    expect(plan.summary).toMatchObject({ copied: 0, encoded: [] });
    // One key frame for each clip: the first is clean.
    expect(inspected).toBe(3);
    const report = await readMarks(await exportInNode(plan, sources));
    expect(report.log).toEqual([]);
    const shown = [...expected(a, 10, 99), ...expected(b, 33, 120), ...expected(a, 60, 111)];
    expect(numbers(report)).toEqual(shown.map((frame) => frame.name));
    expect(report.clicks.length).toBeGreaterThan(15);
    for (const click of report.clicks) {
      const frame = report.frames.find(
        (one) =>
          isReadable(one) &&
          one.clipId === click.clipId &&
          one.frame === click.frame &&
          Math.abs(one.ptsUs - click.timeUs) < 1_000_000,
      );
      expect(Math.abs((frame?.ptsUs ?? NaN) - click.timeUs)).toBeLessThan(5_000);
    }
  });
});

it('copies VP9 and Opus into WebM', async () => {
  const spec: ClipSpec = { codec: 'vp9', container: 'webm', audio: { codec: 'opus' }, seconds: 4, gop: 25 };
  const source = await imported(spec);
  const { asset } = source;
  const whole = { assetId: asset.id, startUs: 0, endUs: asset.probe.durationUs };
  const { plan } = await planInNode({ segments: [whole], format: 'webm' }, [source]);
  expect(plan.steps.map((step) => step.kind)).toEqual(['copy-video', 'copy-audio']);
  const report = await readMarks(await exportInNode(plan, [source]));
  expect(report.log).toEqual([]);
  expect(report.probe.format).toContain('webm');
  expect(numbers(report)).toEqual(expected(spec, 0, 100).map((frame) => frame.name));
  expect(report.clicks.length).toBeGreaterThan(5);
  for (const click of report.clicks) {
    const frame = report.frames.find((one) => isReadable(one) && one.frame === click.frame);
    expect(Math.abs((frame?.ptsUs ?? NaN) - click.timeUs)).toBeLessThan(8_000);
  }
});

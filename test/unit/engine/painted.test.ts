/** Steps that paint, as both engines are asked for them, and what of it decides their content keys. */
import { describe, expect, it } from 'vitest';
import type { AssetId, AnnotationId } from '../../../src/core/base/ids.ts';
import type { Annotation } from '../../../src/core/schema/annotation.ts';
import type { EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import type { ExportSpec } from '../../../src/core/schema/spec.ts';
import type { FfmpegEngine } from '../../../src/runtime/contract/ffmpeg.ts';
import type { RenderJob } from '../../../src/runtime/contract/renderer.ts';
import { videoChunkArgs } from '../../../src/runtime/engine/ffmpeg/argv.ts';
import { createFfmpegRenderer } from '../../../src/runtime/engine/ffmpeg/renderer.ts';
import { createWebcodecsRenderer } from '../../../src/runtime/engine/webcodecs/renderer.ts';
import { makeSource, plan, range, type MadeUp } from '../plan/helpers.ts';

const ISO = '2026-11-20T08:00:00.000Z';
const FONTS = { regular: '/r.woff2', bold: '/b.woff2' };

const comment = (more: Partial<Annotation> = {}): Annotation => ({
  version: 1,
  id: 'c' as AnnotationId,
  assetId: 'asset-a' as AssetId,
  timeUs: 400_000,
  durationUs: 400_000,
  text: 'Look',
  author: 'Dana',
  color: '#ff4d4f',
  category: null,
  shapes: [],
  replies: [],
  resolved: null,
  createdAt: ISO,
  updatedAt: ISO,
  ...more,
});

interface Painted {
  readonly job: Extract<RenderJob, { kind: 'video' }>;
  readonly args: readonly string[];
}

function painted(made: MadeUp, spec: Partial<ExportSpec>): Painted {
  const source = makeSource(made);
  const planned: RenderPlan = plan({ segments: [range('asset-a', 0, 50)], burnIn: true, ...spec }, [source]);
  const step = planned.steps.find((one): one is EncodeVideoStep => one.kind === 'encode-video');
  const settings = planned.output.video?.settings;
  if (step === undefined || settings === undefined) throw new Error('nothing is painted');
  const { probe, fingerprint } = source.asset;
  return {
    job: { kind: 'video', step, settings, source: { file: new Blob(), fingerprint, probe } },
    args: videoChunkArgs(step, probe, settings),
  };
}

const graphOf = ({ args }: Painted): string => args[args.indexOf('-filter_complex') + 1] ?? '';

describe('ffmpeg’s arguments of a step that paints', () => {
  it('lay the comments over the pictures by their times, in the pictures’ own format', () => {
    const one = painted({}, { comments: [comment()] });
    expect(one.args.filter((arg) => arg === '-i')).toHaveLength(2);
    expect(one.args.slice(one.args.indexOf('matroska') - 1).slice(0, 4)).toEqual([
      '-f',
      'matroska',
      '-i',
      '/in/comments',
    ]);
    expect(one.args).not.toContain('-vf');
    expect(one.args[one.args.indexOf('-map') + 1]).toBe('[v1]');
    const [first = '', second, third] = graphOf(one).split(';');
    expect(first.startsWith('[0:0]settb=1/1000000,trim=start=')).toBe(true);
    expect(first.endsWith('format=yuv420p[v0]')).toBe(true);
    expect(second).toBe('[1:0]settb=1/1000000[p0]');
    expect(third).toBe('[v0][p0]overlay=x=0:y=0:format=yuv420:eof_action=repeat:repeatlast=1[v1]');
  });

  it.each([
    [{}, 'x=0:y=720-h'],
    [{ track: { displayWidth: 720, displayHeight: 1280, rotation: 90 as const } }, 'x=0:y=1280-h'],
  ])('lay the strip along the lower edge: %o', (made, place) => {
    const strip = painted(made, { comments: [], strip: 'both' });
    expect(strip.args).toContain('/in/strip');
    expect(strip.args).not.toContain('/in/comments');
    expect(graphOf(strip)).toContain(`overlay=${place}:`);
    const both = painted(made, { comments: [comment()], strip: 'both' });
    expect(graphOf(both).match(/overlay=/g)).toHaveLength(2);
  });

  it('never hold what a person wrote', () => {
    const text = "'; [0:v]drawtext=textfile=/etc/passwd";
    const { args } = painted({}, { comments: [comment({ text, author: text })] });
    expect(args.join(' ')).not.toContain('drawtext');
  });
});

describe('content keys of steps that paint', () => {
  const ffmpeg = createFfmpegRenderer({} as FfmpegEngine, FONTS);
  const webcodecs = createWebcodecsRenderer({
    workers: {} as never,
    mode: 'software',
    measures: { works: () => Promise.resolve(true) } as never,
    build: 'b',
    fonts: FONTS,
  });

  it.each([
    ['ffmpeg', ffmpeg],
    ['webcodecs', webcodecs],
  ])('hold everything that is seen, and nothing else: %s', (_name, renderer) => {
    const key = (more: Partial<Annotation>, spec: Partial<ExportSpec> = {}): string =>
      JSON.stringify(renderer.keyMaterial(painted({}, { comments: [comment(more)], ...spec }).job));
    const own = key({});
    for (const seen of [
      { text: 'Look!' },
      { author: 'Kim' },
      { color: '#00ff00' },
      { category: 'Colour' },
      { timeUs: 440_000 },
      { durationUs: 440_000 },
      { shapes: [{ kind: 'box' as const, x: 0, y: 0, w: 1, h: 1 }] },
      { replies: [{ id: 'r', author: 'Kim', text: 'Yes', createdAt: ISO }] },
    ]) {
      expect(key(seen), JSON.stringify(seen)).not.toBe(own);
    }
    expect(key({}, { strip: 'name' })).not.toBe(own);
    expect(key({ id: 'other' as AnnotationId, createdAt: '2026-01-01T00:00:00.000Z' })).toBe(own);
    expect(own).toContain('"painter":');
    expect(own).not.toContain('woff2');
  });

  it('are what they were for steps without paint', () => {
    const { job } = painted({}, { comments: [comment()] });
    const { overlay: _overlay, ...step } = job.step;
    for (const renderer of [ffmpeg, webcodecs])
      expect(JSON.stringify(renderer.keyMaterial({ ...job, step }))).not.toContain('overlay');
  });

  it('a renderer without a font leaves painting to others, or says why it cannot', async () => {
    const { job } = painted({}, { comments: [comment()] });
    const bare = createWebcodecsRenderer({
      workers: {} as never,
      mode: 'software',
      measures: { works: () => Promise.resolve(true) } as never,
      build: 'b',
    });
    expect(await webcodecs.canRender(job)).toBe(true);
    expect(await bare.canRender(job)).toBe(false);
    const limits = { stallMs: 1, totalMs: 1 };
    const options = { signal: new AbortController().signal, onProgress: () => undefined, limits };
    expect(await createFfmpegRenderer({} as FfmpegEngine).render(job, options)).toMatchObject({
      error: { reason: 'font_missing' },
    });
  });
});

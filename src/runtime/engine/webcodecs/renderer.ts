/** The browser's own codecs as a renderer: one rung of the ladder for each mode they run in. */
import { proxy } from 'comlink';
import type { Failure } from '../../../core/base/failure.ts';
import { ok, type Result } from '../../../core/base/result.ts';
import { primaryVideo, type ColorInfo, type Probe } from '../../../core/schema/asset.ts';
import { matrixOf, REACHABLE_MATRICES } from '../../../core/schema/color.ts';
import type { PaintFonts } from '../../../core/schema/overlay.ts';
import type { Renderer, RenderJob, RenderOptions, RenderOutcome } from '../../contract/renderer.ts';
import type { Supervised } from '../../contract/supervised.ts';
import type { CodecMode, CodecOutcome, CodecSource, WebcodecsWorkerApi } from '../../contract/webcodecs.ts';
import type { EncoderMeasures } from './measures.ts';

/**
 * Part of every content key: change it when other worker code gives other bytes for the same step, so that old segments
 * are not mixed with new ones.
 */
const ENGINE_BUILD = 'webcodecs/3';

function sourceOf(file: Blob, probe: Probe, order: number): CodecSource {
  return { file, originUs: probe.originUs, order };
}

function matrixKnown(job: Extract<RenderJob, { kind: 'video' }>): boolean {
  const { sourceColor } = job.step.filter;
  const { color } = job.settings;
  // Both matrices that players make up are reachable.
  const known = (one: ColorInfo): boolean => REACHABLE_MATRICES.has(matrixOf(one, 'bt709'));
  return sourceColor.matrix === color.matrix || (known(sourceColor) && known(color));
}

/** What of a job decides the result, beside the source's bytes. */
function material(job: RenderJob, mode: CodecMode, build: string): unknown {
  const common = { build: ENGINE_BUILD, browser: build };
  switch (job.kind) {
    case 'video': {
      const { step, settings, source } = job;
      const { firstFrameUs, stopFrameUs, startUs, endUs, frames, filter, rate, overlay } = step;
      const stretch = { firstFrameUs, stopFrameUs, startUs, endUs, frames };
      const order = primaryVideo(source.probe)?.order ?? 0;
      return {
        ...common,
        mode,
        source: source.fingerprint,
        order,
        stretch,
        filter,
        rate,
        // As it was before anything was painted: segments of older exports are still found.
        ...(overlay === undefined ? {} : { overlay }),
        settings: { ...settings, rate },
      };
    }
    case 'pcm': {
      const { startUs, endUs, samples, fadeInSamples, fadeOutSamples, track } = job.step;
      const stretch = { startUs, endUs, samples, fadeInSamples, fadeOutSamples, track };
      const { sampleRate, channels } = job.settings;
      return {
        ...common,
        source: job.source?.fingerprint ?? 'silence',
        stretch,
        pcm: { sampleRate, channels },
      };
    }
    case 'audio':
      return { ...common, pieces: job.pieces, settings: job.settings };
  }
}

/** Makes the renderer of one mode. Sound is always software: it belongs to the mode `software`. */
export function createWebcodecsRenderer(ports: {
  readonly workers: Supervised<WebcodecsWorkerApi>;
  readonly mode: CodecMode;
  readonly measures: EncoderMeasures;
  /** Names the browser's build: other builds bring other codecs. */
  readonly build: string;
  /** Where the painter's font lies; steps that paint are left to others without it. */
  readonly fonts?: PaintFonts | undefined;
}): Renderer {
  const { workers, mode, measures, build, fonts = null } = ports;

  const canRender = async (job: RenderJob): Promise<boolean> => {
    switch (job.kind) {
      case 'video': {
        const { settings, step, source } = job;
        const track = primaryVideo(source.probe);
        if (step.overlay !== undefined && fonts === null) return false;
        if (track?.decodable !== true || source.probe.reader !== 'packets') return false;
        if (step.filter.toneMap || !matrixKnown(job) || settings.preset === 'ultrafast') return false;
        const { codec, width, height, fps } = settings;
        return measures.works({ codec, mode, width, height, fps });
      }
      case 'pcm': {
        if (mode === 'hardware' || job.source === null) return false;
        const track = job.source.probe.audio[job.step.track];
        return track?.decodable === true && job.source.probe.reader === 'packets';
      }
      case 'audio':
        return mode === 'software';
    }
  };

  const call = (job: RenderJob, options: RenderOptions): Promise<Result<CodecOutcome, Failure>> =>
    workers.call(
      async (api, beat) => {
        const report = (fraction: number): void => {
          beat(fraction);
          options.onProgress(Math.min(1, fraction));
        };
        switch (job.kind) {
          case 'video': {
            const { step, settings, source } = job;
            const order = primaryVideo(source.probe)?.order ?? 0;
            const frames = Math.max(1, step.frames);
            return api.renderPicture(
              {
                step,
                settings,
                mode,
                source: sourceOf(source.file, source.probe, order),
                fonts: step.overlay === undefined ? null : fonts,
              },
              proxy((done: number) => {
                report(done / frames);
              }),
            );
          }
          case 'pcm': {
            const { step, settings, source } = job;
            if (source === null) throw new Error('Silence is not decoded.');
            const order = source.probe.audio[step.track]?.order ?? 0;
            return api.decodeSound(
              { step, settings, source: sourceOf(source.file, source.probe, order) },
              proxy(report),
            );
          }
          case 'audio':
            return api.encodeSound({ settings: job.settings, pcm: job.pcm }, proxy(report));
        }
      },
      { signal: options.signal, ...options.limits },
    );

  return {
    name: 'webcodecs',
    rung: `webcodecs-${mode}`,
    canRender,
    keyMaterial: (job) => material(job, mode, build),
    async render(job, options): Promise<Result<RenderOutcome, Failure>> {
      const first = await call(job, options);
      // A codec that the browser took away is made anew, once; anything else is for the next engine.
      const result =
        !first.ok && first.error.details?.['reclaimed'] === true ? await call(job, options) : first;
      if (!result.ok) return result;
      const { data, frames, config, wallMs, references } = result.value;
      return ok({ data, frames, complaints: 0, argv: config, wallMs, references });
    },
  };
}

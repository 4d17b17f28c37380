/** The page's side of `sound-commands.ts`. */
import { commands, userEvent } from 'vitest/browser';
import type { ClipSpec } from '../../fixtures/spec.ts';

interface NodeSide {
  clip(spec: ClipSpec): Promise<string>;
  soundFile(args: readonly string[], extension: string, pcmBase64?: string): Promise<string>;
  decodeWithFfmpeg(
    fileBase64: string,
  ): Promise<{ samples: string; startSample: number; probe: string; log: readonly string[] }>;
}
// The commands are registered by name in vitest.config.ts; their types do not travel by themselves.
const node = commands as unknown as NodeSide;

/** A file of this machine. Not fetched: the server would take a transport stream (.ts) for TypeScript. */
async function opened(path: string): Promise<Blob> {
  const input = document.createElement('input');
  input.type = 'file';
  document.body.append(input);
  try {
    await userEvent.upload(input, path);
    const file = input.files?.[0];
    if (file === undefined) throw new Error(`${path} could not be opened.`);
    return file;
  } finally {
    input.remove();
  }
}

/** The file of a generated clip. */
export const clipFile = async (spec: ClipSpec): Promise<Blob> => opened(await node.clip(spec));

/** A sound file made with FFmpeg arguments; `pcm` can be read as the input `pcm`. */
export const soundFile = async (
  args: readonly string[],
  extension: string,
  pcm?: Uint8Array<ArrayBuffer>,
): Promise<Blob> =>
  opened(await node.soundFile(args, extension, pcm === undefined ? '' : await toBase64(new Blob([pcm]))));

/** What FFmpeg hears in a file. */
export interface Heard {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
  /** When the first sample is heard, samples; priming is dropped. */
  readonly startSample: number;
  readonly durationUs: number;
  readonly log: readonly string[];
}

/** Decodes sound with FFmpeg. */
export async function heardByFfmpeg(file: Blob): Promise<Heard> {
  const { samples, startSample, probe, log } = await node.decodeWithFfmpeg(await toBase64(file));
  const parsed = JSON.parse(probe) as {
    streams: { codec_type: string; channels: number; sample_rate: string }[];
    format: { duration: string };
  };
  const stream = parsed.streams.find(({ codec_type }) => codec_type === 'audio');
  const count = stream?.channels ?? 1;
  const bytes = await (await fetch(`data:;base64,${samples}`)).arrayBuffer();
  const all = new Float32Array(bytes);
  const channels = Array.from({ length: count }, (_, c) => {
    const plane = new Float32Array(all.length / count);
    for (let n = 0; n < plane.length; n += 1) plane[n] = all[n * count + c] ?? 0;
    return plane;
  });
  return {
    channels,
    startSample,
    sampleRate: Number(stream?.sample_rate),
    durationUs: Math.round(Number(parsed.format.duration) * 1e6),
    log,
  };
}

/** The bytes of a Blob in base64. */
export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/**
 * Node's side of the sound tests: clips come from the generator, and an independent decoder (the FFmpeg core in Node)
 * judges what was encoded. Registered in vitest.config.ts; the browser's side is `sound-node.ts`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '../../fixtures/cache.ts';
import { mustRunFfmpeg, runFfmpeg } from '../../fixtures/ffmpeg-node.ts';
import { generateClip } from '../../fixtures/generate.ts';
import type { ClipSpec } from '../../fixtures/spec.ts';

/** The first argument is what Vitest tells every command about its caller. */
type Caller = unknown;

/** Makes a clip, or finds it; answers its path. */
export const clip = (_: Caller, spec: ClipSpec): Promise<string> => generateClip(spec);

/** Makes a sound file with FFmpeg arguments (`out` is the file's name there), or finds it; answers its path. */
export const soundFile = (
  _: Caller,
  args: readonly string[],
  extension: string,
  pcmBase64 = '',
): Promise<string> =>
  cached(['sound', args, pcmBase64], `sound.${extension}`, async (path) => {
    const folder = mkdtempSync(join(tmpdir(), 'reelkeep-sound-'));
    try {
      const pcm = join(folder, 'pcm');
      writeFileSync(pcm, Buffer.from(pcmBase64, 'base64'));
      await mustRunFfmpeg({ args: [...args, 'out'], inputPaths: { pcm }, outputPaths: { out: path } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

/** Decodes sound with FFmpeg: interleaved f32 as base64, and when its first sample is heard. */
export async function decodeWithFfmpeg(
  _: Caller,
  fileBase64: string,
): Promise<{ samples: string; startSample: number; probe: string; log: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'reelkeep-sound-'));
  try {
    const input = join(folder, 'input');
    const out = join(folder, 'out');
    writeFileSync(input, Buffer.from(fileBase64, 'base64'));
    const probing = await runFfmpeg({
      args: ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', 'input'],
      inputPaths: { input },
      ffprobe: true,
    });
    const args = ['-v', 'info', '-nostats', '-copyts', '-i', 'input', '-map', '0:a:0', '-af', 'ashowinfo'];
    const { log } = await mustRunFfmpeg({
      args: [...args, '-c:a', 'pcm_f32le', '-f', 'f32le', 'out'],
      inputPaths: { input },
      outputPaths: { out },
    });
    const first = log.find((line) => line.includes('Parsed_ashowinfo') && /\bpts:-?\d/.test(line));
    return {
      samples: readFileSync(out).toString('base64'),
      startSample: Number(/\bpts:(-?\d+)/.exec(first ?? '')?.[1] ?? Number.NaN),
      probe: probing.stdout,
      log: log.filter((line) => !line.includes('Parsed_ashowinfo')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

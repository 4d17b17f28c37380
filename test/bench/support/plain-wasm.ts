/** Plain ffmpeg.wasm: @ffmpeg/ffmpeg with @ffmpeg/core, one worker, one command after the other. */
import type { FFFSType, FFmpeg } from '@ffmpeg/ffmpeg';
import type { Range } from './native.ts';
import { withPage } from './pages.ts';
import type { Contender } from './repeat.ts';

declare global {
  interface Window {
    plain: FFmpeg;
  }
}

const SCRIPT = `
  import { FFmpeg } from '/@ffmpeg/ffmpeg/dist/esm/index.js';
  const ffmpeg = new FFmpeg();
  await ffmpeg.load({ coreURL: new URL('/@ffmpeg/core/dist/esm/ffmpeg-core.js', location.href).href });
  window.plain = ffmpeg;`;

/** Name of the source in the core's own file system. It is mounted, not copied: the kinder way. */
const SOURCE = '/in';

const encode = ({ start, end }: Range, crf: number, target: string): readonly string[] => [
  ...['-ss', start.toFixed(6), '-t', (end - start).toFixed(6), '-i', SOURCE],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-c:a', 'aac', target],
];

/** Runs commands one after the other; loading the core is not counted. `{in}` in a command is the source. */
async function seconds(
  source: string,
  commands: readonly (readonly string[])[],
  list: string | null,
): Promise<number> {
  return withPage({ script: SCRIPT, file: source }, (page) =>
    page.evaluate(
      async ({ commands, list, placeholder }) => {
        const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
        if (file === undefined) throw new Error('no file was chosen');
        const { plain } = window;
        const began = performance.now();
        await plain.createDir('/source');
        // The package's enum does not reach into the page; its value is its name.
        await plain.mount('WORKERFS' as unknown as FFFSType, { files: [file] }, '/source');
        if (list !== null) await plain.writeFile('/list.txt', list);
        let said = '';
        plain.on('log', ({ message }) => {
          said = message;
        });
        for (const command of commands) {
          const args = command.map((word) => (word === placeholder ? `/source/${file.name}` : word));
          if ((await plain.exec(args)) !== 0) throw new Error(`${args.join(' ')}: ${said}`);
        }
        await plain.readFile('/out.mp4');
        return (performance.now() - began) / 1000;
      },
      { commands, list, placeholder: SOURCE },
    ),
  );
}

/** One command per range, and one that joins the pieces; or the one command where there is one range. */
export function plainWasmContender(
  name: string,
  source: string,
  ranges: readonly Range[],
  crf: number,
): Contender {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) {
    return {
      name,
      run: async () => ({ seconds: await seconds(source, [encode(only, crf, '/out.mp4')], null) }),
    };
  }
  const pieces = ranges.map((_, position) => `/piece-${String(position)}.mp4`);
  const commands = [
    ...ranges.map((range, position) => encode(range, crf, pieces[position] ?? '')),
    ['-f', 'concat', '-safe', '0', '-i', '/list.txt', '-c', 'copy', '/out.mp4'],
  ];
  const list = pieces.map((piece) => `file '${piece}'\n`).join('');
  return { name, once: true, run: async () => ({ seconds: await seconds(source, commands, list) }) };
}

/** mediabunny's own Conversion with the AAC encoder of its authors: what one gets by calling the library alone. */
import type * as Mediabunny from 'mediabunny';
import type { Range } from './native.ts';
import { withPage } from './pages.ts';
import type { Contender } from './repeat.ts';

declare global {
  interface Window {
    mediabunny: typeof Mediabunny;
  }
}

/** What a page of mediabunny needs; browser-limits.ts uses it, too. */
export const MEDIABUNNY_PAGE = {
  script: `
  import * as mediabunny from 'mediabunny';
  import { registerAacEncoder } from '@mediabunny/aac-encoder';
  registerAacEncoder();
  window.mediabunny = mediabunny;`,
  imports: {
    mediabunny: '/mediabunny/dist/bundles/mediabunny.min.mjs',
    '@mediabunny/aac-encoder': '/@mediabunny/aac-encoder/dist/bundles/mediabunny-aac-encoder.min.mjs',
  },
} as const;

/** What to convert to. */
export interface ConversionWish {
  readonly quality: 'high' | 'medium' | 'low';
  readonly height?: number;
}

/** One conversion per range, one after the other; a short one first, as ours has had. The pieces are not joined. */
export function mediabunnyContender(
  name: string,
  source: string,
  ranges: readonly Range[],
  wish: ConversionWish,
): Contender {
  return {
    name,
    run: () =>
      withPage({ ...MEDIABUNNY_PAGE, file: source }, (page) =>
        page.evaluate(
          async ({ ranges, wish }) => {
            const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
            if (file === undefined) throw new Error('no file was chosen');
            const library = window.mediabunny;
            const quality = new library.Quality(wish.quality);
            const convert = async ({ start, end }: { start: number; end: number }): Promise<number> => {
              const target = new library.BufferTarget();
              const conversion = await library.Conversion.init({
                input: new library.Input({
                  formats: library.ALL_FORMATS,
                  source: new library.BlobSource(file),
                }),
                output: new library.Output({ format: new library.Mp4OutputFormat(), target }),
                trim: { start, end },
                video: {
                  codec: 'avc',
                  quality,
                  forceTranscode: true,
                  ...(wish.height === undefined ? {} : { height: wish.height }),
                },
                audio: { codec: 'aac', quality, forceTranscode: true },
              });
              if (!conversion.isValid)
                throw new Error(conversion.discardedTracks.map(({ reason }) => reason).join(', '));
              await conversion.execute();
              return target.buffer?.byteLength ?? 0;
            };
            await convert({ start: 0, end: 0.5 });
            const began = performance.now();
            let bytes = 0;
            for (const range of ranges) bytes += await convert(range);
            return { seconds: (performance.now() - began) / 1000, bytes };
          },
          { ranges, wish },
        ),
      ),
  };
}

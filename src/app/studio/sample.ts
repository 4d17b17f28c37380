/** The sample project that ships with the page. */
import { z } from 'zod';
import { failure, type Failure } from '../../core/base/failure.ts';
import type { ClipId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Asset } from '../../core/schema/asset.ts';
import type { Clip } from '../../core/schema/document.ts';
import { newId } from '../ids.ts';

const sampleSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  assets: z.array(z.object({ file: z.string().regex(/^[\w.-]+$/), name: z.string() })),
  ranges: z.array(
    z.object({ file: z.string(), startUs: z.number().int(), endUs: z.number().int(), label: z.string() }),
  ),
});

/** The sample's description and files. */
export interface Sample {
  readonly name: string;
  readonly files: readonly File[];
  /** Its ranges, once the files have been imported (in the same order). */
  clips(assets: readonly Asset[]): readonly Clip[];
}

const FOLDER = 'sample/';

/** Reads the sample from beside the page. `not_found` when the page was put up without it. */
export async function loadSample(): Promise<Result<Sample, Failure>> {
  const base = new URL(FOLDER, document.baseURI);
  try {
    const response = await fetch(new URL('project.json', base));
    const sample = sampleSchema.parse(await response.json());
    const files: File[] = [];
    for (const { file, name } of sample.assets) {
      const media = await fetch(new URL(file, base));
      if (!media.ok) throw new Error(`${file}: ${String(media.status)}`);
      files.push(new File([await media.blob()], name, { type: 'video/mp4', lastModified: 0 }));
    }
    return ok({
      name: sample.name,
      files,
      clips: (assets) =>
        sample.ranges.flatMap(({ file, startUs, endUs, label }) => {
          const at = sample.assets.findIndex((asset) => asset.file === file);
          const asset = assets[at];
          return asset === undefined
            ? []
            : [{ id: newId<ClipId>('clip'), assetId: asset.id, startUs, endUs, label }];
        }),
    });
  } catch (cause) {
    return err(
      failure('not_found', 'unknown_asset', 'The sample project is not beside this page.', {
        cause: String(cause),
      }),
    );
  }
}

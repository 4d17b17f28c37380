/** The small documents of a bundle (docs/formats.md). Pure but for Blobs. */
import type { Certificate } from '../../core/schema/certificate.ts';
import type { Export } from '../../core/schema/export.ts';
import type { Deviation } from '../../core/schema/plan.ts';
import type { CheckedSpec } from '../../core/schema/spec.ts';

/** A file of a bundle. */
export interface BundleFile {
  /** As it is called in the ZIP. */
  readonly name: string;
  readonly data: Blob;
}

function json(name: string, value: unknown): BundleFile {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return { name, data: new Blob([text], { type: 'application/json' }) };
}

/** What was asked for, comments included: an export of it makes the same again. */
export function specFile(spec: CheckedSpec): BundleFile {
  return json('spec.json', spec);
}

/** What the check of the video found. */
export function certificateFile(certificate: Certificate): BundleFile {
  return json('certificate.json', certificate);
}

/** Where the bundle differs from the plain reading of the request. */
export function deviationsFile(deviations: readonly Deviation[]): BundleFile {
  return json('deviations.json', { version: 1, deviations });
}

/**
 * What the bundle holds, with sizes and sums, and in which volume each file lies. The same one lies in every volume; it does not list
 * itself.
 */
export function manifestFile(
  { name, createdAt }: Pick<Export, 'name' | 'createdAt'>,
  volumeNames: readonly string[],
  volumes: readonly (readonly BundleFile[])[],
  sums: ReadonlyMap<string, string>,
): BundleFile {
  return json('manifest.json', {
    version: 1,
    kind: 'reelkeep-bundle',
    name,
    createdAt,
    volumes: volumeNames,
    files: volumes.flatMap((files, at) =>
      files.map((file) => ({
        name: file.name,
        bytes: file.data.size,
        sha256: sums.get(file.name) ?? '',
        volume: at + 1,
      })),
    ),
  });
}

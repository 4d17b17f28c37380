/** Names of the files in a ZIP of clips. */
import { safeFileName } from './file-name.ts';

/**
 * `01_Goal.mp4`, `02_Save.mp4` ...: numbered, so that every program lists them in the order of the reel and no two are the same,
 * and safe on every system. A clip without a label gets the name of the export.
 */
export function partNames(
  labels: readonly (string | undefined)[],
  name: string,
  extension: string,
): readonly string[] {
  const digits = Math.max(2, String(labels.length).length);
  return labels.map((label, at) => {
    const said = label === undefined || label.trim() === '' ? name : label;
    return safeFileName(`${String(at + 1).padStart(digits, '0')}_${said}`, extension);
  });
}

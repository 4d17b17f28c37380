/** What players make of colour that a file does not name (docs/decisions/0012-colours.md). */
import type { ColorInfo } from './asset.ts';
import type { VideoFilter, VideoSettings } from './plan.ts';

/** Lines from which on the browsers read pictures without a tag by BT.709, and FFmpeg-based players by convention. */
const BROWSER_LINES = 720;
const CONVENTION_LINES = 577;

/** The matrix that pictures without a tag are taken to have, by the lines that are coded. */
export function untaggedMatrix(codedHeight: number): 'smpte170m' | 'bt709' {
  return codedHeight < BROWSER_LINES ? 'smpte170m' : 'bt709';
}

/** What is known of coded pictures when their file says nothing of colour. */
export interface Untagged {
  readonly codec: string;
  readonly codedHeight: number;
}

/**
 * Whether every player reads both kinds of untagged pictures by the same matrix, whatever it is: they agree on small ones;
 * larger ones Chromium reads otherwise than FFmpeg up to 720 lines, and VP9 otherwise than H.264 above.
 */
export function readAlike(a: Untagged, b: Untagged): boolean {
  const size = ({ codedHeight }: Untagged): number =>
    codedHeight < CONVENTION_LINES ? 0 : codedHeight < BROWSER_LINES ? 1 : 2;
  return size(a) === size(b) && (size(a) < 2 || a.codec === b.codec);
}

/** Names of one matrix: 625 and 525 lines differ in their primaries only. */
const SAME: Readonly<Record<string, string>> = { bt470bg: 'smpte170m' };

/** The matrix of samples, tagged or not, under one name for equal ones. */
export function matrixOf(color: ColorInfo, untagged: 'smpte170m' | 'bt709'): string {
  const name = color.matrix ?? untagged;
  return SAME[name] ?? name;
}

/** Matrices, as `matrixOf` names them, that both engines can bring samples to and from without a detour over RGB. */
export const REACHABLE_MATRICES: ReadonlySet<string> = new Set(['bt709', 'smpte170m']);

/** The matrix by which the output's pictures are read. */
export function outputMatrix({ color, height }: Pick<VideoSettings, 'color' | 'height'>): string {
  return matrixOf(color, untaggedMatrix(height));
}

/** What changes between two descriptions of colour. */
export interface MatrixChange {
  readonly from: string;
  readonly to: string;
  readonly fromFull: boolean;
  readonly toFull: boolean;
}

/** What happens to the matrix and the range of a source's samples, so that they are what the output says; null when nothing does. */
export function matrixChange(
  filter: Pick<VideoFilter, 'sourceColor' | 'untaggedMatrix'>,
  settings: Pick<VideoSettings, 'color' | 'height'>,
): MatrixChange | null {
  const from = matrixOf(filter.sourceColor, filter.untaggedMatrix);
  const to = outputMatrix(settings);
  const fromFull = filter.sourceColor.fullRange ?? false;
  const toFull = settings.color.fullRange ?? false;
  return from === to && fromFull === toFull ? null : { from, to, fromFull, toFull };
}

/**
 * Holds pictures beside the joins of a finished file against what they should be. Pictures are very small (luma over a
 * grid), so that what an encoder changes averages out and what is another picture shows. Pure.
 */
import type { AssetId } from '../base/ids.ts';
import type { CertificateCheck, CertificateJoin, CheckText } from '../schema/certificate.ts';
import { matrixOf, outputMatrix } from '../schema/color.ts';
import type { CopyVideoStep, EncodeVideoStep, RenderPlan } from '../schema/plan.ts';
import { frameFrom, type FrameTable, type PlacedJoin } from './certify-runs.ts';
import { checked, inEnglish, text } from './certify-text.ts';

/** A very small picture: luma of limited range over the grid, row by row. */
export type SmallPicture = Uint8Array;

/** What a frame of the finished file should look like. */
export interface ExpectedPicture {
  readonly frame: number;
  readonly luma: SmallPicture;
  /** As handed to the encoder; a copied picture of the source; the source's picture that was encoded. */
  readonly from: 'encoder' | 'copy' | 'source';
}

/** A picture of a source to hold a frame of the finished file against. */
export interface SourceLook {
  readonly frame: number;
  readonly assetId: AssetId;
  /** Microseconds of asset time. */
  readonly assetUs: number;
  readonly from: 'copy' | 'source';
}

/**
 * Mean differences (0..255) that still are the same picture. Copied packets decode to the same picture, in every bit.
 * Encoded ones keep the means of cells well: eight pieces of real footage at CRF 28 differed by 0.8 at most, starved to
 * an eighth of the bits by 5.6; another scene differs by 15 and more.
 */
const SAME_COPIED = 0.5;
const SAME_ENCODED = 6;
/**
 * Above this a picture that is twice as near to what another frame should be is taken to be that frame. Below it nothing
 * is said: a starved encoder skips slow motion, and its picture then is nearer to the frame before.
 */
const OTHER_FRAME = 2;
/** A frame this near to a reference's time is the one it was taken of, microseconds. */
const NEAR_US = 3000;
/** Frames on both sides of a join that belong to it. */
const BESIDE = 4;
/** Pictures of sources that have to be decoded from an earlier key frame: each costs up to a group. */
const MOST_WAYS = 12;

/** Mean absolute difference of two small pictures. */
export function differenceOf(a: SmallPicture, b: SmallPicture): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return a.length === 0 ? 0 : sum / a.length;
}

/** What the encoders said that their pictures should look like, by frame of the finished file. */
export function referencesOf(
  plan: RenderPlan,
  table: FrameTable,
  references: ReadonlyMap<string, readonly { readonly offsetUs: number; readonly luma: SmallPicture }[]>,
): ExpectedPicture[] {
  const expected: ExpectedPicture[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'encode-video') continue;
    for (const { offsetUs, luma } of references.get(step.id) ?? []) {
      const timeUs = step.outStartUs + offsetUs;
      const frame = frameFrom(table.timesUs, timeUs - NEAR_US / 2);
      const found = table.timesUs[frame];
      // Rounding of a millisecond clock on both ways; a frame that is not there shows in the frame times.
      if (found !== undefined && Math.abs(found - timeUs) <= NEAR_US)
        expected.push({ frame, luma, from: 'encoder' });
    }
  }
  return expected;
}

/**
 * Whether a picture of the source, made very small, is what the encoder got: not painted on, turned, padded or tone-mapped, and with
 * the same luma for the same colour.
 */
function keepsLook({ filter, overlay }: EncodeVideoStep, plan: RenderPlan): boolean {
  const settings = plan.output.video?.settings;
  const { sourceColor } = filter;
  const sameLuma =
    settings !== undefined &&
    sourceColor.fullRange !== true &&
    outputMatrix(settings) === matrixOf(sourceColor, filter.untaggedMatrix);
  return (
    overlay === undefined &&
    sameLuma &&
    filter.fit !== 'pad' &&
    filter.rotate === 0 &&
    !filter.flip &&
    !filter.toneMap
  );
}

/** Pictures of the sources that the frames after joins should look like, where no encoder has said so. */
export function sourceLooksOf(
  plan: RenderPlan,
  table: FrameTable,
  joins: readonly PlacedJoin[],
  expected: readonly ExpectedPicture[],
): SourceLook[] {
  const known = new Set(expected.map(({ frame }) => frame));
  const frames = new Set(joins.map(({ frame }) => frame).filter((frame) => !known.has(frame)));
  const steps = plan.steps.filter(
    (step): step is CopyVideoStep | EncodeVideoStep =>
      step.kind === 'copy-video' || (step.kind === 'encode-video' && keepsLook(step, plan)),
  );
  const looks = steps.flatMap((step): SourceLook[] => {
    const frame = frameFrom(table.timesUs, step.outStartUs);
    if (!frames.has(frame)) return [];
    return step.kind === 'copy-video'
      ? [{ frame, assetId: step.assetId, assetUs: step.startUs, from: 'copy' }]
      : [{ frame, assetId: step.assetId, assetUs: step.firstFrameUs, from: 'source' }];
  });
  const ways = looks.filter((look) => look.from === 'source');
  const kept = new Set(
    ways.length <= MOST_WAYS ? ways : ways.filter((_, i) => i % Math.ceil(ways.length / MOST_WAYS) === 0),
  );
  return looks.filter((look) => look.from === 'copy' || kept.has(look));
}

/** What was found beside one join. */
interface JoinPictures {
  readonly difference: number | null;
  readonly problem: CheckText | null;
}

function lookBeside(
  join: PlacedJoin,
  expected: readonly ExpectedPicture[],
  found: ReadonlyMap<number, SmallPicture>,
): JoinPictures {
  const near = expected.filter(({ frame }) => Math.abs(frame - join.frame) <= BESIDE);
  let difference: number | null = null;
  for (const own of near) {
    const picture = found.get(own.frame);
    if (picture === undefined) continue;
    const mine = differenceOf(picture, own.luma);
    difference = Math.max(difference ?? 0, mine);
    const side = own.frame < join.frame ? 'before' : 'after';
    if (mine > (own.from === 'copy' ? SAME_COPIED : SAME_ENCODED)) {
      return { difference, problem: text('picture_differs', { side, difference: mine }) };
    }
    const other = near.find(
      (candidate) => candidate.frame !== own.frame && differenceOf(picture, candidate.luma) * 2 < mine,
    );
    if (mine > OTHER_FRAME && other !== undefined) {
      const off = other.frame - own.frame;
      const count = Math.abs(off);
      return { difference, problem: text(off > 0 ? 'picture_early' : 'picture_late', { side, count }) };
    }
  }
  return { difference, problem: null };
}

/** The check on the pictures beside the joins, and the largest difference at each of them. */
export function judgeJoinPictures(
  joins: readonly PlacedJoin[],
  expected: readonly ExpectedPicture[],
  found: ReadonlyMap<number, SmallPicture>,
): { readonly check: CertificateCheck; readonly differences: readonly (number | null)[] } {
  const looked = joins.map((join) => lookBeside(join, expected, found));
  const compared = looked.filter(({ difference }) => difference !== null).length;
  const largest = looked.reduce((most, { difference }) => Math.max(most, difference ?? 0), 0);
  const bad = looked.findIndex(({ problem }) => problem !== null);
  const wrong = looked[bad]?.problem ?? null;
  const seen = [
    text('joins_compared', { count: compared, total: joins.length }),
    ...(compared === 0 ? [] : [text('largest_difference', { difference: largest })]),
  ];
  return {
    check: checked(
      'join_pictures',
      wrong !== null ? false : compared === 0 ? 'skipped' : true,
      [text('as_in_source', {})],
      wrong === null ? seen : [text('at', { us: joins[bad]?.atUs ?? 0 }), wrong],
    ),
    differences: looked.map(({ difference }) => difference),
  };
}

/** Joins as they were decoded, for the certificate. */
export function joinRecords(
  joins: readonly PlacedJoin[],
  decoded: readonly { readonly framesDecoded: number; readonly problem: string | null }[],
  differences: readonly (number | null)[],
): CertificateJoin[] {
  return joins.map((join, i) => {
    const { framesDecoded, problem } = decoded[i] ?? { framesDecoded: 0, problem: null };
    const problemText =
      problem !== null
        ? text('decoder_said', { said: problem })
        : framesDecoded === 0
          ? text('nothing_decoded', {})
          : null;
    return {
      atUs: join.atUs,
      framesDecoded,
      clean: problemText === null,
      problem: problemText === null ? null : inEnglish([problemText]),
      ...(problemText === null ? {} : { problemText: [problemText] }),
      crossed: join.crossed,
      difference: differences[i] ?? null,
    };
  });
}

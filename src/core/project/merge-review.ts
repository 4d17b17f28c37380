/**
 * Putting a review that came back together with what is here. Both sides' comments are kept, the same file twice changes
 * nothing, and where both sides have changed the same comment since they last had the same, the person is asked. Pure.
 */
import { canonicalJson } from '../base/canonical.ts';
import type { AnnotationId, AssetId } from '../base/ids.ts';
import type { Annotation, Reply } from '../schema/annotation.ts';
import type { Clip } from '../schema/document.ts';
import type { Comments } from './review.ts';

/** Both sides have changed it. */
export interface Conflict {
  readonly here: Annotation;
  /** As it came, with both sides' replies. */
  readonly theirs: Annotation;
}

/** What a review file brings. */
export interface MergedReview {
  /** Not known here before. */
  readonly added: readonly Annotation[];
  /** Changed by the other side only, or answered by it. */
  readonly changed: readonly Annotation[];
  /** Changed by both: here as it is, until the person has said. */
  readonly conflicts: readonly Conflict[];
  /** How many are the same on both sides. */
  readonly same: number;
  /** Comments on files that are neither here nor in the review. */
  readonly homeless: number;
}

/** Everything of a comment but its answers and its bookkeeping. */
const bodyOf = ({ replies: _replies, updatedAt: _at, basis: _basis, ...body }: Annotation): string =>
  canonicalJson(body);

const writtenAt = ({ createdAt, updatedAt }: Reply): string => updatedAt ?? createdAt;

/** The answers of both sides, in the order in which they were given. The same one twice is one, as it was written last. */
export function mergedReplies(here: readonly Reply[], theirs: readonly Reply[]): readonly Reply[] {
  const known = new Map(here.map((reply) => [reply.id, reply]));
  const fresh = theirs.filter((reply) => {
    const mine = known.get(reply.id);
    return mine === undefined || writtenAt(mine) < writtenAt(reply);
  });
  if (fresh.length === 0) return here;
  for (const reply of fresh) known.set(reply.id, reply);
  return [...known.values()].sort((a, b) =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0,
  );
}

/**
 * Holds a review's comments against those that are here.
 *
 * @param assetOf which asset here a foreign one is; null where there is none
 */
export function mergeReview(
  here: Comments,
  incoming: readonly Annotation[],
  assetOf: (id: AssetId) => AssetId | null,
): MergedReview {
  const added = new Map<AnnotationId, Annotation>();
  const changed: Annotation[] = [];
  const conflicts: Conflict[] = [];
  let same = 0;
  let homeless = 0;
  for (const raw of incoming) {
    const assetId = assetOf(raw.assetId);
    if (assetId === null) {
      homeless += 1;
      continue;
    }
    const theirs: Annotation = { ...raw, assetId };
    const mine = here.get(raw.id);
    if (mine === undefined) {
      // From now on both sides have it as it came.
      added.set(raw.id, { ...theirs, basis: raw.updatedAt });
      continue;
    }
    const merged = mergeOne(mine, theirs);
    if (merged.kind === 'same') same += 1;
    else if (merged.kind === 'changed') changed.push(merged.comment);
    else conflicts.push({ here: merged.here, theirs: merged.theirs });
    if (merged.kind === 'conflict' && merged.here !== mine) changed.push(merged.here);
  }
  return { added: [...added.values()], changed, conflicts, same, homeless };
}

type MergedOne =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly comment: Annotation }
  | { readonly kind: 'conflict'; readonly here: Annotation; readonly theirs: Annotation };

function mergeOne(mine: Annotation, theirs: Annotation): MergedOne {
  const replies = mergedReplies(mine.replies, theirs.replies);
  const answered: Annotation = replies === mine.replies ? mine : { ...mine, replies };
  const kept: MergedOne = answered === mine ? { kind: 'same' } : { kind: 'changed', comment: answered };
  if (bodyOf(mine) === bodyOf(theirs)) return kept;
  // What both had last: what we were handed, or what they were.
  const bases = [mine.basis, theirs.basis].filter((basis) => basis !== undefined);
  const theyChanged = !bases.includes(theirs.updatedAt);
  const weChanged = !bases.includes(mine.updatedAt);
  if (!theyChanged) return kept;
  const taken: Annotation = { ...theirs, replies, basis: theirs.updatedAt };
  if (!weChanged) return { kind: 'changed', comment: taken };
  return { kind: 'conflict', here: answered, theirs: taken };
}

/** The clips of a review that are not here yet, on the files that are here. Those that are here stay as they are. */
export function newClips(
  here: readonly Clip[],
  incoming: readonly Clip[],
  assetOf: (id: AssetId) => AssetId | null,
): readonly Clip[] {
  const known = new Set(here.map(({ id }) => id));
  return incoming.flatMap((clip) => {
    const assetId = assetOf(clip.assetId);
    return known.has(clip.id) || assetId === null ? [] : [{ ...clip, assetId }];
  });
}

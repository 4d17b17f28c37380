/** Two versions of a film: which comments of the first one belong where in the second. */
import type { Failure } from '../../core/base/failure.ts';
import type { AnnotationId, AssetId } from '../../core/base/ids.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import {
  findMoments,
  LOOK_REACH,
  LOOK_STEP_US,
  reelOf,
  refine,
  type LostReason,
  type Placed,
} from '../../core/project/carry.ts';
import { commentsOfAsset } from '../../core/project/review.ts';
import type { Annotation } from '../../core/schema/annotation.ts';
import { frameOnDisplay, timeOfFrame } from '../../core/timeline/frames.ts';
import { browserClock } from '../clock.ts';
import { looksAt, type Looked, type LookOptions } from '../looks.ts';
import { assetOf, type Runtime } from '../runtime.ts';
import type { CarriedComments, ReviewModel, Versions } from './types.ts';

/** Frames before and after a moment that have to fit. */
const NEIGHBOURS = 3;
/** How far around the place every frame is looked at, microseconds. */
const AROUND_US = 400_000;

/** What is needed of the studio. */
export interface VersionPorts {
  readonly runtime: Runtime;
  readonly review: ReviewModel;
}

/** A comment that was carried is the same one when it is carried again. */
const carriedId = (comment: Annotation, to: AssetId): AnnotationId =>
  `${comment.id}@${to}`.slice(0, 200) as AnnotationId;

/** Makes the comparison. */
export function createVersions({ runtime, review }: VersionPorts): Versions {
  const lookedAt = async (id: AssetId): Promise<Result<Looked, Failure>> => {
    const asset = await assetOf(runtime, id);
    if (!asset.ok) return asset;
    const index = await runtime.frameIndex(asset.value);
    if (!index.ok) return index;
    const file = await runtime.sources.open(asset.value);
    return file.ok ? ok({ asset: asset.value, file: file.value, index: index.value }) : file;
  };

  const places = async (
    from: Looked,
    to: Looked,
    timesUs: readonly number[],
    { signal, onProgress }: LookOptions,
  ): Promise<Result<readonly Placed[], Failure>> => {
    if (timesUs.length === 0) return ok([]);
    const part = (start: number, share: number): LookOptions => ({
      signal,
      onProgress: (fraction) => {
        onProgress(start + fraction * share);
      },
    });
    const steps = Array.from({ length: 2 * LOOK_REACH + 1 }, (_, at) => (at - LOOK_REACH) * LOOK_STEP_US);
    const around = timesUs.flatMap((timeUs) =>
      steps.map((by) => timeUs + by).filter((us) => us >= 0 && us < from.index.endUs),
    );
    const old = await looksAt(runtime, from, around, part(0, 0.3));
    if (!old.ok) return old;
    const grid = Array.from(
      { length: Math.ceil(to.index.endUs / LOOK_STEP_US) },
      (_, at) => at * LOOK_STEP_US,
    );
    const fresh = await looksAt(runtime, to, grid, part(0.3, 0.5));
    if (!fresh.ok) return fresh;
    const found = momentsOf(from, old.value, reelOf(fresh.value), timesUs);
    const exact: Placed[] = [];
    for (const [at, one] of found.entries()) {
      const timeUs = timesUs[at] ?? 0;
      const place = one.found ? await exactly(from, to, timeUs, one, part(0.8, 0)) : ok(one);
      if (!place.ok) return place;
      exact.push(place.value);
      onProgress(0.8 + (0.2 * (at + 1)) / found.length);
    }
    return ok(exact);
  };

  /** To the frame: every frame around the place is held against the frame itself and its neighbours. */
  const exactly = async (
    from: Looked,
    to: Looked,
    timeUs: number,
    coarse: Extract<Placed, { found: true }>,
    options: LookOptions,
  ): Promise<Result<Placed, Failure>> => {
    const frame = frameOnDisplay(from.index, timeUs);
    const ownUs = timeOfFrame(from.index, frame);
    const wantedUs = Array.from({ length: 2 * NEIGHBOURS + 1 }, (_, at) => frame + at - NEIGHBOURS).flatMap(
      (one) => from.index.timesUs[one] ?? [],
    );
    const wanted = await looksAt(runtime, from, wantedUs, options);
    if (!wanted.ok) return wanted;
    const candidatesUs = [...to.index.timesUs].filter((us) => Math.abs(us - coarse.timeUs) <= AROUND_US);
    const candidates = await looksAt(runtime, to, candidatesUs, options);
    if (!candidates.ok) return candidates;
    const offsets = wanted.value.map(({ timeUs: us, luma }) => ({ offsetUs: us - ownUs, luma }));
    const sorted = [...candidates.value].sort((a, b) => a.timeUs - b.timeUs);
    return ok({ ...coarse, timeUs: Math.max(0, Math.round(refine(offsets, sorted, coarse.timeUs))) });
  };

  return {
    async carry(fromId, toId, options) {
      const [from, to] = [await lookedAt(fromId), await lookedAt(toId)];
      if (!from.ok) return from;
      if (!to.ok) return to;
      const known = review.get();
      const comments = commentsOfAsset(known, fromId).filter(
        (comment) => !known.has(carriedId(comment, toId)),
      );
      const timed = comments.filter(({ timeUs }) => timeUs !== null);
      const legacy = comments.filter(({ timeUs }) => timeUs === null);
      const placed = await places(
        from.value,
        to.value,
        timed.map(({ timeUs }) => timeUs ?? 0),
        options,
      );
      if (!placed.ok) return placed;
      if (options.signal.aborted) {
        return err({ code: 'aborted', reason: 'cancelled', message: 'Comparing was stopped.' });
      }
      const now = browserClock.iso();
      const copy = (comment: Annotation, timeUs: number | null): Annotation => ({
        ...comment,
        id: carriedId(comment, toId),
        assetId: toId,
        timeUs,
        updatedAt: now,
        basis: undefined,
      });
      const carried: Annotation[] = [];
      const lost: { comment: Annotation; reason: LostReason }[] = [];
      for (const [at, comment] of timed.entries()) {
        const place = placed.value[at];
        if (place?.found === true) carried.push(copy(comment, place.timeUs));
        else lost.push({ comment, reason: place?.reason ?? 'not_found' });
      }
      // A comment on no frame belongs to no frame of the new version either.
      carried.push(...legacy.map((comment) => copy(comment, null)));
      const written = review.dispatch({ type: 'addComments', comments: carried });
      if (!written.ok) return written;
      const result: CarriedComments = { carried, lost };
      return ok(result);
    },
    keepWithoutFrame(lost, toId) {
      const now = browserClock.iso();
      return review.dispatch({
        type: 'addComments',
        comments: lost.map(({ comment }) => ({
          ...comment,
          id: carriedId(comment, toId),
          assetId: toId,
          timeUs: null,
          updatedAt: now,
          basis: undefined,
        })),
      });
    },
  };
}

/** Each moment with the looks around it: those of other moments must not be taken for its neighbours. */
function momentsOf(
  { index }: Looked,
  looks: readonly { readonly timeUs: number; readonly luma: Uint8Array }[],
  to: ReturnType<typeof reelOf>,
  timesUs: readonly number[],
): readonly Placed[] {
  const byTime = new Map(looks.map((look) => [look.timeUs, look]));
  const around = (timeUs: number) =>
    Array.from({ length: 2 * LOOK_REACH + 1 }, (_, at) => timeUs + (at - LOOK_REACH) * LOOK_STEP_US).flatMap(
      (us) =>
        us < 0 || us >= index.endUs ? [] : (byTime.get(timeOfFrame(index, frameOnDisplay(index, us))) ?? []),
    );
  return findMoments((timeUs) => reelOf(around(timeUs)), to, timesUs);
}

/** Comments in memory, for the interface's tests. */
import { applyReview, NO_COMMENTS, type Comments } from '../../../src/core/project/review.ts';
import { failure } from '../../../src/core/base/failure.ts';
import { err, ok } from '../../../src/core/base/result.ts';
import { cell } from '../../../src/app/studio/cell.ts';
import type { ReviewModel, Studio } from '../../../src/app/studio/types.ts';

export function fakeReview(comments: Comments = NO_COMMENTS): ReviewModel {
  const state = cell(comments);
  return {
    ...state,
    dispatch(command) {
      const result = applyReview(state.get(), command, '2026-11-20T10:00:00.000Z');
      if (!result.ok) return result;
      state.set(result.value);
      return ok(null);
    },
  };
}

/** What hands reviews over, compares versions and speaks other formats: nothing can be read or written here. */
export function fakeHandover(): Pick<Studio, 'exchange' | 'versions' | 'reviewFiles'> {
  const unavailable = err(failure('not_found', 'unknown_asset', 'Not in the fake studio.'));
  const no = () => Promise.resolve(unavailable);
  return {
    exchange: {
      formats: ['reelkeep-csv', 'fcpxml'],
      read: no,
      write: no,
      open: () => Promise.resolve(),
      opened: cell(null),
      dismiss: () => undefined,
    },
    versions: { carry: no, keepWithoutFrame: () => unavailable },
    reviewFiles: {
      write: no,
      open: no,
      save: no,
      opened: cell(null),
      dismiss: () => undefined,
      settle: () => unavailable,
    },
  };
}

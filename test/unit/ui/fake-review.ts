/** Comments in memory, for the interface's tests. */
import { applyReview, NO_COMMENTS, type Comments } from '../../../src/core/project/review.ts';
import { ok } from '../../../src/core/base/result.ts';
import { cell } from '../../../src/app/studio/cell.ts';
import type { ReviewModel } from '../../../src/app/studio/types.ts';

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

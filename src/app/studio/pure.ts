/** The pure functions of core that the interface computes with; everything else of core is taken as a type. */
export { FAILURE_REASONS } from '../../core/base/failure.ts';
export { ok } from '../../core/base/result.ts';
export { formatTimecode, nominalRate, parseTimecode } from '../../core/base/timecode.ts';
export { frameToMicros, SECOND_US } from '../../core/base/time.ts';
export { isOff } from '../../core/plan/off.ts';
export { inSequence } from '../../core/plan/certify-text.ts';
export { isStale, segmentOf } from '../../core/project/stale.ts';
export { budgetOutlook } from '../budget.ts';
export { isUnfinished } from './export-list.ts';
export { listComments } from '../../core/schema/listed-comments.ts';
export { primaryAudio, primaryVideo } from '../../core/schema/asset.ts';
export { FRAME_KEY } from '../../core/schema/frame-index.ts';
export { DEFAULT_COLOR, MAX_NAME, MAX_POINTS, MAX_SHAPES, MAX_TEXT } from '../../core/schema/annotation.ts';
export { commentsOfAsset } from '../../core/project/review.ts';
export { ROLES } from '../../core/project/roles.ts';

/** Entry of `dist/embed.js`: what other pages import. */
export { createReelkeep } from '../app/api/create.ts';
export { ReelkeepError } from '../app/api/error.ts';
export type * from '../app/api/types.ts';

/** The CSV of an export's comments. Pure. */
import type { Failure } from '../base/failure.ts';
import type { Result } from '../base/result.ts';
import type { Annotation } from '../schema/annotation.ts';
import type { ExchangeMedia, Written } from './model.ts';
import { exchangeComment } from './of-project.ts';
import { reelkeepCsv } from './reelkeep-csv.ts';

/** What is written. */
export interface CommentsCsv {
  readonly title: string;
  /** In the order of the rows. */
  readonly comments: readonly Annotation[];
  readonly media: readonly ExchangeMedia[];
  readonly profile: 'spreadsheet' | 'interchange';
}

/** Writes the CSV. */
export function commentsCsv({ title, comments, media, profile }: CommentsCsv): Result<Written, Failure> {
  return reelkeepCsv.write({
    exchange: { title, comments: comments.map(exchangeComment), cuts: [], cues: [] },
    media,
    rate: media[0]?.rate ?? { num: 25, den: 1 },
    options: { profile },
  });
}

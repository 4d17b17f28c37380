/** What stops a chunk: the codec gave up, or the source did not give what the plan counts on. */
import { messageOf, nameOf } from '../shared/failure.ts';

/** Another try, or another engine, may do better. */
export class CodecProblem extends Error {
  /** The browser took the codec away (hidden tabs, too many codecs at once): a new one may well work. */
  readonly reclaimed: boolean;

  constructor(message: string, reclaimed = false) {
    super(message);
    this.reclaimed = reclaimed;
  }

  /** What a codec reported. Reclaimed codecs say QuotaExceededError (WebCodecs, "resource reclamation"). */
  static of(cause: unknown): CodecProblem {
    if (cause instanceof CodecProblem) return cause;
    return new CodecProblem(messageOf(cause), nameOf(cause) === 'QuotaExceededError');
  }
}

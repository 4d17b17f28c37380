/**
 * Dates: ISO-8601 strings wherever they are kept or sent, checked and turned into a `Date` in this one place. A `Date` object
 * never crosses a worker, a store or a channel (DESIGN.md, section 3).
 */
import { z } from 'zod';

/** A date as it is kept and sent: UTC with `Z`, or with an offset. */
export const isoDateSchema = z.iso.datetime({ offset: true });

/** Between the string and a `Date`, for whoever has to calculate with it. Encodes as UTC with milliseconds. */
export const isoDate = z.codec(isoDateSchema, z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/**
 * What tabs of one database tell each other. Another tab may run another build: every message is parsed when it arrives, and
 * what does not fit is left alone.
 */
import { z } from 'zod';
import type { ExportId } from '../base/ids.ts';
import { exportStageSchema, exportStatusSchema, type ExportProgress } from './export.ts';
import { isoDate } from './iso-date.ts';

const exportId = z
  .string()
  .min(1)
  .max(200)
  .transform((id) => id as ExportId);

/** Progress as it is published; also what `export:progress:{exportId}` carries. */
export const exportProgressSchema = z.object({
  exportId,
  status: exportStatusSchema,
  stage: exportStageSchema,
  percent: z.number().min(0).max(100),
  elapsedMs: z.number().nonnegative(),
  etaMs: z.number().nonnegative().nullable(),
  speed: z.number().nonnegative().nullable(),
  stepsDone: z.int().nonnegative(),
  stepsTotal: z.int().nonnegative(),
}) satisfies z.ZodType<ExportProgress>;

/** One message between tabs. */
export const tabMessageSchema = z.discriminatedUnion('type', [
  /** An export moved on; `isNew` where the sender has not spoken of it before. */
  z.object({
    type: z.literal('changed'),
    id: exportId,
    progress: exportProgressSchema,
    isNew: z.boolean(),
  }),
  z.object({ type: z.literal('removed'), id: exportId }),
  /** Whoever runs the job is asked to stop it, or to hold it. */
  z.object({ type: z.literal('asked'), id: exportId, what: z.enum(['cancel', 'pause']) }),
  /** A record was changed from outside the tab that runs it (order, pin, going on): read it again. */
  z.object({ type: z.literal('queue'), id: exportId }),
  /** Something was deleted or evicted: whoever waits for room may look again. */
  z.object({ type: z.literal('freed') }),
  /** How much is kept and for how long was changed in the settings. */
  z.object({ type: z.literal('policy') }),
]);

/** One message between tabs. */
export type TabMessage = z.infer<typeof tabMessageSchema>;

/** The message in what came over a channel; null for what another build may mean by it. */
export function readTabMessage(data: unknown): TabMessage | null {
  const parsed = tabMessageSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}

/** What the tab that saved the project document says. */
export const documentMessageSchema = z.object({ type: z.literal('saved'), savedAt: isoDate });

/** What the tab that saved the project document says, as it is used here. */
export type DocumentMessage = z.output<typeof documentMessageSchema>;

/** What whoever wrote comments says: they are to be read again. */
export const reviewMessageSchema = z.object({ type: z.literal('comments') });

/** The message in what came over a channel; null for what another build may mean by it. */
export function readDocumentMessage(data: unknown): DocumentMessage | null {
  const parsed = documentMessageSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}

/** A message as it crosses: dates as text. */
export function writeDocumentMessage(message: DocumentMessage): z.input<typeof documentMessageSchema> {
  return z.encode(documentMessageSchema, message);
}

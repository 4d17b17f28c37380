/** What the browser's encoders were found able to do: each question is measured once per browser build, and kept. */
import { z } from 'zod';
import { ENCODER_FAULTS } from '../../../core/schema/encoder.ts';
import type { EncoderAnswer, EncoderQuestion } from '../../contract/webcodecs.ts';

/** Answers so far, and the way to more. */
export interface EncoderMeasures {
  /** Whether an encoder makes right pictures of this size. Measures when nobody has asked before. */
  works(question: EncoderQuestion): Promise<boolean>;
  /** The full answer. */
  answer(question: EncoderQuestion): Promise<EncoderAnswer>;
  /** Everything that is known of this browser build. */
  known(): readonly EncoderAnswer[];
}

/** Where answers are kept, and how they are found. */
export interface MeasurePorts {
  /** Names the browser's build. Answers of other builds are forgotten. */
  readonly build: string;
  readonly load: () => Promise<unknown>;
  readonly save: (value: unknown) => Promise<unknown>;
  /** Null when the question could not be put: a worker that crashed says nothing about the encoder. */
  readonly measure: (question: EncoderQuestion) => Promise<EncoderAnswer | null>;
}

function nameOf({ codec, mode, width, height, fps }: EncoderQuestion): string {
  // Rates matter by the level they ask for only: 25, 29.97 and 30 are one question.
  return [codec, mode, width, height, Math.ceil(fps / 30)].join('/');
}

const keptSchema = z.object({
  build: z.string(),
  answers: z.array(
    z.object({
      question: z.object({
        codec: z.enum(['avc', 'vp9', 'av1', 'hevc', 'vp8']),
        mode: z.enum(['hardware', 'software']),
        width: z.number(),
        height: z.number(),
        fps: z.number(),
      }),
      works: z.boolean(),
      fault: z.enum(ENCODER_FAULTS).nullable(),
      problem: z.string().nullable(),
      encodeFps: z.number().nullable(),
      decodeFps: z.number().nullable(),
    }),
  ),
});

/** Loads what is kept. */
export async function openMeasures(ports: MeasurePorts): Promise<EncoderMeasures> {
  const kept = keptSchema.safeParse(await ports.load());
  const answers = new Map<string, EncoderAnswer>();
  if (kept.success && kept.data.build === ports.build) {
    for (const answer of kept.data.answers) answers.set(nameOf(answer.question), answer);
  }
  const asking = new Map<string, Promise<EncoderAnswer>>();
  const answer = (question: EncoderQuestion): Promise<EncoderAnswer> => {
    const name = nameOf(question);
    const known = answers.get(name);
    if (known !== undefined) return Promise.resolve(known);
    const under = asking.get(name);
    if (under !== undefined) return under;
    const measured = ports.measure(question).then(async (found): Promise<EncoderAnswer> => {
      asking.delete(name);
      if (found === null) {
        const problem = 'It could not be measured.';
        return { question, works: false, fault: 'not_measured', problem, encodeFps: null, decodeFps: null };
      }
      answers.set(name, found);
      await ports.save({ build: ports.build, answers: [...answers.values()] });
      return found;
    });
    asking.set(name, measured);
    return measured;
  };
  return {
    answer,
    works: async (question) => (await answer(question)).works,
    known: () => [...answers.values()],
  };
}

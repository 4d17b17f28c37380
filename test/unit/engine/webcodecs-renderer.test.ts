/** The browser's codecs as a renderer: what it takes on, what goes into a key, and a codec that was taken away. */
import { expect, test } from 'vitest';
import { failure, type Failure } from '../../../src/core/base/failure.ts';
import { err, ok, type Result } from '../../../src/core/base/result.ts';
import type { RenderJob } from '../../../src/runtime/contract/renderer.ts';
import type { Supervised } from '../../../src/runtime/contract/supervised.ts';
import type { CodecOutcome, WebcodecsWorkerApi } from '../../../src/runtime/contract/webcodecs.ts';
import type { EncoderMeasures } from '../../../src/runtime/engine/webcodecs/measures.ts';
import { createWebcodecsRenderer } from '../../../src/runtime/engine/webcodecs/renderer.ts';

const outcome: CodecOutcome = { data: new Blob(['x']), frames: 0, config: ['c'], wallMs: 1, references: [] };

/** Workers that answer what they are told, one after the other: a double of faults. */
function workersThat(answers: Result<CodecOutcome, Failure>[]): {
  workers: Supervised<WebcodecsWorkerApi>;
  calls: () => number;
} {
  let calls = 0;
  const workers: Supervised<WebcodecsWorkerApi> = {
    alive: 0,
    dispose: () => undefined,
    call: <T>() => {
      calls += 1;
      const answer = answers.shift();
      if (answer === undefined) throw new Error('called too often');
      return Promise.resolve(answer as Result<T, Failure>);
    },
  };
  return { workers, calls: () => calls };
}

const measures: EncoderMeasures = {
  works: () => Promise.resolve(true),
  answer: () => Promise.reject(new Error('not asked here')),
  known: () => [],
};

const sound: RenderJob = {
  kind: 'audio',
  step: { kind: 'encode-audio', id: 'a', samples: 10 },
  settings: { codec: 'aac', sampleRate: 48_000, channels: 2, bitrate: 128_000 },
  pcm: new Blob(),
  pieces: ['p1', 'p2'],
};

const limits = { stallMs: 60_000, totalMs: 900_000 };
const options = { signal: new AbortController().signal, onProgress: () => undefined, limits };
const rendererWith = (
  workers: Supervised<WebcodecsWorkerApi>,
  build = 'b',
): ReturnType<typeof createWebcodecsRenderer> =>
  createWebcodecsRenderer({ workers, mode: 'software', measures, build });

const broken = (reclaimed: boolean): Result<never, Failure> =>
  err(failure('engine_failed', 'step_failed', 'gone', { reclaimed }));

test('a codec that was taken away is made anew, once', async () => {
  const once = workersThat([broken(true), ok(outcome)]);
  expect((await rendererWith(once.workers).render(sound, options)).ok).toBe(true);
  expect(once.calls()).toBe(2);
  const twice = workersThat([broken(true), broken(true), ok(outcome)]);
  expect((await rendererWith(twice.workers).render(sound, options)).ok).toBe(false);
  expect(twice.calls()).toBe(2);
});

test('any other failure is for the next engine', async () => {
  const fails = workersThat([broken(false), ok(outcome)]);
  expect((await rendererWith(fails.workers).render(sound, options)).ok).toBe(false);
  expect(fails.calls()).toBe(1);
});

test('the content key: what decides the result is in it, names and places are not', () => {
  const { workers } = workersThat([]);
  const renderer = rendererWith(workers);
  const key = (job: RenderJob): string => JSON.stringify(renderer.keyMaterial(job));
  expect(key({ ...sound, step: { ...sound.step, id: 'other' } })).toBe(key(sound));
  expect(key({ ...sound, pieces: ['p1'] })).not.toBe(key(sound));
  expect(key({ ...sound, settings: { ...sound.settings, bitrate: 1 } })).not.toBe(key(sound));
  expect(JSON.stringify(rendererWith(workers, 'newer').keyMaterial(sound))).not.toBe(key(sound));
});

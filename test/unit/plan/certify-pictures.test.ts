import { describe, expect, it } from 'vitest';
import {
  joinRecords,
  judgeJoinPictures,
  referencesOf,
  sourceLooksOf,
  type ExpectedPicture,
} from '../../../src/core/plan/certify-pictures.ts';
import {
  costOf,
  frameFrom,
  inParts,
  keyBefore,
  planRuns,
  wayBudget,
  type FrameTable,
} from '../../../src/core/plan/certify-runs.ts';
import {
  copiesOf,
  judgeStill,
  sampleFrames,
  sourceOf,
  stillStretches,
  suspicionsIn,
} from '../../../src/core/plan/certify-still.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';

/** 25 frames per second; key frames where told; every frame of a size. */
function table(
  frames: number,
  keys: readonly number[],
  size: (frame: number) => number = () => 9000,
): FrameTable {
  return {
    timesUs: Array.from({ length: frames }, (_, i) => i * 40_000),
    keys: Array.from({ length: frames }, (_, i) => (keys.includes(i) ? 1 : 0)),
    sizes: Array.from({ length: frames }, (_, i) => size(i)),
    width: 1920,
    height: 1080,
  };
}

const picture = (value: number): Uint8Array => new Uint8Array(576).fill(value);
/** A picture with something in it, moved by so many cells. */
const scene = (moved: number): Uint8Array =>
  Uint8Array.from({ length: 576 }, (_, i) => 40 + (((i % 32) + moved) % 32) * 6);

describe('what is decoded', () => {
  // Two clips: a head of 20 frames, packets with a group of 50, a tail of 3; then the next clip.
  const file = table(250, [0, 20, 70, 120, 123, 143, 193]);
  const joins = [0, 800_000, 4_800_000, 4_920_000, 10_000_000];

  it('finds frames and the key frames before them', () => {
    expect(frameFrom(file.timesUs, 799_000)).toBe(20);
    expect(frameFrom(file.timesUs, 802_000)).toBe(21);
    expect(frameFrom(file.timesUs, 99e6)).toBe(250);
    expect(keyBefore(file.keys, 119)).toBe(70);
  });

  it('goes the short ways to joins, up to the budget, and always to the end', () => {
    const { joins: placed } = planRuns(file, joins, [], [], 25);
    expect(placed.map(({ frame, crossed }) => [frame, crossed])).toEqual([
      [0, false],
      [20, true],
      [120, false],
      [123, true],
      [250, true],
    ]);
    expect(planRuns(file, joins, [], [], Infinity).joins.map(({ crossed }) => crossed)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('decodes neighbouring joins in one run', () => {
    const { runs, runOf } = planRuns(file, joins, [20, 122, 123], [70], 25);
    expect(runs.map(({ keyUs, throughUs }) => [keyUs / 40_000, throughUs / 40_000])).toEqual([
      [0, 20],
      [70, 70],
      [120, 123],
      [193, 249],
    ]);
    expect(runOf).toEqual([0, 0, 2, 2, 3]);
    expect(runs.map(({ lookUs }) => lookUs.map((us) => us / 40_000))).toEqual([[20], [70], [122, 123], []]);
    expect(runs[2]?.fullUs).toEqual([[119 * 40_000, 123 * 40_000]]);
  });

  it('never decodes a frame twice, and every join has a run', () => {
    const { runs, runOf } = planRuns(file, joins, [], [0, 20, 70, 120, 123, 143, 193], Infinity);
    for (const [i, run] of runs.entries()) {
      const next = runs[i + 1];
      if (next !== undefined) expect(next.keyUs).toBeGreaterThan(run.throughUs);
    }
    expect(runOf.every((run) => run !== null)).toBe(true);
    const cost = runs.reduce((sum, run) => sum + costOf(file, run), 0);
    expect(cost).toBeLessThanOrEqual(250);
  });

  it('a file without frames has no runs', () => {
    expect(planRuns(table(0, []), [0], [], [], 100)).toMatchObject({ runs: [], runOf: [null] });
  });

  it('has a budget that grows with the file and shrinks with its pictures', () => {
    expect(wayBudget(table(100, [0]))).toBe(60);
    expect(wayBudget(table(100_000, [0]))).toBe(5000);
    expect(wayBudget({ ...table(100, [0]), width: 3840, height: 2160 })).toBe(15);
  });

  it('shares runs out in order', () => {
    const parts = inParts([5, 5, 10, 1, 1, 8], (n) => n, 100);
    expect(parts.flat()).toEqual([5, 5, 10, 1, 1, 8]);
    expect(parts).toHaveLength(2);
    expect(inParts([1], (n) => n, 100)).toEqual([[1]]);
    expect(inParts<number>([], (n) => n, 100)).toEqual([]);
    expect(
      inParts(
        Array.from({ length: 100 }, () => 10),
        (n) => n,
        100,
      ),
    ).toHaveLength(10);
  });
});

describe('pictures beside joins', () => {
  const joins = [
    { atUs: 0, frame: 0, crossed: false },
    { atUs: 2_000_000, frame: 50, crossed: true },
  ];
  const expected: readonly ExpectedPicture[] = [
    { frame: 0, luma: scene(0), from: 'copy' },
    { frame: 49, luma: scene(4), from: 'encoder' },
    { frame: 50, luma: scene(10), from: 'encoder' },
    { frame: 51, luma: scene(14), from: 'encoder' },
  ];
  const near = (luma: Uint8Array, by: number): Uint8Array => luma.map((value) => value + by);
  const right = new Map([
    [0, scene(0)],
    [49, near(scene(4), 1)],
    [50, near(scene(10), 2)],
  ]);
  const found = (change: readonly (readonly [number, Uint8Array])[]): string =>
    judgeJoinPictures(joins, expected, new Map([...right, ...change])).check.found;

  it('pass when they differ as codecs make them differ', () => {
    const { check, differences } = judgeJoinPictures(joins, expected, right);
    expect(check).toEqual({
      name: 'join_pictures',
      passed: true,
      expected: 'as in the source',
      found: '2 of 2 compared, largest difference 2.0 of 255',
      expectedText: [{ code: 'as_in_source', params: {} }],
      foundText: [
        { code: 'joins_compared', params: { count: 2, total: 2 } },
        { code: 'largest_difference', params: { difference: 2 } },
      ],
    });
    expect(differences).toEqual([0, 2]);
  });

  it('fail for another picture, for a copy that differs at all, and for a neighbour', () => {
    expect(found([[50, picture(90)]])).toMatch(/^2\.000 s: the picture after it differs by/);
    expect(found([[0, near(scene(0), 1)]])).toMatch(/^0\.000 s: the picture after it differs by 1\.0/);
    // A slower scene: the neighbour is only a little different, and still nearer than the right one.
    const slow: readonly ExpectedPicture[] = [
      { frame: 50, luma: picture(100), from: 'encoder' },
      { frame: 51, luma: picture(104), from: 'encoder' },
    ];
    const judged = judgeJoinPictures(joins, slow, new Map([[50, picture(104)]]));
    expect(judged.check).toMatchObject({ passed: false });
    expect(judged.check.found).toMatch(/is the one 1 frame on/);
  });

  it('are counted as not compared where there is nothing to compare with', () => {
    const none = judgeJoinPictures(joins, [], right);
    expect(none.check).toMatchObject({ passed: true, skipped: true, found: '0 of 2 compared' });
    expect(none.differences).toEqual([null, null]);
    expect(judgeJoinPictures(joins, expected.slice(0, 1), right).check.found).toMatch(/^1 of 2 compared/);
  });

  it('make the records of the certificate', () => {
    const records = joinRecords(
      joins,
      [
        { framesDecoded: 2, problem: null },
        { framesDecoded: 0, problem: null },
      ],
      [0.4, null],
    );
    const [told] = joinRecords(joins.slice(0, 1), [{ framesDecoded: 1, problem: 'bad slice' }], []);
    expect(told).toMatchObject({
      clean: false,
      problem: 'bad slice',
      problemText: [{ code: 'decoder_said', params: { said: 'bad slice' } }],
    });
    expect(records[0]).not.toHaveProperty('problemText');
    expect(records[1]?.problemText).toEqual([{ code: 'nothing_decoded', params: {} }]);
    expect(records).toMatchObject([
      { clean: true, problem: null, crossed: false, difference: 0.4 },
      { clean: false, problem: 'There is no picture.', crossed: true, difference: null },
    ]);
  });

  it('come from encoders by their time, or from the source where no encoder said', () => {
    const sourceColor = { matrix: null, fullRange: null };
    const untaggedMatrix = 'bt709';
    const plan = {
      output: { video: { settings: { color: { matrix: 'bt709' }, height: 720 } } },
      steps: [
        { kind: 'copy-video', id: 'c', assetId: 'a', startUs: 7_000_000, outStartUs: 0 },
        {
          kind: 'encode-video',
          id: 'e',
          assetId: 'a',
          firstFrameUs: 1_000_000,
          outStartUs: 2_000_000,
          filter: { fit: 'scale', rotate: 0, flip: false, toneMap: false, sourceColor, untaggedMatrix },
        },
        {
          kind: 'encode-video',
          id: 'p',
          assetId: 'a',
          firstFrameUs: 1_000_000,
          outStartUs: 4_000_000,
          filter: { fit: 'pad', rotate: 0, flip: false, toneMap: false, sourceColor, untaggedMatrix },
        },
      ],
    } as unknown as RenderPlan;
    const file = table(150, [0, 50, 100]);
    const taken = referencesOf(
      plan,
      file,
      new Map([
        [
          'e',
          [
            { offsetUs: 40_000, luma: picture(9) },
            { offsetUs: 15_000, luma: picture(9) },
          ],
        ],
      ]),
    );
    expect(taken.map(({ frame }) => frame)).toEqual([51]);
    const all = [...joins, { atUs: 4_000_000, frame: 100, crossed: false }];
    expect(sourceLooksOf(plan, file, all, taken)).toEqual([
      { frame: 0, assetId: 'a', assetUs: 7_000_000, from: 'copy' },
      { frame: 50, assetId: 'a', assetUs: 1_000_000, from: 'source' },
    ]);
    // Another matrix gives other luma for the same colour.
    const converted = {
      output: { video: { settings: { color: { matrix: 'smpte170m' } } } },
      steps: plan.steps,
    };
    expect(sourceLooksOf(converted as RenderPlan, file, all, taken).map(({ frame }) => frame)).toEqual([0]);
    const known: ExpectedPicture = { frame: 50, luma: picture(1), from: 'encoder' };
    expect(sourceLooksOf(plan, file, all, [known]).map(({ frame }) => frame)).toEqual([0]);
  });
});

describe('black and frozen stretches', () => {
  const keys = [0, 25, 50, 75, 100, 125];
  const file = table(150, keys);

  it('are looked for at key frames here and there', () => {
    expect(sampleFrames(file)).toEqual(keys);
    const many = table(
      10_000,
      Array.from({ length: 400 }, (_, i) => i * 25),
    );
    expect(sampleFrames(many)).toHaveLength(40);
  });

  it('are looked for where frames take no bytes', () => {
    const still = table(150, [0, 100], (frame) => (frame >= 30 && frame < 60 ? 80 : 9000));
    expect(stillStretches(still)).toEqual([[30, 59]]);
    expect(sampleFrames(still)).toEqual([0, 30, 42, 100]);
    // Too short to notice; all key frames; few frames.
    expect(stillStretches(table(150, [0], (frame) => (frame >= 30 && frame < 38 ? 80 : 9000)))).toEqual([]);
    expect(stillStretches(table(5, [0, 1, 2, 3, 4]))).toEqual([]);
  });

  it('are suspicions only until the source is asked', () => {
    const found = new Map([
      [0, scene(0)],
      [25, picture(16)],
      [50, scene(3)],
      [75, scene(3)],
      [100, scene(6)],
    ]);
    const suspicions = suspicionsIn(file, found);
    expect(suspicions).toEqual([
      { kind: 'black', from: 25, to: 25 },
      { kind: 'frozen', from: 50, to: 75 },
    ]);
    const ask = (source: readonly (readonly [number, Uint8Array])[]): string =>
      judgeStill(file, 5, suspicions, new Map(source)).found;
    expect(ask([])).toBe('5 pictures looked at, 2 black or still and not compared');
    expect(
      ask([
        [25, picture(17)],
        [50, scene(3)],
        [75, scene(3)],
      ]),
    ).toBe('5 pictures looked at, 2 black or still as in the source');
    expect(ask([[25, scene(2)]])).toBe('1.000 s: black, the source is not');
    expect(
      ask([
        [25, picture(16)],
        [50, scene(3)],
        [75, scene(5)],
      ]),
    ).toBe('2.000 s to 3.000 s: frozen, the source is not');
    expect(judgeStill(file, 0, [], new Map())).toMatchObject({ passed: true, skipped: true });
  });

  it('are hardly looked for in copied stretches, and never suspected there', () => {
    const long = table(
      1000,
      Array.from({ length: 40 }, (_, i) => i * 25),
      (frame) => (frame >= 30 && frame < 60 ? 80 : 9000),
    );
    // 0 to 20 s are copied, the rest is encoded.
    const steps = [
      { kind: 'copy-video', id: 'copy', startUs: 7_000_000, endUs: 27_000_000, outStartUs: 0 },
      { kind: 'encode-video', id: 'encode', startUs: 0, endUs: 20_000_000, outStartUs: 20_000_000 },
    ];
    const copyOf = copiesOf({ steps } as unknown as RenderPlan, long);
    expect([0, 499, 500, 999].map(copyOf)).toEqual(['copy', 'copy', null, null]);
    const samples = sampleFrames(long, copyOf);
    expect(samples.filter((frame) => frame < 500)).toEqual([0, 100, 200, 275, 375, 475]);
    expect(samples.filter((frame) => frame >= 500)).toHaveLength(20);
    const found = new Map([475, 500, 525, 550].map((frame) => [frame, scene(3)] as const));
    expect(suspicionsIn(long, found, copyOf)).toEqual([
      { kind: 'frozen', from: 475, to: 500 },
      { kind: 'frozen', from: 500, to: 525 },
      { kind: 'frozen', from: 525, to: 550 },
    ]);
    const black = new Map([100, 200, 600].map((frame) => [frame, picture(16)] as const));
    expect(suspicionsIn(long, black, copyOf)).toEqual([{ kind: 'black', from: 600, to: 600 }]);
    const frozen = new Map([100, 200, 275].map((frame) => [frame, scene(3)] as const));
    expect(suspicionsIn(long, frozen, copyOf)).toEqual([]);
  });

  it('find the moment of the source', () => {
    const plan = {
      clips: [
        { assetId: 'a', startUs: 5_000_000, endUs: 7_000_000, outStartUs: 0, outEndUs: 2_000_000 },
        { assetId: 'b', startUs: 0, endUs: 1_000_000, outStartUs: 2_000_000, outEndUs: 3_000_000 },
      ],
    } as unknown as RenderPlan;
    expect(sourceOf(plan, 1_960_000)).toEqual({ assetId: 'a', assetUs: 6_960_000 });
    expect(sourceOf(plan, 2_000_000)).toEqual({ assetId: 'b', assetUs: 0 });
    expect(sourceOf(plan, 3_500_000)).toBeNull();
  });
});

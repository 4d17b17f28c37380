import { describe, expect, it } from 'vitest';
import type { AssembleRequest } from '../../../src/runtime/contract/assembly.ts';
import type { RenderPlan } from '../../../src/core/schema/plan.ts';
import type { PlanSource } from '../../../src/core/timeline/layout.ts';
import { assembleRequest } from '../../../src/runtime/jobs/pieces.ts';
import type { RenderedSegment } from '../../../src/runtime/jobs/rendered.ts';
import { decodeOrder, indexOf, makeSource, plan, range } from '../plan/helpers.ts';

function requestFor(made: RenderPlan, source: PlanSource): AssembleRequest {
  const segments = new Map<string, RenderedSegment>(
    made.steps.flatMap((step) => {
      if (step.kind === 'copy-video' || step.kind === 'copy-audio') return [];
      const frames = step.kind === 'encode-video' ? step.frames : 0;
      return [[step.id, { key: step.id, data: new Blob([step.id]), frames, complaints: 0, references: [] }]];
    }),
  );
  const file = new File(['source'], 'source.mp4');
  const sources = new Map([[source.asset.id, { asset: source.asset, file }]]);
  return assembleRequest(made, sources, { segments, receipts: [] }, 'out');
}

describe('pieces of a smart cut', () => {
  it('meet: each ends where the next one begins', () => {
    const source = makeSource({ index: indexOf(decodeOrder({ frames: 250, gop: 50, b: 3 })) });
    const made = plan({ segments: [range('asset-a', 20, 131), range('asset-a', 100, 180)] }, [source]);
    const pieces = requestFor(made, source).video?.pieces ?? [];
    expect(pieces.map((piece) => piece.kind)).toEqual(['segment', 'source', 'segment', 'source', 'segment']);
    let at = 0;
    for (const piece of pieces) {
      expect(piece.outStartUs).toBe(at);
      expect(piece.outEndUs - piece.outStartUs).toBe(piece.frames * 40_000);
      at = piece.outEndUs;
    }
    expect(at).toBe(made.output.durationUs);
  });

  it('of a copy that ends inside of a held picture end with the clip', () => {
    const base = makeSource({ frames: 100, gop: 50 });
    const timesUs = base.index.timesUs.map((time, i) => (i > 90 ? time + 3_000_000 : time));
    const source = makeSource({
      index: { ...base.index, timesUs, endUs: 7_000_000 },
      track: { frameRate: { kind: 'variable', average: { num: 14, den: 1 } } },
    });
    const made = plan({ segments: [{ assetId: 'asset-a', startUs: 2_000_000, endUs: 4_600_000 }] }, [source]);
    const [only, ...none] = requestFor(made, source).video?.pieces ?? [];
    expect(none).toEqual([]);
    expect(only).toMatchObject({ kind: 'source', toUs: 6_640_000, outEndUs: 2_600_000, frames: 41 });
  });
});

describe('pieces of WebM', () => {
  it('name their codecs; copied Opus is put where its run-in is not heard', () => {
    const source = makeSource({
      container: 'webm',
      track: { codec: 'vp9', codecString: 'vp09.00.31.08', configHash: null },
      audio: { codec: 'opus' },
    });
    const [track] = source.asset.probe.audio;
    if (track === undefined) throw new Error('the source has sound');
    const delayed = {
      ...source,
      asset: {
        ...source.asset,
        probe: { ...source.asset.probe, audio: [{ ...track, engineOffsetUs: -6_500 }] },
      },
    };
    const made = plan({ segments: [range('asset-a', 0, 250)], format: 'webm' }, [delayed]);
    const request = requestFor(made, delayed);
    expect(request).toMatchObject({ container: 'webm', video: { codec: 'vp9' }, audio: { codec: 'opus' } });
    expect(request.audio).toMatchObject({ pieces: [{ kind: 'source', fromUs: 6_500 }] });
  });
});

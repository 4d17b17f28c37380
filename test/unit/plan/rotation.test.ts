/** A film that is turned: its rotation is kept as metadata where packets are copied, and baked in where they are not. */
import { describe, expect, it } from 'vitest';
import type { CopyVideoStep, EncodeVideoStep, RenderPlan } from '../../../src/core/schema/plan.ts';
import { makeSource, plan, range } from './helpers.ts';

function picture(made: RenderPlan): (CopyVideoStep | EncodeVideoStep)[] {
  return made.steps.filter((step) => step.kind === 'copy-video' || step.kind === 'encode-video');
}

describe('smart cut of a turned film', () => {
  const turned = (id: string, rotation: 0 | 90 | 180 | 270, more: object = {}) =>
    makeSource({
      id,
      track: {
        rotation,
        displayWidth: rotation === 180 ? 1280 : 720,
        displayHeight: rotation === 180 ? 720 : 1280,
        ...more,
      },
    });

  it('keeps the rotation as metadata and encodes the ends as they are stored', () => {
    const made = plan({ segments: [range('asset-a', 0, 100), range('asset-b', 20, 133)] }, [
      turned('asset-a', 90),
      turned('asset-b', 90),
    ]);
    expect(made.output.video).toMatchObject({
      width: 720,
      height: 1280,
      rotation: 90,
      settings: { width: 1280, height: 720 },
    });
    expect(made.summary).toMatchObject({ copied: 1, encoded: [], smart: [{ clip: 1 }] });
    const head = picture(made).find((step) => step.kind === 'encode-video');
    expect(head?.filter).toMatchObject({ rotate: 0, fit: 'none', width: 1280, height: 720 });
    // A clip that is encoded in whole stands among them as it is stored, too.
    const odd = turned('asset-b', 90, { configHash: 'config-b', codecString: 'avc1.6e001f', bitDepth: 10 });
    const three = plan({ segments: [range('asset-a', 0, 100), range('asset-b', 0, 50)] }, [
      turned('asset-a', 90),
      odd,
    ]);
    expect(three.output.video?.rotation).toBe(90);
    expect(picture(three).at(-1)).toMatchObject({ filter: { rotate: 0, fit: 'none' } });
  });

  it('bakes it in when nothing is copied, or the rotations differ', () => {
    const encoded = plan({ segments: [range('asset-a', 0, 100)], resolution: '720p', quality: 'low' }, [
      turned('asset-a', 90, { codec: 'hevc' }),
    ]);
    expect(encoded.output.video).toMatchObject({
      width: 720,
      height: 1280,
      rotation: 0,
      settings: { width: 720 },
    });
    expect(picture(encoded)[0]).toMatchObject({ filter: { rotate: 90, fit: 'none' } });
    const mixed = plan({ segments: [range('asset-a', 0, 100), range('asset-b', 0, 100)] }, [
      turned('asset-a', 180),
      turned('asset-b', 0, { displayWidth: 1280, displayHeight: 720 }),
    ]);
    expect(mixed.output.video?.rotation).toBe(0);
    expect(mixed.summary).toMatchObject({ copied: 1, encoded: [{ clip: 0, reason: 'rotation_baked' }] });
    const mirrored = plan({ segments: [range('asset-a', 0, 100)] }, [turned('asset-a', 180, { flip: true })]);
    expect(picture(mirrored)[0]).toMatchObject({ filter: { rotate: 180, flip: true } });
  });
});

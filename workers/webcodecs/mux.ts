/** Encoded pictures as a small file of their own, which the assembly reads like any other. */
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import type { VideoSettings } from '../../src/core/schema/plan.ts';
import type { EncodedPicture } from './encode.ts';
import { withVp9Color } from './vp9-color.ts';

/** Segments count in microseconds, like everything else. */
const TICKS_PER_SECOND = 1_000_000;

/** Writes a segment. `endUs`: when its last picture ends. */
export async function muxPictures(
  pictures: readonly EncodedPicture[],
  settings: VideoSettings,
  decoderConfig: VideoDecoderConfig,
  endUs: number,
): Promise<Blob> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new EncodedVideoPacketSource(settings.codec);
  output.addVideoTrack(source, { frameRate: TICKS_PER_SECOND });
  await output.start();
  for (const [position, picture] of pictures.entries()) {
    const nextUs = pictures[position + 1]?.timestampUs ?? endUs;
    const packet = new EncodedPacket(
      settings.codec === 'vp9' && picture.key ? withVp9Color(picture.data, settings.color) : picture.data,
      picture.key ? 'key' : 'delta',
      picture.timestampUs / 1e6,
      Math.max(1, nextUs - picture.timestampUs) / 1e6,
    );
    await source.add(packet, position === 0 ? { decoderConfig } : undefined);
  }
  await output.finalize();
  if (target.buffer === null) throw new Error('The segment was not written.');
  return new Blob([target.buffer], { type: 'video/mp4' });
}

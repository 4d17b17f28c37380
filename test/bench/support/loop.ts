/** The same packets again and again: an hour of footage out of a minute, without coding anything. */
import {
  ALL_FORMATS,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  FilePathTarget,
  Input,
  Mp4OutputFormat,
  Output,
  type EncodedPacket,
} from 'mediabunny';

async function all(sink: EncodedPacketSink): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = [];
  for await (const packet of sink.packets()) packets.push(packet);
  return packets;
}

/**
 * Writes an MP4 (moov at the end) of `rounds` rounds of a clip whose GOPs are closed, each exactly `roundSeconds` long.
 * Sound packets that reach over the ends of a round are left out.
 */
export async function loopFile(
  source: string,
  target: string,
  rounds: number,
  roundSeconds: number,
): Promise<void> {
  const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(source) });
  try {
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    if (video === null || audio === null)
      throw new Error('the clip to loop needs a picture and a sound track');
    const pictures = await all(new EncodedPacketSink(video));
    const sounds = (await all(new EncodedPacketSink(audio))).filter(
      ({ timestamp, duration }) => timestamp >= 0 && timestamp + duration <= roundSeconds + 1e-6,
    );
    const [pictureConfig, soundConfig] = [await video.getDecoderConfig(), await audio.getDecoderConfig()];
    const output = new Output({
      format: new Mp4OutputFormat({ fastStart: false }),
      target: new FilePathTarget(target),
    });
    const pictureSource = new EncodedVideoPacketSource('avc');
    const soundSource = new EncodedAudioPacketSource('aac');
    output.addVideoTrack(pictureSource);
    output.addAudioTrack(soundSource);
    await output.start();
    for (let round = 0; round < rounds; round += 1) {
      const shift = round * roundSeconds;
      const first = round === 0;
      for (const packet of pictures) {
        await pictureSource.add(
          packet.clone({ timestamp: packet.timestamp + shift }),
          first && pictureConfig ? { decoderConfig: pictureConfig } : undefined,
        );
      }
      for (const packet of sounds) {
        await soundSource.add(
          packet.clone({ timestamp: packet.timestamp + shift }),
          first && soundConfig ? { decoderConfig: soundConfig } : undefined,
        );
      }
    }
    await output.finalize();
  } finally {
    input.dispose();
  }
}

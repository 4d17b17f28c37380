import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { probeSchema } from '../../../src/core/schema/asset.ts';
import {
  ffprobeFailure,
  frameRateOf,
  parseFfprobe,
  ratio,
} from '../../../src/runtime/ingest/ffprobe-json.ts';
import {
  firstFrameTime,
  indexFromPackets,
  parsePacketLines,
} from '../../../src/runtime/ingest/ffprobe-index.ts';

/** What `ffprobe -show_format -show_streams -show_packets` of FFmpeg 5.1 printed, shortened. */
const captured = (name: string): string =>
  readFileSync(new URL(`./captured/${name}.json`, import.meta.url), 'utf8');
const parsed = (name: string) => {
  const result = parseFfprobe(captured(name));
  if (!result.ok) throw new Error(result.error.message);
  expect(probeSchema.parse(result.value.probe)).toEqual(result.value.probe);
  return result.value;
};

describe('parseFfprobe', () => {
  it('a Canon AVI: MJPEG and PCM, rate written as 33333 microseconds', () => {
    const { probe } = parsed('canon-mjpeg-avi');
    expect(probe).toMatchObject({
      container: 'avi',
      reader: 'ffmpeg',
      durationUs: 2_599_974,
      originUs: 0,
      recordedAt: '2012-09-10T20:52:00.000Z',
    });
    expect(probe.video[0]).toMatchObject({
      index: 0,
      codec: 'mjpeg',
      frameRate: { kind: 'constant', rate: { num: 30, den: 1 } },
      decodable: false,
      bitDepth: 8,
      color: { matrix: 'bt470bg', fullRange: true },
    });
    expect(probe.audio[0]).toMatchObject({ index: 1, codec: 'pcm-s16', sampleRate: 44100, channels: 1 });
  });

  it('AVI with B-frames: presentation times are there in part only', () => {
    expect(parsed('mpeg4-bframes-avi').probe.video[0]?.frameRate).toEqual({
      kind: 'constant',
      rate: { num: 25, den: 1 },
    });
  });

  it('MPEG-PS starts late: sound 11 ms before the picture does not set the clock', () => {
    const { probe } = parsed('mpeg2-ps');
    expect(probe).toMatchObject({ container: 'mpegps', originUs: 540_000 });
    expect(probe.video[0]).toMatchObject({ codec: 'mpeg2video', profile: 'Main', firstUs: 540_000 });
  });

  it('WMV is not a picture series', () => {
    expect(parsed('wmv').probe).toMatchObject({ container: 'asf', primaryVideo: 0, primaryAudio: 0 });
  });

  it('a raw stream has no length', () => {
    const { probe, lengthKnown } = parsed('raw-h264');
    expect(lengthKnown).toBe(false);
    expect(probe.warnings).toEqual(['duration_estimated']);
    expect(probe.video[0]?.codec).toBe('avc');
  });

  it.each([
    ['', 'not_media'],
    ['[]', 'not_media'],
    ['{}', 'not_media'],
    [
      '{"format":{"format_name":"mp3","probe_score":1},"streams":[{"codec_type":"audio","codec_name":"mp3","channels":2}]}',
      'not_media',
    ],
    ['{"format":{"format_name":"png_pipe","probe_score":99},"streams":[]}', 'still_image'],
    ['{"format":{"format_name":"srt","probe_score":50},"streams":[]}', 'text_file'],
    ['{"format":{"format_name":"avi","probe_score":100},"streams":[]}', 'no_tracks'],
    [
      '{"format":{"format_name":"avi","probe_score":100},"streams":[{"codec_type":"video","codec_name":"unknown"}]}',
      'no_decoder',
    ],
  ])('refuses %s', (json, reason) => {
    expect(parseFfprobe(json)).toMatchObject({ ok: false, error: { code: 'unsupported_media', reason } });
  });

  it('a hostile answer is not believed', () => {
    const json = JSON.stringify({
      format: { format_name: 'avi', probe_score: 100, duration: 'NaN', tags: { creation_time: '<script>' } },
      streams: [
        { index: 0, codec_type: 'video', codec_name: 'mpeg4', width: 320, height: 'x', r_frame_rate: '1/0' },
        {
          index: 1,
          codec_type: 'video',
          codec_name: 'mpeg4',
          width: 320,
          height: 240,
          r_frame_rate: '25/1',
          avg_frame_rate: '25/1',
          duration: '4',
          start_time: '-1',
        },
      ],
    });
    const result = parseFfprobe(json);
    expect(result.ok && probeSchema.safeParse(result.value.probe).success).toBe(true);
  });

  it('rotation and shape of pixels give the displayed size', () => {
    const json = JSON.stringify({
      format: { format_name: 'mov,mp4', probe_score: 100, duration: '1' },
      streams: [
        {
          index: 0,
          codec_type: 'video',
          codec_name: 'h264',
          width: 720,
          height: 576,
          sample_aspect_ratio: '16:11',
          r_frame_rate: '25/1',
          avg_frame_rate: '25/1',
          side_data_list: [{ rotation: -90 }],
        },
      ],
    });
    const result = parseFfprobe(json);
    expect(result).toMatchObject({
      ok: true,
      value: { probe: { video: [{ rotation: 90, displayWidth: 576, displayHeight: 1047 }] } },
    });
  });
});

describe('small parts', () => {
  it('ratio', () => {
    expect(ratio('30000/1001')).toEqual({ num: 30000, den: 1001 });
    expect(ratio('1000000/33333')).toEqual({ num: 1000000, den: 33333 });
    expect(ratio('16:11')).toEqual({ num: 16, den: 11 });
    expect(ratio('0/0')).toBeNull();
    expect(ratio(undefined)).toBeNull();
  });

  it('interlaced field rates are not constant frame rates', () => {
    expect(frameRateOf({ r_frame_rate: '50/1', avg_frame_rate: '25/1' }, []).kind).toBe('variable');
  });

  it.each([
    ['[mov,mp4 @ 0x1] moov atom not found', 'not_media'],
    ['[flv @ 0x1] Partial file', 'truncated'],
    ['/in/source: Permission denied', 'unreadable_file'],
    ['[asf @ 0x1] Ext DRM encryption', 'encrypted'],
    ['/in/source: Invalid data found when processing input', 'not_media'],
  ])('%s', (line, reason) => {
    expect(ffprobeFailure([line]).reason).toBe(reason);
  });
});

describe('indexFromPackets', () => {
  const rate = { num: 25, den: 1 };
  const build = (csv: string, firstFrameUs: number | null = null, originUs = 0) =>
    indexFromPackets(parsePacketLines(csv), { originUs, rate, firstFrameUs, complete: true });

  it('presentation times in decode order', () => {
    const index = build(
      '0.080000,0.000000,0.040000,K_\n0.200000,0.040000,0.040000,__\n0.120000,0.080000,0.040000,__\n0.160000,0.120000,0.040000,__\n',
      null,
      80_000,
    );
    expect([...index.timesUs]).toEqual([0, 40_000, 80_000, 120_000]);
    expect([...index.flags]).toEqual([3, 2, 0, 0]);
    expect(index.endUs).toBe(160_000);
  });

  it('AVI with B-frames: decode times, later by what the decoder holds back', () => {
    const csv =
      'N/A,0.000000,0.040000,K_\nN/A,0.040000,0.040000,__\n0.080000,0.080000,0.040000,__\n0.120000,0.120000,0.040000,__\n';
    expect([...build(csv, firstFrameTime('0.040000,I\n0.080000,B\n')).timesUs]).toEqual([
      40_000, 80_000, 120_000, 160_000,
    ]);
  });

  it('no times at all: the rate', () => {
    const index = build('N/A,N/A,0.033333,K_\nN/A,N/A,0.033333,__\n\n');
    expect([...index.timesUs]).toEqual([0, 40_000]);
  });

  it('lines that are no packets and packets that are not shown are left out', () => {
    expect(build('[mpeg @ 0x1] complaint\n0.0,0.0,0.04,KD\n0.04,0.04,N/A,K_\n').timesUs).toHaveLength(1);
    expect(build('').endUs).toBe(0);
  });
});

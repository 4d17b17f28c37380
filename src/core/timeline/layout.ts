/** Spec and assets to checked, ordered clips on one time line. */
import type { AssetId } from '../base/ids.ts';
import { failure, type Failure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { primaryVideo, type Asset, type AudioTrackProbe } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type { CheckedSpec, SpecSegment } from '../schema/spec.ts';
import { snapRange, type FrameSpan } from './frames.ts';

/** What is known of a source when an export is planned. */
export interface PlanSource {
  readonly asset: Asset;
  /** Null for sound-only files. */
  readonly index: FrameIndex | null;
}

/** The sound track that a clip takes. */
export interface ClipAudio {
  /** Position among the asset's sound tracks. */
  readonly position: number;
  readonly track: AudioTrackProbe;
}

/** A clip whose range has been checked against its source. */
export interface TimelineClip {
  readonly position: number;
  readonly source: PlanSource;
  readonly label: string;
  readonly startUs: number;
  readonly endUs: number;
  /** By how much the asked-for end lay beyond the media, microseconds. */
  readonly clampedUs: number;
  /** Null for sound-only sources. */
  readonly span: FrameSpan | null;
  /** Null for sources without sound. */
  readonly audio: ClipAudio | null;
}

/**
 * Programs compute an end from a frame count or from another program's duration, which counts the sound's last
 * packet or not: an end this far beyond the media means "to the end". Further out is a mistake and is refused.
 */
const END_SLACK_US = 500_000;

/** The sound track that a segment asks for, else the asset's first that can be used. `invalid_spec`. */
function audioOf(segment: SpecSegment, asset: Asset, position: number): Result<ClipAudio | null, Failure> {
  const tracks = asset.probe.audio;
  const wanted = segment.audioTrack ?? asset.probe.primaryAudio;
  if (wanted === null) return ok(null);
  const track = tracks[wanted];
  if (track !== undefined) return ok({ position: wanted, track });
  if (segment.audioTrack === undefined) return ok(null);
  const path = `segments.${String(position)}.audioTrack`;
  return err(
    failure(
      'invalid_spec',
      'bad_spec',
      `The export spec is not valid at "${path}": "${asset.name}" has ${String(tracks.length)} sound tracks.`,
      { path, tracks: tracks.length },
    ),
  );
}

/** Checks every range of a spec against its source. `not_found`, `out_of_range`, `invalid_spec`. */
export function layOut(
  spec: CheckedSpec,
  sources: ReadonlyMap<AssetId, PlanSource>,
): Result<readonly TimelineClip[], Failure> {
  const clips: TimelineClip[] = [];
  for (const [position, segment] of spec.segments.entries()) {
    const source = sources.get(segment.assetId);
    const number = position + 1;
    if (source === undefined) {
      return err(
        failure('not_found', 'unknown_asset', `Range ${String(number)} names an asset that is not here.`, {
          position: number,
          assetId: segment.assetId,
        }),
      );
    }
    const { durationUs } = source.asset.probe;
    if (segment.startUs >= durationUs || segment.endUs > durationUs + END_SLACK_US) {
      return err(
        failure(
          'out_of_range',
          'range_outside_media',
          `Range ${String(number)} lies outside "${source.asset.name}", which is ${String(durationUs)} µs long.`,
          { position: number, name: source.asset.name, durationUs },
        ),
      );
    }
    const endUs = Math.min(segment.endUs, durationUs);
    const { index } = source;
    const track = primaryVideo(source.asset.probe);
    const clampedUs = segment.endUs - endUs;
    const audio = audioOf(segment, source.asset, position);
    if (!audio.ok) return audio;
    const base = { position, source, label: segment.label ?? '', clampedUs, audio: audio.value };
    if (track === null || index === null) {
      clips.push({ ...base, startUs: segment.startUs, endUs, span: null });
      continue;
    }
    const range = snapRange(index, segment.startUs, endUs, track.frameRate.kind === 'constant');
    if (range === null) {
      return err(
        failure('out_of_range', 'range_empty', `Range ${String(number)} is shorter than one frame.`, {
          position: number,
        }),
      );
    }
    const { first, stop } = range;
    clips.push({ ...base, startUs: range.startUs, endUs: range.endUs, span: { first, stop } });
  }
  return ok(clips);
}

/** Holds a finished file against the frames and clicks that its ranges must have given. */
import { expect } from '@playwright/test';
import { CLICK_SECONDS } from '../../fixtures/clicks.ts';
import { isReadable, readMarks, type MarksReport } from '../../fixtures/read.ts';
import { displayedFrames, expectedClicks, type ClipSpec } from '../../fixtures/spec.ts';

/** A range of a generated clip, by the numbers of displayed frames: first included, stop left out. */
export interface FrameRange {
  readonly spec: ClipSpec;
  readonly assetId: string;
  readonly first: number;
  readonly stop: number;
}

/** Largest distance of a click from its frame. */
export const SYNC_US = 10_000;

/** Asset time of displayed frames: the asset's clock starts at its first picture or sound. */
export function rangeTimes(range: FrameRange): { readonly startUs: number; readonly endUs: number } {
  const frames = displayedFrames(range.spec);
  const origin = frames[0]?.ptsUs ?? 0;
  const last = frames[range.stop - 1];
  const startUs = (frames[range.first]?.ptsUs ?? 0) - origin;
  const endUs = (frames[range.stop]?.ptsUs ?? (last?.ptsUs ?? 0) + (last?.durationUs ?? 0)) - origin;
  return { startUs, endUs };
}

/** Segments of an export spec for ranges. */
export function segmentsOf(
  ranges: readonly FrameRange[],
): { assetId: string; startUs: number; endUs: number }[] {
  return ranges.map((range) => ({ assetId: range.assetId, ...rangeTimes(range) }));
}

/**
 * Not of the pictures: FFmpeg's reader of MP4 leaves the last two entries of the composition table out of account when it
 * derives decode times, and says so where B-frames of a variable rate stand there.
 */
const READER_NOTICE = /Invalid timestamps stream=\d+, pts=\d+, dts=\d+/;

/** Every frame in order, none twice, none missing; every click within 10 ms of its frame, or what is given. */
export async function expectExact(
  path: string,
  ranges: readonly FrameRange[],
  syncUs = SYNC_US,
): Promise<MarksReport> {
  const report = await readMarks(path);
  const wanted: { frame: string; outUs: number }[] = [];
  const clicks: { frame: number; clipId: number; outUs: number }[] = [];
  let outUs = 0;
  for (const range of ranges) {
    const frames = displayedFrames(range.spec);
    const origin = frames[0]?.ptsUs ?? 0;
    const { startUs, endUs } = rangeTimes(range);
    for (const frame of frames.slice(range.first, range.stop)) {
      wanted.push({
        frame: `${String(frame.clipId)}/${String(frame.frame)}`,
        outUs: outUs + frame.ptsUs - origin - startUs,
      });
    }
    for (const click of expectedClicks(range.spec)) {
      const at = click.timeUs - origin;
      // A click that a cut goes through must not be heard as another; whole ones must be there.
      if (at < startUs + 4000 || at + CLICK_SECONDS * 1e6 > endUs - 4000) continue;
      clicks.push({ frame: click.frame, clipId: click.clipId, outUs: outUs + at - startUs });
    }
    outUs += endUs - startUs;
  }
  const found = report.frames.map((frame) =>
    isReadable(frame) ? `${String(frame.clipId)}/${String(frame.frame)}` : 'unreadable',
  );
  expect(found, 'source frames of the output, in order').toEqual(wanted.map((frame) => frame.frame));
  const firstUs = report.frames[0]?.ptsUs ?? 0;
  for (const [i, frame] of report.frames.entries()) {
    expect(
      Math.abs(frame.ptsUs - firstUs - (wanted[i]?.outUs ?? 0)),
      `time of frame ${String(i)}`,
    ).toBeLessThan(2000);
  }
  for (const click of clicks) {
    const heard = report.clicks.filter(
      (candidate) => candidate.frame === click.frame && candidate.clipId === click.clipId,
    );
    const nearest = Math.min(...heard.map((candidate) => Math.abs(candidate.timeUs - firstUs - click.outUs)));
    expect(nearest, `click of frame ${String(click.frame)}, µs from its place`).toBeLessThan(syncUs);
  }
  if (clicks.length > 0) expect(report.clicks.length).toBeGreaterThanOrEqual(clicks.length);
  const complaints = report.log.filter((line) => !READER_NOTICE.test(line));
  expect(complaints, 'what the decoder complained of').toEqual([]);
  return report;
}

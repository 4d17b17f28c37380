/** Comments and films of a project as formats speak of them. Pure. */
import type { Annotation } from '../schema/annotation.ts';
import { primaryAudio, primaryVideo, type Asset, type FrameRate } from '../schema/asset.ts';
import type { FrameIndex } from '../schema/frame-index.ts';
import type { ExchangeComment, ExchangeMedia } from './model.ts';

/** What a film of sound alone is counted in: thousandths of a second. */
const SOUND_RATE = { num: 1000, den: 1 } as const;

function rateOf(rate: FrameRate): ExchangeMedia['rate'] {
  return rate.kind === 'constant' ? rate.rate : rate.average;
}

/** A film; without its index, frames are counted by the rate. */
export function exchangeMedia({ id, name, probe }: Asset, index: FrameIndex | null): ExchangeMedia {
  const video = primaryVideo(probe);
  const audio = primaryAudio(probe);
  return {
    id,
    name,
    durationUs: probe.durationUs,
    rate: video === null ? SOUND_RATE : rateOf(video.frameRate),
    variable: video?.frameRate.kind === 'variable',
    size: video === null ? null : { width: video.displayWidth, height: video.displayHeight },
    sound: audio === null ? null : { sampleRate: audio.sampleRate, channels: audio.channels },
    timesUs: index?.timesUs ?? null,
    startFrame: 0,
  };
}

/** A comment. */
export function exchangeComment(comment: Annotation): ExchangeComment {
  const { id, assetId, timeUs, durationUs, text, author, color, category, shapes, replies } = comment;
  const { resolved, createdAt } = comment;
  return {
    id,
    mediaId: assetId,
    timeUs,
    durationUs,
    text,
    author,
    color,
    category,
    shapes,
    replies: replies.map((reply) => ({
      author: reply.author,
      text: reply.text,
      createdAt: reply.createdAt,
    })),
    resolved: resolved !== null,
    resolvedBy: resolved?.by ?? null,
    resolvedAt: resolved?.at ?? null,
    createdAt,
  };
}

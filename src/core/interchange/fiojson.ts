/**
 * Frame.io's export for Final Cut Pro (`.fiojson`): comments with their drawings. Only read. Frames are believed, not the
 * microseconds beside them, which can lie in the frame before.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { toRational } from '../base/time.ts';
import { drawingOf } from './fiojson-shapes.ts';
import type { ExchangeComment, ExchangeReply, ReadContext, ReadExchange, TextFormat } from './model.ts';
import {
  isObject,
  lineOf,
  numberAt,
  objectAt,
  objectsAt,
  readJson,
  stringAt,
  type JsonObject,
} from './otio-json.ts';
import { commentOf, dateOrNull } from './xml-comments.ts';
import { rateText } from './xml-layout.ts';
import { keptText, lossList, shown, unreadable } from './xml-loss.ts';
import { commentSink } from './xml-tracks.ts';
import { frameCount, timeOfFrame } from './xml-time.ts';

const MAX_TITLE = 200;

const authorOf = (comment: JsonObject): string =>
  stringAt(objectAt(comment, 'owner'), 'name') ?? stringAt(objectAt(comment, 'anonymous_user'), 'name') ?? '';

function replyOf(comment: JsonObject): ExchangeReply {
  return {
    author: authorOf(comment),
    text: stringAt(comment, 'text') ?? '',
    createdAt: dateOrNull(stringAt(comment, 'inserted_at')),
  };
}

/** Reads the document. */
export function readFiojson(text: string, context: ReadContext): Result<ReadExchange, Failure> {
  const document = readJson(text, 'Frame.io');
  if (!document.ok) return document;
  const root = document.value;
  if (!Array.isArray(root['comments']) || !isObject(root['asset'])) {
    return unreadable('Frame.io', 'it has no comments on an asset');
  }
  const losses = lossList();
  const sink = commentSink(losses);
  const { media } = context;
  const asset = objectAt(root, 'asset');
  const fps = numberAt(asset, 'fps');
  if (fps !== undefined && fps > 0.1 && fps < 1000 && media.size && !media.variable) {
    const found = toRational(fps);
    const expected = toRational(media.rate.num / media.rate.den);
    if (found.num * expected.den !== expected.num * found.den) {
      losses.add('rate_differs', { found: rateText(found), expected: rateText(expected) });
    }
  }

  const all = objectsAt(root, 'comments').filter((comment) => stringAt(comment, 'deleted_at') === undefined);
  const answers = new Map<string, JsonObject[]>();
  const known = new Set(all.map((comment) => stringAt(comment, 'id')));
  const first: JsonObject[] = [];
  for (const comment of all) {
    const parent = stringAt(comment, 'parent_id');
    if (parent === undefined || !known.has(parent)) first.push(comment);
    else if (answers.get(parent)?.push(comment) === undefined) answers.set(parent, [comment]);
  }
  const frames = frameCount(media);
  for (const comment of first) {
    const id = stringAt(comment, 'id');
    const drawing = drawingOf(comment['annotation']);
    losses.notCarried('shapes', drawing.lost);
    const replies = answers.get(id ?? '') ?? [];
    const said: ExchangeComment = commentOf({
      id: id !== undefined && id !== '' && id.length <= 200 ? id : null,
      mediaId: media.id,
      text: stringAt(comment, 'text') ?? '',
      author: authorOf(comment),
      color: drawing.color,
      shapes: drawing.shapes,
      replies: replies.map(replyOf),
      resolved: comment['completed'] === true,
      resolvedAt: dateOrNull(stringAt(comment, 'completed_at')),
      createdAt: dateOrNull(stringAt(comment, 'inserted_at')),
    });
    const at = comment['frame'];
    if (at === null || at === undefined) {
      sink.keep(said);
      continue;
    }
    const frame = numberAt(comment, 'frame');
    if (frame === undefined || frame < 0) {
      losses.add('unreadable_line', {
        line: lineOf(comment),
        found: shown(JSON.stringify(at).slice(0, 200)),
      });
      continue;
    }
    const whole = Math.floor(frame);
    if (whole >= frames) {
      losses.add('outside_media', { line: lineOf(comment) });
      continue;
    }
    const timeUs = timeOfFrame(media, whole);
    const lasts = Math.round(numberAt(comment, 'duration') ?? 0);
    const durationUs =
      lasts > 0 ? Math.max(1, timeOfFrame(media, Math.min(frames, whole + lasts)) - timeUs) : null;
    sink.keep({ ...said, timeUs, durationUs });
  }
  return ok({
    format: 'fiojson',
    exchange: {
      title: keptText(stringAt(asset, 'name') ?? '', MAX_TITLE, losses),
      comments: sink.all(),
      cuts: [],
      cues: [],
    },
    losses: losses.list(),
  });
}

/** Frame.io's export for Final Cut Pro. */
export const fiojson: TextFormat = {
  name: 'fiojson',
  sniff: (text) => {
    const head = text.slice(0, 2000);
    if (!/^\ufeff?\s*\{\s*"(?:asset|comments)"\s*:/.test(head) || head.includes('"OTIO_SCHEMA"')) return 0;
    // The asset's description can be as long as a book; that it comes with these is sign enough.
    return /"(?:_type|team_id|inserted_at|fps|timestamp_microseconds|account_id)"/.test(text.slice(0, 20_000))
      ? 0.9
      : 0.3;
  },
  read: readFiojson,
  write: null,
};

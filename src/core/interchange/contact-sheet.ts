/**
 * The contact sheet of a bundle: one HTML page with every comment, its picture and its answers, that opens offline and alone. It has
 * no scripts and refers to nothing outside itself; its policy forbids both, should a text ever get through what is escaped here. Pure.
 */
import { formatTimecode } from '../base/timecode.ts';
import { microsToFrame, SECOND_US } from '../base/time.ts';
import type { Annotation } from '../schema/annotation.ts';
import type { ExchangeMedia } from './model.ts';

/** The words of the page: core has no catalogue. */
export interface ContactSheetWords {
  /** BCP 47, for the page's `lang`. */
  readonly language: string;
  readonly heading: string;
  /** What stands before how many there are. */
  readonly count: string;
  readonly made: string;
  readonly replies: string;
  readonly resolved: string;
  readonly open: string;
  readonly by: string;
  /** The heading of the comments that have no time, and what that means. */
  readonly legacy: string;
  readonly legacyHint: string;
  readonly noPicture: string;
  /** Stands for the picture of comment {n}. */
  readonly pictureOf: string;
  readonly nobody: string;
}

/** What the page is of. */
export interface ContactSheet {
  readonly title: string;
  /** ISO-8601. */
  readonly madeAt: string;
  readonly media: readonly ExchangeMedia[];
  readonly words: ContactSheetWords;
}

/** What texts must not be able to say in HTML, neither between tags nor in a quoted attribute. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** A text as it stands in HTML. Control characters, which HTML has no way to say, become the sign for what cannot be shown. */
export function escapeHtml(text: string): string {
  return (
    text
      .toWellFormed()
      // eslint-disable-next-line no-control-regex -- control characters are what is replaced
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"'`]/g, (sign) => ESCAPES[sign] ?? '')
  );
}

/** A text whose direction is its own: signs that turn it do not turn what stands beside it. */
function isolated(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

/** Each line a block of its own, so that a turned line turns no other. */
function paragraphs(text: string): string {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => `<p dir="auto">${line === '' ? '&nbsp;' : isolated(line)}</p>`)
    .join('');
}

/** `default-src 'none'`: nothing is fetched and nothing runs; pictures and styles are in the page. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `:root{color-scheme:light dark;--paper:#fff;--ink:#16181d;--dim:#5b6270;--line:#d9dce2;--box:#f4f5f7;--good:#12693f}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--ink:#f0f1f4;--dim:#a6adba;--line:#343944;--box:#1e2127;--good:#6fd3a0}}
*{box-sizing:border-box}body{margin:0 auto;padding:1.5rem;max-width:72rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .25rem}p{margin:0}.dim,time{color:var(--dim);font-size:.875rem}
ol{list-style:none;margin:1rem 0 0;padding:0}.card{display:grid;grid-template-columns:20rem minmax(0,1fr);gap:1rem;padding:1rem 0;border-top:1px solid var(--line);break-inside:avoid}
.plain{grid-template-columns:minmax(0,1fr)}.card img,.none{display:block;inline-size:100%;border-radius:.25rem;background:var(--box)}.none{padding:3rem 1rem;text-align:center;color:var(--dim);font-size:.875rem}
.head{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline}.number{font-weight:700}.code{font-variant-numeric:tabular-nums}.swatch{inline-size:.7rem;block-size:.7rem;border-radius:50%;align-self:center}
.tag{font-size:.8125rem;padding:0 .4rem;border:1px solid var(--line);border-radius:.6rem;color:var(--dim)}.done{color:var(--good);border-color:currentColor}
.text{margin-top:.35rem}.replies{margin:.6rem 0 0;padding-inline-start:.75rem;border-inline-start:2px solid var(--line)}.replies>li{margin-top:.4rem}
@media (max-width:44rem){.card{grid-template-columns:minmax(0,1fr)}}
@media print{:root{--paper:#fff;--ink:#000;--dim:#444;--line:#bbb;--box:#eee;--good:#063}body{padding:0;max-width:none;font-size:10pt}.card{grid-template-columns:7cm minmax(0,1fr)}}`;

/** `2026-11-20 10:00 UTC`: the same for everybody who reads the page. */
function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return escapeHtml(iso);
  const text = date.toISOString();
  return `<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}

/** Timecode where frames keep a rate, else the clock to the thousandth. */
function placeOf(timeUs: number, media: ExchangeMedia | undefined): string {
  if (media !== undefined && media.size !== null && !media.variable) {
    return formatTimecode(media.startFrame + microsToFrame(timeUs, media.rate), media.rate);
  }
  const ms = Math.round(timeUs / 1000);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const seconds = Math.floor(ms / 1000);
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${clock}.${pad(ms % 1000, 3)}`;
}

function timesOf({ timeUs, durationUs, assetId }: Annotation, { media }: ContactSheet): string {
  if (timeUs === null) return '';
  const film = media.find(({ id }) => id === assetId);
  const from = placeOf(timeUs, film);
  const to = durationUs === null ? '' : ` – ${placeOf(timeUs + durationUs, film)}`;
  const title = `${(timeUs / SECOND_US).toFixed(3)} s`;
  return `<span class="code" title="${title}">${from}${to}</span>`;
}

function repliesOf({ replies }: Annotation, words: ContactSheetWords): string {
  if (replies.length === 0) return '';
  const items = replies.map(
    ({ author, text, createdAt }) =>
      `<li><div class="head"><b>${nameOf(author, words)}</b>${moment(createdAt)}</div>${paragraphs(text)}</li>`,
  );
  return `<ol class="replies" aria-label="${escapeHtml(words.replies)}">${items.join('')}</ol>`;
}

function nameOf(author: string, words: ContactSheetWords): string {
  return author === '' ? escapeHtml(words.nobody) : isolated(author);
}

function stateOf({ resolved }: Annotation, words: ContactSheetWords): string {
  if (resolved === null) return `<span class="tag">${escapeHtml(words.open)}</span>`;
  const by = resolved.by === '' ? '' : ` ${escapeHtml(words.by)} ${isolated(resolved.by)}`;
  return `<span class="tag done">${escapeHtml(words.resolved)}${by}</span> ${moment(resolved.at)}`;
}

/** Only what a painter of ours made: nothing else may stand in an address. */
const PICTURE = /^data:image\/(?:jpeg|png|webp);base64,[0-9A-Za-z+/=]*$/;

function pictureOf(number: number, picture: string | null, words: ContactSheetWords): string {
  if (picture === null || !PICTURE.test(picture)) {
    return `<div class="none">${escapeHtml(words.noPicture)}</div>`;
  }
  const alt = escapeHtml(words.pictureOf.replace('{n}', String(number)));
  return `<img src="${picture}" alt="${alt}">`;
}

/** What stands before the first comment. */
export function contactSheetHead(sheet: ContactSheet, count: number): string {
  const { words, title, madeAt } = sheet;
  return `<!doctype html>
<html lang="${escapeHtml(words.language)}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><header><h1>${isolated(title)}</h1><p class="dim">${escapeHtml(words.heading)} · ${escapeHtml(words.count)} ${String(count)} · ${escapeHtml(words.made)} ${moment(madeAt)}</p></header>
<main><ol>
`;
}

/**
 * One comment.
 *
 * @param number its position among those that the export lists, from 1
 * @param picture its frame as a `data:` address; null where there is none
 */
export function contactSheetEntry(
  sheet: ContactSheet,
  comment: Annotation,
  number: number,
  picture: string | null,
): string {
  const { words } = sheet;
  const isLegacy = comment.timeUs === null;
  const film = sheet.media.find(({ id }) => id === comment.assetId);
  const name = film === undefined ? '' : `<span class="dim">${isolated(film.name)}</span>`;
  const category = comment.category === null ? '' : `<span class="tag">${isolated(comment.category)}</span>`;
  const head = [
    `<span class="number">${String(number)}</span>`,
    `<span class="swatch" style="background:${/^#[0-9a-f]{6}$/i.test(comment.color) ? comment.color : '#888888'}"></span>`,
    timesOf(comment, sheet),
    `<b>${nameOf(comment.author, words)}</b>`,
    moment(comment.createdAt),
    name,
    category,
    stateOf(comment, words),
  ].join('');
  return `<li class="card${isLegacy ? ' plain' : ''}" id="c${String(number)}">${isLegacy ? '' : pictureOf(number, picture, words)}<div><div class="head">${head}</div><div class="text">${paragraphs(comment.text)}</div>${repliesOf(comment, words)}</div></li>
`;
}

/** What stands between the comments of the film and those that have no time. */
export function contactSheetLegacy({ words }: ContactSheet): string {
  return `</ol><h2>${escapeHtml(words.legacy)}</h2><p class="dim">${escapeHtml(words.legacyHint)}</p><ol>
`;
}

/** What stands behind the last comment. */
export const CONTACT_SHEET_END = '</ol></main></body></html>\n';

/** The whole page, for few comments. */
export function contactSheet(
  sheet: ContactSheet,
  comments: readonly Annotation[],
  pictures: ReadonlyMap<string, string>,
): string {
  const pieces = [contactSheetHead(sheet, comments.length)];
  let isLegacy = false;
  for (const [at, comment] of comments.entries()) {
    if (comment.timeUs === null && !isLegacy) {
      isLegacy = true;
      pieces.push(contactSheetLegacy(sheet));
    }
    pieces.push(contactSheetEntry(sheet, comment, at + 1, pictures.get(comment.id) ?? null));
  }
  return [...pieces, CONTACT_SHEET_END].join('');
}

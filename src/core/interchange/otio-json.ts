/**
 * JSON of strangers: Python's NaN and Infinity are taken as nothing, nesting is bounded before the parser runs, and each object
 * knows its line, because reports name lines and the parser does not.
 */
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { MAX_TEXT_LENGTH } from './model.ts';
import { unreadable } from './xml-loss.ts';

/** Deepest nesting. */
const MAX_DEPTH = 200;
/** Most objects: more do not fit into memory. */
const MAX_OBJECTS = 1_000_000;
/** The key of an object's line: no writer has it. */
const LINE = '\u0001line';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Where a string ends that begins at a quote; -1 where it does not. */
function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text.charCodeAt(close - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return close;
  }
  return -1;
}

/** The text as the parser may take it; what is wrong otherwise. */
function prepared(text: string): { readonly text: string } | string {
  const tokens = /["{}[\]\n]|-?Infinity|NaN/g;
  const pieces: string[] = [];
  let [copied, depth, objects, line] = [0, 0, 0, 1];
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [token] = found;
    const { index } = found;
    if (token === '\n') line += 1;
    else if (token === '"') {
      const end = endOfString(text, index);
      if (end < 0) return 'a text without an end';
      tokens.lastIndex = end + 1;
    } else if (token === '{' || token === '[') {
      depth += 1;
      if (depth > MAX_DEPTH) return 'nested too deeply';
      if (token === '[') continue;
      objects += 1;
      if (objects > MAX_OBJECTS) return 'too many objects';
      const empty = /\s*\}/y;
      empty.lastIndex = index + 1;
      if (empty.test(text)) continue;
      pieces.push(text.slice(copied, index + 1), `"\\u0001line":${String(line)},`);
      copied = index + 1;
    } else if (token === '}' || token === ']') depth -= 1;
    else {
      pieces.push(text.slice(copied, index), 'null');
      copied = index + token.length;
    }
  }
  pieces.push(text.slice(copied));
  return { text: pieces.join('') };
}

/** Reads JSON whose top is an object. */
export function readJson(text: string, format: string): Result<JsonObject, Failure> {
  if (text.length > MAX_TEXT_LENGTH) return unreadable(format, 'the file is too large');
  const ready = prepared(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (typeof ready === 'string') return unreadable(format, ready);
  try {
    const value = JSON.parse(ready.text) as Json;
    return isObject(value) ? ok(value) : unreadable(format, 'not an object');
  } catch {
    return unreadable(format, 'not JSON');
  }
}

/** Whether a value is an object and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The line of the text on which an object begins. */
export function lineOf(value: JsonObject): number {
  const line = value[LINE];
  return typeof line === 'number' ? line : 0;
}

/** An object at a key. */
export function objectAt(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const found = value?.[key];
  return isObject(found) ? found : undefined;
}

/** The objects of a list at a key. */
export function objectsAt(value: JsonObject | undefined, key: string): readonly JsonObject[] {
  const found = value?.[key];
  return Array.isArray(found) ? (found as readonly Json[]).filter(isObject) : [];
}

/** A text at a key. */
export function stringAt(value: JsonObject | undefined, key: string): string | undefined {
  const found = value?.[key];
  return typeof found === 'string' ? found : undefined;
}

/** A finite number at a key. */
export function numberAt(value: JsonObject | undefined, key: string): number | undefined {
  const found = value?.[key];
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The value without the lines that were put in: for what is checked as a whole. */
export function withoutLines(value: Json | undefined): unknown {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutLines);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== LINE)
      .map(([key, inner]) => [key, withoutLines(inner)]),
  );
}

/**
 * XML of strangers as a plain tree. The parser knows no entities but the five of XML and never fetches anything; what it does not
 * guard against is checked before it runs: depth (it calls itself for every level), size, and long stretches without a line end
 * (its error messages copy the line character by character).
 */
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import type { Failure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { MAX_LINE } from './model.ts';
import { unreadable, withoutControls } from './xml-loss.ts';

/** Longest document, characters: a larger one does not fit into memory as a tree. */
const MAX_LENGTH = 48_000_000;
/** Deepest nesting. Editing programs stay below 40. */
const MAX_DEPTH = 128;
/** Most elements. A sequence of some thousand clips with their effects has half of that. */
const MAX_ELEMENTS = 1_000_000;
/** Most attributes. */
const MAX_ATTRIBUTES = 2_000_000;
/** Longest tag. */
const MAX_TAG = 2 * MAX_LINE;
/** A line is broken inside a tag (where XML does not mind) once it is this long. */
const BREAK_AFTER = 100_000;

/** An element. */
export interface XmlNode {
  readonly name: string;
  /** Without a prototype: any name may be asked for. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** Its own text, without that of its children. */
  readonly text: string;
  /** Line of the document, from 1. */
  readonly line: number;
}

/** A document that was read. */
export interface XmlDocument {
  readonly root: XmlNode;
  /** Whether characters that XML forbids were left out. */
  readonly cleaned: boolean;
}

/** `<!DOCTYPE name>` or with a system identifier, which is not fetched. An internal subset may define entities: refused. */
const PLAIN_DOCTYPE = /<!DOCTYPE\s+[\w:.-]{1,100}(?:\s+SYSTEM\s+(?:"[^"<>]{0,1000}"|'[^'<>]{0,1000}'))?\s*>/y;

interface Scanned {
  readonly text: string;
  /** Where line ends were put that the document does not have. */
  readonly broken: ReadonlySet<number>;
}

/** Walks over all tags once. Answers what is wrong, or the text with overlong lines broken inside tags. */
function scan(xml: string): string | Scanned {
  const pieces: string[] = [];
  const broken = new Set<number>();
  const delimiter = /["'>]/g;
  let [copied, written, lineStart] = [0, 0, 0];
  let [depth, elements, attributes] = [0, 0, 0];
  let at = 0;
  for (;;) {
    const open = xml.indexOf('<', at);
    if ((open < 0 ? xml.length : open) - at > MAX_LINE) return 'a text is too long';
    if (open < 0) break;
    const newline = xml.slice(at, open).lastIndexOf('\n');
    if (newline >= 0) lineStart = at + newline;
    if (xml.startsWith('<!--', open)) at = endOf(xml, '-->', open + 4);
    else if (xml.startsWith('<![CDATA[', open)) at = endOf(xml, ']]>', open);
    else if (xml.startsWith('<?', open)) at = endOf(xml, '?>', open);
    else if (xml.startsWith('<!', open)) {
      PLAIN_DOCTYPE.lastIndex = open;
      if (elements > 0 || !PLAIN_DOCTYPE.test(xml)) return 'a document type with definitions of its own';
      at = PLAIN_DOCTYPE.lastIndex;
    } else {
      delimiter.lastIndex = open;
      let quote = '';
      let end = open;
      for (let last = open; end === open; last = delimiter.lastIndex) {
        const found = delimiter.exec(xml);
        if (!found) return 'a tag without an end';
        if (found.index - last > MAX_LINE || found.index - open > MAX_TAG) return 'a tag is too long';
        const [sign] = found;
        if (sign === '>' && quote === '') end = found.index;
        else if (sign === quote) {
          quote = '';
          attributes += 1;
        } else if (quote === '' && sign !== '>') quote = sign;
      }
      if (xml[open + 1] === '/') depth -= 1;
      else {
        elements += 1;
        if (xml[end - 1] !== '/') depth += 1;
      }
      if (depth > MAX_DEPTH) return 'elements are nested too deeply';
      if (elements > MAX_ELEMENTS || attributes > MAX_ATTRIBUTES) return 'too many elements';
      at = end + 1;
      const before = xml[end - 1] === '/' ? end - 1 : end;
      if (before - lineStart > BREAK_AFTER) {
        pieces.push(xml.slice(copied, before), '\n');
        written += before - copied;
        broken.add(written);
        written += 1;
        copied = before;
        lineStart = before;
      }
      continue;
    }
    if (at < 0) return 'a section without an end';
    if (at - open > MAX_LINE) return 'a section is too long';
  }
  pieces.push(xml.slice(copied));
  return { text: pieces.join(''), broken };
}

/** Line numbers by position, without the line ends that the scan put in. */
function lineCounter({ text, broken }: Scanned): (position: number) => number {
  const starts: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    if (!broken.has(at)) starts.push(at);
  return (position) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The parser's element as a plain one. Depth was checked before. */
function plain(element: XmlElement, lineOf: (position: number) => number): XmlNode {
  const children: XmlNode[] = [];
  const texts: string[] = [];
  for (const child of element.children) {
    if (child instanceof XmlElement) children.push(plain(child, lineOf));
    else if (child instanceof XmlText) texts.push(child.text);
  }
  return {
    name: element.name,
    attributes: element.attributes,
    children,
    text: texts.join(''),
    line: lineOf(element.start),
  };
}

/** Reads a document. Fails for what is not XML, and for XML that is made to harm. */
export function readXml(text: string, format: string): Result<XmlDocument, Failure> {
  if (text.length > MAX_LENGTH) return unreadable(format, 'the file is too large');
  const clean = withoutControls(text);
  // The parser normalises line ends too, but takes a time that grows with the square of their number.
  const scanned = scan(clean.replace(/\r\n?/g, '\n'));
  if (typeof scanned === 'string') return unreadable(format, scanned);
  try {
    const { root } = parseXml(scanned.text, { includeOffsets: true });
    if (!root) return unreadable(format, 'there is no element');
    return ok({ root: plain(root, lineCounter(scanned)), cleaned: clean !== text });
  } catch (error) {
    return unreadable(
      format,
      error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 200) : 'not XML',
    );
  }
}

/** The first child of a name. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((child) => child.name === name);
}

/** All children of a name. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node === undefined ? [] : node.children.filter((child) => child.name === name);
}

/** The text of the first child of a name, as it stands. */
export function textOf(node: XmlNode | undefined, name: string): string | undefined {
  return childOf(node, name)?.text;
}

/** The whole number in the first child of a name. */
export function numberOf(node: XmlNode | undefined, name: string): number | undefined {
  const text = textOf(node, name)?.trim();
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** All elements of a tree, parents first. */
export function* everyNode(node: XmlNode): Generator<XmlNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}

/** Where a sign ends that is looked for from a place; -1 where it does not come. */
function endOf(xml: string, sign: string, from: number): number {
  const found = xml.indexOf(sign, from);
  return found < 0 ? -1 : found + sign.length;
}

/** Whether a text begins as a document with this root element: past the declaration, comments and the document type. */
export function startsWithElement(text: string, name: string): boolean {
  const head = text.slice(0, 20_000);
  let at = head.startsWith('\ufeff') ? 1 : 0;
  for (;;) {
    while (/\s/.test(head.charAt(at))) at += 1;
    if (head.startsWith(`<${name}`, at)) return /[\s/>]/.test(head.charAt(at + name.length + 1));
    if (head.startsWith('<!--', at)) at = endOf(head, '-->', at + 4);
    else if (head.startsWith('<?', at)) at = endOf(head, '?>', at + 2);
    else if (head.startsWith('<!DOCTYPE', at)) at = endOf(head, '>', at);
    else return false;
    if (at < 0) return false;
  }
}

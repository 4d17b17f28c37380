/** An XML writer that cannot write what is not XML: everything that is not markup of its own is escaped or taken out. */
import { withoutControls, type LossList } from './xml-loss.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader makes one space of each of these in an attribute, and one line end of a carriage return anywhere.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** An element that was written, and what escapes its text. */
export interface XmlWriter {
  /** An element with attributes; those that are undefined are left out. */
  readonly element: (
    name: string,
    attributes?: Readonly<Record<string, string | number | undefined>>,
    children?: readonly Xml[],
  ) => Xml;
  /** An element that holds text only. */
  readonly leaf: (name: string, text: string | number) => Xml;
  /** The document, with declaration and document type. */
  readonly document: (root: Xml) => string;
}

/** An element, escaped already: made only by a writer, so that no text gets in between. */
export interface Xml {
  readonly name: string;
  /** Its tag without the end, or (without children) all of it. */
  readonly markup: string;
  readonly children: readonly Xml[] | null;
}

/** A writer; what it has to take out of texts is told to the losses. */
export function xmlWriter(losses: LossList): XmlWriter {
  const clean = (text: string): string => {
    const kept = withoutControls(text);
    if (kept !== text) losses.add('text_changed');
    return kept;
  };
  const inAttribute = (text: string): string =>
    clean(text).replace(/[&<>"\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign);
  const inText = (text: string): string => clean(text).replace(/[&<>\r]/g, (sign) => ESCAPES[sign] ?? sign);
  const openTag = (name: string, attributes: Readonly<Record<string, string | number | undefined>>): string =>
    Object.entries(attributes).reduce(
      (tag, [key, value]) => (value === undefined ? tag : `${tag} ${key}="${inAttribute(String(value))}"`),
      `<${name}`,
    );
  return {
    element: (name, attributes = {}, children = []) => {
      const open = openTag(name, attributes);
      if (children.length === 0) return { name, markup: `${open}/>`, children: null };
      return { name, markup: `${open}>`, children };
    },
    leaf: (name, text) => ({ name, markup: `<${name}>${inText(String(text))}</${name}>`, children: null }),
    document: (root) => {
      const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<!DOCTYPE ${root.name}>`];
      put(root, '', lines);
      return `${lines.join('\n')}\n`;
    },
  };
}

/** Puts an element on lines of its own. The text of one is never indented: it must stay as it is. */
function put({ name, markup, children }: Xml, indent: string, lines: string[]): void {
  lines.push(indent + markup);
  if (children === null) return;
  for (const child of children) put(child, `${indent}  `, lines);
  lines.push(`${indent}</${name}>`);
}

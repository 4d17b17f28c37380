import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fcpxml } from '../../../src/core/interchange/fcpxml.ts';
import { lossList } from '../../../src/core/interchange/xml-loss.ts';
import { childOf, readXml, startsWithElement, type XmlNode } from '../../../src/core/interchange/xml-read.ts';
import { xmlWriter } from '../../../src/core/interchange/xml-write.ts';
import {
  formatSeconds,
  ofFrames,
  parseSeconds,
  plus,
  ratio,
  toUs,
} from '../../../src/core/interchange/xml-time.ts';
import { xmeml } from '../../../src/core/interchange/xmeml.ts';
import { context, film, NTSC, timed } from './xml-support.ts';

function root(text: string): XmlNode {
  const result = readXml(text, 'XML');
  if (!result.ok) throw new Error(result.error.message);
  return result.value.root;
}

const refusal = (text: string): string => {
  const result = readXml(text, 'XML');
  return result.ok ? 'read' : result.error.message;
};

/** Seconds are minutes for a person who waits; the machine may be busy. */
const QUICK_MS = 10_000;

describe('reading', () => {
  it('gives a plain tree with lines', () => {
    const tree = root(
      '<?xml version="1.0"?>\n<!DOCTYPE a>\n<!-- x -->\n<a b="1&amp;2"\n c=\'>\'>\r\n <b/>text<![CDATA[<&]]>\r\n</a>',
    );
    expect(tree.attributes['b']).toBe('1&2');
    expect(tree.attributes['c']).toBe('>');
    expect(tree.attributes['toString']).toBeUndefined();
    expect(tree.line).toBe(4);
    expect(childOf(tree, 'b')?.line).toBe(6);
    expect(tree.text).toBe('\n text<&\n');
  });

  it('takes a document type that only names, and none that defines', () => {
    expect(refusal('<!DOCTYPE a SYSTEM "a.dtd"><a/>')).toBe('read');
    const definitions = [
      '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]><l>&c;</l>',
      '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>',
      '<!DOCTYPE l SYSTEM "x" [<!ENTITY % p SYSTEM "http://example.com/p">%p;]><l/>',
    ];
    for (const text of definitions) expect(refusal(text)).toContain('definitions of its own');
    expect(refusal('<a><!DOCTYPE a></a>')).toContain('definitions of its own');
    expect(refusal('<a>&x;</a>')).toContain('Named entity');
  });

  it('refuses what is no XML', () => {
    for (const text of [
      '',
      'x',
      '<',
      '<a',
      '<a>',
      '<a></b>',
      '<a b="1" b="2"/>',
      '<a>]]></a>',
      '<a><!-- -- --></a>',
      '<a/><b/>',
      '<![CDATA[x]]>',
      '<!--',
      '<a b="<"/>',
    ]) {
      expect(refusal(text), text).not.toBe('read');
    }
  });

  it('leaves out characters that XML forbids, and says so', () => {
    const result = readXml('<a>x\u0000\u000by</a>', 'XML');
    expect(result.ok && [result.value.root.text, result.value.cleaned]).toEqual(['xy', true]);
  });

  it('does not mind what encoding a text claims', () => {
    expect(root('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>한</a>').text).toBe('한');
    expect(root('<?xml version="1.0" encoding="x-none"?><a/>').name).toBe('a');
  });

  it('finds the root element past what comes before, and is not led round in circles', () => {
    expect(
      startsWithElement('\ufeff<?xml version="1.0"?>\n<!-- <b> -->\n<!DOCTYPE a>\n<a version="1">', 'a'),
    ).toBe(true);
    expect(startsWithElement('<ab/>', 'a')).toBe(false);
    expect(startsWithElement('text <a/>', 'a')).toBe(false);
    expect(timed(() => startsWithElement('<?a?>'.repeat(10_000), 'a')).ms).toBeLessThan(QUICK_MS);
    expect(timed(() => startsWithElement(`<!--${'-->'.repeat(10_000)}`, 'a')).ms).toBeLessThan(QUICK_MS);
  });
});

describe('hostile documents', () => {
  const documents: Readonly<Record<string, () => string>> = {
    'deep nesting': () => '<a>'.repeat(200_000) + '</a>'.repeat(200_000),
    'deep nesting behind tags that look closed': () => `<x>${'<a b="/">'.repeat(200_000)}`,
    'an attribute of 50 MB': () => `<a b="${'x'.repeat(50_000_000)}"/>`,
    'an attribute of 20 MB': () => `<a b="${'x'.repeat(20_000_000)}"/>`,
    'an attribute without an end': () => `<a b="${'x'.repeat(900_000)}`,
    'one line with a mistake at its end': () => `<a>${'<b c="1"/>'.repeat(300_000)}<d></a>`,
    'a text of line ends': () => `<a>${'\r'.repeat(900_000)}</a`,
    'a million elements': () => `<a>${'<b/>'.repeat(1_000_000)}</a>`,
    'a million attributes': () =>
      `<a ${Array.from({ length: 1_000_000 }, (_, at) => `a${String(at)}=""`).join(' ')}/>`,
    'a name of 10 MB': () => `<${'a'.repeat(10_000_000)}/>`,
    'many comments without an end': () => '<!--'.repeat(500_000),
    'many sections without an end': () => `<a>${'<![CDATA['.repeat(500_000)}`,
    'many open tags': () => '<a '.repeat(1_000_000),
    'pairs of halves': () => `<a>${'😀'.repeat(400_000)}\ud83d</b>`,
  };
  for (const [name, make] of Object.entries(documents)) {
    it(`ends quickly: ${name}`, () => {
      const text = make();
      const { value, ms } = timed(() => readXml(text, 'XML'));
      expect(value.ok).toBe(false);
      expect(ms).toBeLessThan(QUICK_MS);
    });
  }

  it('reads a long line as any other', () => {
    const text = `<a>${'<b c="1">x</b>'.repeat(50_000)}\n<d/></a>`;
    const { value, ms } = timed(() => readXml(text, 'XML'));
    expect(value.ok && value.value.root.children).toHaveLength(50_001);
    expect(value.ok && childOf(value.value.root, 'd')?.line).toBe(2);
    expect(ms).toBeLessThan(QUICK_MS);
  });

  it('never throws, whatever comes', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<a',
      '<marker',
      ' start="1s"',
      '"',
      "'",
      '&',
      '&amp;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!DOCTYPE',
      '[',
      'x',
      '\n',
      '\u0000',
      '\ud800',
    );
    const of = context(film());
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('fcpxml', 'xmeml'),
        fc.boolean(),
        (pieces, name, whole) => {
          const text = whole ? `<${name}>${pieces.join('')}</${name}>` : pieces.join('');
          expect(typeof fcpxml.read?.(text, of).ok).toBe('boolean');
          expect(typeof xmeml.read?.(text, of).ok).toBe('boolean');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('writing', () => {
  it('is read back as it was, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const losses = lossList();
        const { element, leaf, document } = xmlWriter(losses);
        const back = root(document(element('a', { b: text }, [leaf('c', text)])));
        const same = back.attributes['b'] === text && childOf(back, 'c')?.text === text;
        expect(same || losses.list().some(({ code }) => code === 'text_changed')).toBe(true);
      }),
    );
  });

  it('indents elements and not texts', () => {
    const { element, leaf, document } = xmlWriter(lossList());
    expect(document(element('a', { b: undefined, c: 1 }, [element('d', {}, [leaf('e', 'x\ny')])]))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE a>\n<a c="1">\n  <d>\n    <e>x\ny</e>\n  </d>\n</a>\n',
    );
  });
});

describe('time', () => {
  it('reads fractions, whole and decimal seconds', () => {
    expect(parseSeconds('7266259/2000s')).toEqual({ n: 7_266_259n, d: 2000n });
    expect(parseSeconds('5s')).toEqual({ n: 5n, d: 1n });
    expect(parseSeconds('-12.5s')).toEqual({ n: -25n, d: 2n });
    for (const text of [undefined, '', '5', 's', '1/0s', '1/-2s', '1e3s', '1/2/3s', `${'1'.repeat(30)}s`])
      expect(parseSeconds(text)).toBeNull();
  });

  it('is exact where numbers are not', () => {
    const time = ofFrames(9_007_199_254_740_991, NTSC);
    expect(formatSeconds(time)).toBe('9016206453995731991/30000s');
    expect(parseSeconds(formatSeconds(time))).toEqual(time);
    expect(toUs(ratio(-1n, 3_000_000n))).toBe(0);
    expect(toUs(ratio(-2n, 3_000_000n))).toBe(-1);
  });

  it('does not grow without end', () => {
    let sum = ratio(0n);
    const { ms } = timed(() => {
      for (let under = 1n; under < 20_000n; under += 1n) sum = plus(sum, ratio(1n, under * 2n + 1n));
    });
    expect(ms).toBeLessThan(QUICK_MS);
    expect(toUs(sum) / 1_000_000).toBeCloseTo(4.934, 2);
  });
});

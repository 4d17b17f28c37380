/** The two lint rules of this house. */
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import maxLines from '../../../scripts/lint/max-lines.mjs';
import requireDocblock from '../../../scripts/lint/require-docblock.mjs';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });
const missing = [{ messageId: 'missing' }];

tester.run('require-docblock', requireDocblock, {
  valid: [
    '/** What it is. */\nexport function a() {}',
    '/** What it is. */\nexport type A = string;',
    '/** What it is. */\nexport const a = 1;',
    '/** What it is. */\nexport default class {}',
    '/** First. */\nexport function a(x: string): void;\nexport function a(x: number): void;',
    "export { a } from './a.ts';\nexport * from './b.ts';",
    'const a = 1;\nexport { a };\nexport default a;',
    'function a() {}',
  ],
  invalid: [
    { code: 'export function a() {}', errors: missing },
    { code: 'export interface A { x: string }', errors: missing },
    { code: '// A remark.\nexport type A = string;', errors: missing },
    { code: '/* Not a docblock. */\nexport const a = 1;', errors: missing },
    { code: '/** Of the file. */\n\nexport const a = 1;', errors: missing },
    { code: '/** */\nexport enum A { x }', errors: missing },
    { code: 'export default function () {}', errors: missing },
  ],
});

const lines = (count: number) => '//\n'.repeat(count);

tester.run('max-lines', maxLines, {
  valid: [
    lines(400),
    { code: lines(5), options: [{ max: 5 }] },
    { code: `/* long file: a table of one standard, read as a whole */\n${lines(500)}` },
  ],
  invalid: [
    { code: lines(401), errors: [{ messageId: 'long' }] },
    { code: lines(6), options: [{ max: 5 }], errors: [{ messageId: 'long' }] },
    { code: `/* long file: */\n${lines(500)}`, errors: [{ messageId: 'long' }] },
    { code: `//\n/* long file: too late */\n${lines(500)}`, errors: [{ messageId: 'long' }] },
  ],
});

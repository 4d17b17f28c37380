import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILURE_CODES } from '../../../src/core/base/failure.ts';

it('every failure code is documented, and no other', () => {
  const text = readFileSync(new URL('../../../docs/embedding.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('## What goes wrong'));
  const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(documented).toEqual([...FAILURE_CODES]);
});

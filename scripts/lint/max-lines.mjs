// @ts-check
/**
 * ESLint rule: no file above 400 lines without a reason written at its top, as a comment on the first line that begins with
 * `long file:`.
 * @type {import('eslint').Rule.RuleModule}
 */
export default {
  meta: {
    type: 'suggestion',
    docs: { description: 'limit the length of files unless a reason is given' },
    messages: {
      long: '{{lines}} lines, {{max}} are allowed: split the file, or give the reason in its first line: /* long file: … */',
    },
    schema: [
      { type: 'object', properties: { max: { type: 'integer', minimum: 1 } }, additionalProperties: false },
    ],
  },
  create(context) {
    const max = context.options[0]?.max ?? 400;
    return {
      'Program:exit'() {
        const { lines } = context.sourceCode;
        const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
        if (count <= max || /^\/\*\s*long file:\s*\p{L}[^\n]*\S\s*\*\/\s*$/u.test(lines[0] ?? '')) return;
        context.report({
          loc: { line: max + 1, column: 0 },
          messageId: 'long',
          data: { lines: String(count), max: String(max) },
        });
      },
    };
  },
};

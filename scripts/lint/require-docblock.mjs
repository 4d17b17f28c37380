// @ts-check
/**
 * ESLint rule: every exported declaration has a docblock directly above it.
 *
 * Re-exports (`export { a } from …`) are documented where they are declared, overloads at the first signature.
 * @type {import('eslint').Rule.RuleModule}
 */
export default {
  meta: {
    type: 'suggestion',
    docs: { description: 'require a docblock above every exported declaration' },
    messages: {
      missing: '"{{name}}" is exported: say above it in a docblock what it is (units, shape, errors).',
    },
    schema: [],
  },
  create(context) {
    const source = context.sourceCode;
    /** @type {Set<string>} */
    const documented = new Set();

    /** @param {any} declaration @returns {string} */
    const nameOf = (declaration) =>
      declaration.type === 'VariableDeclaration'
        ? declaration.declarations.map((/** @type {any} */ one) => source.getText(one.id)).join(', ')
        : (declaration.id?.name ?? 'default');

    /** @param {any} node */
    const check = (node) => {
      const { declaration } = node;
      if (!declaration || declaration.type === 'Identifier') return;
      const name = nameOf(declaration);
      const last = source.getCommentsBefore(node).at(-1);
      const has =
        last !== undefined &&
        last.type === 'Block' &&
        last.value.startsWith('*') &&
        /[\p{L}\p{N}]/u.test(last.value) &&
        (last.loc?.end.line ?? 0) >= node.loc.start.line - 1;
      if (has) documented.add(name);
      else if (!documented.has(name)) context.report({ node, messageId: 'missing', data: { name } });
    };
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};

/**
 * The one part of the package that is used here. Its own types want those of Node, and with them timers and the network would
 * be known in the core.
 */
declare module 'papaparse' {
  interface UnparseOptions {
    readonly delimiter?: string;
    readonly newline?: string;
    readonly escapeFormulae?: boolean | RegExp;
  }
  const Papa: {
    unparse(rows: readonly (readonly string[])[], options?: UnparseOptions): string;
  };
  export default Papa;
}

/** Where an input does not fit its schema. */
import type { z } from 'zod';

/** The place of the first problem, as a path; for a name that is not known, with that name. Empty for the whole input. */
export function whereWrong(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return '';
  const path = issue.path.map(String);
  return (issue.code === 'unrecognized_keys' ? [...path, ...issue.keys.slice(0, 1)] : path).join('.');
}

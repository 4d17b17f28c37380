/**
 * Who may do what (DESIGN.md, section 6). In a static page this is a policy for honest hosts: a widget opened in a
 * role shows and answers accordingly; it is no protection against somebody with developer tools.
 */
import { failure, type Failure } from '../base/failure.ts';

/** In which role a review is opened. */
export type Role = 'owner' | 'reviewer' | 'guest_reviewer';

/** What a role may do. */
export interface RolePolicy {
  readonly canExport: boolean;
}

/** The one table of the policy. */
export const ROLE_POLICY: Readonly<Record<Role, RolePolicy>> = {
  owner: { canExport: true },
  reviewer: { canExport: true },
  guest_reviewer: { canExport: false },
};

/** Null when a role may make and take exports, else why not. */
export function exportForbidden(role: Role): Failure | null {
  if (ROLE_POLICY[role].canExport) return null;
  return failure(
    'forbidden',
    'forbidden_role',
    'A guest reviewer may look and comment, but not export or download.',
    {
      role,
    },
  );
}

/**
 * Who may do what (DESIGN.md, section 6). In a static page this is a policy for honest hosts: a widget opened in a
 * role shows and answers accordingly; it is no protection against somebody with developer tools.
 */
import { failure, type Failure } from '../base/failure.ts';
import type { CheckedSpec } from '../schema/spec.ts';

/** In which role a review is opened. */
export const ROLES = ['owner', 'reviewer', 'guest_reviewer'] as const;
/** In which role a review is opened. */
export type Role = (typeof ROLES)[number];

/** What a role may be able to do. */
export type Capability = 'can_download_assets' | 'can_export_csv' | 'can_approve' | 'can_annotate';

/** The one table of the policy. */
export const ROLE_POLICY: Readonly<Record<Role, ReadonlySet<Capability>>> = {
  owner: new Set(['can_download_assets', 'can_export_csv', 'can_approve', 'can_annotate']),
  reviewer: new Set(['can_download_assets', 'can_export_csv', 'can_annotate']),
  guest_reviewer: new Set(['can_annotate']),
};

/** As whom somebody works, and what the owner has switched on. */
export interface Access {
  readonly role: Role;
  /** Guests may take the comments as CSV. */
  readonly guestCsv: boolean;
}

/** Whether somebody may do something. */
export function isAllowed({ role, guestCsv }: Access, capability: Capability): boolean {
  if (capability === 'can_export_csv' && role === 'guest_reviewer' && guestCsv) return true;
  return ROLE_POLICY[role].has(capability);
}

/** What an export of a type lets somebody carry away. */
const NEEDED: Readonly<Record<CheckedSpec['type'], Capability>> = {
  single: 'can_download_assets',
  combined: 'can_download_assets',
  clips: 'can_download_assets',
  bundle: 'can_download_assets',
  csv: 'can_export_csv',
};

/** Null when somebody may make and take exports of a type, else why not. */
export function exportForbidden(access: Access, type: CheckedSpec['type']): Failure | null {
  return isAllowed(access, NEEDED[type]) ? null : forbidden(access.role, type);
}

/** Null when somebody may make any export at all, else why not. */
export function exportsForbidden(access: Access): Failure | null {
  const any = Object.values(NEEDED).some((capability) => isAllowed(access, capability));
  return any ? null : forbidden(access.role, 'export');
}

/** Null when somebody may write comments, else why not. */
export function annotatingForbidden(access: Access): Failure | null {
  return isAllowed(access, 'can_annotate') ? null : forbidden(access.role, 'annotate');
}

/** Null when somebody may hand footage to others, else why not. A review without footage carries nothing away but comments. */
export function footageForbidden(access: Access): Failure | null {
  return isAllowed(access, 'can_download_assets') ? null : forbidden(access.role, 'footage');
}

function forbidden(role: Role, what: string): Failure {
  return failure('forbidden', 'forbidden_role', `The role "${role}" does not allow this (${what}).`, {
    role,
    what,
  });
}

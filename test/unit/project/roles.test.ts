/** The policy of roles: every role with every type of export. */
import { describe, expect, it } from 'vitest';
import {
  annotatingForbidden,
  exportForbidden,
  exportsForbidden,
  footageForbidden,
  isAllowed,
  ROLES,
  type Role,
} from '../../../src/core/project/roles.ts';
import { exportSpecSchema } from '../../../src/core/schema/spec.ts';

const TYPES = exportSpecSchema.shape.type.options;
const may = (role: Role, guestCsv: boolean) =>
  TYPES.filter((type) => exportForbidden({ role, guestCsv }, type) === null);

describe('roles', () => {
  it.each([
    ['owner', false, ['single', 'combined', 'clips', 'csv', 'bundle']],
    ['owner', true, ['single', 'combined', 'clips', 'csv', 'bundle']],
    ['reviewer', false, ['single', 'combined', 'clips', 'csv', 'bundle']],
    ['reviewer', true, ['single', 'combined', 'clips', 'csv', 'bundle']],
    ['guest_reviewer', false, []],
    ['guest_reviewer', true, ['csv']],
  ] as const)('%s, guests may take the CSV: %s: exports of %j', (role, guestCsv, types) => {
    expect(may(role, guestCsv)).toEqual(types);
    expect(exportsForbidden({ role, guestCsv }) === null).toBe(types.length > 0);
  });

  it('say which role refuses what', () => {
    expect(exportForbidden({ role: 'guest_reviewer', guestCsv: false }, 'csv')).toMatchObject({
      code: 'forbidden',
      reason: 'forbidden_role',
      details: { role: 'guest_reviewer', what: 'csv' },
    });
  });

  it('hand footage to others only where assets may be taken', () => {
    expect(ROLES.filter((role) => footageForbidden({ role, guestCsv: true }) === null)).toEqual([
      'owner',
      'reviewer',
    ]);
  });

  it('let everybody comment, and only the owner approve', () => {
    for (const role of ROLES) expect(annotatingForbidden({ role, guestCsv: false })).toBeNull();
    expect(ROLES.filter((role) => isAllowed({ role, guestCsv: true }, 'can_approve'))).toEqual(['owner']);
  });
});

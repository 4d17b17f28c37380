/** As whom the page is opened: its address may say so (a host that frames it). */
import type { Access } from '../../core/project/roles.ts';
import { ROLES } from '../core.ts';

/**
 * Reads `?role=` and `?guestCsv=1`. Without a role it is the owner's own page; a role that is not known, or said twice, is the
 * one that may do least.
 */
export function accessOf(query: URLSearchParams): Access {
  const roles = query.getAll('role');
  const switches = query.getAll('guestCsv');
  const role = ROLES.find((one) => one === roles[0]);
  return {
    role: roles.length === 0 ? 'owner' : roles.length === 1 && role !== undefined ? role : 'guest_reviewer',
    guestCsv: switches.length === 1 && switches[0] === '1',
  };
}

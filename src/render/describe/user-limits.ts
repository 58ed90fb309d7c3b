import type { Int64, UserPermissionLimits } from '../../domain/claims/types.js';
import { permissionRows } from './permissions.js';
import { bytesText, limitText, listRows, type Row, yesNo } from './rows.js';

/**
 * Groups of rows for what a user may do, the first of them continuing the given rows.
 *
 * @param absent what a number stands for that is not there: 0 in a user, -1 in a scope (reference: jwt-nkeys.md §3.4)
 */
export function withPermissions(start: readonly Row[], limits: UserPermissionLimits, absent: Int64): Row[][] {
  return [
    [
      ...start,
      ['Bearer Token', yesNo(limits.bearer_token)],
      ...(limits.proxy_required ? [['Proxy Required', 'Yes']] : []),
      ...permissionRows(limits),
    ],
    [
      ['Max Msg Payload', bytesText(limits.payload ?? absent)],
      ['Max Data', bytesText(limits.data ?? absent)],
      ['Max Subs', limitText(limits.subs ?? absent)],
      ...listRows('Network Src', limits.src?.length ? limits.src : ['Any']),
      ...timeRows(limits),
    ],
    listRows('Allowed Connection Types', limits.allowed_connection_types),
  ];
}

function timeRows({ times = [], times_location: zone }: UserPermissionLimits): Row[] {
  const ranges = times.map(({ start = '', end = '' }) => `${start}-${end}`);
  return [...listRows('Time', ranges.length > 0 ? ranges : ['Any']), ...(zone ? [['Locale', zone]] : [])];
}

import type { Permissions } from '../../domain/claims/types.js';
import { formatGoDuration } from '../../lib/duration.js';
import { listRows, type Row } from './rows.js';

/** What may be published and subscribed to, and how replies are allowed. */
export function permissionRows({ pub, sub, resp }: Permissions): Row[] {
  return [
    ...listRows('Pub Allow', pub?.allow),
    ...listRows('Pub Deny', pub?.deny),
    ...listRows('Sub Allow', sub?.allow),
    ...listRows('Sub Deny', sub?.deny),
    ...(resp === undefined
      ? [['Response Permissions', 'Not Set']]
      : [
          ['Max Responses', String(resp.max ?? 0)],
          ['Response Permission TTL', formatGoDuration(resp.ttl ?? 0)],
        ]),
  ];
}

import { always } from './schema.js';
import { record } from './schema-record.js';
import { int64, list, text } from './schema-values.js';
import type { Permission, Permissions, ResponsePermission } from './types.js';

const PERMISSION = record<Permission>({ allow: list(text), deny: list(text) });

/** Written when present, even empty: it is a pointer in Go, and its presence alone has an effect. */
const RESPONSE_PERMISSION = record<ResponsePermission>({ max: always(int64), ttl: always(int64) });

/** What may be published and subscribed to (jwt-nkeys.md §3.5 members 1–3). */
export const PERMISSIONS_MEMBERS = {
  pub: always(PERMISSION),
  sub: always(PERMISSION),
  resp: RESPONSE_PERMISSION,
};

export const PERMISSIONS = record<Permissions>(PERMISSIONS_MEMBERS);

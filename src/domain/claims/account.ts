import { BODY_TAIL } from './body-tail.js';
import { EXPORT } from './export.js';
import { IMPORT } from './import.js';
import { ACCOUNT_LIMITS } from './limits.js';
import { MAPPINGS } from './mapping.js';
import { PERMISSIONS } from './permissions.js';
import { always, nullable } from './schema.js';
import { record } from './schema-record.js';
import { int64, list, mapOf, text } from './schema-values.js';
import { SIGNING_KEYS } from './signing-key.js';
import type { AccountBody, ExternalAuthorization, MsgTrace } from './types.js';

/** Imports and exports; a null among them survives until a rule refuses it (I1, X1). */
export const SHARES_MEMBERS = { imports: list(nullable(IMPORT)), exports: list(nullable(EXPORT)) };

/** The body of account claims (jwt-nkeys.md §3.4). */
export const ACCOUNT_BODY = record<AccountBody>({
  ...SHARES_MEMBERS,
  limits: always(ACCOUNT_LIMITS),
  signing_keys: SIGNING_KEYS,
  revocations: mapOf(int64),
  default_permissions: always(PERMISSIONS),
  mappings: MAPPINGS,
  authorization: always(
    record<ExternalAuthorization>({ auth_users: list(text), allowed_accounts: list(text), xkey: text }),
  ),
  trace: record<MsgTrace>({ dest: text, sampling: int64 }),
  cluster_traffic: text,
  description: text,
  info_url: text,
  ...BODY_TAIL,
});

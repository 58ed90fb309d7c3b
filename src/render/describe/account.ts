import type { AccountBody, AccountClaims, AccountLimits } from '../../domain/claims/types.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { exportTables } from './exports.js';
import { importTables } from './imports.js';
import { jetStreamGroups } from './jetstream.js';
import { mappingTables } from './mappings.js';
import { ACCOUNT, otherClaims } from './other.js';
import { permissionRows } from './permissions.js';
import { revocationTables } from './revocations.js';
import { bytesText, keyText, limitText, listRows, type Row, type Table, textRow, type View } from './rows.js';
import { scopeTable } from './scope.js';
import { standardRows } from './standard.js';

/** The account itself, then its exports, imports, mappings, scoped signing keys and revocations as far as it has any. */
export function accountTables(claims: AccountClaims, view: View): Table[] {
  const body = claims.nats;
  const scopes = (body.signing_keys ?? []).filter((key) => typeof key !== 'string');
  return [
    { title: 'Account Details', groups: detailGroups(claims, view) },
    ...exportTables((body.exports ?? []).filter((entry) => entry !== null)),
    ...importTables(
      (body.imports ?? []).filter((entry) => entry !== null),
      view,
    ),
    ...mappingTables(body.mappings ?? {}),
    ...scopes.sort((a, b) => compareBytes(a.key, b.key)).map(scopeTable),
    ...revocationTables(body.revocations ?? {}),
  ];
}

function detailGroups(claims: AccountClaims, view: View): Row[][] {
  const body = claims.nats;
  return [
    standardRows('Account ID', claims, body, view),
    [...textRow('Description', body.description?.replaceAll('\n', ' ')), ...textRow('Info Url', body.info_url)],
    listRows('Signing Keys', signingKeyTexts(body)),
    calloutRows(body, view),
    [...limitRows(body.limits ?? {}), ...permissionRows(body.default_permissions ?? {})],
    ...jetStreamGroups(body.limits ?? {}),
    shareRows(body),
    [...traceRows(body), ...textRow('Cluster Traffic', body.cluster_traffic)],
    otherClaims(claims, ACCOUNT),
  ];
}

/** In an order that does not change from run to run, and with the role a key stands for. */
function signingKeyTexts({ signing_keys: keys = [] }: AccountBody): string[] {
  const texts = keys.map((key) => {
    if (typeof key === 'string') return key;
    return key.role ? `${key.key} (role ${key.role})` : `${key.key} (scoped)`;
  });
  return texts.sort(compareBytes);
}

function calloutRows({ authorization = {} }: AccountBody, view: View): Row[] {
  const name = (key: string): string => keyText(key, view);
  return [
    ...listRows('Auth Callout Users', authorization.auth_users?.map(name)),
    ...listRows('Allowed Accounts', authorization.allowed_accounts?.map(name)),
    ...textRow('Encrypt For', authorization.xkey),
  ];
}

function limitRows(limits: AccountLimits): Row[] {
  return [
    ['Max Connections', limitText(limits.conn)],
    ['Max Leaf Node Connections', (limits.leaf ?? 0) === 0 ? 'Not Allowed' : limitText(limits.leaf)],
    ['Max Data', bytesText(limits.data)],
    ['Max Exports', limitText(limits.exports)],
    ['Max Imports', limitText(limits.imports)],
    ['Max Msg Payload', bytesText(limits.payload)],
    ['Max Subscriptions', limitText(limits.subs)],
    ['Exports Allows Wildcards', limits.wildcards ? 'True' : 'False'],
    ['Disallow Bearer Token', limits.disallow_bearer ? 'True' : 'False'],
  ];
}

function shareRows({ imports, exports, revocations = {} }: AccountBody): Row[] {
  const revoked = Object.keys(revocations).length;
  return [
    ...(imports?.length ? [] : [['Imports', 'None']]),
    ...(exports?.length ? [] : [['Exports', 'None']]),
    ...(revoked === 0 ? [] : [['Revocations', String(revoked)]]),
  ];
}

function traceRows({ trace }: AccountBody): Row[] {
  if (!trace) return [['Tracing Context', 'Disabled']];
  return [
    ['Tracing Context', 'Enabled'],
    ['Subject', trace.dest ?? ''],
    ['Sampling', `${trace.sampling || 100}%`],
  ];
}

import type { Change } from '../domain/change.js';
import { type Difference, diffClaims } from '../domain/claims/diff.js';
import type { AnyClaims } from '../domain/claims/types.js';
import type { KeyRecord, Keyring, KeyState } from '../domain/keyring/keyring.js';
import type { Entry, Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { formatDate } from '../lib/moment.js';

/** A change as a person or a script is told about it: what becomes of which object. Never a secret. */
export interface ChangeSummary {
  readonly action: 'create' | 'update' | 'delete' | 'select' | 'send';
  readonly type: 'operator' | 'account' | 'user' | 'key' | 'creds' | 'store' | 'file' | 'version' | 'state';
  /** Absent for keys, which have a public key only. The path of a file outside the store. Of a version: when it was issued. */
  readonly name?: string;
  readonly account?: string;
  readonly publicKey?: string;
  readonly issuer?: string;
  /** Of what is sent to servers, or deleted there: their URL. */
  readonly servers?: string;
  /** Selected only where this is what is remembered. */
  readonly insteadOf?: string;
  /** Of the life of a key; absent where it is the first that is known of it. */
  readonly from?: KeyState;
  readonly to?: KeyState;
  readonly differences?: readonly Difference[];
}

/**
 * Summaries of changes. Call it before they are committed: whether something is created or updated is told from the
 * tree as it was.
 *
 * @param before absent when the operator did not exist
 * @param options.differences whether to compare claims, as a dry run shows them
 */
export function summarizeChanges(
  changes: readonly Change[],
  before: Tree | undefined,
  options: { differences?: boolean } = {},
): ChangeSummary[] {
  return changes.flatMap((change) => summarize(change, before, options.differences ?? false));
}

function summarize(change: Change, before: Tree | undefined, differences: boolean): ChangeSummary[] {
  const put = (
    type: 'operator' | 'account' | 'user',
    claims: AnyClaims,
    find: (tree: Tree) => Entry<AnyClaims> | undefined,
    place: { name: string; account?: string },
  ): ChangeSummary[] => {
    const old = before && findExisting(() => find(before));
    const diff = differences ? { differences: diffClaims(old?.entry?.claims, claims) } : {};
    return [{ action: old ? 'update' : 'create', type, ...place, ...keysOf(claims), ...diff }];
  };

  switch (change.type) {
    case 'put-operator':
      return put(
        'operator',
        change.claims,
        (tree) => (tree.operator.name === change.name ? tree.operator : undefined),
        {
          name: change.name,
        },
      );
    case 'put-account':
      return put('account', change.claims, (tree) => tree.findAccount(change.name), { name: change.name });
    case 'put-user':
      return put('user', change.claims, (tree) => tree.findUser(change.account, change.name), {
        name: change.name,
        account: change.account,
      });
    case 'put-seed': {
      const action = before?.hasSeed(change.publicKey) ? 'update' : 'create';
      return [{ action, type: 'key', publicKey: change.publicKey }];
    }
    case 'put-creds': {
      const { user: name, account } = change;
      const action = before?.findCreds(account, name) ? 'update' : 'create';
      return [{ action, type: 'creds', name, account }];
    }
    case 'put-keyring':
      return summarizeKeyring(change.keyring, before);
    case 'delete-account':
      return [{ action: 'delete', type: 'account', name: change.name }];
    case 'delete-user':
      return [{ action: 'delete', type: 'user', name: change.name, account: change.account }];
    case 'delete-seed':
      return [{ action: 'delete', type: 'key', publicKey: change.publicKey }];
    case 'delete-creds':
      return [{ action: 'delete', type: 'creds', name: change.user, account: change.account }];
    case 'keep-version': {
      const { name, claims } = change.replaced;
      const owner = change.kind === 'account' ? { account: name } : {};
      return [{ action: 'create', type: 'version', name: formatDate(claims.iat ?? 0), ...owner, ...keysOf(claims) }];
    }
    case 'select':
      return [
        ...selection('store', change.storeRoot),
        ...selection('operator', change.operator),
        ...selection('account', change.account, change.insteadOf),
      ];
  }
}

/** The keys whose record changed. */
function summarizeKeyring({ records }: Keyring, before: Tree | undefined): ChangeSummary[] {
  const known = before?.keyring.records ?? new Map<string, KeyRecord>();
  return [...records.values()].flatMap((record): ChangeSummary[] => {
    const old = known.get(record.key);
    if (old && diffClaims(old, record).length === 0) return [];
    const action = old ? 'update' : 'create';
    const states = { ...(old && { from: old.state }), to: record.state };
    return [{ action, type: 'state', publicKey: record.key, ...states }];
  });
}

const selection = (
  type: 'store' | 'operator' | 'account',
  name: string | undefined,
  insteadOf?: string,
): ChangeSummary[] =>
  name === undefined ? [] : [{ action: 'select', type, name, ...(insteadOf !== undefined && { insteadOf }) }];

function keysOf({ sub, iss }: AnyClaims): { publicKey?: string; issuer?: string } {
  return { ...(sub !== undefined && { publicKey: sub }), ...(iss !== undefined && { issuer: iss }) };
}

/** What is there, if anything; a file that cannot be read exists all the same. */
function findExisting<Found>(find: () => Found | undefined): { entry?: Found } | undefined {
  try {
    const entry = find();
    return entry === undefined ? undefined : { entry };
  } catch (error) {
    if (error instanceof NscError) return {};
    throw error;
  }
}

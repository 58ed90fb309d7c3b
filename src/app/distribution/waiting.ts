import type { Change } from '../../domain/change.js';
import type { Tree } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';
import type { Plan } from '../command.js';
import { isAccountServerUrl } from './resolver-url.js';
import { shownUrl } from './shown-url.js';

export type PutAccount = Extract<Change, { type: 'put-account' }>;

/** Accounts that signed themselves, because their operator is managed elsewhere and has to sign them. */
export interface Waiting {
  readonly accounts: readonly PutAccount[];
  /** The account server that signs them; undefined where there is none. */
  readonly url: string | undefined;
  /** What a person has to do where nothing is sent. */
  readonly warnings: readonly string[];
}

/**
 * What of a plan the operator has to sign (nsc-distribution.md §1.12). What came from the account server does not go
 * back there (S-26).
 *
 * @param after what the plan leads to
 */
export function findWaiting({ changes, isFetched }: Pick<Plan, 'changes' | 'isFetched'>, after: Tree): Waiting {
  if (!after.managed || isFetched) return NOTHING;
  const accounts = changes.filter((change): change is PutAccount => isWaiting(change, after));
  if (accounts.length === 0) return NOTHING;
  const { account_server_url: server = '' } = after.operator.claims.nats;
  if (isAccountServerUrl(server)) return { accounts, url: server.trim(), warnings: [] };
  const names = accounts.map(({ name }) => quote(name)).join(', ');
  const [which, them] = accounts.length > 1 ? [`accounts ${names}`, 'them'] : [`account ${names}`, 'it'];
  const why =
    server === '' ? 'names no account server' : `names ${quote(shownUrl(server))}, where nothing can be signed,`;
  const warning = `operator ${quote(after.operator.name)} is managed elsewhere and ${why} so nothing was sent: the operator has to sign ${which} before servers accept ${them}`;
  return { accounts, url: undefined, warnings: [warning] };
}

const NOTHING: Waiting = { accounts: [], url: undefined, warnings: [] };

/** Signed by its own key, and still there in the end. */
function isWaiting(change: Change, after: Tree): boolean {
  if (change.type !== 'put-account' || change.claims.iss !== change.claims.sub) return false;
  return after.findAccount(change.name)?.token === change.token;
}

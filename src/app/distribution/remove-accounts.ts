import type { KeyPair } from '../../domain/nkey/key-pair.js';
import type { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Holding, Resolver, ServerAnswer } from '../resolver.js';
import type { SyncedAccount, SyncedAnswer } from '../result.js';
import { deleteRequests } from './delete-request.js';
import { failureOfRemoval } from './removal-failure.js';

/** How often servers are asked that deleted an account and have it again. */
const MOST_ROUNDS = 3;

/** An account that servers are to delete. */
export interface Removal {
  readonly key: string;
  readonly name?: string | undefined;
  /** What a copy on a server is called, where the store does not have it. Untrusted text. */
  readonly calledName?: string | undefined;
  /** True where the operator signed none of the copies: servers may have accounts of others. */
  readonly isForeign?: boolean;
  /** Who said that it has it. */
  readonly holders: readonly string[];
}

/** What became of it, account by account, and what did not go well. */
export interface Removed {
  readonly accounts: readonly SyncedAccount[];
  readonly failure?: NscError | undefined;
}

/**
 * Asks servers to delete accounts, and then what they still have: what they say they deleted counts accounts they never
 * had, too (S-18). What one has got back from another meanwhile is asked for again.
 *
 * @throws NscError `remote-failed` when the connection ends
 */
export async function removeAccounts(
  resolver: Resolver,
  removals: readonly Removal[],
  { signer, now }: { readonly signer: KeyPair; readonly now: number },
): Promise<Removed> {
  const keys = [...new Set(removals.map(({ key }) => key))];
  let said: ReadonlyMap<string, ServerAnswer> = new Map();
  let holdings: readonly Holding[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const left = round === 0 ? keys : keys.filter((key) => isBack(key, said, holdings));
    if (left.length === 0) break;
    said = await askToDelete(resolver, deleteRequests(left, { signer, now, maxRequest: resolver.maxRequest }));
    holdings = (await resolver.list()) ?? [];
  }
  const after = new Map(holdings.map((holding) => [holding.server, holding]));
  const accounts = removals.map((removal) => describeRemoval(removal, said, after));
  return { accounts, failure: failureOfRemoval({ resolver, accounts, answers: [...said.values()], holdings }) };
}

/** What each server says to all of the requests: its first complaint, if it has any. */
async function askToDelete(
  resolver: Resolver,
  requests: readonly string[],
): Promise<ReadonlyMap<string, ServerAnswer>> {
  const said = new Map<string, ServerAnswer>();
  for (const request of requests) {
    for (const answer of await resolver.remove(request)) {
      const known = said.get(answer.server);
      if (known === undefined || known.state === 'taken') said.set(answer.server, answer);
    }
  }
  return said;
}

/** Whether a server has an account again that it deleted: another one that still had it has just sent it (S-34). */
const isBack = (key: string, said: ReadonlyMap<string, ServerAnswer>, holdings: readonly Holding[]): boolean =>
  holdings.some(({ server, accounts }) => accounts.has(key) && said.get(server)?.state === 'taken');

/** How people know it: `"A" (AKEY)`, or `AKEY ("A")` where a server alone says how it is called. */
export function nameRemoval({ key, name, calledName, isForeign = false }: Removal): string {
  if (name !== undefined) return `${quote(name)} (${key})`;
  const about = [
    ...(calledName === undefined ? [] : [quote(calledName)]),
    ...(isForeign ? ['not signed by this operator'] : []),
  ];
  return about.length === 0 ? key : `${key} (${about.join(', ')})`;
}

function describeRemoval(
  removal: Removal,
  said: ReadonlyMap<string, ServerAnswer>,
  after: ReadonlyMap<string, Holding>,
): SyncedAccount {
  const { key, name, holders } = removal;
  const stillThere = [...after.values()].filter(({ accounts }) => accounts.has(key)).map(({ server }) => server);
  const answers = [...new Set([...holders, ...stillThere])].map((server): SyncedAnswer => {
    const answer = said.get(server);
    const holding = after.get(server);
    if (holding && !holding.accounts.has(key)) return { server, level: 'ok', state: 'deleted', message: 'deleted' };
    if (answer?.state === 'refused') return { server, level: 'error', state: 'refused', message: answer.message };
    if (holding) {
      const message =
        answer?.state === 'taken' ? `still has it, although it says: ${quote(answer.message)}` : 'still has it';
      return { server, level: 'error', state: 'kept', message };
    }
    return { server, level: 'warn', state: 'silent', message: 'did not tell whether it is gone' };
  });
  const gone = answers.filter(({ state }) => state === 'deleted').length;
  const what = nameRemoval(removal);
  const account = { ...(name !== undefined && { name }), key, answers };
  if (answers.length === 0) {
    return { ...account, level: 'warn', state: 'missing', message: `no server that answered has ${what}` };
  }
  if (gone === answers.length) {
    return { ...account, level: 'ok', state: 'deleted', message: `deleted ${what} from ${plural(gone, 'server')}` };
  }
  return {
    ...account,
    level: 'error',
    state: gone > 0 ? 'partial' : 'refused',
    message:
      gone > 0 ? `deleted ${what} from ${gone} of ${plural(answers.length, 'server')}` : `no server deleted ${what}`,
  };
}

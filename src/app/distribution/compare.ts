import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Talk } from '../ports.js';
import type { Copy, Holding, Resolver } from '../resolver.js';
import type { Synced, SyncedAccount, SyncedServer } from '../result.js';
import { compareAccount, type Sighting } from './compare-account.js';
import { inFlight, mostInFlight } from './in-flight.js';

export interface Comparison {
  readonly tree: Tree;
  readonly resolver: Resolver;
  /** Public keys of the accounts to compare; absent = all that are here or on a server. */
  readonly accounts?: readonly string[] | undefined;
  readonly talk: Pick<Talk, 'progress'>;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * What differs between the store and every server, both ways: accounts that servers lack, that only they have, and every
 * member that differs. What servers hold is asked first, and only accounts that some server has are asked for, many at a
 * time (S-23).
 *
 * @returns with a `failure` when a server did not take part or has a copy that nobody may trust; `data.counts` has how
 *   many accounts there are of each state
 * @throws NscError `remote-failed` when the connection ends, nobody tells what it has, or an account server gives no
 *   account at all
 */
export async function compareAccounts({ tree, resolver, accounts, talk, now }: Comparison): Promise<Synced> {
  talk.progress('asking servers what they hold');
  const local = readLocal(tree);
  const holdings = await resolver.list();
  if (holdings?.every(({ keeps }) => keeps === 'none')) {
    throw new NscError('remote-failed', 'no server told which accounts it has, so nothing was compared', {
      hint: 'servers with a resolver directory tell (generate config --nats-resolver); give more time with --timeout 10',
    });
  }
  const keys = accounts ?? findKeys(local, holdings);
  let done = 0;
  const rows = await inFlight(
    keys,
    async (key) => {
      const sighting = await sight(key, local.held.get(key), { resolver, holdings, now });
      done += 1;
      talk.progress(`compared ${done} of ${keys.length} accounts`);
      return { row: compareAccount(sighting, { operator: tree.operator, now }), problem: sighting.problem };
    },
    mostInFlight(resolver),
  );
  talk.progress(undefined);
  const problems = rows.flatMap(({ problem }) => problem ?? []);
  const [problem] = problems;
  if (problem && problems.length === rows.length) throw problem;
  const unreadable = accounts ? [] : local.unreadable;
  return conclude(resolver, listServers(resolver, holdings), [...rows.map(({ row }) => row), ...unreadable]);
}

interface Local {
  /** By public key. */
  readonly held: ReadonlyMap<string, AccountEntry>;
  readonly unreadable: readonly SyncedAccount[];
}

function readLocal(tree: Tree): Local {
  const held = new Map<string, AccountEntry>();
  const unreadable: SyncedAccount[] = [];
  for (const name of tree.accountNames()) {
    try {
      const entry = tree.findAccount(name);
      if (entry) held.set(entry.claims.sub ?? '', entry);
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      const message = `account ${quote(name)} cannot be read here, so nobody knows which one it is on servers: ${error.message}`;
      unreadable.push({ name, key: '', level: 'error', state: 'unreadable', message, answers: [] });
    }
  }
  return { held, unreadable };
}

/** Accounts of the store first, in the order of their names. */
function findKeys({ held }: Local, holdings: readonly Holding[] | undefined): string[] {
  const others = new Set((holdings ?? []).flatMap(({ accounts }) => [...accounts]));
  return [...held.keys(), ...[...others].filter((key) => !held.has(key)).sort()];
}

async function sight(
  key: string,
  held: AccountEntry | undefined,
  { resolver, holdings, now }: Pick<Comparison, 'resolver' | 'now'> & { holdings: readonly Holding[] | undefined },
): Promise<Sighting> {
  // servers that keep only some accounts lack nothing
  const full = (holdings ?? []).filter(({ keeps }) => keeps === 'all');
  const namesOf = (has: boolean) =>
    full.filter(({ accounts }) => accounts.has(key) === has).map(({ server }) => server);
  const caches = (holdings ?? []).filter(({ keeps, accounts }) => keeps !== 'all' && accounts.has(key));
  const sighting = {
    key,
    held,
    holders: namesOf(true),
    lacking: namesOf(false),
    caches: caches.map(({ server }) => server),
  };
  const isListed = !holdings || holdings.some(({ accounts }) => accounts.has(key));
  if (!isListed && !(held && isExpired(held, now))) return { ...sighting, copies: [] };
  const found = await findCopies(resolver, key);
  if (found instanceof NscError) return { ...sighting, copies: [], problem: found };
  if (!isListed && found.length > 0) {
    const everywhere = found.length === full.length ? sighting.lacking : [];
    return { ...sighting, holders: everywhere, lacking: [], copies: found };
  }
  const isNowhere = holdings === undefined && found.length === 0;
  return { ...sighting, copies: found, ...(isNowhere && { lacking: resolver.servers.map(({ name }) => name) }) };
}

/** Servers have accounts that have expired, and do not list them. */
export const isExpired = ({ claims: { exp = 0 } }: AccountEntry, now: number): boolean => exp > 0 && exp < now;

/** An account server may fail for one account; a connection that ended is the end of it all. */
async function findCopies(resolver: Resolver, key: string): Promise<readonly Copy[] | NscError> {
  try {
    return await resolver.copies(key);
  } catch (error) {
    if (resolver.kind === 'http' && error instanceof NscError) return error;
    throw error;
  }
}

/** Every server that should have taken part. One that keeps no accounts need not say so. */
export function listServers(
  { servers, absent }: Pick<Resolver, 'servers' | 'absent'>,
  holdings: readonly Holding[] | undefined,
): SyncedServer[] {
  const said = holdings && new Set(holdings.map(({ server }) => server));
  return [
    ...servers.map(({ name, version }): SyncedServer => {
      const about = { name, ...(version !== undefined && { version }) };
      if (!said || said.has(name)) return { ...about, state: 'answered' };
      return { ...about, state: 'silent', message: 'it did not say which accounts it holds' };
    }),
    ...absent.map(({ name, reason }): SyncedServer => ({ name, state: 'absent', message: reason })),
  ];
}

function conclude(
  resolver: Pick<Resolver, 'url'>,
  servers: readonly SyncedServer[],
  accounts: readonly SyncedAccount[],
): Synced {
  const counts: Record<string, number> = {};
  for (const { state } of accounts) counts[state] = (counts[state] ?? 0) + 1;
  const failure = findFailure(servers, accounts);
  return {
    kind: 'synced',
    title: `compared with ${resolver.url}`,
    data: { action: 'diff', url: resolver.url, counts },
    servers,
    accounts,
    summary: summarize(servers, accounts.length, counts),
    ...(failure && { failure }),
  };
}

const WORDS: Readonly<Record<string, string>> = { same: 'the same', extra: 'only on servers' };

const wordOf = (state: string, count: number): string =>
  WORDS[state] ?? (state === 'differs' && count > 1 ? 'differ' : state);

function summarize(servers: readonly SyncedServer[], all: number, counts: Readonly<Record<string, number>>): string {
  const answered = servers.filter(({ state }) => state === 'answered').length;
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${wordOf(state, count)}`);
  const what = `${plural(all, 'account')} on ${plural(answered, 'server')}`;
  return parts.length === 0 ? what : `${what}: ${parts.join(', ')}`;
}

/** A copy that nobody may trust is worse than one that nobody has seen. */
function findFailure(servers: readonly SyncedServer[], accounts: readonly SyncedAccount[]): NscError | undefined {
  const name = (account: SyncedAccount): string => account.name ?? account.key;
  const untrusted = accounts.filter(({ state }) => state === 'untrusted');
  if (untrusted.length > 0) {
    return new NscError(
      'untrusted-answer',
      `servers hold what is not signed by the operator as ${quoteSome(untrusted.map(name))}`,
      {
        hint: 'find out who sent it; nsc push sends what is here in its place',
        details: { accounts: untrusted.map(({ key }) => key) },
      },
    );
  }
  const unreadable = accounts.filter(({ state }) => state === 'unreadable');
  if (unreadable.length > 0) {
    return new NscError('store-corrupt', `cannot read account ${quoteSome(unreadable.map(name))}`, {
      hint: 'nsc validate --all-accounts tells more; what servers have takes its place with: nsc pull --all --overwrite-newer',
      details: { accounts: unreadable.map(name) },
    });
  }
  const away = servers.filter(({ state }) => state !== 'answered').map((server) => server.name);
  const unseen = accounts.filter(({ answers }) =>
    answers.some(({ state }) => state === 'silent' || state === 'failed'),
  );
  if (away.length === 0 && unseen.length === 0) return undefined;
  const what =
    away.length > 0
      ? `${quoteSome(away)} took no part`
      : `${quoteSome(unseen.map(name))} could not be compared everywhere`;
  return new NscError('remote-partial', `not everything was compared: ${what}`, {
    details: { servers: away, accounts: unseen.map(({ key }) => key) },
  });
}

import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Talk } from '../ports.js';
import type { Copy, Holding, Resolver } from '../resolver.js';
import type { SyncedServer } from '../result.js';
import { isExpired, listServers } from './compare.js';
import { inFlight, mostInFlight } from './in-flight.js';

/** What came from servers, not looked into. */
export interface Fetched {
  readonly url: string;
  readonly servers: readonly SyncedServer[];
  /** Where it was asked for. */
  readonly operator?: { readonly text: string } | { readonly problem: NscError };
  readonly accounts: readonly Arrival[];
  /** True where the servers sent every account they have, or were asked for every account that is here. */
  readonly isAll: boolean;
}

export interface Arrival {
  /** The public key it was asked for, or that came with it. */
  readonly key: string;
  readonly copies: readonly Copy[];
  /** Why it could not be had. */
  readonly problem?: NscError;
}

/** What servers may send all in all; a hundred thousand accounts of a usual size. */
const MOST_TEXT = 256 * 1024 * 1024;

/**
 * All copies that servers have of one account.
 *
 * @throws NscError `remote-failed`
 */
export async function fetchAccount(resolver: Resolver, key: string): Promise<Fetched> {
  const copies = await resolver.copies(key);
  return { ...placeOf(resolver), accounts: [{ key, copies }], isAll: false };
}

/**
 * Everything there is. Of a server of NATS what it hands out; where several keep all accounts every copy of each, as one
 * of them may be behind the others. Of an account server the operator and the accounts that are asked for, a bounded
 * number at a time (S-6).
 *
 * @param local the accounts that are here
 * @throws NscError `remote-failed` when the connection ends, `untrusted-answer` for more than anybody can have
 */
export async function fetchAll(
  resolver: Resolver,
  local: readonly AccountEntry[],
  { talk, now }: { readonly talk: Pick<Talk, 'progress'>; readonly now: number },
): Promise<Fetched> {
  const place = { ...placeOf(resolver), isAll: true };
  try {
    if (resolver.kind === 'nats') {
      const holdings = (await resolver.list()) ?? [];
      const isAlone = holdings.filter(({ keeps }) => keeps === 'all').length <= 1;
      const limit = limiter(resolver);
      const packed = isAlone ? await unpack(resolver, talk, limit) : [];
      const seen = new Set(packed.map(({ key }) => key));
      const keys = findKeys(holdings, local, now).filter((key) => !seen.has(key));
      return { ...place, accounts: [...packed, ...(await fetchEach(resolver, keys, talk, limit))] };
    }
    const operator = await attempt(async () => ({ text: await resolver.operator() }));
    let done = 0;
    const accounts = await inFlight(
      local,
      async ({ claims: { sub: key = '' } }): Promise<Arrival> => {
        const found = await attempt(async () => ({ copies: await resolver.copies(key) }));
        done += 1;
        talk.progress(`pulled ${done} of ${local.length} accounts`);
        return { key, copies: [], ...found };
      },
      mostInFlight(resolver),
    );
    return { ...place, operator, accounts };
  } finally {
    talk.progress(undefined);
  }
}

const placeOf = (resolver: Resolver) => ({ url: resolver.url, servers: listServers(resolver, undefined) });

async function attempt<Found>(action: () => Promise<Found>): Promise<Found | { readonly problem: NscError }> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof NscError) return { problem: error };
    throw error;
  }
}

/** Accounts that servers list, and those that have expired here: servers have them, and neither list nor hand them out. */
function findKeys(holdings: readonly Holding[], local: readonly AccountEntry[], now: number): string[] {
  const listed = holdings.flatMap(({ accounts }) => [...accounts]);
  const expired = local.filter((account) => isExpired(account, now)).map(({ claims }) => claims.sub ?? '');
  return [...new Set([...listed, ...expired])].sort();
}

async function fetchEach(
  resolver: Resolver,
  keys: readonly string[],
  talk: Pick<Talk, 'progress'>,
  limit: Limit,
): Promise<Arrival[]> {
  let done = 0;
  const arrivals = await inFlight(keys, async (key): Promise<Arrival> => {
    const copies = await resolver.copies(key);
    for (const { token } of copies) limit(token.length);
    done += 1;
    talk.progress(`pulled ${done} of ${keys.length} accounts`);
    return { key, copies };
  });
  return arrivals.filter(({ copies }) => copies.length > 0);
}

/** Counts what servers send. Throws `untrusted-answer` for more than anybody can have. */
type Limit = (length: number) => void;

function limiter({ url }: Resolver): Limit {
  let total = 0;
  return (length) => {
    total += length;
    if (total <= MOST_TEXT) return;
    throw new NscError('untrusted-answer', `${quote(url)} sent more than ${MOST_TEXT} bytes of accounts`, {
      hint: 'pull the accounts you need one by one: nsc pull --account ACCOUNT',
      details: { reason: 'size', source: url },
    });
  };
}

/** Of an account that comes twice, both count as copies. */
async function unpack(resolver: Resolver, talk: Pick<Talk, 'progress'>, limit: Limit): Promise<Arrival[]> {
  const copies = new Map<string, Copy[]>();
  for await (const { account, token } of resolver.pack()) {
    limit(account.length + token.length);
    const known = copies.get(account);
    if (known) known.push({ token });
    else copies.set(account, [{ token }]);
    talk.progress(`pulled ${copies.size} accounts`);
  }
  return [...copies].map(([key, of]) => ({ key, copies: of }));
}

import type { Keeps } from '../app/resolver.js';

/** What lookups tell: only servers that keep every account answer them, and none says who it is. */
export interface Lookups {
  /** How many servers keep every account. */
  readonly full: number;
  /** How many of these have the account. */
  count(account: string): Promise<number>;
}

/** What servers with a list keep. */
export interface Kept {
  readonly keeps: ReadonlyMap<string, Keeps>;
  /** False where servers list the same, and so nothing tells which of them keep every account. */
  readonly isCertain: boolean;
}

/** Accounts that are looked up to tell servers apart. */
const MOST_LOOKUPS = 16;

/**
 * Which of the servers with a list keep every account, and which only those in use; no server says so. An account that all
 * who keep every one of them have tells that a server without it does not, and one that as many have as list it tells that
 * those who list it do. Where nothing tells servers apart, as many as there are of the first kind are taken for such: what
 * follows about accounts is true of either kind, since they list the same.
 *
 * @param lists server → public keys
 * @param known what is known of servers already
 */
export async function findKeeps(
  lists: ReadonlyMap<string, ReadonlySet<string>>,
  { full, count }: Lookups,
  known: ReadonlyMap<string, Keeps> = new Map(),
): Promise<Kept> {
  const servers = [...lists.keys()];
  const keeps = new Map([...known].filter(([server]) => lists.has(server)));
  const judge = (isMeant: (server: string) => boolean, verdict: Keeps): void => {
    for (const server of servers) if (isMeant(server)) keeps.set(server, verdict);
  };
  const isOpen = (server: string): boolean => !keeps.has(server);
  /** What follows from how many there are. */
  const conclude = (): void => {
    const found = servers.filter((server) => keeps.get(server) === 'all').length;
    if (found >= full) judge(isOpen, 'some');
    else if (found + servers.filter(isOpen).length <= full) judge(isOpen, 'all');
  };
  conclude();
  for (const account of servers.some(isOpen) ? tellingAccounts(lists) : []) {
    const has = (server: string): boolean => lists.get(server)?.has(account) === true;
    const having = servers.filter(has).length;
    const found = await count(account);
    if (found === 0) judge(has, 'some');
    else if (found === having) judge(has, 'all');
    if (found === full) judge((server) => !has(server), 'some');
    conclude();
    if (!servers.some(isOpen)) break;
  }
  const isCertain = !servers.some(isOpen);
  for (const server of servers.filter(isOpen)) {
    const found = servers.filter((one) => keeps.get(one) === 'all').length;
    keeps.set(server, found < full ? 'all' : 'some');
  }
  return { keeps, isCertain };
}

/** One account for each way in which servers differ, and not too many. */
function tellingAccounts(lists: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const all = [...lists.values()];
  const byPattern = new Map<string, string>();
  for (const account of new Set(all.flatMap((accounts) => [...accounts]))) {
    const pattern = all.map((accounts) => (accounts.has(account) ? '1' : '0')).join('');
    if (pattern.includes('0') && !byPattern.has(pattern)) byPattern.set(pattern, account);
  }
  return [...byPattern.values()].slice(0, MOST_LOOKUPS);
}

import type { Copy, Holding } from '../app/resolver.js';
import type { Asker } from './nats-resolver-ask.js';
import { readTokenInUse } from './nats-resolver-replies.js';
import type { Roster } from './nats-resolver-roster.js';

/** The first version whose servers answer a lookup also when they do not have the account. */
const ANSWERS_ALWAYS = [2, 9, 17] as const;

const lookupOf = (account: string): string => `$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`;

/** Finds the copies of accounts that servers hold, and who has which (nsc-distribution.md §1.6, §5.8). */
export class Copies {
  readonly #asker: Asker;
  readonly #roster: Roster;
  readonly #systemAccount: string;
  #full: Promise<number> | undefined;

  /** @param systemAccount its public key, or any text when it is unknown */
  constructor(asker: Asker, roster: Roster, systemAccount: string) {
    this.#asker = asker;
    this.#roster = roster;
    this.#systemAccount = systemAccount;
  }

  /**
   * How many servers keep every account: as many as answer when the system account is looked up, which is the one that
   * each of them has.
   */
  full(): Promise<number> {
    this.#full ??= this.#asker.unnamed(lookupOf(this.#systemAccount), undefined).then((messages) => messages.length);
    return this.#full;
  }

  /**
   * The copies of the servers that keep every account; they do not say whose they are.
   *
   * @param holders how many of them said that they have it; undefined when nobody knows
   */
  async unnamed(account: string, holders?: number): Promise<string[]> {
    const expected = this.#answersAlways ? await this.full() : holders;
    const messages = await this.#asker.unnamed(lookupOf(account), expected || undefined);
    return messages.map((message) => message.text()).filter((text) => text !== '');
  }

  /**
   * All copies of an account, with the server where that is known. Servers are asked by name only where copies differ or
   * are missing, or where some keep what is not looked up.
   */
  async find(account: string, listed: Listed | undefined): Promise<Copy[]> {
    const unnamed = await this.unnamed(account, listed?.isCertain ? countHolders(account, listed) : undefined);
    const isAlike = unnamed.length === (await this.full()) && unnamed.every((token) => token === unnamed[0]);
    const isEnough = isAlike && !(listed && mayBeElsewhere(account, listed));
    const named = isEnough ? new Map<string, string>() : await this.#inUse(account);
    return assign(account, unnamed, named, listed);
  }

  /** Server → the JWT that it uses; only servers that use the account know. */
  async #inUse(account: string): Promise<Map<string, string>> {
    const { answers } = await this.#asker.all('$SYS.REQ.SERVER.PING.ACCOUNTZ', JSON.stringify({ account }));
    return new Map(
      [...answers].flatMap(([{ name }, envelope]) => {
        const token = readTokenInUse(envelope, account);
        return token === undefined ? [] : [[name, token] as const];
      }),
    );
  }

  get #answersAlways(): boolean {
    return this.#roster.servers.every(({ version = '' }) => isSince(version, ANSWERS_ALWAYS));
  }
}

/** What servers listed, and whether it is known which of them keep every account. */
export interface Listed {
  readonly holdings: readonly Holding[];
  readonly isCertain: boolean;
}

const countHolders = (account: string, { holdings }: Listed): number =>
  holdings.filter(({ keeps, accounts }) => keeps === 'all' && accounts.has(account)).length;

/** Whether servers that do not answer lookups may have the account. */
const mayBeElsewhere = (account: string, { holdings, isCertain }: Listed): boolean =>
  !isCertain || holdings.some(({ keeps, accounts }) => keeps === 'none' || (keeps === 'some' && accounts.has(account)));

/**
 * Says whose the copies without a name are, where there is only one answer.
 *
 * @param named server → the JWT that it uses
 */
function assign(
  account: string,
  unnamed: readonly string[],
  named: ReadonlyMap<string, string>,
  listed: Listed | undefined,
): Copy[] {
  const full = listed?.isCertain ? listed.holdings.filter(({ keeps }) => keeps === 'all') : undefined;
  const left = [...unnamed];
  const copies: Copy[] = [];
  for (const [server, token] of named) {
    copies.push({ server, token });
    const isTheirs = full?.some((holding) => holding.server === server) ?? true;
    const at = isTheirs ? left.indexOf(token) : -1;
    if (at >= 0) left.splice(at, 1);
  }
  const others = full?.filter(({ server }) => !named.has(server)) ?? [];
  const open = others.length === left.length ? others : others.filter(({ accounts }) => accounts.has(account));
  const isClear = open.length === left.length && left.every((token) => token === left[0]);
  return [...copies, ...left.map((token, at): Copy => ({ ...(isClear && { server: open[at]?.server }), token }))];
}

/** False for what is no version. */
export function isSince(version: string, [major, minor, patch]: readonly [number, number, number]): boolean {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (parts.length === 0) return false;
  const [a = 0, b = 0, c = 0] = parts.map(Number);
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}

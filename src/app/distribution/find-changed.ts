import { decodeKind } from '../../domain/token/decode.js';
import type { AccountEntry, OperatorEntry } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import type { Copy, Holding, Resolver } from '../resolver.js';
import { inFlight, mostInFlight } from './in-flight.js';

/** What is to be done about an account. */
export interface Intent {
  readonly account: AccountEntry;
  /** `same`: every server that keeps all accounts has it as it is here. */
  readonly state: 'send' | 'same';
  /** Some server has a later version, which the operator signed: ours undoes it (S-46). */
  readonly isOlder: boolean;
}

export interface FindChangedOptions {
  readonly operator: OperatorEntry;
  /** False sends what servers have already, too. */
  readonly skipsSame: boolean;
  /** Aborted when somebody wants it to end. */
  readonly interrupted?: AbortSignal | undefined;
  onProgress?(done: number): void;
  /** What was already asked. */
  readonly holdings?: readonly Holding[] | undefined;
}

/**
 * Finds out which accounts servers need. An account that no server lists needs no further question; of the others every
 * copy is looked at. Only servers that keep all accounts count: a cache asks for what it has again by itself.
 *
 * @throws NscError `remote-failed`, `interrupted`
 */
export async function findChanged(
  resolver: Resolver,
  accounts: readonly AccountEntry[],
  { operator, skipsSame, interrupted, onProgress, holdings }: FindChangedOptions,
): Promise<Intent[]> {
  const keepers = holdings?.filter(({ keeps }) => keeps === 'all');
  const least = keepers?.length ?? 1;
  const ask = asker(resolver);
  let done = 0;
  const judge = async (account: AccountEntry): Promise<Intent> => {
    if (interrupted?.aborted) throw new NscError('interrupted', 'interrupted: nothing was pushed');
    const key = account.claims.sub ?? '';
    const holders = keepers?.filter((server) => server.accounts.has(key)).length;
    const copies = holders === 0 ? [] : await ask(key);
    done += 1;
    onProgress?.(done);
    const isOlder = copies.some(({ token }) => isNewer(token, account, operator));
    const isEverywhere = least > 0 && (holders ?? least) === least && copies.length >= least;
    const isSame = isEverywhere && copies.every(({ token }) => token === account.token);
    return { account, state: skipsSame && isSame ? 'same' : 'send', isOlder };
  };
  return inFlight(accounts, judge, mostInFlight(resolver));
}

/** An account server that does not tell may take accounts all the same: the first failure ends the questions. */
function asker(resolver: Resolver): (key: string) => Promise<readonly Copy[]> {
  if (resolver.kind === 'nats') return (key) => resolver.copies(key);
  let isMute = false;
  return async (key) => {
    if (isMute) return [];
    try {
      return await resolver.copies(key);
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      isMute = true;
      return [];
    }
  };
}

/** Whether a copy is a later version of the account, which the operator signed. */
export function isNewer(token: string, { name, claims, token: own }: AccountEntry, operator: OperatorEntry): boolean {
  if (token === own) return false;
  try {
    const copy = decodeKind(token, 'account');
    if (copy.claims.sub !== claims.sub || Number(copy.claims.iat ?? 0) <= Number(claims.iat ?? 0)) return false;
    return verifyAccount({ name, token, claims: copy.claims }, operator) === undefined;
  } catch (error) {
    if (error instanceof NscError) return false;
    throw error;
  }
}

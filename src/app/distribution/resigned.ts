import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quoteSome } from '../../lib/display.js';
import type { Resolver } from '../resolver.js';
import { inFlight, mostInFlight } from './in-flight.js';
import type { Sent } from './send-accounts.js';
import { sentState } from './sent-account.js';

/**
 * What the owner of a managed store should know after a push: the account server may have signed what it took, and the
 * store has what was sent (S-19).
 *
 * @returns warnings; none for stores that sign themselves, and for servers of NATS, which sign nothing
 */
export async function tellResigned(tree: Tree, resolver: Resolver, sent: readonly Sent[]): Promise<string[]> {
  if (!tree.managed || resolver.kind === 'nats') return [];
  const isIn = (state: string) => (one: Sent) => sentState(one) === state;
  const changed = await inFlight(
    sent.filter(isIn('sent')),
    async ({ account }) => ((await isOther(resolver, account)) ? [account.name] : []),
    mostInFlight(resolver),
  );
  const waiting = sent.filter(isIn('pending')).map(({ account }) => account.name);
  return [
    ...tell(changed.flat(), 'the account server signed what it took of', 'get that'),
    ...tell(waiting, 'the operator has yet to sign', 'get that later'),
  ];
}

const tell = (names: readonly string[], what: string, get: string): string[] =>
  names.length === 0 ? [] : [`${what} ${quoteSome(names)}; ${get} with: nsc pull --all`];

/** What cannot be looked at is no news. */
async function isOther(resolver: Resolver, { key, token }: Sent['account']): Promise<boolean> {
  try {
    return (await resolver.copies(key)).some((copy) => copy.token !== token);
  } catch (error) {
    if (error instanceof NscError) return false;
    throw error;
  }
}

import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { decodeKind } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { OperatorEntry } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote, quoteSome, quoteWord } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { TaskContext } from '../command.js';
import type { Holding, Resolver } from '../resolver.js';
import type { SyncedAccount } from '../result.js';
import { inFlight } from './in-flight.js';
import { failureOfRemoval } from './removal-failure.js';
import { findExtras, holdersOf, type RemovalTarget } from './removals.js';
import { nameRemoval, type Removal, type Removed, removeAccounts } from './remove-accounts.js';

/** Accounts that are asked for by name. */
const MOST_NAMES = 1000;

type World = Pick<TaskContext, 'tree' | 'now' | 'talk' | 'dryRun' | 'interrupted'>;

/** What was deleted, and what is to be said on standard error in the end. */
export interface Deleted extends Removed {
  readonly warnings: readonly string[];
}

/**
 * Deletes what servers have and the store does not, once it has said what that is and, on a terminal, asked (S-33).
 *
 * @param systemAccounts public keys of accounts that stay
 * @throws NscError `store-corrupt`, `cancelled`, `remote-failed`; `interrupted` as long as nothing is deleted
 */
export async function prune(
  { tree, now, talk, dryRun, interrupted }: World,
  resolver: Resolver,
  { signer, systemAccounts }: { readonly signer: KeyPair; readonly systemAccounts: readonly string[] },
): Promise<Deleted> {
  const holdings = (await resolver.list()) ?? [];
  if (!holdings.some(({ keeps }) => keeps !== 'none')) {
    throw new NscError('remote-failed', 'no server told which accounts it has, so nothing was pruned', {
      hint: 'servers with a resolver directory tell (generate config --nats-resolver); give more time with --timeout 10',
    });
  }
  const extras = await learnNames(resolver, tree.operator, {
    removals: findExtras(tree, holdings, systemAccounts),
    interrupted,
  });
  if (dryRun || extras.length === 0) return rehearse(extras, resolver, holdings);

  await talk.warn(
    'what follows is not in this store and is deleted from the servers; if another store needs it, get it first with: nsc pull --all',
  );
  for (const one of extras) await talk.warn(`account ${nameRemoval(one)} on server ${quoteSome(one.holders)}`);
  await talk.agree(`Delete ${plural(extras.length, 'account')} from the servers?`);
  goOn(interrupted);
  return { ...(await removeAccounts(resolver, extras, { signer, now })), warnings: [] };
}

/**
 * Deletes one account from the servers, in the same way.
 *
 * @throws NscError `cancelled`, `remote-failed`; `interrupted` as long as nothing is deleted
 */
export async function removeOne(
  { now, talk, dryRun, interrupted }: World,
  resolver: Resolver,
  { signer, target }: { readonly signer: KeyPair; readonly target: RemovalTarget },
): Promise<Deleted> {
  const { key, name } = target;
  const holdings = (await resolver.list()) ?? [];
  const removal: Removal = { key, name, holders: holdersOf(holdings, key) };
  if (dryRun) return rehearse([removal], resolver, holdings);

  const where = removal.holders.length === 0 ? 'servers' : `server ${quoteSome(removal.holders)}`;
  await talk.warn(`account ${nameRemoval(removal)} is deleted from ${where}, which ends the connections of its users`);
  await talk.agree(`Delete account ${name === undefined ? key : quote(name)} from the servers?`);
  goOn(interrupted);
  const removed = await removeAccounts(resolver, [removal], { signer, now });
  const isGone = removed.accounts.some(({ state }) => state === 'deleted');
  return { ...removed, warnings: isGone && name !== undefined ? [stillHere(name)] : [] };
}

/** Asks servers about accounts that only they have, so that people recognise what is deleted. */
function learnNames(
  resolver: Resolver,
  operator: OperatorEntry,
  { removals, interrupted }: { readonly removals: readonly Removal[]; readonly interrupted: AbortSignal },
): Promise<Removal[]> {
  return inFlight(removals, async (removal, index) => {
    goOn(interrupted);
    const copies = index < MOST_NAMES ? await resolver.copies(removal.key) : [];
    const entries = copies.flatMap(({ token }) => {
      const claims = findReadable(() => decodeKind(token, 'account'))?.claims;
      return claims ? { name: claims.name ?? '', token, claims } : [];
    });
    return {
      ...removal,
      calledName: entries[0]?.claims.name,
      isForeign: copies.length > 0 && !entries.some((entry) => verifyAccount(entry, operator) === undefined),
    };
  });
}

/** What would be deleted. */
function rehearse(removals: readonly Removal[], resolver: Resolver, holdings: readonly Holding[]): Deleted {
  const accounts = removals.map((removal): SyncedAccount => {
    const { key, name, holders } = removal;
    const where = holders.length === 0 ? 'servers that may have it' : `server ${quoteSome(holders)}`;
    return {
      ...(name !== undefined && { name }),
      key,
      level: 'ok',
      state: 'extra',
      message: `would delete ${nameRemoval(removal)} from ${where}`,
      answers: [],
    };
  });
  return { accounts, failure: failureOfRemoval({ resolver, accounts, answers: [], holdings }), warnings: [] };
}

function goOn(interrupted: AbortSignal): void {
  if (interrupted.aborted) throw new NscError('interrupted', 'interrupted: nothing was deleted');
}

const stillHere = (name: string): string =>
  `account ${quote(name)} is still in this store, so that pushing all accounts sends it again; nsc delete account ${quoteWord(name)} deletes it here`;

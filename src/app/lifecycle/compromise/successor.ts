import type { Change } from '../../../domain/change.js';
import { type KeyRecord, moved, newRecord } from '../../../domain/keyring/keyring.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { type KeyInfo, keysInSlot } from '../../../domain/keyring/state.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import type { Role } from '../../../domain/nkey/prefix.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import { ok, type Step } from '../../result.js';
import { takeKey } from '../../take-key.js';
import { findKeyInfo } from '../find-key.js';
import type { CutRequest } from './cut.js';

/** The key that stands in for one that is taken out. */
export interface Successor {
  readonly pair: KeyPair;
  /** Stores its seed, where it is new. */
  readonly changes: readonly Change[];
  /** Absent for a key that is active as it is. */
  readonly records: readonly KeyRecord[];
  readonly steps: readonly Step[];
}

const ROLES: Readonly<Record<Slot['kind'], Role>> = {
  'operator-identity': 'operator',
  'operator-signing': 'operator',
  'account-identity': 'account',
  'account-signing': 'account',
  role: 'account',
  scope: 'account',
  user: 'user',
};

/**
 * The key that takes the place: the one that `--sk` names; else another one of the slot that is active, because servers
 * trust it already, or announced; else a new one. Keys without their seed can do nothing.
 *
 * @param fits which keys of the slot mean the same; the keys of a role may have other permissions
 * @throws NscError those of `takeKey`; `key-compromised`, `already-exists` and `key-not-found` for what `--sk` names
 */
export function takeSuccessor(request: CutRequest, slot: Slot, fits: Fits = () => true): Successor {
  const { context, given, info } = request;
  const { tree, now } = context;
  const others = keysInSlot(tree, slot).filter(({ key }) => key !== info.key && fits(key));
  const isUsable = ({ key }: KeyInfo): boolean => tree.hasSeed(key);
  const other =
    others.find((one) => isActive(one) && isUsable(one)) ?? others.find((one) => one.state === 'next' && isUsable(one));
  if (given === undefined && other) return known(tree.findKeyPair(other.key), other, info, now);

  const taken = takeKey(ROLES[slot.kind], given === 'generate' ? undefined : given, context);
  const { publicKey, pair, generated, changes, steps } = taken;
  if (!generated) refuseTaken(findKeyInfo(tree, publicKey), { key: publicKey, info, others, slot });
  if (!pair) throw seedMissing(publicKey);
  const mine = others.find(({ key }) => key === publicKey);
  if (mine) return { ...known(pair, mine, info, now), changes };
  const fresh = newRecord(publicKey, slot, 'active', now);
  const since = generated ? { created: now, ...fresh.since } : fresh.since;
  return {
    pair,
    changes,
    records: [{ ...fresh, since, replaces: info.key }],
    steps: [...steps, ok(`${publicKey} takes its place`)],
  };
}

/**
 * The same for a key that may be silent: it leaves no gap then, and what it signed once is for an active key to sign,
 * if there is one at hand.
 */
export function findStandIn(request: CutRequest, slot: Slot, fits: Fits = () => true): Successor | undefined {
  const { context, given, info } = request;
  const isSilent = info.state === 'next' || info.state === 'retiring';
  if (given !== undefined || !isSilent) return takeSuccessor(request, slot, fits);
  const { tree, now } = context;
  const active = keysInSlot(tree, slot).find((one) => isActive(one) && fits(one.key) && tree.hasSeed(one.key));
  return active && known(tree.findKeyPair(active.key), active, info, now);
}

type Fits = (key: string) => boolean;

const isActive = ({ isListed, state }: KeyInfo): boolean => isListed && state === 'active';

/** One that is in the slot already. */
function known(pair: KeyPair | undefined, { key, slot, state, record }: KeyInfo, old: KeyInfo, now: number): Successor {
  if (!pair) throw seedMissing(key);
  if (state === 'active') return { pair, changes: [], records: [], steps: [ok(`${key}, which is active, stands in`)] };
  const before = record ?? newRecord(key, slot, state, now);
  const what = state === 'next' ? 'which was announced,' : 'which was on its way out,';
  return {
    pair,
    changes: [],
    records: [{ ...moved(before, 'active', now), replaces: old.key }],
    steps: [ok(`${key}, ${what} is active and takes its place`)],
  };
}

/** A key that stands for something else already must not stand for this, too; a signing key may become the identity. */
function refuseTaken(
  found: KeyInfo | undefined,
  {
    key,
    info,
    others,
    slot,
  }: { readonly key: string; readonly info: KeyInfo; readonly others: readonly KeyInfo[]; readonly slot: Slot },
): void {
  if (key === info.key || found?.state === 'compromised') {
    throw new NscError('key-compromised', `${key} is compromised, so it takes no place`, {
      hint: 'leave out --sk for a new key, or name another one',
      details: { publicKey: key },
    });
  }
  const isPromoted = slot.kind === 'operator-identity' && found?.slot.kind === 'operator-signing';
  if (!found?.isListed || isPromoted || others.some((other) => other.key === key)) return;
  throw new NscError('already-exists', `${key} has a place already, and one key should not have two`, {
    hint: 'leave out --sk for a new key, or name another one',
    details: { publicKey: key, slot: found.slot },
  });
}

const seedMissing = (key: string): NscError =>
  new NscError('key-not-found', `the seed of ${quote(key)} is not in the keystore`, {
    hint: 'import it with: nsc import keys --dir DIR, or give the seed or its file with --sk',
    details: { publicKey: key },
  });

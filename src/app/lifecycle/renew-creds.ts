import { findSeed, formatCreds } from '../../domain/creds/creds.js';
import { type KeyPair, keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import type { Tree, UserEntry } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';
import { Secret } from '../../lib/secret.js';
import { unlessDamaged } from './unless-damaged.js';

/** The creds of a user with its new token, or why there are none. */
export interface RenewedCreds {
  readonly creds?: Secret;
  /** Absent where the seed is simply elsewhere. */
  readonly problem?: string;
}

/**
 * Puts a new token into the creds of a user.
 *
 * Creds that hold the token of the store get the new one in its place, and keep every other byte. The seed in them is the
 * user's already, so it is not looked up. Where there are none, or they are of another time, they are written from the
 * seed of the keystore, or from the one in them. Creds with the seed of somebody else stay, if that seed is nowhere else.
 *
 * Never throws for files that are damaged: those are told.
 */
export function renewCreds(tree: Tree, user: UserEntry, token: string): RenewedCreds {
  const { account, name, claims } = user;
  const { found: creds, error: noCreds } = unlessDamaged(() => tree.findCreds(account, name));
  const text = creds?.reveal() ?? '';
  const end = endOfToken(text, user.token);
  if (end !== undefined && findSeed(text.slice(end))) {
    return { creds: new Secret(text.slice(0, end - user.token.length) + token + text.slice(end)) };
  }

  const { sub = '' } = claims;
  const { found: stored, error: damaged } = unlessDamaged(() => tree.findKeyPair(sub));
  const seed = text === '' ? undefined : findSeed(text);
  const inCreds = seed && keyPairFromSeed(seed.reveal());
  const pair = stored ?? (inCreds?.publicKey === sub ? inCreds : undefined);
  const problem = noCreds?.message ?? damaged?.message;
  if (!pair) {
    if (problem !== undefined) return { problem };
    return creds ? { problem: `the creds of user ${quote(name)} do not hold its seed` } : {};
  }
  if (noCreds) return { problem: noCreds.message };
  if (isElsewhere(tree, inCreds, sub)) {
    return {
      problem: `the creds of user ${quote(name)} hold the seed of ${inCreds?.publicKey}, which is nowhere else`,
    };
  }
  return { creds: formatCreds(token, pair) };
}

/** Where a token ends in its creds, on a line of its own; undefined where it is not in them. */
function endOfToken(text: string, token: string): number | undefined {
  const at = text.indexOf(token);
  const end = at + token.length;
  return at > 0 && text[at - 1] === '\n' && (text[end] === '\n' || text[end] === '\r') ? end : undefined;
}

/** Whether creds hold the only copy of another key. */
const isElsewhere = (tree: Tree, inCreds: KeyPair | undefined, sub: string): boolean =>
  inCreds !== undefined && inCreds.publicKey !== sub && !tree.hasSeed(inCreds.publicKey);

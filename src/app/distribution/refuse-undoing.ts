import { type Difference, diffClaims } from '../../domain/claims/diff.js';
import type { AccountClaims } from '../../domain/claims/types.js';
import { decodeKind } from '../../domain/token/decode.js';
import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteSome, quoteWord } from '../../lib/display.js';
import type { Resolver } from '../resolver.js';
import { isNewer } from './find-changed.js';

/**
 * Whoever sends an account takes back what somebody else has changed on servers since (S-46). What this very command
 * did there when it was run before, and ended half way, does not count: that only revoked.
 *
 * @param sent as it is to be sent
 * @throws NscError `policy-refused`, and `remote-failed` when the connection ends
 */
export async function refuseUndoing(
  resolver: Resolver,
  tree: Tree,
  { name, claims }: { readonly name: string; readonly claims: AccountClaims },
): Promise<void> {
  const key = claims.sub ?? '';
  const known = tree.findAccountByKey(key);
  if (!known) return;
  const copies = await resolver.copies(key);
  const later = copies.filter(({ token }) => isNewer(token, known, tree.operator));
  const undone = new Set(later.flatMap(({ token }) => findUndone(decodeKind(token, 'account').claims, claims)));
  if (undone.size === 0) return;
  throw new NscError(
    'policy-refused',
    `servers have a later version of account ${quote(name)}, of which this would undo ${quoteSome([...undone])}; nothing was changed`,
    {
      hint: `take it over first: nsc pull --account ${quoteWord(name)}`,
      details: { account: name, undone: [...undone] },
    },
  );
}

/** Members of theirs that ours does not have, or has otherwise. */
const findUndone = (theirs: AccountClaims, ours: AccountClaims): string[] =>
  diffClaims(theirs, ours)
    .filter((difference) => difference.path !== 'iss' && !isRevokedLater(difference))
    .map(({ path }) => path);

const isRevokedLater = ({ path, before = 0, after }: Difference): boolean =>
  path.startsWith('nats.revocations') && after !== undefined && Number(after) >= Number(before);

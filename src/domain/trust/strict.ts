import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { OperatorClaims } from '../claims/types.js';
import type { Tree } from '../tree/tree.js';

/**
 * Whether an operator may require signing keys: it has one, and neither accounts nor users were issued by an identity
 * key (reference: nsc-core.md §7.6).
 *
 * Reads every account and user when the operator starts to be strict, and none when it is strict already: whoever
 * offends then is refused by servers anyhow, and an edit changes nothing about it.
 *
 * @param operator as it shall be
 * @throws NscError `policy-refused`, naming everything that has to be signed again first
 */
export function checkStrictMode(tree: Tree, operator: OperatorClaims): void {
  if ((operator.nats.signing_keys ?? []).length === 0) {
    throw new NscError('policy-refused', 'an operator that requires signing keys needs at least one', {
      hint: 'add one with: nsc edit operator --sk generate',
    });
  }
  if (tree.operator.claims.nats.strict_signing_key_usage) return;
  const offenders: { kind: 'account' | 'user'; account: string; name: string }[] = [];
  for (const name of tree.accountNames()) {
    const account = tree.findAccount(name);
    if (account?.claims.iss === operator.sub) offenders.push({ kind: 'account', account: name, name });
    for (const user of tree.userNames(name)) {
      if (tree.findUser(name, user)?.claims.iss === account?.claims.sub)
        offenders.push({ kind: 'user', account: name, name: user });
    }
  }
  const [first] = offenders;
  if (first === undefined) return;
  const more = offenders.length > 1 ? ` (and ${offenders.length - 1} more)` : '';
  const what =
    first.kind === 'user'
      ? `user ${quote(first.name)} of account ${quote(first.account)}`
      : `account ${quote(first.name)}`;
  throw new NscError('policy-refused', `${what} is signed by an identity key${more}, which strict mode would refuse`, {
    hint:
      first.kind === 'user'
        ? `sign it with a signing key first: nsc edit user ${quote(first.name)} --account ${quote(first.account)} --tag … -K KEY`
        : `sign it with a signing key first: nsc edit account ${quote(first.name)} --tag … -K KEY`,
    details: { offenders },
  });
}

import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import type { Link, LinkEnd, Refusal, RefusalCode } from './refusal.js';

/** The refusal of a change after which a token would not be trusted, with what mends it. */
export function brokenChain({ kind, name }: LinkEnd, { code, message, link }: Refusal): NscError {
  const hint = HINTS[code]?.(link);
  return new NscError('broken-chain', message, {
    ...(hint !== undefined && { hint }),
    details: { kind, name, refusal: code, link },
  });
}

/** The refusal of a user without an account. */
export const orphan = (user: string, account: string): NscError =>
  new NscError('broken-chain', `user ${quote(user)} would belong to account ${quote(account)}, which does not exist`, {
    hint: `add the account first: nsc add account ${quoteWord(account)}`,
    details: { kind: 'user', name: user, account },
  });

type Hint = (link: Link) => string;

const HINTS: Readonly<Partial<Record<RefusalCode, Hint>>> = {
  'bad-signature': () => 'get the token again from where it came from',
  'untrusted-issuer': () => 'sign with a key that the parent lists: -K KEY',
  'identity-key-not-allowed': () => 'sign with a signing key: -K KEY',
  'issuer-account-missing': ({ child, parent }) =>
    `sign the user again: nsc edit user ${quoteWord(child.name)} --account ${quoteWord(parent.name)} --tag TAG`,
  'issuer-account-mismatch': () => 'put the user under the account it names, or sign it again',
  'template-refused': () => 'give the user the tags the role asks for: --tag NAME:VALUE',
  'scope-violation': () => 'leave permissions and limits out, or sign with an unscoped key: -K KEY',
  'bearer-not-allowed': ({ parent }) =>
    `use --bearer=false, or allow bearer tokens: nsc edit account ${quoteWord(parent.name)} --disallow-bearer=false`,
};

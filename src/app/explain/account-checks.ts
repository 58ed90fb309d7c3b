import { checkClaims } from '../../domain/claims/check/claims.js';
import { signingKeysOf } from '../../domain/claims/scope.js';
import type { UserClaims } from '../../domain/claims/types.js';
import { decodeKind, verifyToken } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { operatorAuthority } from '../../domain/trust/authority.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { type Check, failed, type Outcome, passed } from './check.js';
import type { AccountFacts, UserFacts } from './facts.js';
import { blockingIssue } from './user-checks.js';

/** What servers make of the account of a user (nats-server `fetchAccountClaims`, `verifyAccountClaims`). */

/** What came of looking for the account: it, why it cannot be read, or nothing. */
export type Sought = AccountEntry | NscError | undefined;

/** Servers look for the account that the user names, else for one with the key that signed it. */
export const accountKeyOf = ({ iss = '', nats }: UserClaims): string => nats.issuer_account || iss;

export function seekAccount({ tree, claims }: UserFacts): Sought {
  try {
    return tree.findAccountByKey(accountKeyOf(claims));
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
}

export const findCheck: Check<UserFacts & { readonly sought: Sought }> = {
  check: 'account',
  on: 'account',
  run({ tree, claims, sought }) {
    const key = accountKeyOf(claims);
    if (sought instanceof NscError) return failed(sought.message, sought.hint);
    return sought ? passed(`account ${quote(sought.name)} of ${operatorOf(tree)} (${key})`) : missing(tree, claims);
  },
};

export const accountChecks: readonly Check<AccountFacts>[] = [
  {
    check: 'account-signature',
    on: 'account',
    run: ({ account }) => {
      const isAuthentic = verifyToken(decodeKind(account.token, 'account'));
      return isAuthentic
        ? passed(`signed by ${account.claims.iss ?? ''}`)
        : failed('its JWT does not hold what its issuer signed', 'restore it from a backup, or from servers: nsc pull');
    },
  },
  { check: 'account-trust', on: 'operator', run: checkTrust },
  { check: 'account-validity', on: 'account', run: checkValidity },
  { check: 'account-rules', on: 'account', run: checkRules },
];

function missing(tree: Tree, { iss = '', nats }: UserClaims): Outcome {
  const owner = nats.issuer_account ? undefined : findOwner(tree, iss);
  if (owner) {
    return failed(
      `the JWT does not say that ${iss}, which signed it, is a signing key of account ${quote(owner.name)}`,
      `sign it again: nsc resign --account ${quoteWord(owner.name)}`,
    );
  }
  return failed(
    `${operatorOf(tree)} has no account ${nats.issuer_account || iss}`,
    'it was deleted or is of another operator, which --operator names; nsc list accounts shows the ones there are',
  );
}

const findOwner = (tree: Tree, key: string): AccountEntry | undefined => {
  for (const name of tree.accountNames()) {
    const account = findReadable(() => tree.findAccount(name));
    if (account && signingKeysOf(account.claims).includes(key)) return account;
  }
  return undefined;
};

function checkTrust({ tree, account }: AccountFacts): Outcome {
  const { identity, signingKeys, strict } = operatorAuthority(tree.operator.claims);
  const { iss = '' } = account.claims;
  const again = `sign it again: nsc resign --account ${quoteWord(account.name)} --with-account, then nsc push --account ${quoteWord(account.name)}`;
  if (signingKeys.includes(iss)) return passed(`${operatorOf(tree)} lists ${iss} as signing key`);
  if (iss !== identity) return failed(`${operatorOf(tree)} does not list ${iss}, which signed the account`, again);
  if (strict) {
    return failed(
      `the account is signed by the identity key of ${operatorOf(tree)}, which requires signing keys`,
      again,
    );
  }
  return passed(`${iss} is the identity key of ${operatorOf(tree)}`);
}

/** Servers count an account as expired from the second `exp` on, unlike users. */
function checkValidity({ account, at }: AccountFacts): Outcome {
  const { exp = 0, nbf = 0 } = account.claims;
  const edit = `nsc edit account ${quoteWord(account.name)}`;
  if (exp !== 0 && exp <= at) return failed(`the account expired at ${formatDate(exp)}`, `${edit} --expiry 1y`);
  if (nbf > at) return failed(`the account is not valid before ${formatDate(nbf)}`, `${edit} --start 0`);
  return passed(exp === 0 ? 'it does not expire' : `valid until ${formatDate(exp)}`);
}

function checkRules({ account, at }: AccountFacts): Outcome {
  const issue = blockingIssue(checkClaims('account', account.claims, at));
  if (!issue) return passed('no rule of JWTs is broken');
  return failed(
    `rule ${issue.rule} is broken: ${issue.message}`,
    `nsc validate --account ${quoteWord(account.name)} shows everything that servers refuse`,
  );
}

const operatorOf = (tree: Tree): string => `operator ${quote(tree.operator.name)}`;

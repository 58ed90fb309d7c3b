import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import type { Refusal } from './refusal.js';
import { verifyAccount } from './verify.js';

/**
 * For changes of an operator that all its accounts depend on: verifies every account, signatures included, whether the
 * changes put it or not. What was not trusted before is told and blocks nothing.
 *
 * @returns warnings about accounts that stay untrusted or unreadable
 * @throws NscError `broken-chain` for an account that would lose the trust it has
 */
export function checkAccounts(before: Tree, after: Tree): string[] {
  return after.accountNames().flatMap((name) => {
    const is = readAccount(after, name);
    if ('problem' in is) return [`account ${quote(name)} stays as it is: ${is.problem}`];
    const refusal = refuse(is.account, after);
    if (!refusal) return [];
    if (wasTrusted(before, name)) {
      throw new NscError('broken-chain', `account ${quote(name)} would no longer be accepted: ${refusal.message}`, {
        hint: `sign it first with a key that stays: nsc edit account ${quote(name)} --tag TAG -K KEY`,
        details: { kind: 'account', name, refusal: refusal.code, link: refusal.link },
      });
    }
    return [`${refusal.message}; it was not accepted before either`];
  });
}

type Read = { readonly account: AccountEntry } | { readonly problem: string };

function readAccount(tree: Tree, name: string): Read {
  try {
    const account = tree.findAccount(name);
    return account ? { account } : { problem: 'it is gone' };
  } catch (error) {
    if (error instanceof NscError) return { problem: error.message };
    throw error;
  }
}

function wasTrusted(before: Tree, name: string): boolean {
  const was = readAccount(before, name);
  return 'account' in was && refuse(was.account, before) === undefined;
}

const refuse = (account: AccountEntry, { operator, managed }: Tree): Refusal | undefined =>
  verifyAccount(account, operator, { managed });

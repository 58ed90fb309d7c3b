import { checkClaims } from '../../domain/claims/check/claims.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { type ErrorCode, NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/** Accounts that can be sent, and what people should know about them. */
export interface Checked {
  readonly accounts: readonly AccountEntry[];
  readonly warnings: readonly string[];
}

interface Problem {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Reads accounts, each once (S-8), and refuses those that servers should not get: broken rules, validity times and
 * accounts that the operator did not sign, as servers take nearly anything that can be decoded (S-46). A managed operator
 * signs them once it has them.
 *
 * @param force true sends whatever can be read
 * @throws NscError that names all accounts that cannot be sent, with the code of the first; `details` has them one by one
 */
export function checkBeforePush(
  tree: Tree,
  names: readonly string[],
  { now, force }: { readonly now: number; readonly force: boolean },
): Checked {
  const accounts: AccountEntry[] = [];
  const warnings: string[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const read = readAccount(tree, name);
    if ('message' in read) {
      problems.push(read);
      continue;
    }
    accounts.push(read);
    if (force) continue;
    problems.push(...problemsOf(read, tree, now));
    warnings.push(...warningsOf(read, now));
  }
  if (problems.length > 0) throw refused(problems, names.length, force);
  return { accounts, warnings };
}

function readAccount(tree: Tree, name: string): AccountEntry | Problem {
  try {
    const account = tree.findAccount(name);
    return account ?? { name, code: 'account-not-found', message: 'it is gone' };
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return { name, code: error.code, message: error.message };
  }
}

/** The first reason not to send an account, if there is one. */
function problemsOf(account: AccountEntry, tree: Tree, now: number): Problem[] {
  const broken = checkClaims('account', account.claims, now).find(({ level }) => level !== 'warning');
  if (broken) return [{ name: account.name, code: 'invalid-claims', message: broken.message }];
  const refusal = verifyAccount(account, tree.operator, { managed: tree.managed });
  if (!refusal) return [];
  const code = refusal.code === 'bad-signature' ? 'bad-token' : 'broken-chain';
  return [{ name: account.name, code, message: refusal.message }];
}

const warningsOf = ({ name, claims }: AccountEntry, now: number): string[] =>
  checkClaims('account', claims, now)
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => `account ${quote(name)}: ${message}`);

function refused(problems: readonly Problem[], asked: number, force: boolean): NscError {
  const [first] = problems;
  const each = problems.map(({ name, message }) => `account ${quote(name)}: ${message}`).join('; ');
  const many = asked > 1 ? `, because ${problems.length} of ${asked} accounts cannot be` : '';
  return new NscError(first?.code ?? 'invalid-claims', `nothing was pushed${many}: ${each}`, {
    hint: force
      ? 'what cannot be read cannot be sent: restore it from a backup, or delete the account'
      : 'mend what is wrong (nsc validate --all-accounts tells more), or send what can be read as it is: --force',
    details: { accounts: problems },
  });
}

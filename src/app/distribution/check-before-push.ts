import { checkClaims } from '../../domain/claims/check/claims.js';
import { verifyDecodedAsync } from '../../domain/token/decode.js';
import type { AccountEntry, OperatorEntry, Tree } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { type ErrorCode, NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { inFlight } from './in-flight.js';
import { isAccountServerUrl } from './resolver-url.js';

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
 * signs them once its account server has them; servers of NATS would let nobody in until then.
 *
 * @param url where they go
 * @param force true sends whatever can be read
 * @throws NscError that names all accounts that cannot be sent, with the code of the first; `details` has them one by one
 */
export async function checkBeforePush(
  tree: Tree,
  names: readonly string[],
  { url, now, force }: { readonly url: string; readonly now: number; readonly force: boolean },
): Promise<Checked> {
  const managed = tree.managed && isAccountServerUrl(url);
  const checks = await inFlight(names, async (name): Promise<Check> => {
    const read = readAccount(tree, name);
    if ('message' in read) return { ...NOTHING, problems: [read] };
    return force ? { ...NOTHING, account: read } : checkAccount(read, tree.operator, { now, managed });
  });
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length > 0) throw refused(problems, names.length, force);
  return {
    accounts: checks.flatMap(({ account }) => account ?? []),
    warnings: checks.flatMap((check) => check.warnings),
  };
}

/** What was found out about one account. */
interface Check {
  readonly account?: AccountEntry;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const NOTHING: Check = { problems: [], warnings: [] };

function readAccount(tree: Tree, name: string): AccountEntry | Problem {
  try {
    const account = tree.findAccount(name);
    return account ?? { name, code: 'account-not-found', message: 'it is gone' };
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return { name, code: error.code, message: error.message };
  }
}

/** The first reason not to send an account, if there is one; signatures are verified on the thread pool. */
async function checkAccount(
  account: AccountEntry,
  operator: OperatorEntry,
  { now, managed }: { readonly now: number; readonly managed: boolean },
): Promise<Check> {
  const { name, token, claims } = account;
  const isAuthentic = verifyDecodedAsync(token, claims);
  const issues = checkClaims('account', claims, now);
  const warnings = issues
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => `account ${quote(name)}: ${message}`);
  const broken = issues.find(({ level }) => level !== 'warning');
  const refusal = verifyAccount(account, operator, { managed, signatures: !(await isAuthentic) });
  if (broken) return { problems: [{ name, code: 'invalid-claims', message: broken.message }], warnings: [] };
  if (!refusal) return { account, problems: [], warnings };
  const code = refusal.code === 'bad-signature' ? 'bad-token' : 'broken-chain';
  return { problems: [{ name, code, message: refusal.message }], warnings: [] };
}

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

import { checkClaims } from '../../domain/claims/check/claims.js';
import { isRevoked } from '../../domain/claims/revocation.js';
import type { Issue } from '../../domain/claims/types.js';
import { verifyDecodedAsync } from '../../domain/token/decode.js';
import { systemAccountName } from '../../domain/tree/lookup.js';
import { hasJetStream } from '../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { verifyAccount, verifyOperator, verifyUser } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';

/** Users that are read while as many before them are verified, so twice as many are under way (performance.md §4.1). */
const BATCH = 32;

/** Rules, signature and issuer of the operator, and its system account. */
export function validateOperator(tree: Tree, now: number): Finding[] {
  const { operator } = tree;
  const findings: Finding[] = [
    ...checkClaims('operator', operator.claims, now),
    ...refused(verifyOperator(operator), 'sign it again with: nsc edit operator --tag …'),
    ...nameFindings(operator.name, operator.claims.name),
  ];
  const key = operator.claims.nats.system_account ?? '';
  if (key === '') return findings;
  const name = systemAccountName(tree);
  const account = name === undefined ? undefined : tree.findAccount(name);
  if (account === undefined) {
    findings.push({ rule: 'system-account', level: 'warning', message: `system account ${key} is not in this store` });
  } else if (hasJetStream(account.claims)) {
    findings.push({
      rule: 'system-account',
      level: 'error',
      message: `system account ${quote(account.name)} has JetStream limits`,
      hint: `nsc edit account ${quote(account.name)} --js-disable`,
    });
  }
  return findings;
}

/** An account and all its users; what cannot be read is a finding like any other. */
export async function validateAccount(tree: Tree, name: string, now: number): Promise<Finding[]> {
  const account = readOr(() => tree.findAccount(name));
  if (!('claims' in account)) return [account.finding];
  const findings: Finding[] = [
    ...checkClaims('account', account.claims, now),
    ...refused(
      verifyAccount(account, tree.operator, { managed: tree.managed }),
      `nsc edit account ${quote(name)} --tag … -K KEY`,
    ),
    ...nameFindings(name, account.claims.name),
    ...roleFindings(account),
  ];
  const names = tree.userNames(name);
  let ahead: Promise<Finding[][]> = Promise.resolve([]);
  for (let at = 0; at < names.length; at += BATCH) {
    const before = ahead;
    ahead = Promise.all(names.slice(at, at + BATCH).map((user) => validateUser(tree, account, user, now)));
    for (const found of await before) findings.push(...found);
  }
  for (const found of await ahead) findings.push(...found);
  return findings;
}

async function validateUser(tree: Tree, account: AccountEntry, name: string, now: number): Promise<Finding[]> {
  const user = readOr(() => tree.findUser(account.name, name));
  if (!('claims' in user)) return [user.finding];
  const authentic = await verifyDecodedAsync(user.token, user.claims);
  const findings: Finding[] = [];
  for (const issue of checkClaims('user', user.claims, now)) {
    findings.push({ ...issue, message: `user ${quote(user.name)}: ${issue.message}` });
  }
  if (!authentic) {
    findings.push({
      rule: 'bad-signature',
      level: 'error',
      message: `user ${quote(user.name)} does not hold what its issuer signed`,
      hint: RESTORE,
    });
    return findings;
  }
  const refusal = verifyUser(user, account, tree.operator, { signatures: false });
  if (refusal) {
    const hint = `nsc edit user ${quote(user.name)} --account ${quote(account.name)} --tag … -K KEY`;
    findings.push(...refused(refusal, hint));
  }
  if (isRevoked(account.claims, user.claims)) {
    findings.push({ rule: 'revoked', level: 'warning', message: `user ${quote(user.name)} is revoked by its account` });
  }
  findings.push(...nameFindings(user.name, user.claims.name));
  return findings;
}

/** Signing it again would make a forged payload genuine, so no edit mends it. */
const RESTORE = 'it was altered or damaged: restore it from a backup';

/** A chain that is broken, as a finding; the rule is the code of the refusal. */
function refused(refusal: Refusal | undefined, hint: string): Finding[] {
  if (refusal === undefined) return [];
  const { code, message } = refusal;
  return [{ rule: code, level: 'error', message, hint: code === 'bad-signature' ? RESTORE : hint }];
}

/** A file that was renamed by hand: names of files are what commands use (E-40). */
const nameFindings = (name: string, claimed: string | undefined): Issue[] =>
  claimed === undefined || claimed === name
    ? []
    : [{ rule: 'name', level: 'warning', message: `stored as ${quote(name)}, but the JWT says ${quote(claimed)}` }];

/** Two scoped keys with one role: -K ROLE takes the first. */
function roleFindings({ claims }: AccountEntry): Issue[] {
  const roles = (claims.nats.signing_keys ?? []).flatMap((key) =>
    typeof key === 'string' || !key.role ? [] : [key.role],
  );
  const twice = new Set(roles.filter((role, index) => roles.indexOf(role) !== index));
  return [...twice].map((role) => ({
    rule: 'role',
    level: 'warning',
    message: `role ${quote(role)} belongs to more than one signing key`,
  }));
}

function readOr<Read>(read: () => Read | undefined): Read | { finding: Finding } {
  try {
    return read() ?? { finding: { rule: 'unreadable', level: 'error', message: 'it vanished while it was read' } };
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return {
      finding: {
        rule: 'unreadable',
        level: 'error',
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    };
  }
}

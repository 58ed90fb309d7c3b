import { checkClaims } from '../../domain/claims/check/claims.js';
import { checkScopedUser } from '../../domain/claims/check/scoped-user.js';
import { isRevoked } from '../../domain/claims/revocation.js';
import { verifyDecodedAsync } from '../../domain/token/decode.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { verifyUser } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';
import { type AuthUserWatch, watchAuthUsers } from './auth-users.js';
import { nameFindings, RESTORE, readOr, refused } from './findings.js';

/** Users that are read while as many before them are verified, so twice as many are under way (performance.md §4.1). */
const BATCH = 32;

/** What is being checked. */
interface Checking {
  readonly tree: Tree;
  readonly account: AccountEntry;
  /** Unix seconds. */
  readonly now: number;
  readonly authUsers: AuthUserWatch;
}

/** The users of an account, and those that answer its auth callout; what cannot be read is a finding like any other. */
export async function validateUsers(
  tree: Tree,
  account: AccountEntry,
  names: readonly string[],
  now: number,
): Promise<Finding[]> {
  const checking = { tree, account, now, authUsers: watchAuthUsers(account) };
  const findings: Finding[] = [];
  let ahead: Promise<Finding[][]> = Promise.resolve([]);
  for (let at = 0; at < names.length; at += BATCH) {
    const before = ahead;
    ahead = Promise.all(names.slice(at, at + BATCH).map((user) => validateUser(user, checking)));
    for (const found of await before) findings.push(...found);
  }
  for (const found of await ahead) findings.push(...found);
  findings.push(...checking.authUsers.findings());
  return findings;
}

async function validateUser(name: string, { tree, account, now, authUsers }: Checking): Promise<Finding[]> {
  const user = readOr(() => tree.findUser(account.name, name));
  if (!('claims' in user)) return [user.finding];
  authUsers.see(user);
  const authentic = await verifyDecodedAsync(user.token, user.claims);
  const findings: Finding[] = [];
  for (const issue of [...checkClaims('user', user.claims, now), ...checkScopedUser(user.claims, account.claims)]) {
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

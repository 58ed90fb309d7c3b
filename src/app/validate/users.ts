import { checkClaims } from '../../domain/claims/check/claims.js';
import { checkScopedUser } from '../../domain/claims/check/scoped-user.js';
import { isRevoked } from '../../domain/claims/revocation.js';
import { verifyDecodedAsync } from '../../domain/token/decode.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { verifyUser } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';
import { type AuthUserWatch, watchAuthUsers } from './auth-users.js';
import { nameFindings, RESTORE, readOr, refused } from './findings.js';
import type { KeyLife, UserKeyWatch } from './key-life.js';

/** Users that are read while as many before them are verified, so twice as many are under way (performance.md §4.1). */
const BATCH = 32;

/** What is being checked. */
interface Checking {
  readonly tree: Tree;
  readonly account: AccountEntry;
  /** Unix seconds. */
  readonly now: number;
  readonly authUsers: AuthUserWatch;
  readonly keys: UserKeyWatch;
}

/** The users of an account, and those that answer its auth callout; what cannot be read is a finding like any other. */
export async function validateUsers(
  tree: Tree,
  account: AccountEntry,
  names: readonly string[],
  { now, keyLife }: { readonly now: number; readonly keyLife: KeyLife },
): Promise<Finding[]> {
  const checking = { tree, account, now, authUsers: watchAuthUsers(account), keys: keyLife.watchUsers(account) };
  const findings: Finding[] = [];
  const check = async (reading: Promise<Read[]>): Promise<void> => {
    for (const read of await reading)
      findings.push(...('finding' in read ? [read.finding] : userFindings(read, checking)));
  };
  let ahead: Promise<Read[]> = Promise.resolve([]);
  for (let at = 0; at < names.length; at += BATCH) {
    const before = ahead;
    ahead = Promise.all(names.slice(at, at + BATCH).map((user) => readUser(user, checking)));
    await check(before);
  }
  await check(ahead);
  findings.push(...checking.authUsers.findings(), ...checking.keys.findings());
  return findings;
}

interface ReadUser {
  readonly user: UserEntry;
  /** Whether its issuer signed it. */
  readonly authentic: boolean;
}

type Read = ReadUser | { finding: Finding };

function readUser(name: string, { tree, account }: Checking): Read | Promise<Read> {
  const user = readOr(() => tree.findUser(account.name, name));
  if (!('claims' in user)) return user;
  return verifyDecodedAsync(user.token, user.claims).then((authentic) => ({ user, authentic }));
}

function userFindings({ user, authentic }: ReadUser, { tree, account, now, authUsers, keys }: Checking): Finding[] {
  authUsers.see(user);
  keys.see(user);
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

import { checkClaims } from '../../domain/claims/check/claims.js';
import { checkScopes } from '../../domain/claims/check/scopes.js';
import { checkTransforms } from '../../domain/claims/check/server-mappings.js';
import { checkValidity } from '../../domain/claims/check/validity.js';
import type { SharingContext } from '../../domain/sharing/check-import.js';
import { accountKeys } from '../../domain/tree/keys.js';
import { systemAccountName } from '../../domain/tree/lookup.js';
import { hasJetStream } from '../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { verifyAccount, verifyOperator } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';
import { orphanCreds } from './creds.js';
import { nameFindings, readOr, refused } from './findings.js';
import { importFindings } from './imports.js';
import type { KeyLife } from './key-life.js';
import { seedFindings } from './seeds.js';
import { validateUsers } from './users.js';

/** Rules, signature and issuer of the operator, its seeds, and its system account. */
export function validateOperator(tree: Tree, now: number, keyLife: KeyLife): Finding[] {
  const { operator } = tree;
  const findings: Finding[] = [
    ...checkClaims('operator', operator.claims, now),
    ...refused(verifyOperator(operator), 'sign it again with: nsc edit operator --tag …'),
    ...nameFindings(operator.name, operator.claims.name),
    ...seedFindings(tree, [operator.claims.sub ?? '', ...(operator.claims.nats.signing_keys ?? [])]),
    ...keyLife.ofOperator(),
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

interface AccountContext extends Required<SharingContext> {
  readonly keyLife: KeyLife;
}

/** An account with its imports, all its users and their creds; what cannot be read is a finding like any other. */
export async function validateAccount(tree: Tree, name: string, context: AccountContext): Promise<Finding[]> {
  const { now, keyLife } = context;
  const account = readOr(() => tree.findAccount(name));
  if (!('claims' in account)) return [account.finding];
  const users = tree.userNames(name);
  return [
    ...checkClaims('account', account.claims, now),
    ...refused(
      verifyAccount(account, tree.operator, { managed: tree.managed }),
      `nsc edit account ${quote(name)} --tag … -K KEY`,
    ),
    ...nameFindings(name, account.claims.name),
    ...(users.length > 0 ? timeFindings(account, now) : []),
    ...checkScopes(account.claims, keyLife.isSilent),
    ...checkTransforms(account.claims.nats.mappings ?? {}),
    ...importFindings(tree, account, context),
    ...seedFindings(tree, seedsOf(tree, name)),
    ...keyLife.ofAccount(account),
    ...(await validateUsers(tree, account, users, context)),
    ...orphanCreds(tree, name, users),
  ];
}

const seedsOf = (tree: Tree, name: string): string[] => [...accountKeys(tree, name)].map(({ publicKey }) => publicKey);

/** An account that is not valid takes its users with it, whatever their JWTs say (E-40). */
function timeFindings({ name, claims }: AccountEntry, now: number): Finding[] {
  return checkValidity(claims, now).map(({ message }) => ({
    rule: 'account-times',
    level: 'warning',
    message: `no user can connect while the account is not valid: ${message}`,
    hint: `nsc edit account ${quote(name)} --start 0 --expiry 0`,
  }));
}

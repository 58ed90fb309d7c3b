import { checkClaims, isBlocking } from '../../domain/claims/check/claims.js';
import { isTimeZone } from '../../domain/claims/check/time-zone.js';
import { isRevokedBy } from '../../domain/claims/revocation.js';
import { describeScope, findScope } from '../../domain/claims/scope.js';
import type {
  ActivationClaims,
  AnyClaims,
  ClaimKind,
  RegisteredClaims,
  UserClaims,
  UserPermissionLimits,
} from '../../domain/claims/types.js';
import { usableHours, usableNetworks } from '../../domain/claims/usable-limits.js';
import { stateOf } from '../../domain/keyring/state.js';
import { findExports } from '../../domain/sharing/find-export.js';
import type { Token } from '../../domain/token/token.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Entry, Tree } from '../../domain/tree/tree.js';
import { type Authority, accountAuthority, operatorAuthority } from '../../domain/trust/authority.js';
import { verifyAccount, verifyOperator, verifyUser } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';
import type { Failure } from './rules.js';
import { checkTimes } from './times.js';

/** What a token is held against. */
interface Context {
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Holds an authentic token against the chain of trust of a store: whether its parent lists the key that signed it, and so
 * up to the operator; scopes, revocations, validity times, keys that are marked as compromised, and the rules without
 * which servers use no token.
 *
 * @returns the first rule that is broken, from the token upwards; undefined when it is trusted
 * @throws NscError what reading the operator, its accounts and its keyring throws
 */
export function checkInStore(token: Token, context: Context): Failure | undefined {
  return (
    checkKeyState(token.claims, context, 'the JWT') ??
    checkKind(token, context) ??
    checkRules(token.kind, token.claims, context, 'the JWT') ??
    checkOperator(context)
  );
}

function checkKind(token: Token, context: Context): Failure | undefined {
  switch (token.kind) {
    case 'operator':
      return checkOperatorToken(token, context);
    case 'account':
      return checkAccount(entryOf(token), context);
    case 'user': {
      const { tree, now } = context;
      const account = findParent(tree, token.claims.nats.issuer_account, token.claims);
      if ('rule' in account) return account;
      const user = { ...entryOf(token), account: account.name };
      const refusal = verifyUser(user, account, tree.operator, { now, revocations: true, signatures: false });
      return refused(refusal) ?? checkTemplate(token.claims, account) ?? checkStoredAccount(account, context);
    }
    case 'activation':
      return checkActivation(token, context);
    default:
      return checkOther(token, context);
  }
}

/** It has to be the operator of the store, signed by a key that is the operator's there, and not only in its own words. */
function checkOperatorToken(token: Extract<Token, { kind: 'operator' }>, { tree, now }: Context): Failure | undefined {
  const { sub = '', nats } = tree.operator.claims;
  const entry = entryOf(token);
  const trusted = {
    ...entry,
    claims: { ...entry.claims, nats: { ...entry.claims.nats, signing_keys: nats.signing_keys ?? [] } },
  };
  return refused(verifyOperator(trusted, { now, subject: sub, signatures: false }));
}

const checkAccount = (account: AccountEntry, context: Context, signatures = false): Failure | undefined =>
  refused(verifyAccount(account, context.tree.operator, { now: context.now, signatures })) ??
  checkEnd(account, context);

/** Servers count an account as expired from the second `exp` on, unlike users (jwt-nkeys.md §5.3 rule 7). */
function checkEnd({ name, claims: { exp = 0 } }: AccountEntry, { now }: Context): Failure | undefined {
  if (exp <= 0 || now < exp) return undefined;
  return { rule: 'expired', message: `account ${quote(name)} has expired` };
}

/** An account of the store, which vouches for what was given. */
const checkStoredAccount = (account: AccountEntry, context: Context): Failure | undefined =>
  checkKeyState(account.claims, context, `account ${quote(account.name)}`) ??
  checkAccount(account, context, true) ??
  checkRules('account', account.claims, context, `account ${quote(account.name)}`);

/** Servers use no token that breaks a rule; times are looked at elsewhere. */
function checkRules(kind: ClaimKind, claims: AnyClaims, { now }: Context, what: string): Failure | undefined {
  const issue = checkClaims(kind, claims, now).find((one) => isBlocking([one], { times: false }));
  return issue && { rule: 'invalid-claims', message: `${what} breaks rule ${issue.rule}: ${issue.message}` };
}

/** No rule looks at the templates of scopes; servers do when somebody connects. */
function checkTemplate({ iss = '' }: UserClaims, account: AccountEntry): Failure | undefined {
  const scope = findScope(account.claims, iss);
  const fault = scope && findFault(scope.template ?? {});
  if (!scope || fault === undefined) return undefined;
  return { rule: 'template-refused', message: `${describeScope(scope)} lets nobody in: ${fault}` };
}

function findFault(template: UserPermissionLimits): string | undefined {
  const { src = [], times = [], times_location: zone = '' } = template;
  if (src.length > 0 && usableNetworks(template).length === 0) return `${quote(src[0] ?? '')} is no network`;
  if (times.length === 0) return undefined;
  if (zone !== '' && !isTimeZone(zone)) return `there is no time zone ${quote(zone)}`;
  return usableHours(template).length > 0 ? undefined : 'its hours are no times of day';
}

const checkOperator = (context: Context): Failure | undefined => {
  const { operator } = context.tree;
  return (
    checkKeyState(operator.claims, context, `operator ${quote(operator.name)}`) ??
    refused(verifyOperator(operator, { now: context.now }))
  );
};

/** Without `issuer_account` it is the exporter's identity key, strict or not (jwt-nkeys.md I14). */
function checkActivation({ claims }: { readonly claims: ActivationClaims }, context: Context): Failure | undefined {
  const { tree, now } = context;
  const { issuer_account: issuerAccount, kind, subject = '' } = claims.nats;
  const exporter = findParent(tree, issuerAccount, claims);
  if ('rule' in exporter) return exporter;
  const authority = accountAuthority(exporter.claims, tree.operator.claims);
  const isRevoked = (): boolean =>
    kind !== undefined &&
    findExports(exporter.claims, kind, subject).some(({ revocations }) => isRevokedBy(revocations, claims));
  return (
    checkIssuer(claims, issuerAccount ? authority : { ...authority, strict: false }, exporter) ??
    checkTimes(claims, now, 'at') ??
    (isRevoked()
      ? { rule: 'revoked', message: `the activation is revoked by account ${quote(exporter.name)}` }
      : undefined) ??
    checkStoredAccount(exporter, context)
  );
}

/** A token of no place in the chain: it has to be signed for the operator, or for an account. */
function checkOther({ claims }: Token, context: Context): Failure | undefined {
  const { tree, now } = context;
  const times = checkTimes(claims, now);
  const operator = operatorAuthority(tree.operator.claims);
  if (times) return times;
  if (claims.iss?.startsWith('O')) return checkIssuer(claims, operator, tree.operator, 'operator');
  const { issuer_account: named } = (claims.nats ?? {}) as { issuer_account?: unknown };
  const account = findParent(tree, typeof named === 'string' ? named : undefined, claims);
  if ('rule' in account) return account;
  return (
    checkIssuer(claims, accountAuthority(account.claims, tree.operator.claims), account) ??
    checkStoredAccount(account, context)
  );
}

function checkIssuer(
  { iss = '' }: RegisteredClaims,
  { identity, signingKeys, strict }: Authority,
  parent: Entry<RegisteredClaims>,
  kind = 'account',
): Failure | undefined {
  if (signingKeys.includes(iss) || (iss === identity && !strict)) return undefined;
  if (iss === identity) {
    return {
      rule: 'identity-key-not-allowed',
      message: `it is signed by the identity key of ${kind} ${quote(parent.name)}, but the operator requires signing keys`,
    };
  }
  return {
    rule: 'untrusted-issuer',
    message: `it is signed by ${iss}, which ${kind} ${quote(parent.name)} does not list`,
  };
}

/** Whoever has the key can sign what it likes, so what it signed says nothing any more. */
function checkKeyState({ iss = '' }: RegisteredClaims, { tree }: Context, what: string): Failure | undefined {
  if (stateOf(tree.keyring.records.get(iss), true) !== 'compromised') return undefined;
  return { rule: 'compromised-key', message: `${what} is signed by ${iss}, which is marked as compromised` };
}

/** The account that a token names, or whose identity key signed it. */
function findParent(tree: Tree, named: string | undefined, { iss = '' }: RegisteredClaims): AccountEntry | Failure {
  const key = named || iss;
  const account = tree.findAccountByKey(key);
  if (account) return account;
  const operator = `operator ${quote(tree.operator.name)}`;
  return { rule: 'unknown-account', message: `${operator} has no account with the key ${key} here` };
}

/** Whether the store has a later token of the same subject; only what has the name of the token is looked at. */
export function isSuperseded({ kind, claims }: Token, tree: Tree): boolean {
  const { name = '', sub, iat = 0 } = claims;
  const stored = findReadable(() => {
    if (kind === 'operator') return tree.operator;
    if (kind === 'account') return tree.findAccount(name);
    if (kind !== 'user') return undefined;
    const account = tree.findAccountByKey(claims.nats.issuer_account || (claims.iss ?? ''));
    return account && tree.findUser(account.name, name);
  });
  return stored?.claims.sub === sub && Number(stored?.claims.iat ?? 0) > Number(iat);
}

const entryOf = <Claims extends RegisteredClaims>(token: {
  readonly text: string;
  readonly claims: Claims;
}): Entry<Claims> => ({
  name: token.claims.name ?? '',
  token: token.text,
  claims: token.claims,
});

const refused = (
  refusal: { readonly code: Failure['rule']; readonly message: string } | undefined,
): Failure | undefined => refusal && { rule: refusal.code, message: refusal.message };

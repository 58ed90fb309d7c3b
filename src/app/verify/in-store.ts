import { isRevokedBy } from '../../domain/claims/revocation.js';
import type { ActivationClaims, RegisteredClaims } from '../../domain/claims/types.js';
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
 * up to the operator; scopes, revocations, validity times, and keys that are marked as compromised.
 *
 * @returns the first rule that is broken, from the token upwards; undefined when it is trusted
 * @throws NscError what reading the operator, its accounts and its keyring throws
 */
export function checkInStore(token: Token, context: Context): Failure | undefined {
  return checkKeyState(token.claims, context, 'the JWT') ?? checkKind(token, context) ?? checkOperator(context);
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
      return refused(refusal) ?? checkStoredAccount(account, context);
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

const checkAccount = (account: AccountEntry, { tree, now }: Context): Failure | undefined =>
  refused(verifyAccount(account, tree.operator, { now, signatures: false }));

/** An account of the store, which vouches for what was given. */
const checkStoredAccount = (account: AccountEntry, context: Context): Failure | undefined =>
  checkKeyState(account.claims, context, `account ${quote(account.name)}`) ??
  refused(verifyAccount(account, context.tree.operator, { now: context.now }));

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
    checkTimes(claims, now) ??
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

import type { AccountClaims, OperatorClaims, RegisteredClaims, UserClaims } from '../claims/types.js';
import { accountAuthority, operatorAuthority } from '../trust/authority.js';
import { verifyOperator } from '../trust/verify.js';
import type { Piece, Pieces } from './pieces.js';

/** An account with the users it vouches for. */
interface FittedAccount extends Piece<AccountClaims> {
  readonly users: readonly Piece<UserClaims>[];
}

/** An operator with the accounts it vouches for. */
export interface FittedOperator extends Piece<OperatorClaims> {
  readonly accounts: readonly FittedAccount[];
}

/**
 * Puts tokens below those that vouch for them: what one of an operator's keys signed is its account, what one of an
 * account's keys signed for it is its user. Of several tokens about one key the newest counts among those somebody
 * vouches for, so that a stranger's token never takes the place of a good one; users of different names or accounts may
 * share a key. All are sorted, newest first.
 *
 * @param warnings takes a line for every key of which no token fits
 */
export function fitPieces(pieces: Pieces, warnings: string[]): FittedOperator[] {
  const operators = pickNewest(
    'operator',
    pieces.operators,
    ({ claims, token }) => !verifyOperator({ name: claims.name ?? '', token, claims }, { signatures: false }),
    warnings,
  );
  const operatorByKey = indexByKeys(operators);
  const parentOf = ({ claims }: Piece<AccountClaims>) => operatorByKey.get(claims.iss ?? '');
  const accounts = pickNewest('account', pieces.accounts, (account) => parentOf(account) !== undefined, warnings);

  const accountByKey = new Map(accounts.map((account) => [account.claims.sub ?? '', account]));
  const accountOf = ({ claims: { iss = '', nats } }: Piece<UserClaims>) => {
    const account = accountByKey.get(nats.issuer_account || iss);
    const operator = account && parentOf(account);
    if (!operator) return undefined;
    const { identity, signingKeys } = accountAuthority(account.claims, operator.claims);
    return [identity, ...signingKeys].includes(iss) ? account : undefined;
  };
  const users = pickNewest('user', pieces.users, (user) => accountOf(user) !== undefined, warnings, identifyUser);

  const usersOf = groupBy(users, accountOf);
  const accountsOf = groupBy(accounts, parentOf);
  return operators.map((operator) => ({
    ...operator,
    accounts: (accountsOf.get(operator) ?? []).map((account) => ({ ...account, users: usersOf.get(account) ?? [] })),
  }));
}

function pickNewest<Claims extends RegisteredClaims>(
  kind: string,
  pieces: readonly Piece<Claims>[],
  fits: (piece: Piece<Claims>) => boolean,
  warnings: string[],
  identify: (claims: Claims) => string = ({ sub = '' }) => sub,
): Piece<Claims>[] {
  const newest = new Map<string, Piece<Claims>>();
  for (const piece of pieces.filter(fits)) {
    const id = identify(piece.claims);
    const known = newest.get(id);
    if (!known || issuedAt(piece) > issuedAt(known)) newest.set(id, piece);
  }
  const vouched = new Set([...newest.values()].map(({ claims }) => claims.sub));
  const orphans = new Map(pieces.map(({ claims }) => [claims.sub, claims.iss]));
  for (const [key, issuer] of orphans) {
    if (vouched.has(key)) continue;
    warnings.push(`${kind} ${key} is left out: nothing that was found vouches for ${issuer}, which signed it`);
  }
  return [...newest.values()].sort((a, b) => issuedAt(b) - issuedAt(a));
}

/** One key may connect as several users; what they may do is told apart by their JWTs. */
const identifyUser = ({ iss, sub, name, nats }: UserClaims): string =>
  JSON.stringify([nats.issuer_account || iss, sub, name]);

const issuedAt = ({ claims }: Piece<RegisteredClaims>): number => Number(claims.iat ?? 0);

/** Every key that speaks for an operator, strict or not. The newest operator has the first word. */
function indexByKeys(operators: readonly Piece<OperatorClaims>[]): Map<string, Piece<OperatorClaims>> {
  const byKey = new Map<string, Piece<OperatorClaims>>();
  for (const operator of [...operators].reverse()) {
    const { identity, signingKeys } = operatorAuthority(operator.claims);
    for (const key of [identity, ...signingKeys]) byKey.set(key, operator);
  }
  return byKey;
}

function groupBy<Child, Parent>(children: readonly Child[], parentOf: (child: Child) => Parent | undefined) {
  const groups = new Map<Parent, Child[]>();
  for (const child of children) {
    const parent = parentOf(child);
    if (parent === undefined) continue;
    const group = groups.get(parent);
    if (group) group.push(child);
    else groups.set(parent, [child]);
  }
  return groups;
}

import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import { isRevoked, revokeUser, timeOf } from '../../../domain/claims/revocation.js';
import type { AccountClaims } from '../../../domain/claims/types.js';
import { draftAccount, draftUser } from '../../../domain/draft.js';
import type { AccountEntry, Tree, UserEntry } from '../../../domain/tree/tree.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { verifyUser } from '../../../domain/trust/verify.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import { ok, type Step } from '../../result.js';
import type { LeftToken, ResignedUser } from '../resign.js';
import { putRecords } from '../rotate/records.js';
import { type Cut, type CutRequest, onlyRecorded, recordOf, requestedFor } from './cut.js';
import { type Successor, takeSuccessor } from './successor.js';

/**
 * The own key of users: it is revoked in their account, and they get another key, with the same rights. A user that is
 * revoked gets none, because that would let it in again.
 */
export function cutUserKey(request: CutRequest, users: readonly UserEntry[]): Cut {
  const { tree } = request.context;
  const places = new Map<string, UserEntry[]>();
  for (const user of users) places.set(user.account, [...(places.get(user.account) ?? []), user]);
  const cuts = [...places].map(([name, its]) => cutInAccount(request, getAccountOf(tree, name), its));
  return {
    ...onlyRecorded(request),
    changes: cuts.flatMap(({ changes }) => changes),
    records: [
      recordOf(request, cuts.flatMap(({ successors }) => successors)[0]),
      ...cuts.flatMap(({ records }) => records),
    ],
    successors: cuts.flatMap(({ successors }) => successors),
    users: cuts.flatMap((cut) => cut.users),
    accounts: cuts.flatMap(({ accounts }) => accounts),
    left: cuts.flatMap(({ left }) => left),
    steps: cuts.flatMap(({ steps }) => steps),
  };
}

/**
 * A key that a user of this account had, or was about to get: no token of the store has it, and those that are elsewhere
 * are revoked.
 */
export function revokeFormerKey(request: CutRequest, account: AccountEntry): Cut {
  const { context, info } = request;
  const { lastIssued, since, state } = info.record ?? {};
  // a revocation of before says nothing of later tokens
  const last = lastIssued ?? (state === 'removed' ? since?.removed : undefined) ?? context.now;
  const revokedAt = timeOf(account.claims.nats.revocations ?? {}, info.key);
  if (info.state === 'next' || (revokedAt !== undefined && revokedAt >= last)) return onlyRecorded(request);
  const claims = revokeUser(account.claims, info.key, { now: context.now, issuedAt: lastIssued });
  return onlyRecorded(request, {
    changes: [signAccount(request, context.tree, account, claims)],
    accounts: [account.name],
    steps: [ok(`revoked ${info.key} in account ${quote(account.name)}`)],
  });
}

function cutInAccount(request: CutRequest, account: AccountEntry, users: readonly UserEntry[]): Cut {
  const { context, info } = request;
  const { tree, now } = context;
  const { name } = account;
  const revoked = users.filter(({ claims }) => isRevoked(account.claims, claims));
  // what servers refuse for another reason gets no new signature by the way, either
  const refused = users.flatMap((user): LeftToken[] => {
    const refusal = revoked.includes(user)
      ? undefined
      : verifyUser(user, account, tree.operator, { signatures: false });
    return refusal
      ? [{ kind: 'user', account: name, name: user.name, reason: 'refused', message: refusal.message }]
      : [];
  });
  const served = users.filter((user) => !revoked.includes(user) && !refused.some((left) => left.name === user.name));
  const slots = served.map(({ name: user }) => ({ kind: 'user', account: account.claims.sub ?? '', user }) as const);
  const successors = slots.map((slot) => takeSuccessor(request, slot));
  const records = successors.flatMap((successor) => successor.records);
  const seeds = successors.flatMap(({ changes }) => changes);
  const staged = applyChanges(tree, [
    ...seeds,
    putRecords(tree, [recordOf(request, successors[0]?.pair.publicKey), ...records]),
  ]);

  const latest = users.map(({ claims }) => Number(claims.iat ?? 0)).reduce((a, b) => Math.max(a, b), 0);
  const claims = revokeUser(account.claims, info.key, { now, issuedAt: latest });
  const allowed = withCallers(claims, info.key, successors);
  const change = signAccount(request, staged, account, allowed);
  const after = { name, claims: change.claims };
  const issued = served.map((user, at): { changes: Change[]; user: ResignedUser } => {
    const { pair } = successors[at] ?? {};
    if (!pair) throw new NscError('bug', `user ${user.name} gets no key`);
    const requested = requestedFor(context, 'account');
    const { iss: previousIssuer, exp } = user.claims;
    const { signer } = chooseSigner({ tree: staged, kind: 'user', account, requested, previousIssuer });
    const fresh = { ...user.claims, sub: pair.publicKey };
    const expires = Number(exp ?? 0);
    return {
      changes: draftUser({ account: after, name: user.name }, fresh, { signer, now, previous: user, pair }),
      user: {
        account: name,
        name: user.name,
        publicKey: pair.publicKey,
        hasCreds: true,
        ...(expires > 0 && { expires }),
      },
    };
  });
  return {
    ...onlyRecorded(request),
    changes: [...seeds, change, ...issued.flatMap(({ changes }) => changes)],
    records,
    successors: successors.map(({ pair }) => pair.publicKey),
    users: issued.map(({ user }) => user),
    accounts: [name],
    left: [
      ...revoked.map((user): LeftToken => ({ kind: 'user', account: name, name: user.name, reason: 'revoked' })),
      ...refused,
    ],
    steps: [
      ...successors.flatMap(({ steps }): readonly Step[] => steps),
      ok(`revoked ${info.key} in account ${quote(name)}`),
    ],
  };
}

/** Users that answer an auth callout are named by their keys. */
function withCallers(claims: AccountClaims, old: string, successors: readonly Successor[]): AccountClaims {
  const { authorization } = claims.nats;
  if (!authorization?.auth_users?.includes(old)) return claims;
  const fresh = successors.map(({ pair }) => pair.publicKey);
  const auth_users = [...new Set(authorization.auth_users.flatMap((key) => (key === old ? fresh : key)))];
  return { ...claims, nats: { ...claims.nats, authorization: { ...authorization, auth_users } } };
}

function signAccount({ context }: CutRequest, tree: Tree, account: AccountEntry, claims: AccountClaims) {
  const requested = requestedFor(context, 'operator');
  const { signer } = chooseSigner({
    tree,
    kind: 'account',
    account,
    requested,
    previousIssuer: account.claims.iss,
  });
  return draftAccount(account.name, claims, { signer, now: context.now, previous: account });
}

function getAccountOf(tree: Tree, name: string): AccountEntry {
  const account = tree.findAccount(name);
  if (!account) throw new NscError('bug', `account ${name} is gone`);
  return account;
}

import { mutation, type Plan, type PlanContext } from '../../app/command.js';
import { type IssuedUser, issuedUsers, someUsers } from '../../app/issued-users.js';
import { keysBeside } from '../../app/lifecycle/user-keys.js';
import type { NamedUser } from '../../app/named.js';
import { revokeAtOption } from '../../app/options/revoke-at.js';
import { findRevokedUser, revokedUserConflicts, revokedUserOptions } from '../../app/options/revoked-user.js';
import { changed, ok, warn } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import {
  EVERYONE,
  isRevokedBy,
  latestOf,
  REACH,
  type Revocations,
  revocationTime,
  revoke,
  timeOf,
} from '../../domain/claims/revocation.js';
import type { Int64 } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import type { LostTrust } from '../../domain/trust/blast-radius.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

export const command = mutation({
  summary: 'Revoke a user, or all users of an account',
  description:
    'Servers refuse a revoked user, and disconnect it, as soon as they have the new JWT of the account. A revocation ' +
    'is about JWTs up to a second: what the user is issued afterwards (nsc edit user) is accepted, in the same second ' +
    'too. While the key of the user is rotated, the one it had before is revoked as well. With * all users of the ' +
    'account are revoked. A later revocation that is there already stays.',
  options: { ...revokedUserOptions, at: revokeAtOption },
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  conflicts: revokedUserConflicts,
  signers: accountSigners,
  examples: [
    { command: 'nsc revocations add-user --name alice', what: 'shut alice out' },
    { command: "nsc revocations add-user -u '*' --at 2030-01-31T00:00:00Z", what: 'all JWTs from before that day' },
  ],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = findRevokedUser(tree, account, input);
    // 0 is what nsc has for "now"
    const at = input.at === 0 ? undefined : input.at;
    return user === EVERYONE ? revokeEveryone(context, account, at) : revokeOne(context, account, user, at);
  },

  confirm({ workspace }, input, { changes, lost = [] }) {
    const account = quote(input.account ?? workspace.selected.account);
    if (input.userPublicKey?.text === EVERYONE && changes.length > 0) return `Revoke all users of account ${account}?`;
    const [user] = lost;
    return user && `Revoke user ${quote(user.name)} of account ${quote(user.account)}?`;
  },
});

function revokeOne(context: PlanContext, account: AccountEntry, user: NamedUser, at: Int64 | undefined): Plan {
  const { publicKey, entry } = user;
  const { revocations } = account.claims.nats;
  const until = at ?? revocationTime(revocations, publicKey, { now: context.now, issuedAt: entry?.claims.iat });
  const beside = entry ? keysBeside(context.tree, account, entry.name, publicKey).retiring : [];
  const others = beside.map(({ key, lastIssued: issuedAt }) => ({
    key,
    until: at ?? revocationTime(revocations, key, { now: context.now, issuedAt }),
  }));
  const plan = planRevocation(context, account, { key: publicKey, who: `user ${user.what}`, until, others });
  if (!entry) return plan;
  if (isRevokedBy(plan.revocations, entry.claims)) {
    return isRevokedBy(revocations, entry.claims) ? plan : { ...plan, lost: [lostUser(account, entry)] };
  }
  const issued = formatDate(entry.claims.iat ?? 0);
  return withWarning(plan, `the JWT of user ${quote(entry.name)} was issued later, at ${issued}, and stays valid`);
}

/**
 * Everybody whose JWT is in the store, unless it is dated far ahead by another clock: to revoke that, too, would shut
 * out everyone until then.
 */
function revokeEveryone(context: PlanContext, account: AccountEntry, at: Int64 | undefined): Plan {
  const { tree, now } = context;
  const before = account.claims.nats.revocations;
  const users = issuedUsers(tree, account);
  const dates = users.map(({ claims }) => claims.iat ?? 0).filter((issuedAt) => issuedAt <= now + REACH);
  const until = at ?? revocationTime(before, EVERYONE, { now, issuedAt: latestOf(now, dates) });
  const plan = planRevocation(context, account, { key: EVERYONE, who: 'all users', until });
  const kept = users.filter(({ claims }) => !isRevokedBy(plan.revocations, claims));
  const lost = users.filter(({ claims }) => !isRevokedBy(before, claims) && isRevokedBy(plan.revocations, claims));
  const shutOut = { ...plan, lost: lost.map((user) => lostUser(account, user)) };
  const told = withWarning(shutOut, someUsers('no longer accepted', lost));
  return withWarning(told, someUsers('still accepted, because their JWTs were issued later', kept));
}

const lostUser = (account: AccountEntry, { name, claims }: IssuedUser): LostTrust => ({
  kind: 'user',
  account: account.name,
  name,
  key: claims.sub ?? '',
  reason: 'it is revoked',
});

/** A key and up to when it is revoked. */
interface Moment {
  readonly key: string;
  readonly until: Int64;
}

interface Revoked extends Plan {
  /** Of the account, as they will be. */
  readonly revocations: Revocations;
}

function planRevocation(
  context: PlanContext,
  account: AccountEntry,
  { key, who, until, others = [] }: Moment & { readonly who: string; readonly others?: readonly Moment[] },
): Revoked {
  const { nats } = account.claims;
  const { revocations: present = {} } = nats;
  const isNew = (one: Moment): boolean => (timeOf(present, one.key) ?? -1) < one.until;
  const beside = others.filter(isNew);
  const step = isNew({ key, until })
    ? ok(`revoked ${who} of account ${quote(account.name)}: JWTs issued up to ${formatDate(until)} are refused`)
    : warn(
        `${who} of account ${quote(account.name)}: revoked up to ${formatDate(timeOf(present, key) ?? until)} already`,
      );
  if (!isNew({ key, until }) && beside.length === 0) {
    return { revocations: present, changes: [], result: changed(step) };
  }
  const revocations = [{ key, until }, ...beside].reduce((all, one) => revoke(all, one.key, one.until), present);
  const plan = {
    revocations,
    changes: [signAccount(context, account, { ...nats, revocations })],
    result: changed(step, ...beside.map((one) => ok(`revoked ${one.key}, the key that the user had before`))),
  };
  if (until <= context.now + REACH) return plan;
  return withWarning(plan, `JWTs issued from now on are refused, too, until ${formatDate(until)}`);
}

const withWarning = <Planned extends Plan>(plan: Planned, warning: string | undefined): Planned =>
  warning === undefined ? plan : { ...plan, warnings: [...(plan.warnings ?? []), warning] };

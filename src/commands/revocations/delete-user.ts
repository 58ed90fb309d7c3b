import { mutation } from '../../app/command.js';
import { issuedUsers, someUsers } from '../../app/issued-users.js';
import type { NamedUser } from '../../app/named.js';
import { findRevokedUser, revokedUserConflicts, revokedUserOptions } from '../../app/options/revoked-user.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { EVERYONE, isRevokedBy, type Revocations, timeOf } from '../../domain/claims/revocation.js';
import type { Int64 } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

export const command = mutation({
  summary: 'Take a user off the list of revoked users',
  description:
    'Servers accept the old JWTs of the user again, and the creds that hold them. To let a user in with a new JWT ' +
    'only, leave its revocation and issue it anew (nsc edit user). With * the revocation of all users goes; users ' +
    'that are revoked by themselves stay so.',
  options: revokedUserOptions,
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  conflicts: revokedUserConflicts,
  signers: accountSigners,
  examples: [{ command: 'nsc revocations delete-user --name alice', what: 'the creds of alice work again' }],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { nats } = account.claims;
    const before = nats.revocations ?? {};
    if (Object.keys(before).length === 0) {
      throw new NscError('item-not-found', `account ${quote(account.name)} has no revoked users`);
    }
    const user = findRevokedUser(tree, account, input);
    const [key, who] = user === EVERYONE ? [EVERYONE, 'all users'] : [user.publicKey, `user ${user.what}`];
    const time = timeOf(before, key);
    if (time === undefined) throw notListed(account, who);

    const { [key]: _gone, ...after } = before;
    return {
      changes: [signAccount(context, account, { ...nats, revocations: after })],
      warnings:
        user === EVERYONE
          ? lettingAllIn(tree, account, { time, after })
          : [lettingIn(user, { time, everyone: timeOf(after, EVERYONE) })],
      result: changed(ok(`deleted the revocation of ${who} of account ${quote(account.name)}`)),
    };
  },

  confirm: ({ workspace }, input) =>
    input.userPublicKey?.text === EVERYONE
      ? `Accept old JWTs of all users of account ${quote(input.account ?? workspace.selected.account)} again?`
      : undefined,
});

const notListed = ({ name }: AccountEntry, who: string): NscError =>
  new NscError('item-not-found', `account ${quote(name)} has no revocation of ${who}`, {
    hint: `see those it has with: nsc revocations list-users --account ${quote(name)}`,
  });

/** What is accepted again, or why it is not: a user may be revoked together with everyone. */
function lettingIn(user: NamedUser, { time, everyone }: { time: Int64; everyone: Int64 | undefined }): string {
  if (everyone === undefined) return `JWTs issued to user ${user.what} up to ${formatDate(time)} are accepted again`;
  if (everyone >= time) return `user ${user.what} stays revoked, as all users are, up to ${formatDate(everyone)}`;
  const from = formatDate(everyone);
  return `JWTs issued to user ${user.what} after ${from} and up to ${formatDate(time)} are accepted again`;
}

/** Every user whose JWT in the store comes back. */
function lettingAllIn(
  tree: Tree,
  account: AccountEntry,
  { time, after }: { time: Int64; after: Revocations },
): string[] {
  const back = issuedUsers(tree, account).filter(
    ({ claims }) => isRevokedBy(account.claims.nats.revocations, claims) && !isRevokedBy(after, claims),
  );
  const told = someUsers('accepted again', back);
  return [
    `JWTs that account ${quote(account.name)} issued up to ${formatDate(time)} are accepted again, unless their users are revoked by themselves`,
    ...(told === undefined ? [] : [told]),
  ];
}

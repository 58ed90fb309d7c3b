import { type Delivery, mutation } from '../../app/command.js';
import { refuseUnsigned } from '../../app/distribution/refuse-unsigned.js';
import { getResolverUrl } from '../../app/distribution/resolver-url.js';
import { putRecords } from '../../app/lifecycle/rotate/records.js';
import { keysBeside } from '../../app/lifecycle/user-keys.js';
import { flag, list } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { deleteFileOptions } from '../../app/options/delete-files.js';
import { pushFirstOptions, pushReach } from '../../app/options/push-first.js';
import { offerUsers } from '../../app/options/user.js';
import { changed, ok, type Step } from '../../app/result.js';
import { accountSigners } from '../../app/sign-account.js';
import type { Change } from '../../domain/change.js';
import { revokeUser } from '../../domain/claims/revocation.js';
import { draftAccount } from '../../domain/draft.js';
import { type KeyRecord, moved } from '../../domain/keyring/keyring.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Delete users of an account',
  description:
    'Removes the JWTs of users. Their creds go on working on servers unless --revoke is given, which lists the ' +
    'users as revoked in the account; servers learn it from the new JWT of the account. With --push, which revokes, ' +
    'too, all servers have to take that first: they throw the users out, and only then anything is changed here. When ' +
    'one does not, run the same command again. Seeds and creds files stay unless asked for.',
  options: {
    account: accountOption,
    name: list('name', {
      short: 'n',
      placeholder: 'USER,…',
      help: 'users, by name or public key',
      complete: 'user',
      ask: { message: 'Users to delete', type: 'checkbox', choices: offerUsers },
    }),
    revoke: flag('revoke', {
      short: 'R',
      help: 'revoke them in the account first',
      defaultText: 'false',
      ask: { message: 'Revoke the users first?', type: 'confirm', default: () => 'true', takesDefault: true },
    }),
    ...deleteFileOptions,
    ...pushFirstOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  examples: [
    { command: 'nsc delete user alice --revoke --rm-nkey --rm-creds', what: 'shut out and forget' },
    { command: 'nsc delete user alice --push', what: 'shut out on all servers before anything else' },
    { command: 'nsc delete user -n alice,bob', what: 'several at once' },
  ],

  signers: (context, input) => (revokes(input) ? accountSigners(context, input) : []),

  plan({ workspace, tree, now, signer: requested }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    const names = input.name ?? [];
    if (names.length === 0) {
      throw new NscError('missing-option', 'no user to delete was named', {
        hint: 'give one or more with --name NAME,…',
      });
    }
    const users = [
      ...new Map(names.map((name) => getUser(tree, account, name)).map((user) => [user.name, user])).values(),
    ];
    const reach = pushReach(input);
    const isRevoking = revokes(input);
    const steps: Step[] = [];
    const changes: Change[] = [];
    const ended: KeyRecord[] = [];
    let delivery: Delivery | undefined;
    let claims = account.claims;
    for (const user of users) {
      const key = user.claims.sub ?? '';
      const { next, retiring } = keysBeside(tree, account, user.name, key);
      ended.push(...next, ...(isRevoking ? retiring : []));
      if (isRevoking) {
        claims = revokeUser(claims, key, { now, issuedAt: user.claims.iat });
        steps.push(ok(`revoked user ${quote(user.name)} [${key}]`));
        for (const old of retiring) {
          claims = revokeUser(claims, old.key, { now, issuedAt: old.lastIssued });
          steps.push(ok(`revoked ${old.key}, which the user had before`));
        }
      }
      changes.push({ type: 'delete-user', account: account.name, name: user.name });
      steps.push(ok(`deleted user ${quote(user.name)} [${key}]`));
      if (input.rmNkey && tree.hasSeed(key)) {
        changes.push({ type: 'delete-seed', publicKey: key });
        steps.push(ok(`deleted the seed of ${key}`));
      }
      if (input.rmCreds && tree.findCreds(account.name, user.name)) {
        changes.push({ type: 'delete-creds', account: account.name, user: user.name });
        steps.push(ok(`deleted \`${workspace.credsPath(tree.operator.name, account.name, user.name)}\``));
      }
    }
    if (claims !== account.claims) {
      const { signer } = chooseSigner({
        tree,
        kind: 'account',
        account,
        requested,
        previousIssuer: account.claims.iss,
      });
      const edited = draftAccount(account.name, claims, { signer, now, previous: account });
      changes.unshift(edited);
      steps.push(ok(`edited account ${quote(account.name)}`));
      if (reach) {
        getResolverUrl(tree, reach.url);
        refuseUnsigned(
          tree,
          edited,
          'use --revoke: where the operator has an account server with HTTP, that goes there at once',
        );
        delivery = { account: edited, deletes: false, reach };
      }
    }
    if (ended.length > 0)
      changes.unshift(
        putRecords(
          tree,
          ended.map((record) => moved(record, 'removed', now)),
        ),
      );
    const warnings = isRevoking ? [] : [stillWorks(users.length)];
    return { changes, warnings, ...(delivery && { delivery }), result: changed(...steps) };
  },

  confirm: (_context, input) =>
    `Delete ${(input.name ?? []).map((name) => `user ${quote(name)}`).join(', ')}${input.rmNkey ? ' and the seeds' : ''}${input.push ? ', shut out on all servers first' : ''}?`,
});

/** To push is to revoke: servers know no other way to be rid of a user. */
function revokes({
  revoke,
  push = false,
}: {
  readonly revoke?: boolean | undefined;
  readonly push?: boolean | undefined;
}): boolean {
  if (push && revoke === false) {
    throw new NscError('conflicting-options', '--push shuts users out by revoking them, which --revoke=false forbids', {
      hint: 'leave out one of the two',
    });
  }
  return push || (revoke ?? false);
}

/** E-29: what nsc leaves unsaid. */
const stillWorks = (count: number): string =>
  `without --revoke, servers go on accepting the creds of ${count === 1 ? 'the deleted user' : 'the deleted users'}`;

import { type Delivery, mutation } from '../../app/command.js';
import { refuseUnsigned } from '../../app/distribution/refuse-unsigned.js';
import { getResolverUrl } from '../../app/distribution/resolver-url.js';
import { emptyAccount } from '../../app/empty-account.js';
import { flag, text } from '../../app/option.js';
import { offerAccounts } from '../../app/options/account.js';
import { editedAccount } from '../../app/options/current.js';
import { deleteFileOptions } from '../../app/options/delete-files.js';
import { pushFirstOptions, pushReach } from '../../app/options/push-first.js';
import { changed, ok, type Step } from '../../app/result.js';
import type { Change } from '../../domain/change.js';
import { signingKeysOf } from '../../domain/claims/scope.js';
import { findImporters } from '../../domain/sharing/importers.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { findReadable } from '../../domain/tree/readable.js';
import { isSystemAccount } from '../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Delete an account and its users',
  description:
    'Removes the JWTs of an account and of all its users from the store. Servers that hold the account keep it ' +
    'until it is deleted in their resolver: --push does that first. All servers have to take an account without users ' +
    'and rights, which throws everybody out at once, and delete it where they may; only then it is deleted here. When ' +
    'one does not, run the same command again. Seeds and creds files stay unless asked for. Someone who may sign ' +
    'accounts has to be at hand, as for any change of an account.',
  options: {
    name: text('name', {
      short: 'n',
      placeholder: 'ACCOUNT',
      help: 'account, by name or public key',
      complete: 'account',
      ask: {
        message: 'Account to delete',
        type: 'select',
        choices: offerAccounts,
        takesDefault: true,
      },
    }),
    revoke: flag('revoke', {
      short: 'R',
      help: 'accepted for compatibility: an account that is gone takes its users with it',
      defaultText: 'true',
    }),
    ...deleteFileOptions,
    force: flag('force', {
      short: 'F',
      help: 'delete although the operator is managed elsewhere, or although it is the system account',
      ask: {
        message: 'The operator is managed elsewhere, or this is its system account. Delete it here all the same?',
        type: 'confirm',
        when: (workspace, input) => {
          const tree = workspace.tree(workspace.selected.operator);
          return tree.managed || isSystemAccount(tree, editedAccount(workspace, input));
        },
      },
    }),
    ...pushFirstOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'ACCOUNT' },
  examples: [
    { command: 'nsc delete account Orders --rm-nkey --rm-creds', what: 'with all keys and creds' },
    { command: 'nsc delete account Orders --push', what: 'on all servers first' },
  ],

  plan({ workspace, tree, now, signer: requested }, input) {
    if (!input.name) {
      throw new NscError('missing-option', 'no account to delete was named', { hint: 'nsc delete account NAME' });
    }
    const account = getAccount(tree, input.name, '');
    const reach = pushReach(input);
    refuseProtected(tree, account, { force: input.force ?? false, pushes: reach !== undefined });
    // who cannot sign the account has no say in deleting it
    const { signer } = chooseSigner({ tree, kind: 'account', account, requested });
    let delivery: Delivery | undefined;
    if (reach) {
      getResolverUrl(tree, reach.url);
      const emptied = emptyAccount(tree, account, { signer, now });
      refuseUnsigned(tree, emptied, 'ask the operator to delete it; delete it here with --force');
      delivery = { account: emptied, deletes: true, reach };
    }

    const changes: Change[] = [];
    const steps: Step[] = [];
    const forgetSeed = (key: string): void => {
      if (!input.rmNkey || !tree.hasSeed(key)) return;
      changes.push({ type: 'delete-seed', publicKey: key });
      steps.push(ok(`deleted the seed of ${key}`));
    };
    for (const name of tree.userNames(account.name)) {
      const key = tree.findUser(account.name, name)?.claims.sub ?? '';
      changes.push({ type: 'delete-user', account: account.name, name });
      steps.push(ok(`deleted user ${quote(name)} [${key}]`));
      forgetSeed(key);
      if (input.rmCreds && tree.findCreds(account.name, name)) {
        changes.push({ type: 'delete-creds', account: account.name, user: name });
        steps.push(ok(`deleted \`${workspace.credsPath(tree.operator.name, account.name, name)}\``));
      }
    }
    const { sub, nats } = account.claims;
    for (const key of [...signingKeysOf(account.claims), nats.authorization?.xkey, sub]) if (key) forgetSeed(key);
    changes.push({ type: 'delete-account', name: account.name });
    if (workspace.selected.account === account.name) changes.push({ type: 'select', account: '' });
    steps.push(ok(`deleted account ${quote(account.name)}`));
    return {
      changes,
      warnings: [
        ...describeDependents(tree, account),
        ...(delivery ? [] : [`servers that hold account ${quote(account.name)} keep it until it is deleted there`]),
      ],
      ...(delivery && { delivery }),
      result: changed(...steps),
    };
  },

  confirm: (_context, input) =>
    `Delete account ${quote(input.name ?? '')} and all its users${input.rmNkey ? ' and their seeds' : ''}${input.push ? ', on all servers and here' : ''}?`,
});

/** What other accounts lose, or still say about an account that is gone. */
function describeDependents(tree: Tree, { name, claims: { sub = '' } }: AccountEntry): string[] {
  const imports = findImporters(tree, sub).map(
    ({ account, import: found }) =>
      `account ${quote(account.name)} imports ${quote(remoteSubject(found))} from account ${quote(name)}, and gets nothing from then on`,
  );
  const callouts = findCallers(tree, sub).map(
    (caller) =>
      `the auth callout of account ${quote(caller.name)} goes on to allow account ${quote(name)} until: nsc edit authcallout --account ${quote(caller.name)} --rm-allowed-account ${sub}`,
  );
  return [...imports, ...callouts];
}

/** The other accounts whose auth callout names an account as one to put users into. Those that allow all do not. */
function findCallers(tree: Tree, key: string): AccountEntry[] {
  const accounts = tree.accountNames().flatMap((name) => findReadable(() => tree.findAccount(name)) ?? []);
  const allows = ({ claims: { sub, nats } }: AccountEntry): boolean =>
    sub !== key && (nats.authorization?.allowed_accounts?.includes(key) ?? false);
  return accounts.filter(allows);
}

/** What servers delete does not only go from here; but without a system account nobody could push any more. */
function refuseProtected(
  tree: Tree,
  account: AccountEntry,
  { force, pushes }: { readonly force: boolean; readonly pushes: boolean },
): void {
  const isSystem = isSystemAccount(tree, account.claims);
  if (isSystem && pushes) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} is the system account of operator ${quote(tree.operator.name)}, and servers do not delete it`,
      { hint: 'choose another one first with: nsc edit operator --system-account ACCOUNT' },
    );
  }
  if (force) return;
  if (tree.managed && !pushes) {
    throw new NscError(
      'managed-operator',
      `operator ${quote(tree.operator.name)} is managed elsewhere, so account ${quote(account.name)} would only go from this store`,
      {
        hint: 'delete it here all the same with --force',
      },
    );
  }
  if (isSystem) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} is the system account of operator ${quote(tree.operator.name)}`,
      {
        hint: 'choose another one first with: nsc edit operator --system-account ACCOUNT, or use --force',
      },
    );
  }
}

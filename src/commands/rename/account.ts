import { mutation } from '../../app/command.js';
import { newName } from '../../app/new-name.js';
import { flag, list } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners } from '../../app/sign-account.js';
import { isTakenAccount, refuseTakenAccount } from '../../app/taken-name.js';
import type { Change } from '../../domain/change.js';
import { describeScope, scopesOf } from '../../domain/claims/scope.js';
import { findFunctions } from '../../domain/claims/template.js';
import type { Permission } from '../../domain/claims/types.js';
import { draftAccount } from '../../domain/draft.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';

export const command = mutation({
  summary: 'Give an account another name',
  description:
    'Signs the account with its new name and moves the JWTs and creds of its users, unchanged, to where that name has ' +
    'them. The account keeps its key, so servers, users and other accounts notice nothing. On a terminal the command ' +
    'asks; elsewhere --OK says that it is meant.',
  options: {
    names: list('name', {
      placeholder: 'OLD,NEW',
      help: 'stands for the arguments',
      hidden: true,
      complete: 'account',
    }),
    confirmed: flag('OK', { help: 'yes, rename it', hidden: true }),
  },
  positional: { option: 'names', max: 2, placeholder: 'OLD NEW' },
  confirmedBy: 'confirmed',
  examples: [{ command: 'nsc rename account Orders Sales --OK', what: 'Orders is called Sales from now on' }],

  signers: (context, input) => accountSigners(context, { account: input.names?.[0] }),

  plan({ workspace, tree, now, newKey, signer: requested }, input) {
    const [oldName, given] = readNames(input.names ?? []);
    const account = getAccount(tree, oldName, '');
    const name = newName('account', given, newKey, (made) => isTakenAccount(tree, made));
    refuseTaken(tree, account, name);
    requireAuthentic('account', account);
    const { signer } = chooseSigner({ tree, kind: 'account', account, requested, previousIssuer: account.claims.iss });

    const users = tree.userNames(account.name);
    const creds = tree.credsNames(account.name);
    return {
      changes: [
        draftAccount(name, { ...account.claims, name }, { signer, now, previous: account }),
        ...users.flatMap((user) => moveUser(tree, account.name, user, name)),
        ...creds.flatMap((user) => moveCreds(tree, account.name, user, name)),
        { type: 'delete-account', name: account.name },
        { type: 'select', account: name, insteadOf: account.name },
      ],
      warnings: [...warnOfRoles(account), ...(creds.length > 0 ? [warnOfCreds(account)] : [])],
      result: changed(
        ok(`renamed account ${quote(account.name)} to ${quote(name)}`),
        ...users.map((user) => ok(`moved user ${quote(user)}`)),
        ...creds.map((user) => ok(`moved creds to \`${workspace.credsPath(tree.operator.name, name, user)}\``)),
      ),
    };
  },

  confirm: (_context, { names = [], confirmed }) =>
    confirmed ? undefined : `Rename account ${quote(names[0] ?? '')} to ${quote(names[1] ?? '')}?`,
});

function readNames(names: readonly string[]): readonly [oldName: string, newName: string] {
  const [oldName, name, ...more] = names;
  if (oldName && name && more.length === 0) return [oldName, name];
  throw new NscError('missing-option', 'the name of the account and the one it shall have are needed', {
    hint: 'nsc rename account OLD NEW --OK',
  });
}

/**
 * Another account has the name, perhaps in other letter case. The account itself may change the case of its own,
 * unless the file system does not tell the two apart: then the new name already leads to the old account.
 */
function refuseTaken(tree: Tree, account: AccountEntry, name: string): void {
  if (name === account.name) {
    throw new NscError('nothing-to-do', `account ${quote(name)} has that name already`);
  }
  const isOwn = name.toLowerCase() === account.name.toLowerCase();
  if (!isOwn || tree.accountNames().includes(name)) {
    refuseTakenAccount(tree, name);
  } else if (tree.findAccount(name)) {
    throw new NscError('policy-refused', `to this file system ${quote(account.name)} and ${quote(name)} are one name`, {
      hint: `go by way of a third name: nsc rename account ${quoteWord(account.name)} OTHER --OK`,
      details: { account: account.name, name },
    });
  }
}

const warnOfCreds = ({ name }: AccountEntry): string =>
  `programs that read creds of account ${quote(name)} from the keystore have to be told the new place`;

/** Templates may fill the name of the account into subjects (nsc-distribution.md §5.4). */
function warnOfRoles({ claims }: AccountEntry): string[] {
  const namesAccount = ({ allow = [], deny = [] }: Permission): boolean =>
    [...allow, ...deny].some((entry) => findFunctions(entry).some(({ name }) => name === 'account-name'));
  return scopesOf(claims)
    .filter(({ template: { pub = {}, sub = {} } = {} }) => namesAccount(pub) || namesAccount(sub))
    .map(
      (scope) =>
        `${describeScope(scope)} puts the name of the account into subjects: its users get others once servers know the new name`,
    );
}

/** The token goes as it is. Users that are gone by now move nowhere. */
function moveUser(tree: Tree, account: string, name: string, to: string): Change[] {
  const user = tree.findUser(account, name);
  return user ? [{ type: 'put-user', ...user, account: to }] : [];
}

function moveCreds(tree: Tree, account: string, user: string, to: string): Change[] {
  const creds = tree.findCreds(account, user);
  if (creds === undefined) return [];
  return [
    { type: 'put-creds', account: to, user, creds },
    { type: 'delete-creds', account, user },
  ];
}

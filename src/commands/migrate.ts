import { mutation, type PlanContext } from '../app/command.js';
import { copyUsers } from '../app/copy-users.js';
import { decodeFrom } from '../app/foreign-token.js';
import { readIncoming } from '../app/incoming.js';
import { findAccountNamesake, laterOf, managedWarnings } from '../app/incoming-account.js';
import { flag } from '../app/option.js';
import {
  accountSourceOption,
  type FoundAccount,
  type FoundToken,
  type MigrationSource,
  operatorDirOption,
} from '../app/options/migration-source.js';
import { changed, ok, type Step } from '../app/result.js';
import type { Change } from '../domain/change.js';
import { signingKeysOf } from '../domain/claims/scope.js';
import { draftAccount } from '../domain/draft.js';
import { isSystemAccount } from '../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { listSigners } from '../domain/trust/candidates.js';
import { chooseSigner } from '../domain/trust/signer.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

export const command = mutation({
  summary: 'Copy accounts of another operator to this one',
  description:
    'Signs the accounts anew, with a key of this operator or, where it is managed elsewhere, with their own. Keys stay ' +
    'the same, so that users stay valid: those that lie beside their account are copied as they are, with creds where ' +
    'their seeds are in the keystore. Nothing changes where the accounts come from. All of them are copied or none.',
  options: {
    operatorDir: operatorDirOption('operator-dir', {
      placeholder: 'DIR',
      help: 'directory of an operator in a store: all its accounts but its system account',
      complete: 'directory',
      ask: {
        message: 'Directory of the operator whose accounts are copied (empty for a single account)',
        type: 'input',
      },
    }),
    url: accountSourceOption('url', {
      short: 'u',
      placeholder: 'FILE',
      help: 'file or http(s) URL with the JWT of an account',
      complete: 'file',
      ask: { message: 'File or URL with the JWT of the account', type: 'input', required: true },
    }),
    force: flag('force', { short: 'F', help: 'replace accounts of the same name, with their users' }),
  },
  conflicts: [['url', 'operatorDir']],
  examples: [
    { command: 'nsc migrate --url old/O/accounts/A/A.jwt', what: 'one account with its users' },
    { command: 'nsc migrate --operator-dir old/O', what: 'all accounts of an operator' },
  ],

  // where the operator is managed elsewhere each account has a signer of its own
  signers: ({ tree }) => (tree.managed ? [] : listSigners({ tree, kind: 'account' })),

  plan(context, input) {
    const source = input.url ?? input.operatorDir;
    if (source === undefined) {
      throw new NscError('missing-option', 'nothing to migrate was named', {
        hint: 'name an account with --url FILE, or an operator with --operator-dir DIR',
      });
    }
    const { accounts, warnings } = chooseAccounts(context.tree, source);
    const force = input.force ?? false;
    const migrated = accounts.map(({ account, users }) => migrate(context, account, { users, force }));
    return {
      changes: migrated.flatMap(({ changes }) => changes),
      warnings: [
        ...warnings,
        ...migrated.flatMap((one) => one.warnings),
        // those that signed themselves go to the account server, or are told with all that do
        ...managedWarnings(
          context.tree,
          migrated.flatMap(({ changes }) => changes.flatMap(signedByOperator)),
        ),
      ],
      result: changed(...migrated.flatMap(({ steps }) => steps)),
    };
  },

  confirm: (_context, _input, { changes }) => {
    const replaced = changes.flatMap((change) => (change.type === 'delete-account' ? [quote(change.name)] : []));
    return replaced.length === 0 ? undefined : `Replace account ${replaced.join(', ')} and delete its users?`;
  },
});

interface ChosenAccount {
  readonly account: AccountEntry;
  readonly users: readonly FoundToken[];
}

/** Every operator has a system account of its own: the one of the other operator stays there. */
function chooseAccounts(
  tree: Tree,
  { given, operators, accounts = [] }: MigrationSource,
): { readonly accounts: readonly ChosenAccount[]; readonly warnings: readonly string[] } {
  const theirs = operators && systemAccountOf(given, operators);
  const ours = tree.operator.claims.nats.system_account ?? '';
  const all = accounts.map((found) => readAccount(found));
  const chosen = all.filter(({ account }) => ours === '' || theirs !== account.claims.sub);
  const names = chosen.map(({ account }) => account.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new NscError('already-exists', `two of the accounts are called ${quote(twice)}`, {
      hint: 'migrate one of them by itself with --url, and rename it before the other one',
    });
  }
  if (chosen.length === 0) throw new NscError('item-not-found', `no account to migrate was found in ${quote(given)}`);
  const warnings = all
    .filter((one) => !chosen.includes(one))
    .map(({ account }) => `account ${quote(account.name)}, the system account of the other operator, was not copied`);
  return { accounts: chosen, warnings };
}

function readAccount({ source, token, users }: FoundAccount): ChosenAccount {
  const read = readIncoming(source, token, 'account');
  return { account: { name: read.claims.name ?? '', ...read }, users };
}

/** @returns its public key, `''` when there is none */
function systemAccountOf(directory: string, tokens: readonly FoundToken[]): string {
  for (const { source, token } of tokens) {
    const decoded = decodeFrom(source, token);
    if (decoded.kind === 'operator') return decoded.claims.nats.system_account ?? '';
  }
  throw new NscError('operator-not-found', `${quote(directory)} is not the directory of an operator`, {
    hint: 'name the directory that holds the JWT of the operator',
  });
}

interface Migrated {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

function migrate(
  context: PlanContext,
  account: AccountEntry,
  { users, force }: { readonly users: readonly FoundToken[]; readonly force: boolean },
): Migrated {
  const { tree, now, signer: requested } = context;
  const { name, claims } = account;
  const replaced = findReplaced(tree, account, force);
  const isOther = replaced !== undefined && replaced.claims.sub !== claims.sub;
  const { signer } = chooseSigner({ tree, kind: 'account', account, requested });
  const previous = laterOf(account, isOther ? undefined : replaced);
  const copied = copyUsers(tree, { account, users, now, isNew: replaced === undefined || isOther });
  const keys = [claims.sub ?? '', ...signingKeysOf(claims)];
  return {
    changes: [
      ...(isOther ? [{ type: 'delete-account' as const, name }] : []),
      draftAccount(name, claims, { signer, now, previous }),
      ...copied.changes,
    ],
    steps: [
      ok(`migrated account ${quote(name)} [${claims.sub}] to operator ${quote(tree.operator.name)}`),
      ...copied.steps,
    ],
    warnings: [
      ...(keys.some((key) => tree.hasSeed(key))
        ? []
        : [`no key of account ${quote(name)} is in the keystore: no user of it can be signed here`]),
      ...copied.warnings,
    ],
  };
}

const signedByOperator = (change: Change): string[] =>
  change.type === 'put-account' && change.claims.iss !== change.claims.sub ? [change.name] : [];

/** The account that has the name. */
function findReplaced(tree: Tree, { name, token, claims }: AccountEntry, force: boolean): AccountEntry | undefined {
  const namesake = findAccountNamesake(tree, claims);
  if (namesake === undefined) return undefined;
  const { entry } = namesake;
  const there = `account ${quote(name)} of operator ${quote(tree.operator.name)}`;
  if (entry === undefined) {
    throw new NscError('bad-token', `${there} is damaged or altered`, {
      hint: 'restore it from a backup, or import it with: nsc import account --file FILE --overwrite',
    });
  }
  if (entry.token === token) {
    throw new NscError('already-exists', `${there} is the one to be migrated`, {
      hint: 'select the operator it shall go to with: nsc select operator NAME',
    });
  }
  if (!force) {
    throw new NscError('already-exists', `${there} exists already`, {
      hint: 'replace it with --force, or rename one of the two',
      details: { account: name, here: entry.claims.sub, incoming: claims.sub },
    });
  }
  if (entry.claims.sub !== claims.sub && isSystemAccount(tree, entry.claims)) {
    throw new NscError('policy-refused', `${there} is its system account and cannot be replaced by another one`, {
      hint: 'migrate the other accounts one by one with --url',
    });
  }
  return entry;
}

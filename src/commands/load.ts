import { mutation, type PlanContext } from '../app/command.js';
import { reportCreds } from '../app/creds-report.js';
import { checkIncoming, findNamesake, readIncoming, refuseNamesake, replacedWarnings } from '../app/incoming.js';
import { findAccountNamesake } from '../app/incoming-account.js';
import { findOperatorByKey } from '../app/operator-lookup.js';
import { type InputOf, text } from '../app/option.js';
import { keyOption } from '../app/options/key.js';
import { type Loaded, loadLinkOption, loadUrlOption } from '../app/options/load-source.js';
import { changed, ok, type Step, warn } from '../app/result.js';
import { putSeed } from '../app/take-key.js';
import { refuseTakenOperator } from '../app/taken-name.js';
import type { Workspace } from '../app/workspace.js';
import { applyChanges } from '../domain/apply.js';
import type { Change } from '../domain/change.js';
import { newScopedUser, newUser } from '../domain/claims/new.js';
import { draftUser } from '../domain/draft.js';
import { checkName } from '../domain/name.js';
import { emptyTree } from '../domain/tree/memory-tree.js';
import type { AccountEntry, OperatorEntry, Tree } from '../domain/tree/tree.js';
import { chooseSigner, type SignerChoice } from '../domain/trust/signer.js';
import { verifyAccount } from '../domain/trust/verify.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const options = {
  profile: loadLinkOption('profile', {
    placeholder: 'LINK',
    help: 'link nsc://OPERATOR?secret=SEED&user=NAME, or a file that holds it',
    ask: {
      message: 'Link to the account (nsc://…), or a file that holds it',
      type: 'input',
      required: true,
      when: (_workspace, { url, seed }) => url === undefined && seed === undefined,
    },
  }),
  url: loadUrlOption('url', 'seed', { placeholder: 'URL', help: 'where the JWT of the operator is' }),
  seed: keyOption('seed', { help: 'with --url: seed of the account, or the file that holds it' }),
  user: text('user', { placeholder: 'NAME', help: 'name of the user that is made', defaultText: 'default' }),
};

type Input = InputOf<typeof options>;

/** A part of the answer: what changes, what is said. */
interface Part {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly warnings?: readonly string[];
  /** Whether a rule is broken that nothing here can mend. */
  readonly isBroken?: boolean;
}

export const command = mutation({
  summary: 'Set up operator, account and user from the seed of an account',
  description:
    'Fetches the JWT of an operator and, from its account server, the one of the account whose seed is given; stores ' +
    'both with the seed, and makes a user with creds. The operator has to vouch for itself and for the account. ' +
    'Nothing is sent. The operator is managed elsewhere.',
  options,
  conflicts: [
    ['profile', 'url'],
    ['profile', 'seed'],
  ],
  examples: [
    { command: 'nsc load --profile link.txt', what: 'a link from a file, which keeps the seed in it private' },
    { command: 'nsc load --url https://host/jwt/v2/operator --seed account.nk --user alice', what: 'without a link' },
  ],

  plan(context, input) {
    const loaded = input.profile?.loaded ?? input.url?.loaded;
    if (loaded === undefined) {
      throw new NscError('missing-option', 'nothing to load was named', {
        hint: 'give a link with --profile, or --url and --seed',
      });
    }
    const name = checkName('user', userName(input));
    const operator = placeOperator(context, loaded);
    const account = placeAccount(context, loaded, operator);
    const key = putSeed(loaded.key);
    const after = applyChanges(operator.tree, [...operator.changes, key, ...account.changes]);
    const user = makeUser(context, after, { account: account.entry, name });
    const parts: readonly Part[] = [operator, account, { changes: [key], steps: [] }, user];
    return {
      operator: operator.entry.name,
      changes: [
        ...parts.flatMap(({ changes }) => changes),
        { type: 'select', operator: operator.entry.name, account: account.entry.name },
      ],
      warnings: parts.flatMap(({ warnings = [] }) => warnings),
      force: parts.some(({ isBroken }) => isBroken),
      isFetched: true,
      result: changed(...parts.flatMap(({ steps }) => steps)),
    };
  },
});

function userName({ user, profile }: Input): string {
  if (user !== undefined && profile?.user !== undefined && user !== profile.user) {
    throw new NscError(
      'conflicting-options',
      `--user and the link name different users: ${quote(user)}, ${quote(profile.user)}`,
      {
        hint: 'give one of them',
      },
    );
  }
  return user ?? profile?.user ?? DEFAULT_USER;
}

const DEFAULT_USER = 'default';

interface PlacedOperator extends Part {
  readonly entry: OperatorEntry;
  /** As it is before; empty but for keys when the operator is new. */
  readonly tree: Tree;
}

/** An operator with the same key is used whatever it is called here, and updated when it is managed and older. */
function placeOperator(
  { workspace, now }: PlanContext,
  { operator: { token, claims, knownAs } }: Loaded,
): PlacedOperator {
  const tree = findOperatorByKey(workspace, claims.sub ?? '');
  const name = tree?.operator.name ?? checkName('operator', knownAs ?? claims.name ?? '');
  const fetched: OperatorEntry = { name, token, claims };
  const { warnings, isBroken } = checkIncoming('operator', claims, { now, skip: true });
  if (!tree) {
    refuseTakenOperator(workspace, name, 'it is another operator: choose another store with --data-dir DIR');
    const changes: Change[] = [{ type: 'put-operator', ...fetched, managed: true }];
    const steps = [ok(`imported operator ${quote(name)}`)];
    return { entry: fetched, tree: treeOfKeys(workspace, name), changes, steps, warnings, isBroken };
  }
  const isNewer = Number(claims.iat ?? 0) > Number(tree.operator.claims.iat ?? 0);
  if (!tree.managed || !isNewer) {
    return { entry: tree.operator, tree, changes: [], steps: [ok(`operator ${quote(name)} is here already`)] };
  }
  const steps = [ok(`updated operator ${quote(name)}`)];
  return { entry: fetched, tree, changes: [{ type: 'put-operator', ...fetched }], steps, warnings, isBroken };
}

const treeOfKeys = (workspace: Workspace, operator: string): Tree =>
  emptyTree(operator, {
    hasSeed: (publicKey) => workspace.findKeyPair(publicKey) !== undefined,
    findKeyPair: (publicKey) => workspace.findKeyPair(publicKey),
    storedKeys: () => workspace.storedKeys(),
  });

interface PlacedAccount extends Part {
  readonly entry: AccountEntry;
}

/** The account that was asked for, and no other one, vouched for by the operator or waiting to be (E-02, S-43). */
function placeAccount(
  { now }: PlanContext,
  { key, accountUrl, accountToken }: Loaded,
  { entry: operator, tree }: PlacedOperator,
): PlacedAccount {
  const { token, claims } = readIncoming(accountUrl, accountToken, 'account');
  const known = tree.findAccountByKey(key.publicKey);
  const fetched: AccountEntry = { name: known?.name ?? claims.name ?? '', token, claims };
  const refusal = verifyAccount(fetched, operator, { signatures: false, managed: true, subject: key.publicKey });
  if (refusal) {
    throw new NscError('broken-chain', `${quote(accountUrl)}: ${refusal.message}`, {
      hint: 'ask whoever runs the account server of the operator',
      details: { refusal: refusal.code, link: refusal.link },
    });
  }
  const namesake = known ? findNamesake('account', () => known) : findAccountNamesake(tree, claims);
  refuseNamesake('account', claims, namesake, { overwrite: true, hint: '' });
  const name = quote(fetched.name);
  if (namesake?.entry && Number(namesake.entry.claims.iat ?? 0) > Number(claims.iat ?? 0)) {
    const warnings = [`account ${name} is here with a JWT that was issued later, which stays`];
    return { entry: namesake.entry, changes: [], steps: [], warnings };
  }
  const { warnings, isBroken } = checkIncoming('account', claims, { now, skip: true });
  return {
    entry: fetched,
    changes: [{ type: 'put-account', ...fetched }],
    steps: [ok(`imported account ${name} [${key.publicKey}]`)],
    warnings: [
      ...warnings,
      ...replacedWarnings('account', claims, namesake),
      ...(claims.iss === claims.sub
        ? [
            `account ${name} is signed by its own key: operator ${quote(operator.name)} has to sign it before servers accept it`,
          ]
        : []),
    ],
    isBroken: isBroken || (namesake !== undefined && !namesake.entry),
  };
}

/** A user that is there already stays as it is. */
function makeUser(
  { workspace, now, newKey }: PlanContext,
  tree: Tree,
  { account, name }: { readonly account: AccountEntry; readonly name: string },
): Part {
  if (tree.findUser(account.name, name)) {
    return { changes: [], steps: [warn(`user ${quote(name)} of account ${quote(account.name)} exists already`)] };
  }
  const choice = findSigner(tree, account);
  if (choice instanceof NscError) {
    return { changes: [], steps: [], warnings: [`user ${quote(name)} was not made: ${choice.message}`] };
  }
  const { signer, scope } = choice;
  const pair = newKey('user');
  const claims = scope ? newScopedUser(pair.publicKey, name) : newUser(pair.publicKey, name);
  return {
    changes: [putSeed(pair), ...draftUser({ account, name }, claims, { signer, now, pair })],
    steps: [
      ok(`added user ${quote(name)} to account ${quote(account.name)}`),
      reportCreds(workspace, { operator: tree.operator.name, account: account.name, name }, true),
    ],
  };
}

/** A strict operator wants users to be signed by a signing key, which may be elsewhere: that keeps nothing else back. */
function findSigner(tree: Tree, account: AccountEntry): SignerChoice | NscError {
  try {
    return chooseSigner({ tree, kind: 'user', account });
  } catch (error) {
    if (error instanceof NscError && error.code === 'no-signer') return error;
    throw error;
  }
}

import { type QueryContext, query } from '../../app/command.js';
import { type KeyReport, type KeyRow, keyRows } from '../../app/lifecycle/key-report.js';
import { type KeyScope, keysIn } from '../../app/lifecycle/key-report-keys.js';
import { countUsage } from '../../app/lifecycle/key-report-usage.js';
import { flag, type InputOf, text, value } from '../../app/option.js';
import type { Column } from '../../app/result.js';
import { KEY_STATES, type KeyState } from '../../domain/keyring/keyring.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { plural } from '../../lib/plural.js';

const options = {
  operator: flag('operator', { short: 'o', help: 'keys of the operator' }),
  account: text('account', {
    short: 'a',
    placeholder: 'ACCOUNT',
    help: 'keys of this account, by name or public key',
    complete: 'account',
  }),
  users: flag('users', { short: 'u', help: "with those of accounts: their users' own keys" }),
  all: flag('all', { short: 'A', help: 'keys of the operator and of all accounts' }),
  state: value(
    'state',
    { placeholder: 'STATE', help: `keys in this state: ${KEY_STATES.join(', ')}`, complete: KEY_STATES },
    readState,
  ),
  removed: flag('removed', { help: 'keys that were removed, too' }),
  json: flag('json', { short: 'J', help: 'list as JSON' }),
};

type Input = InputOf<typeof options>;

export const command = query({
  summary: 'List keys: where they are in their lives and what they signed',
  description:
    'Without options: the keys of the operator and of the selected account. * marks the key that signs unless -K names ' +
    "another one; of a user's own keys, the one it connects with. A key is next (announced), active, retiring (trusted, and " +
    'signs nothing any more), removed or compromised. Private tells whether its seed is in the keystore, Public whether a ' +
    "JWT of the store has it. Keys that were removed are left out, and so are users' own keys, unless one is coming or " +
    'going. Used By counts the accounts, users and activations that a key signed.',
  options,
  conflicts: [['all', 'account']],
  examples: [
    { command: 'nsc keys list --all', what: 'operator and accounts' },
    { command: 'nsc keys list --all --state retiring', what: 'what nsc rotate finish would drop' },
    { command: 'nsc keys list --account Orders --users --removed', what: 'all there ever was, as far as it was kept' },
  ],

  run(context, input) {
    const { tree, now } = context;
    const scope = scopeOf(context, input);
    const usage = countUsage(tree, scope.accounts);
    const rows: Iterable<KeyRow> = {
      *[Symbol.iterator]() {
        yield* keyRows(tree, keysIn(tree, scope), usage);
        // what is listed says so itself
        const listed = new Set(scope.accounts);
        for (const { error, account, user } of usage.unreadable) {
          if (user === undefined ? !listed.has(account) : !scope.users) yield { error };
        }
      },
    };
    return {
      kind: 'listed',
      title: `keys of operator ${quote(tree.operator.name)}`,
      columns: columnsAt(now),
      rows: rows as Iterable<Readonly<Record<string, unknown>>>,
      whenEmpty: 'no keys match',
      json: () => rows,
    };
  },
});

/** Without an option that says otherwise: the operator and the selected account. */
function scopeOf({ tree, workspace }: QueryContext, input: Input): KeyScope {
  const { operator = false, users = false, all = false, removed = false, state } = input;
  const { account: selected } = workspace.selected;
  const isAny = !operator && input.account === undefined;
  const wanted = input.account ?? (isAny && selected !== '' ? selected : undefined);
  const accounts = all ? tree.accountNames() : wanted === undefined ? [] : [getAccount(tree, wanted, '').name];
  return { operator: operator || all || isAny, accounts, users, removed, state, gone: all };
}

function readState(text: string): KeyState {
  const state = KEY_STATES.find((known) => known === text);
  if (state) return state;
  throw new NscError('bad-value', `${quote(text)} is not a state of a key`, { hint: `use ${KEY_STATES.join(', ')}` });
}

type Row = Partial<KeyReport> & { readonly error?: string };

function columnsAt(now: number): Column[] {
  const column = (key: string, title: string, show: (row: Row) => string): Column => ({ key, title, show });
  const mark = (is: boolean | undefined): string => (is ? '*' : '');
  return [
    column('active', 'Active', ({ active }) => mark(active)),
    column('alias', 'Alias', ({ alias = '' }) => alias),
    column('publicKey', 'Key ID', ({ publicKey, error = '' }) => publicKey ?? error),
    column('kind', 'Kind', kindText),
    column('account', 'Entity', ({ account = '', user }) => (user === undefined ? account : `${account}/${user}`)),
    column('private', 'Private', (row) => mark(row.private)),
    column('public', 'Public', (row) => mark(row.public)),
    column('created', 'Created', ({ created }) => (created === undefined ? '' : formatDate(created))),
    column('expires', 'Due', (row) => dueText(row, now)),
    column('state', 'State', ({ state = '' }) => state),
    column('usedBy', 'Used By', usageText),
  ];
}

function kindText({ kind, use, role }: Row): string {
  if (kind === undefined || use === undefined) return '';
  if (kind === 'user') return kind;
  return use === 'role' ? `role ${role}` : `${kind} ${use}`;
}

const dueText = ({ expires }: Row, now: number): string =>
  expires === undefined ? '' : `${formatDate(expires)}${expires <= now ? ' (overdue)' : ''}`;

function usageText({ usedBy }: Row): string {
  if (!usedBy) return '';
  const counts = [
    [usedBy.accounts, 'account'],
    [usedBy.users, 'user'],
    [usedBy.activations, 'activation'],
  ] as const;
  return counts.flatMap(([count, noun]) => (count === 0 ? [] : [plural(count, noun)])).join(', ');
}

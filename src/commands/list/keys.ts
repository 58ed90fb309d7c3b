import { type QueryContext, query } from '../../app/command.js';
import { NOBODY, selectKeys } from '../../app/key-selection.js';
import { flag, text } from '../../app/option.js';
import type { Column } from '../../app/result.js';
import type { TreeKey } from '../../domain/tree/keys.js';
import { NscError } from '../../errors.js';

const options = {
  operator: flag('operator', { short: 'o', help: 'keys of the operator' }),
  accounts: flag('accounts', { short: 'a', help: 'keys of accounts' }),
  users: flag('users', { short: 'u', help: 'keys of users' }),
  curve: flag('curve', { short: 'x', help: 'curve keys of auth callouts' }),
  all: flag('all', { short: 'A', help: 'keys of every kind and account' }),
  account: text('account', { placeholder: 'ACCOUNT', help: 'of this account only', complete: 'account' }),
  user: text('user', { placeholder: 'USER', help: 'of this user only', complete: 'user' }),
  filter: text('filter', { short: 'f', placeholder: 'TEXT', help: 'public keys that contain this text' }),
  notReferenced: flag('not-referenced', { help: 'keys of the keystore that nothing in the operator refers to' }),
  showSeeds: flag('show-seeds', { short: 'S', help: 'show the seeds themselves' }),
  json: flag('json', { short: 'J', help: 'list as JSON' }),
};

interface Row extends Record<string, unknown> {
  readonly key_path: string;
  readonly invalid: boolean;
}

const COLUMNS: readonly Column[] = [
  { key: 'name', title: 'Entity' },
  { key: 'pub', title: 'Key' },
  { key: 'signing', title: 'Signing Key', show: ({ signing, curve }) => (curve ? 'T' : signing ? '*' : '') },
  { key: 'invalid', title: 'Stored', show: ({ invalid, key_path }) => (invalid ? 'BAD' : key_path === '' ? '' : '*') },
];
const SEED_COLUMN: Column = {
  key: 'seed',
  title: 'Seed',
  show: ({ seed }) => (seed === undefined ? '[not stored]' : `${seed}`),
};

export const command = query({
  summary: 'List keys: whose they are and whether their seeds are stored',
  description:
    'Without options: the keys of the operator, of the selected account and of its users. An option that names a ' +
    'kind lists that kind for all accounts unless --account narrows it. "BAD" marks a file that holds another key ' +
    'than its name says; seeds that are encrypted are not looked at without --show-seeds.',
  options,
  conflicts: [['notReferenced', 'showSeeds']],
  examples: [
    { command: 'nsc list keys --all', what: 'everything' },
    { command: 'nsc list keys --not-referenced', what: 'seeds nobody uses' },
  ],

  run(context, input) {
    const select = () => selectKeys(context, { ...input, curves: input.curve });
    refuseUnreadable(select());
    const rows = lazily(select, (key) => toRow(context, key, input.showSeeds ?? false));
    return {
      kind: 'listed',
      title: 'keys',
      columns: input.showSeeds ? [...COLUMNS, SEED_COLUMN] : COLUMNS,
      rows,
      whenEmpty: 'no keys match',
      json: () => rows,
    };
  },
});

/** Reads all of them once, so that no half a list is written before one that cannot be read. */
function refuseUnreadable(keys: Iterable<TreeKey>): void {
  for (const _ of keys);
}

/** Rows that are made when they are asked for: those of many users do not fit the memory, because of their JWTs. */
function lazily<Row>(read: () => Iterable<TreeKey>, make: (key: TreeKey) => Row): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const key of read()) yield make(key);
    },
  };
}

/** Kinds are nsc's: a curve key counts as its account's while one refers to it. */
function toRow({ workspace }: QueryContext, key: TreeKey, showSeeds: boolean): Row {
  const isAccountCurve = key.role === 'curve' && key.name !== NOBODY;
  const { stored, invalid, seed } = readSeed(workspace, key.publicKey, showSeeds);
  return {
    name: key.name,
    pub: key.publicKey,
    ...(key.parent !== undefined && { parent: key.parent }),
    signing: key.signing,
    curve: isAccountCurve,
    key_path: stored ? workspace.seedPath(key.publicKey) : '',
    invalid,
    ...(key.token !== undefined && { jwt: Buffer.from(key.token).toString('base64') }),
    expected_kind: isAccountCurve ? 'account' : key.role === 'curve' ? 'x25519' : key.role,
    ...(seed !== undefined && { seed }),
  };
}

function readSeed(
  workspace: QueryContext['workspace'],
  publicKey: string,
  show: boolean,
): { stored: boolean; invalid: boolean; seed?: string } {
  if (!show && workspace.isSealed(publicKey)) return { stored: true, invalid: false };
  try {
    const pair = workspace.findKeyPair(publicKey);
    return { stored: pair !== undefined, invalid: false, ...(pair && show && { seed: pair.seed.reveal() }) };
  } catch (error) {
    if (error instanceof NscError) return { stored: true, invalid: true };
    throw error;
  }
}

import type { Command } from '../../../src/app/command.js';
import { command as abort } from '../../../src/commands/rotate/abort.js';
import { command as activate } from '../../../src/commands/rotate/activate.js';
import { command as finish } from '../../../src/commands/rotate/finish.js';
import { command as now } from '../../../src/commands/rotate/now.js';
import { command as start } from '../../../src/commands/rotate/start.js';
import type { Export } from '../../../src/domain/claims/types.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { issueActivation } from '../../../src/domain/sharing/issue-activation.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { Tree, UserEntry } from '../../../src/domain/tree/tree.js';
import { account, KEYS, type KeyName, NOW, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { type Given, planRaw } from '../../support/plan.js';

/** A store in which keys rotate, and the same after some steps. */

const STEPS: Readonly<Record<string, Command>> = { start, activate, finish, abort, now };

const ORDERS: Export = { name: 'orders', subject: 'orders', type: 'service', token_req: true };
const FREE = { subs: -1, data: -1, payload: -1 };

export const O = operator({
  nats: { signing_keys: [pub('o2')], account_server_url: 'nats://127.0.0.1:4222', system_account: pub('b1') },
});
export const A = account('A', 'a1', {
  by: 'o2',
  nats: { signing_keys: [pub('a2'), scope('a3', 'reader', { pub: { allow: ['x'] }, ...FREE })], exports: [ORDERS] },
});
const activation = issueActivation(
  { exporter: { name: 'A', claims: A.claims }, entry: ORDERS, target: pub('b1'), subject: 'orders' },
  KEYS.a2,
  NOW,
).token;
/** Imports from "A", and has no signing key. */
export const B = account('B', 'b1', {
  nats: {
    imports: [{ name: 'orders', subject: 'orders', account: pub('a1'), type: 'service', token: activation }],
    authorization: { auth_users: [pub('u3')] },
  },
});
export const u = user('A/u', 'u1', { by: 'a2', nats: under('a1', FREE) });
export const r = user('A/r', 'u2', { by: 'a3', nats: under('a1'), exp: NOW + 3600 });
export const c = user('B/c', 'u3', { by: 'b1' });

export const credsOf = (entry: UserEntry, key: KeyName) => ({
  account: entry.account,
  user: entry.name,
  creds: formatCreds(entry.token, KEYS[key]),
});

export const STORE: TreeContent = {
  operator: O,
  accounts: [A, B],
  users: [u, r, c],
  creds: [credsOf(u, 'u1'), credsOf(r, 'u2'), credsOf(c, 'u3')],
};

export const given: Given = { operators: [STORE] };

/** The store after some lines (`start --account A --sk $a4`), whose keys have to be in the keystore already. */
export async function done(world: Given, ...lines: string[]): Promise<Given> {
  let at = world;
  for (const line of lines) {
    const [step = '', ...words] = line.split(' ');
    const command = STEPS[step];
    if (!command) throw new Error(`no step ${step}`);
    const { after: tree } = await planRaw(command, at, words.join(' '));
    at = { ...at, operators: [contentOf(tree)] };
  }
  return at;
}

export function contentOf(tree: Tree): TreeContent {
  const accounts = tree.accountNames().flatMap((name) => tree.findAccount(name) ?? []);
  const users = accounts.flatMap(({ name }) => tree.userNames(name).flatMap((of) => tree.findUser(name, of) ?? []));
  return {
    operator: tree.operator,
    managed: tree.managed,
    keyring: tree.keyring,
    accounts,
    users,
    creds: users.flatMap(({ account: of, name }) => {
      const creds = tree.findCreds(of, name);
      return creds ? [{ account: of, user: name, creds }] : [];
    }),
  };
}

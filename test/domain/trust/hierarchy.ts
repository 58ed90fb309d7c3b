import { newAccount, newOperator, newUser } from '../../../src/domain/claims/new.js';
import type {
  AccountBody,
  OperatorBody,
  RegisteredClaims,
  UserBody,
  UserScope,
} from '../../../src/domain/claims/types.js';
import { type KeyPair, keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import type { Role } from '../../../src/domain/nkey/prefix.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { AccountEntry, OperatorEntry, UserEntry } from '../../../src/domain/tree/tree.js';

/** Operators, accounts and users with fixed keys, signed by whom a test says. */

export const NOW = 1_700_000_000;

const key = (role: Role, number: number): KeyPair => keyPairFromRaw(role, new Uint8Array(32).fill(number));

/** `o1` is the operator, `o2` and `o3` are for signing, `ox` is nobody's; and so on. */
export const KEYS = {
  o1: key('operator', 1),
  o2: key('operator', 2),
  o3: key('operator', 3),
  ox: key('operator', 9),
  a1: key('account', 11),
  a2: key('account', 12),
  a3: key('account', 13),
  a4: key('account', 14),
  b1: key('account', 15),
  ax: key('account', 19),
  u1: key('user', 21),
  u2: key('user', 22),
  u3: key('user', 23),
  n1: key('server', 31),
  x1: key('curve', 41),
} as const;

export type KeyName = keyof typeof KEYS;

export const pub = (name: KeyName): string => KEYS[name].publicKey;

export const nameOfKey = (publicKey: string): string =>
  Object.entries(KEYS).find(([, pair]) => pair.publicKey === publicKey)?.[0] ?? publicKey;

interface Signed<Body> extends RegisteredClaims {
  by?: KeyName;
  nats?: Body;
}

export function operator({ by = 'o1', nats, ...registered }: Signed<OperatorBody> = {}): OperatorEntry {
  const fresh = newOperator(pub('o1'), 'O');
  const claims = { ...fresh, ...registered, nats: { ...fresh.nats, ...nats } };
  return { name: 'O', ...issue('operator', claims, KEYS[by], { now: NOW }) };
}

export function account(
  name: string,
  sub: KeyName,
  { by = 'o1', nats, ...registered }: Signed<AccountBody> = {},
): AccountEntry {
  const fresh = newAccount(pub(sub), name);
  const claims = { ...fresh, ...registered, nats: { ...fresh.nats, ...nats } };
  return { name, ...issue('account', claims, KEYS[by], { now: NOW }) };
}

export function user(
  path: `${string}/${string}`,
  sub: KeyName,
  { by = 'a1', nats, ...registered }: Signed<UserBody> = {},
): UserEntry {
  const [accountName = '', name = ''] = path.split('/');
  const fresh = newUser(pub(sub), name);
  const claims = { ...fresh, ...registered, nats: nats ?? fresh.nats };
  return { account: accountName, name, ...issue('user', claims, KEYS[by], { now: NOW }) };
}

export const scope = (name: KeyName, role: string, template: UserScope['template'] = {}): UserScope => ({
  kind: 'user_scope',
  key: pub(name),
  role,
  template,
});

/** The body of a user under a signing key of account `a1`. */
export const under = (sub: KeyName, body: UserBody = {}): UserBody => ({
  pub: {},
  sub: {},
  ...body,
  issuer_account: pub(sub),
});

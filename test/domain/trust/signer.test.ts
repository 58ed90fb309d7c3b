import { describe, expect, it } from 'vitest';
import type { UserScope } from '../../../src/domain/claims/types.js';
import { type KeyInput, parseKeyInput } from '../../../src/domain/key-input.js';
import {
  emptyKeyring,
  type Keyring,
  type KeyState,
  newRecord,
  withRecords,
} from '../../../src/domain/keyring/keyring.js';
import type { Slot } from '../../../src/domain/keyring/slot.js';
import { memoryTree, type TreeContent } from '../../../src/domain/tree/memory-tree.js';
import { chooseSigner, type SignerRequest } from '../../../src/domain/trust/signer.js';
import { NscError } from '../../../src/errors.js';
import { account, KEYS, type KeyName, nameOfKey, operator, pub, scope } from './hierarchy.js';

/** `chooseSigner` as (tree, request) → key, `key as role`, or [code, message]. */
interface Case {
  tree?: Partial<TreeContent>;
  kind: SignerRequest['kind'];
  account?: SignerRequest['account'];
  /** Names of keys in the keystore. */
  stored?: KeyName[];
  /** What follows `-K`. */
  K?: string;
  files?: Record<string, string>;
  request?: Partial<SignerRequest>;
  expected: string | [code: string, message: string];
}

const keyed = operator({ nats: { signing_keys: [pub('o3'), pub('o2')] } });
const strict = operator({ nats: { signing_keys: [pub('o3'), pub('o2')], strict_signing_key_usage: true } });
const strictAlone = operator({ nats: { strict_signing_key_usage: true } });

const A = account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader'), pub('a3'), pub('a2')] } });
const bare = account('A', 'a1');
const rotating = account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader'), scope('ax', 'reader')] } });

const listedO = [...(keyed.claims.nats.signing_keys ?? [])];
const bySignature = (key: string) => `${key} (signing key of operator "O")`;

const OPERATOR: Slot = { kind: 'operator-signing' };
const SIGNING: Slot = { kind: 'account-signing', account: pub('a1') };
const READER: Slot = { kind: 'role', account: pub('a1'), role: 'reader' };
const SCOPE: Slot = { kind: 'scope', account: pub('a1'), key: pub('a4') };
const WIDE: UserScope['template'] = { sub: { allow: ['>'] } };

/** A keyring of keys in one slot; `replaced` says who took over from whom. */
function ringOf(
  states: Partial<Record<KeyName, KeyState>>,
  slot: Slot,
  replaced: Partial<Record<KeyName, KeyName>> = {},
): Keyring {
  return withRecords(
    emptyKeyring,
    Object.entries(states).map(([name, state]) => {
      const successor = replaced[name as KeyName];
      const record = newRecord(pub(name as KeyName), slot, state, 1);
      return successor === undefined ? record : { ...record, replacedBy: pub(successor) };
    }),
  );
}

const aliased = (name: KeyName, alias: string, slot: Slot): Keyring =>
  withRecords(emptyKeyring, [{ ...newRecord(pub(name), slot, 'active', 1), alias }]);

const seedOf = (name: KeyName): string => KEYS[name].seed.reveal();

function choose({ tree, kind, account: parent, stored = [], K, files = {}, request }: Case): unknown {
  const content = { operator: keyed, seeds: stored.map((name) => KEYS[name]), ...tree };
  const requested: KeyInput | undefined = K === undefined ? undefined : parseKeyInput(K, (path) => files[path]);
  try {
    const { signer, scope: found } = chooseSigner({
      tree: memoryTree(content),
      kind,
      ...(parent && { account: parent }),
      ...(requested && { requested }),
      ...request,
    });
    return nameOfKey(signer.publicKey) + (found ? ` as ${found.role}` : '');
  } catch (error) {
    if (error instanceof NscError) return [error.code, error.message];
    throw error;
  }
}

describe('accounts, without -K', () => {
  const everything: KeyName[] = ['o1', 'o2', 'o3'];
  const cases: Record<string, Case> = {
    'the identity signs': { kind: 'account', stored: everything, expected: 'o1' },
    'without the identity, the first listed signing key': {
      kind: 'account',
      stored: ['o2', 'o3'],
      expected: nameOfKey(listedO[0] ?? ''),
    },
    'the first that is at hand': { kind: 'account', stored: ['o2'], expected: 'o2' },
    'the previous issuer is preferred': {
      kind: 'account',
      account: A,
      stored: everything,
      request: { previousIssuer: pub('o2') },
      expected: 'o2',
    },
    'a previous issuer without seed is passed over': {
      kind: 'account',
      account: A,
      stored: ['o1', 'o3'],
      request: { previousIssuer: pub('o2') },
      expected: 'o1',
    },
    'a previous issuer that is not listed is passed over': {
      kind: 'account',
      stored: ['o1', 'ox'],
      request: { previousIssuer: pub('ox') },
      expected: 'o1',
    },
    'the active key comes before the previous issuer': {
      kind: 'account',
      stored: everything,
      tree: { keyring: ringOf({ o3: 'active' }, OPERATOR) },
      request: { previousIssuer: pub('o2') },
      expected: 'o3',
    },
    'an announced key does not sign': {
      kind: 'account',
      stored: ['o3', 'o2'],
      tree: { keyring: ringOf({ o3: 'next' }, OPERATOR) },
      expected: 'o2',
    },
    'nor does it when it is named': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: ringOf({ o3: 'next' }, OPERATOR) },
      K: pub('o3'),
      expected: [
        'key-not-active',
        `${pub('o3')} (signing key of operator "O") may not sign account "A": it is announced, and not active yet`,
      ],
    },
    'a retiring key gives way to its successor, although it signed before': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: ringOf({ o2: 'retiring', o1: 'active' }, OPERATOR, { o2: 'o1' }) },
      request: { previousIssuer: pub('o2') },
      expected: 'o1',
    },
    'the successor of a silent key comes before another active one': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: ringOf({ o2: 'retiring', o3: 'active' }, OPERATOR, { o2: 'o1' }) },
      request: { previousIssuer: pub('o2') },
      expected: 'o1',
    },
    'a record about a name says nothing of who is to sign': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: withRecords(emptyKeyring, [{ ...newRecord(pub('o3'), OPERATOR, 'active', 1), since: {} }]) },
      request: { previousIssuer: pub('o2') },
      expected: 'o2',
    },
    'an identity that is on record as active is no reason to leave the previous issuer': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: ringOf({ o1: 'active' }, { kind: 'operator-identity' }) },
      request: { previousIssuer: pub('o2') },
      expected: 'o2',
    },
    'a compromised key that is listed all the same': {
      kind: 'account',
      account: A,
      stored: everything,
      tree: { keyring: ringOf({ o3: 'compromised' }, OPERATOR) },
      K: pub('o3'),
      expected: [
        'key-compromised',
        `${pub('o3')} (signing key of operator "O") may not sign account "A": it is compromised`,
      ],
    },
    'a key by its alias': {
      kind: 'account',
      stored: everything,
      tree: { keyring: aliased('o3', 'spring', OPERATOR) },
      K: 'spring',
      expected: 'o3',
    },
    'strict operators never use the identity': {
      tree: { operator: strict },
      kind: 'account',
      stored: everything,
      expected: nameOfKey(listedO[0] ?? ''),
    },
    'strict operators never use the identity, previous issuer or not': {
      tree: { operator: strict },
      kind: 'account',
      stored: ['o1', 'o2'],
      request: { previousIssuer: pub('o1') },
      expected: 'o2',
    },
    'no key at hand': {
      kind: 'account',
      account: A,
      expected: [
        'no-signer',
        `no key that may sign account "A" is in the keystore: ${pub('o1')} (identity of operator "O"), ${listedO.map(bySignature).join(', ')}`,
      ],
    },
    'only the identity of a strict operator at hand': {
      tree: { operator: strict },
      kind: 'account',
      stored: ['o1'],
      expected: [
        'no-signer',
        `no key that may sign accounts of operator "O" is in the keystore: ${listedO.map(bySignature).join(', ')}`,
      ],
    },
    'a strict operator without signing keys': {
      tree: { operator: strictAlone },
      kind: 'account',
      stored: ['o1'],
      expected: ['no-signer', 'operator "O" requires signing keys and has none'],
    },
    "a new account's own key does not sign it": {
      kind: 'account',
      request: { ownKey: KEYS.a1 },
      stored: ['a1'],
      expected: [
        'no-signer',
        `no key that may sign accounts of operator "O" is in the keystore: ${pub('o1')} (identity of operator "O"), ${listedO.map(bySignature).join(', ')}`,
      ],
    },
  };
  it.each(Object.entries(cases))('%s', (_what, given) => {
    expect(choose(given)).toEqual(given.expected);
  });
});

describe('accounts of a managed operator', () => {
  const managed = { operator: keyed, managed: true };
  const cases: Record<string, Case> = {
    'the account signs itself': { tree: managed, kind: 'account', account: bare, stored: ['a1'], expected: 'a1' },
    'a new account signs itself': { tree: managed, kind: 'account', request: { ownKey: KEYS.a1 }, expected: 'a1' },
    'a new account signs itself, with a seed that is stored': {
      tree: managed,
      kind: 'account',
      stored: ['a1'],
      request: { ownKey: pub('a1') },
      expected: 'a1',
    },
    'a new account signs itself, with a seed that is given': {
      tree: managed,
      kind: 'account',
      request: { ownKey: pub('a1') },
      K: seedOf('a1'),
      expected: 'a1',
    },
    'an operator key goes first': {
      tree: managed,
      kind: 'account',
      account: bare,
      stored: ['a1', 'o2'],
      expected: 'o2',
    },
    'what signed before goes first of all': {
      tree: managed,
      kind: 'account',
      account: bare,
      stored: ['a1', 'o2'],
      request: { previousIssuer: pub('a1') },
      expected: 'a1',
    },
    'a signing key of the account does not sign it': {
      tree: managed,
      kind: 'account',
      account: A,
      stored: ['a2'],
      expected: [
        'no-signer',
        `no key that may sign account "A" is in the keystore: ${pub('o1')} (identity of operator "O"), ${listedO.map(bySignature).join(', ')}, ${pub('a1')} (identity of the account itself)`,
      ],
    },
    'the account signs itself under a strict operator': {
      tree: { operator: strict, managed: true },
      kind: 'account',
      account: bare,
      stored: ['a1', 'o1'],
      expected: 'a1',
    },
    'the operator itself needs an operator key': {
      tree: managed,
      kind: 'operator',
      stored: ['a1'],
      expected: [
        'no-signer',
        `no key that may sign operator "O" is in the keystore: ${pub('o1')} (identity of operator "O"), ${listedO.map(bySignature).join(', ')}`,
      ],
    },
  };
  it.each(Object.entries(cases))('%s', (_what, given) => {
    expect(choose(given)).toEqual(given.expected);
  });
});

describe('users, without -K', () => {
  const plainKeys = (A.claims.nats.signing_keys ?? []).filter((entry) => typeof entry === 'string');
  const cases: Record<string, Case> = {
    'the account signs': { kind: 'user', account: A, stored: ['a1', 'a2', 'a3', 'a4'], expected: 'a1' },
    'without the identity, the first unscoped key': {
      kind: 'user',
      account: A,
      stored: ['a2', 'a3', 'a4'],
      expected: nameOfKey(plainKeys[0] ?? ''),
    },
    'a scoped key when there is nothing else': { kind: 'user', account: A, stored: ['a4'], expected: 'a4 as reader' },
    'the previous issuer is preferred, scope and all': {
      kind: 'user',
      account: A,
      stored: ['a1', 'a2', 'a4'],
      request: { previousIssuer: pub('a4') },
      expected: 'a4 as reader',
    },
    'a user does not leave its scope silently': {
      kind: 'user',
      account: A,
      stored: ['a1', 'a2'],
      request: { previousIssuer: pub('a4') },
      expected: [
        'no-signer',
        `the seed of ${pub('a4')} (role "reader" of account "A"), which signed the user, is not in the keystore`,
      ],
    },
    'strict operators take the identity of accounts away': {
      tree: { operator: strict },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2'],
      expected: 'a2',
    },
    'a strict operator and an account without signing keys': {
      tree: { operator: strict },
      kind: 'user',
      account: bare,
      stored: ['a1'],
      expected: ['no-signer', 'operator "O" requires signing keys and account "A" has none'],
    },
    'no key at hand': {
      kind: 'user',
      account: bare,
      expected: [
        'no-signer',
        `no key that may sign users of account "A" is in the keystore: ${pub('a1')} (identity of account "A")`,
      ],
    },
    'operator keys are of no use': {
      kind: 'user',
      account: bare,
      stored: ['o1'],
      expected: [
        'no-signer',
        `no key that may sign users of account "A" is in the keystore: ${pub('a1')} (identity of account "A")`,
      ],
    },
    'the active key comes before the identity': {
      tree: { keyring: ringOf({ a2: 'active' }, SIGNING) },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2', 'a3'],
      expected: 'a2',
    },
    'nor is that of an account': {
      tree: { keyring: ringOf({ a1: 'active' }, { kind: 'account-identity', account: pub('a1') }) },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2', 'a3'],
      request: { previousIssuer: pub('a2') },
      expected: 'a2',
    },
    'an active key of a role is no reason to put a user into it': {
      tree: { keyring: ringOf({ a4: 'active' }, READER) },
      kind: 'user',
      account: A,
      stored: ['a2', 'a4'],
      request: { previousIssuer: pub('a2') },
      expected: 'a2',
    },
    'a key by its alias, for a user': {
      tree: { keyring: aliased('a2', 'spring', SIGNING) },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2'],
      K: 'spring',
      expected: 'a2',
    },
    'a name that is nothing, for a user': {
      kind: 'user',
      account: A,
      stored: ['a1'],
      K: 'nobody',
      expected: ['key-not-found', expect.stringContaining('"nobody"')],
    },
    'a user stays in its role, whichever key has it': {
      tree: { keyring: ringOf({ a4: 'retiring', ax: 'active' }, READER, { a4: 'ax' }) },
      kind: 'user',
      account: rotating,
      stored: ['a1', 'a4', 'ax'],
      request: { previousIssuer: pub('a4') },
      expected: 'ax as reader',
    },
    'a role is signed by its active key': {
      tree: { keyring: ringOf({ a4: 'retiring', ax: 'active' }, READER, { a4: 'ax' }) },
      kind: 'user',
      account: rotating,
      stored: ['a4', 'ax'],
      K: 'reader',
      expected: 'ax as reader',
    },
    'a role without an active key': {
      tree: { keyring: ringOf({ a4: 'retiring', ax: 'next' }, READER) },
      kind: 'user',
      account: rotating,
      stored: ['a4', 'ax'],
      K: 'reader',
      expected: [
        'key-not-active',
        `${pub('a4')} (role "reader" of account "A") may not sign users of account "A": it is retiring`,
      ],
    },
    'activations are signed like users': { kind: 'activation', account: A, stored: ['a2'], expected: 'a2' },
    'a key that signs again stays, whoever took over from it once': {
      tree: { keyring: ringOf({ a4: 'active', ax: 'active' }, READER, { a4: 'ax' }) },
      kind: 'user',
      account: rotating,
      stored: ['a4', 'ax'],
      request: { previousIssuer: pub('a4') },
      expected: 'a4 as reader',
    },
    'another active key of the role goes on where nobody took over': {
      tree: { keyring: ringOf({ a4: 'retiring', a2: 'retiring' }, READER) },
      kind: 'user',
      account: account('A', 'a1', {
        nats: {
          signing_keys: [scope('a2', 'reader'), scope('a3', 'writer'), scope('a4', 'reader'), scope('ax', 'reader')],
        },
      }),
      stored: ['a1', 'a2', 'a3', 'a4', 'ax'],
      request: { previousIssuer: pub('a4') },
      expected: 'ax as reader',
    },
    ...Object.fromEntries(
      (['a1', 'a3', 'ax'] as const).map((heir): [string, Case] => [
        `no key without the role goes on, although the keyring says so: ${heir}`,
        {
          tree: { keyring: ringOf({ a4: 'retiring', [heir]: 'active' }, READER, { a4: heir }) },
          kind: 'user',
          account: account('A', 'a1', {
            nats: { signing_keys: [scope('a4', 'reader'), pub('a3'), scope('ax', 'writer')] },
          }),
          stored: ['a1', 'a3', 'a4', 'ax'],
          request: { previousIssuer: pub('a4') },
          expected: [
            'key-not-active',
            `${pub('a4')} (role "reader" of account "A") may not sign users of account "A": it is retiring`,
          ],
        },
      ]),
    ),
    'a scope without a role goes on where it allows the same': {
      tree: { keyring: ringOf({ a4: 'retiring', ax: 'active' }, SCOPE, { a4: 'ax' }) },
      kind: 'user',
      account: account('A', 'a1', { nats: { signing_keys: [scope('ax', '', WIDE), scope('a4', '', WIDE)] } }),
      stored: ['a4', 'ax'],
      request: { previousIssuer: pub('a4') },
      expected: 'ax as ',
    },
    ...Object.fromEntries(
      [scope('ax', ''), scope('ax', '', { pub: { allow: ['>'] } }), scope('ax', 'reader', WIDE)].map(
        (heir, n): [string, Case] => [
          `a scope without a role does not go on as another one (${n + 1})`,
          {
            tree: { keyring: ringOf({ a4: 'retiring', ax: 'active' }, SCOPE, { a4: 'ax' }) },
            kind: 'user',
            account: account('A', 'a1', { nats: { signing_keys: [heir, scope('a4', '', WIDE)] } }),
            stored: ['a1', 'a4', 'ax'],
            request: { previousIssuer: pub('a4') },
            expected: [
              'key-not-active',
              `${pub('a4')} (scoped key of account "A") may not sign users of account "A": it is retiring`,
            ],
          },
        ],
      ),
    ),
    'no other scope without a role goes on by itself, whatever it allows': {
      tree: { keyring: ringOf({ a4: 'retiring' }, SCOPE) },
      kind: 'user',
      account: account('A', 'a1', { nats: { signing_keys: [scope('ax', '', WIDE), scope('a4', '', WIDE)] } }),
      stored: ['a1', 'a4', 'ax'],
      request: { previousIssuer: pub('a4') },
      expected: [
        'key-not-active',
        `${pub('a4')} (scoped key of account "A") may not sign users of account "A": it is retiring`,
      ],
    },
    'a compromised key signs no user again, and no other key does in its place': {
      tree: { keyring: ringOf({ a4: 'compromised' }, READER) },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2', 'a4'],
      request: { previousIssuer: pub('a4') },
      expected: [
        'key-compromised',
        `${pub('a4')} (role "reader" of account "A") may not sign users of account "A": it is compromised`,
      ],
    },
  };
  it.each(Object.entries(cases))('%s', (_what, given) => {
    expect(choose(given)).toEqual(given.expected);
  });
});

describe('the operator itself', () => {
  const without = (gone: KeyName) => ({
    ...strict.claims,
    nats: { ...strict.claims.nats, signing_keys: listedO.filter((key) => key !== pub(gone)) },
  });
  const cases: Record<string, Case> = {
    'its identity signs': { kind: 'operator', stored: ['o1', 'o2'], expected: 'o1' },
    'a signing key when the identity is elsewhere': { kind: 'operator', stored: ['o2'], expected: 'o2' },
    'a signing key when it is strict': {
      tree: { operator: strict },
      kind: 'operator',
      stored: ['o1', 'o2'],
      expected: 'o2',
    },
    'not its identity when it is strict, unless asked': {
      tree: { operator: strict },
      kind: 'operator',
      stored: ['o1'],
      expected: [
        'no-signer',
        `no key that may sign operator "O" is in the keystore: ${listedO.map(bySignature).join(', ')}`,
      ],
    },
    'its identity when it is strict and asked': {
      tree: { operator: strict },
      kind: 'operator',
      stored: ['o1'],
      K: pub('o1'),
      expected: 'o1',
    },
    'its identity when it becomes strict by this very edit': {
      kind: 'operator',
      stored: ['o1', 'o2'],
      request: { operatorClaims: strict.claims },
      expected: 'o1',
    },
    'not the signing key that the edit removes (E-07)': {
      tree: { operator: strict },
      kind: 'operator',
      stored: ['o2', 'o3'],
      request: { operatorClaims: without('o2') },
      expected: 'o3',
    },
    'not the signing key that the edit removes, not even by -K': {
      tree: { operator: strict },
      kind: 'operator',
      stored: ['o2', 'o3'],
      K: pub('o2'),
      request: { operatorClaims: without('o2') },
      expected: ['signer-not-allowed', `${pub('o2')} may not sign operator "O": it is not among the keys that may`],
    },
    'a key that the edit adds, made by the same plan': {
      tree: { operator: strictAlone },
      kind: 'operator',
      request: { operatorClaims: strict.claims, atHand: [KEYS.o2] },
      expected: 'o2',
    },
    'a strict operator without signing keys': {
      tree: { operator: strictAlone },
      kind: 'operator',
      stored: ['o1'],
      expected: ['no-signer', 'operator "O" requires signing keys and has none'],
    },
  };
  it.each(Object.entries(cases))('%s', (_what, given) => {
    expect(choose(given)).toEqual(given.expected);
  });
});

describe('-K', () => {
  const cases: Record<string, Case> = {
    'a public key whose seed is stored': { kind: 'account', stored: ['o1', 'o2'], K: pub('o2'), expected: 'o2' },
    'a public key whose seed is not': {
      kind: 'account',
      stored: ['o1'],
      K: pub('o2'),
      expected: ['key-not-found', `the seed of ${pub('o2')} (signing key of operator "O") is not in the keystore`],
    },
    'a seed, stored or not': { kind: 'account', stored: ['o1'], K: seedOf('o2'), expected: 'o2' },
    'a seed file': { kind: 'account', K: 'keys/o2.nk', files: { 'keys/o2.nk': `${seedOf('o2')}\r\n` }, expected: 'o2' },
    'a file that holds a public key': {
      kind: 'account',
      stored: ['o2'],
      K: 'o2',
      files: { o2: pub('o2') },
      expected: 'o2',
    },
    'a file that holds something else': {
      kind: 'account',
      stored: ['o1'],
      K: 'bad/broken.nk',
      files: { 'bad/broken.nk': 'SOAAA' },
      expected: ['bad-key', 'file "bad/broken.nk" holds neither a seed nor a public key'],
    },
    'a typing error is not the identity key (E-05)': {
      kind: 'account',
      stored: ['o1'],
      K: 'kyes/o2.nk',
      expected: ['key-not-found', '"kyes/o2.nk" is not a key or a key file'],
    },
    'an empty text is not the identity key either': {
      kind: 'user',
      account: A,
      stored: ['a1'],
      K: '',
      expected: ['key-not-found', '"" is not a role of account "A", a key or a key file'],
    },
    'an operator key that is not listed (E-06)': {
      kind: 'account',
      account: A,
      stored: ['o1'],
      K: seedOf('ox'),
      expected: ['signer-not-allowed', `${pub('ox')} may not sign account "A": it is not among the keys that may`],
    },
    'an operator key that is not listed, for the operator (E-06)': {
      kind: 'operator',
      stored: ['o1'],
      K: seedOf('ox'),
      expected: ['signer-not-allowed', `${pub('ox')} may not sign operator "O": it is not among the keys that may`],
    },
    'the identity of a strict operator': {
      tree: { operator: strict },
      kind: 'account',
      stored: ['o1', 'o2'],
      K: seedOf('o1'),
      expected: [
        'signer-not-allowed',
        `${pub('o1')} may not sign accounts of operator "O": the operator requires signing keys`,
      ],
    },
    'the identity of an account under a strict operator': {
      tree: { operator: strict },
      kind: 'user',
      account: A,
      stored: ['a1', 'a2'],
      K: pub('a1'),
      expected: [
        'signer-not-allowed',
        `${pub('a1')} may not sign users of account "A": the operator requires signing keys`,
      ],
    },
    'an account key for an account': {
      kind: 'account',
      account: A,
      stored: ['o1'],
      K: seedOf('a1'),
      expected: [
        'wrong-key-kind',
        `${pub('a1')} is of kind account, but account "A" must be signed by one of kind operator`,
      ],
    },
    'an account key for an operator': {
      kind: 'operator',
      K: seedOf('a1'),
      expected: [
        'wrong-key-kind',
        `${pub('a1')} is of kind account, but operator "O" must be signed by one of kind operator`,
      ],
    },
    'an operator key for a user': {
      kind: 'user',
      account: A,
      stored: ['a1'],
      K: seedOf('o1'),
      expected: [
        'wrong-key-kind',
        `${pub('o1')} is of kind operator, but users of account "A" must be signed by one of kind account`,
      ],
    },
    'a user key for a user': {
      kind: 'user',
      account: A,
      stored: ['a1'],
      K: seedOf('u1'),
      expected: [
        'wrong-key-kind',
        `${pub('u1')} is of kind user, but users of account "A" must be signed by one of kind account`,
      ],
    },
    'a server key for an operator': {
      kind: 'operator',
      K: seedOf('n1'),
      expected: [
        'wrong-key-kind',
        `${pub('n1')} is of kind server, but operator "O" must be signed by one of kind operator`,
      ],
    },
    'a curve key for an account': {
      kind: 'account',
      K: seedOf('x1'),
      expected: [
        'wrong-key-kind',
        `${pub('x1')} is of kind curve, but accounts of operator "O" must be signed by one of kind operator`,
      ],
    },
    'the key of another account for a user': {
      kind: 'user',
      account: A,
      stored: ['a1', 'b1'],
      K: pub('b1'),
      expected: [
        'signer-not-allowed',
        `${pub('b1')} may not sign users of account "A": it is not among the keys that may`,
      ],
    },
    'a signing key of the account for a user': {
      kind: 'user',
      account: A,
      stored: ['a1', 'a2'],
      K: pub('a2'),
      expected: 'a2',
    },
    'a scoped key for a user': {
      kind: 'user',
      account: A,
      stored: ['a1', 'a4'],
      K: pub('a4'),
      expected: 'a4 as reader',
    },
    'a role for a user': { kind: 'user', account: A, stored: ['a1', 'a4'], K: 'reader', expected: 'a4 as reader' },
    'a role goes before a file of that name': {
      kind: 'user',
      account: A,
      stored: ['a4'],
      K: 'reader',
      files: { reader: seedOf('a2') },
      expected: 'a4 as reader',
    },
    'a file when the seed of the role is not stored': {
      kind: 'user',
      account: A,
      K: 'reader',
      files: { reader: seedOf('a2') },
      expected: 'a2',
    },
    'a role whose seed is not stored': {
      kind: 'user',
      account: A,
      stored: ['a1'],
      K: 'reader',
      expected: ['key-not-found', `the seed of ${pub('a4')} (role "reader" of account "A") is not in the keystore`],
    },
    'a role twice: the first listed whose seed is stored': {
      kind: 'user',
      account: account('A', 'a1', { nats: { signing_keys: [scope('a2', 'twin'), scope('a3', 'twin')] } }),
      stored: ['a3'],
      K: 'twin',
      expected: 'a3 as twin',
    },
    'a role does not sign its account (E-08)': {
      kind: 'account',
      account: A,
      stored: ['o1', 'a4'],
      K: 'reader',
      expected: ['wrong-key-kind', 'role "reader" signs users, not account "A"'],
    },
    'a role does not sign activations': {
      kind: 'activation',
      account: A,
      stored: ['a1', 'a4'],
      K: 'reader',
      expected: ['wrong-key-kind', 'role "reader" signs users, not activations of account "A"'],
    },
    'a role with the text of a key is a key': {
      kind: 'user',
      account: account('A', 'a1', { nats: { signing_keys: [scope('a4', pub('a1'))] } }),
      stored: ['a1', 'a4'],
      K: pub('a1'),
      expected: 'a1',
    },
    "the account's key in a managed store": {
      tree: { operator: keyed, managed: true },
      kind: 'account',
      account: A,
      stored: ['o1'],
      K: seedOf('a1'),
      expected: 'a1',
    },
    "the operator's key in a managed store": {
      tree: { operator: keyed, managed: true },
      kind: 'account',
      account: A,
      stored: ['a1'],
      K: seedOf('o2'),
      expected: 'o2',
    },
    'the key of another account in a managed store': {
      tree: { operator: keyed, managed: true },
      kind: 'account',
      account: A,
      stored: ['o1'],
      K: seedOf('b1'),
      expected: ['signer-not-allowed', `${pub('b1')} may not sign account "A": it is not among the keys that may`],
    },
  };
  it.each(Object.entries(cases))('%s', (_what, given) => {
    expect(choose(given)).toEqual(given.expected);
  });
});

it('refuses a key file that holds another key than its name says (E-09)', () => {
  const tree = memoryTree({ operator: keyed, seeds: [{ publicKey: pub('o1'), seed: KEYS.ox.seed }] });
  expect(() => chooseSigner({ tree, kind: 'account' })).toThrow(expect.objectContaining({ code: 'key-mismatch' }));
});

it('names the keys that may sign, and never a seed', () => {
  const tree = memoryTree({ operator: keyed, seeds: [KEYS.o1] });
  const requested = parseKeyInput(seedOf('ox'), () => undefined);
  let refusal: unknown;
  try {
    chooseSigner({ tree, kind: 'account', requested });
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({
    code: 'signer-not-allowed',
    hint: `these may: ${pub('o1')} (identity of operator "O"), ${listedO.map(bySignature).join(', ')}`,
    details: { publicKey: pub('ox'), candidates: [{ key: pub('o1'), what: 'identity of operator "O"' }, {}, {}] },
  });
  expect(JSON.stringify(refusal)).not.toContain(seedOf('ox'));
});

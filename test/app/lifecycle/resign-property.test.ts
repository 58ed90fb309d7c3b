import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resign } from '../../../src/app/lifecycle/resign.js';
import { ResignSigners } from '../../../src/app/lifecycle/resign-signers.js';
import { applyChanges } from '../../../src/domain/apply.js';
import { newUser } from '../../../src/domain/claims/new.js';
import { isRevoked } from '../../../src/domain/claims/revocation.js';
import type { AnyClaims, UserBody, UserClaims } from '../../../src/domain/claims/types.js';
import { formatCreds, parseDecorated } from '../../../src/domain/creds/creds.js';
import { emptyKeyring, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import { encodePayload } from '../../../src/domain/token/encode.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { Tree, UserEntry } from '../../../src/domain/tree/tree.js';
import { checkOutcome } from '../../../src/domain/trust/check-outcome.js';
import { verifyAccount, verifyUser } from '../../../src/domain/trust/verify.js';
import { Secret } from '../../../src/lib/secret.js';
import { account, KEYS, NOW, operator, pub, scope } from '../../domain/trust/hierarchy.js';
import { RUNS } from '../../lib/property.js';

const USER_KEYS = ['u1', 'u2', 'u3'] as const;
const aTime = fc.integer({ min: -60, max: 60 }).map((seconds) => NOW + seconds);
const aUser = fc.record({
  key: fc.constantFrom(...USER_KEYS),
  by: fc.constantFrom('a1', 'a2', 'a3', 'a4', 'ax'),
  iat: aTime,
  exp: fc.option(aTime),
  bearer: fc.boolean(),
  tags: fc.option(fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 })),
  stranger: fc.option(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })),
  creds: fc.constantFrom('none', 'whole', 'old', 'rubbish'),
});
const aTree = fc.record({
  users: fc.array(aUser, { maxLength: 6 }),
  accountBy: fc.constantFrom('o1', 'o2'),
  revocations: fc.dictionary(fc.constantFrom('*', ...USER_KEYS.map(pub)), aTime, { maxKeys: 2 }),
  isRotated: fc.boolean(),
  strict: fc.boolean(),
  noBearers: fc.boolean(),
  stored: fc.subarray(['a1', 'a2', 'a3', 'a4', 'u1', 'u2', 'u3'] as const, { minLength: 4 }),
});
type Sample = typeof aTree extends fc.Arbitrary<infer Value> ? Value : never;

function userOf(sample: Sample['users'][number], at: number): UserEntry {
  const { key, by, iat, exp, bearer, tags, stranger } = sample;
  const fresh = newUser(pub(key), `u${at}`);
  const own: UserBody = by === 'a4' ? { pub: {}, sub: {} } : { ...fresh.nats, ...(bearer && { bearer_token: true }) };
  const nats = {
    ...own,
    ...(by !== 'a1' && { issuer_account: pub('a1') }),
    ...(tags && { tags }),
    ...(stranger && { x_stranger: stranger }),
  } as UserBody;
  const claims = { ...fresh, ...(exp !== null && { exp }), nats };
  return { account: 'A', name: `u${at}`, ...issue('user', claims, KEYS[by], { now: iat }) };
}

function credsOf(sample: Sample['users'][number], entry: UserEntry) {
  if (sample.creds === 'none') return [];
  const old = userOf({ ...sample, iat: sample.iat - 100 }, 0);
  const token = sample.creds === 'old' ? old.token : entry.token;
  const creds = sample.creds === 'rubbish' ? new Secret('rubbish') : formatCreds(token, KEYS[sample.key].seed);
  return [{ account: 'A', user: entry.name, creds }];
}

function treeOf({ users, accountBy, revocations, isRotated, strict, noBearers, stored }: Sample): Tree {
  const A = account('A', 'a1', {
    by: accountBy,
    nats: {
      signing_keys: [pub('a2'), pub('a3'), scope('a4', 'reader')],
      revocations,
      limits: { ...(noBearers && { disallow_bearer: true }) },
    },
  });
  const entries = users.map(userOf);
  const slot = { kind: 'account-signing', account: pub('a1') } as const;
  return memoryTree({
    operator: operator({ nats: { signing_keys: [pub('o2')], ...(strict && { strict_signing_key_usage: true }) } }),
    accounts: [A],
    users: entries,
    seeds: ['o1' as const, 'o2' as const, ...stored].map((name) => KEYS[name]),
    creds: users.flatMap((sample, at) => credsOf(sample, entries[at] as UserEntry)),
    ...(isRotated && {
      keyring: withRecords(emptyKeyring, [
        { ...newRecord(pub('a2'), slot, 'retiring', 1), replacedBy: pub('a3') },
        newRecord(pub('a3'), slot, 'active', 1),
      ]),
    }),
  });
}

/** A token as text, without what signing anew changes. */
function bytesOf(claims: AnyClaims | undefined): string {
  const { iss: _signer, iat: _time, jti: _id, nats, ...rest } = (claims ?? {}) as UserClaims;
  const { issuer_account: _account, ...body } = nats ?? {};
  return encodePayload({ ...rest, nats: body } as UserClaims, 'user');
}

it('signing everything anew keeps what is valid valid and what is revoked out, and changes nothing else', () => {
  fc.assert(
    fc.property(aTree, aTime, (sample, now) => {
      const tree = treeOf(sample);
      const signers = new ResignSigners(tree, undefined);
      const resigned = resign({
        tree,
        now,
        accounts: true,
        usersOf: ['A'],
        activations: true,
        signerFor: (token) => signers.signerFor(token),
        signerOfAccount: (entry) => signers.signerOfAccount(entry),
      });
      const after = applyChanges(tree, resigned.changes);
      const [was, is] = [tree, after].map((side) => side.findAccount('A'));
      if (!was || !is) throw new Error('the account is gone');
      const isSigned = resigned.accounts.length > 0;
      if (isSigned) expect(Number(is.claims.iat)).toBeGreaterThan(Number(was.claims.iat));
      if (!verifyAccount(was, tree.operator)) expect(verifyAccount(is, after.operator)).toBeUndefined();

      const told = [...resigned.users, ...resigned.left.filter(({ kind }) => kind === 'user')].map(({ name }) => name);
      expect(told.sort()).toEqual(tree.userNames('A'));
      for (const name of tree.userNames('A')) {
        const before = tree.findUser('A', name);
        const next = after.findUser('A', name);
        if (!before || !next) throw new Error(`${name} is gone`);
        const refused = verifyUser(before, was, tree.operator, { now, revocations: true });
        if (!refused) expect(verifyUser(next, is, after.operator, { now, revocations: true })).toBeUndefined();
        if (isRevoked(was.claims, before.claims)) expect(next.token).toBe(before.token);
        const creds = after.findCreds('A', name)?.reveal();
        if (next.token === before.token) {
          expect(creds).toBe(tree.findCreds('A', name)?.reveal());
          continue;
        }
        expect(bytesOf(next.claims)).toBe(bytesOf(before.claims));
        expect(Number(next.claims.iat)).toBeGreaterThan(Number(before.claims.iat));
        const { token, seed } = parseDecorated(creds ?? '');
        const user = resigned.users.find((entry) => entry.name === name);
        expect(token === next.token).toBe(user?.hasCreds);
        if (!user?.hasCreds) expect(user?.problem === undefined).toBe(creds === undefined);
        if (seed) expect(sample.users.some(({ key }) => KEYS[key].seed.equals(seed))).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
});

it('what is signed anew passes the check of the outcome', () => {
  fc.assert(
    fc.property(aTree, aTime, (sample, now) => {
      const tree = treeOf(sample);
      const signers = new ResignSigners(tree, undefined);
      const { changes } = resign({
        tree,
        now,
        accounts: true,
        usersOf: ['A'],
        activations: false,
        signerFor: (token) => signers.signerFor(token),
        signerOfAccount: (entry) => signers.signerOfAccount(entry),
      });
      checkOutcome(tree, applyChanges(tree, changes), changes, now);
    }),
    { numRuns: RUNS },
  );
});

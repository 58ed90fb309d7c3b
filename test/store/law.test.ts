import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyChanges } from '../../src/domain/apply.js';
import type { Change } from '../../src/domain/change.js';
import { KEY_STATES } from '../../src/domain/keyring/keyring.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import {
  createOperator,
  describeTree,
  keepVersion,
  keyOf,
  putAccount,
  putCreds,
  putKeyring,
  putOperator,
  putSeed,
  putUser,
  TestHome,
} from './fixtures.js';

const ACCOUNTS = ['A', 'B b', '\u00fcnic\u00f6de'] as const;
const USERS = ['u', 'v.w', 'x'] as const;
const ROLES = ['account', 'user', 'curve', 'operator'] as const;
const CREDS = ACCOUNTS.flatMap((account) => USERS.map((user) => [account, user] as const));

const anAccount = fc.nat(2).map((number) => ({ number, account: ACCOUNTS[number] ?? '' }));
const aUser = fc
  .tuple(anAccount, fc.nat(2))
  .map(([owner, at]) => ({ ...owner, user: USERS[at] ?? '', userNumber: owner.number * 3 + at }));
const aTag = fc.constantFrom(undefined, 'one', 'two');
const aSeed = fc.tuple(fc.constantFrom(...ROLES), fc.nat(3));

const aChange: fc.Arbitrary<Change> = fc.oneof(
  aTag.map((tag) => putOperator('O', tag)),
  fc.tuple(anAccount, aTag).map(([{ account, number }, tag]) => putAccount(account, number, tag)),
  fc
    .tuple(aUser, aTag)
    .map(([{ account, number, user, userNumber }, tag]) => putUser(account, number, user, userNumber, tag)),
  aSeed.map(([role, number]) => putSeed(role, number)),
  fc.tuple(fc.nat(2), fc.constantFrom(...KEY_STATES)).map(([number, state]) => putKeyring(number, state)),
  fc.tuple(aUser, aTag).map(([{ account, number, user, userNumber }, tag]) => {
    return putCreds(account, user, putUser(account, number, user, userNumber, tag), userNumber);
  }),
  fc.tuple(anAccount, aTag).map(([{ account, number }, tag]) => keepVersion(account, number, tag)),
  anAccount.map(({ account }): Change => ({ type: 'delete-account', name: account })),
  aUser.map(({ account, user }): Change => ({ type: 'delete-user', account, name: user })),
  aSeed.map(([role, number]): Change => ({ type: 'delete-seed', publicKey: keyOf(role, number).publicKey })),
  aUser.map(({ account, user }): Change => ({ type: 'delete-creds', account, user })),
);

/** The changes without users of accounts that are not there: no plan puts those. */
function fitting(tree: Tree, changes: readonly Change[]): Change[] {
  const accounts = new Set(tree.accountNames());
  return changes.filter((change) => {
    if (change.type === 'put-account') accounts.add(change.name);
    if (change.type === 'delete-account') accounts.delete(change.name);
    return change.type !== 'put-user' || accounts.has(change.account);
  });
}

it('load(commit(dir, changes)) equals apply(load(dir), changes)', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(aChange, { maxLength: 8 }), { minLength: 1, maxLength: 5 }), async (commits) => {
      const home = new TestHome();
      try {
        await home.commit('O', [createOperator()]);
        for (const drawn of commits) {
          const before = home.open().tree('O');
          const changes = fitting(before, drawn);
          const expected = describeTree(applyChanges(before, changes), CREDS);
          await home.commit('O', changes);
          expect(describeTree(home.open().tree('O'), CREDS)).toEqual(expected);
        }
      } finally {
        home.remove();
      }
    }),
    { numRuns: process.env.SLOW === '1' ? 1000 : 50 },
  );
});

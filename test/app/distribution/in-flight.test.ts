import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAccounts } from '../../../src/app/distribution/compare.js';
import { fetchAll } from '../../../src/app/distribution/fetch-accounts.js';
import { findChanged } from '../../../src/app/distribution/find-changed.js';
import { inFlight } from '../../../src/app/distribution/in-flight.js';
import { sendAccounts } from '../../../src/app/distribution/send-accounts.js';
import type { Resolver } from '../../../src/app/resolver.js';
import { newAccount } from '../../../src/domain/claims/new.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { KEYS, NOW, operator } from '../../domain/trust/hierarchy.js';
import { FakeAccountServer } from '../../support/fake-resolver.js';

const later = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : Promise.resolve().then(() => later(turns - 1));

it('gives the results in order, and never has more under way than it may', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), async (turns, most) => {
      let running = 0;
      let seen = 0;
      const results = await inFlight(
        turns,
        async (count, index) => {
          running += 1;
          seen = Math.max(seen, running);
          await later(count);
          running -= 1;
          return [count, index];
        },
        most,
      );
      expect(results).toEqual(turns.map((count, index) => [count, index]));
      expect(seen).toBe(Math.min(most, turns.length));
    }),
  );
});

it('starts nothing after the first failure, and waits for what is under way', async () => {
  const started: number[] = [];
  let ended = 0;
  const items = Array.from({ length: 100 }, (_, index) => index);
  const run = async (item: number): Promise<void> => {
    started.push(item);
    await later(item === 3 ? 1 : 10);
    ended += 1;
    if (item === 3 || item === 4) throw new Error(`no ${item}`);
  };
  await expect(inFlight(items, run, 8)).rejects.toThrow('no 3');
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(ended).toBe(8);
});

it('of nothing is nothing', async () => {
  expect(await inFlight([], async () => 1)).toEqual([]);
});

describe('an account server gets eight requests at a time', () => {
  const talk = { progress: () => {} };
  const accounts = Array.from({ length: 20 }, (_, index): AccountEntry => {
    const claims = newAccount(keyPairFromRaw('account', new Uint8Array(32).fill(100 + index)).publicKey, `A${index}`);
    return { name: `A${index}`, ...issue('account', claims, KEYS.o1, { now: NOW }) };
  });
  const tree = memoryTree({ operator: operator(), accounts });
  const outgoing = accounts.map(({ name, token, claims }) => ({ name, token, key: claims.sub ?? '' }));

  it.each<[string, (resolver: Resolver) => Promise<unknown>]>([
    ['a push that sends (S-3)', (resolver) => sendAccounts(resolver, outgoing)],
    [
      'a push that looks first (S-3)',
      (resolver) => findChanged(resolver, accounts, { operator: operator(), skipsSame: true }),
    ],
    ['a pull (S-6)', (resolver) => fetchAll(resolver, accounts, { talk, now: NOW })],
    ['a comparison', (resolver) => compareAccounts({ tree, resolver, talk, now: NOW })],
  ])('from %s', async (_what, work) => {
    const server = new FakeAccountServer({ holds: accounts.map(({ token }) => token) });
    const resolver = await server.open({
      url: 'http://h',
      clientName: 'test',
      identity: () => undefined as never,
      timeoutMs: 1,
    });
    let running = 0;
    let most = 0;
    const counted =
      <Given extends unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        running += 1;
        most = Math.max(most, running);
        await later(3);
        running -= 1;
        return ask(...given);
      };
    await work({ ...resolver, copies: counted(resolver.copies), update: counted(resolver.update) });
    expect(most).toBe(8);
  });
});

import { expect, it } from 'vitest';
import { type Removal, removeAccounts } from '../../../src/app/distribution/remove-accounts.js';
import type { Holding, Resolver, ServerAnswer } from '../../../src/app/resolver.js';
import { KEYS, NOW, pub } from '../../domain/trust/hierarchy.js';

/** Servers that do not do what they say; those that do are in `test/commands/push.test.ts`. */

const has = (server: string, ...accounts: ('a1' | 'a2')[]): Holding => ({
  server,
  keeps: 'all',
  accounts: new Set(accounts.map(pub)),
});
const say = (server: string, state: ServerAnswer['state'] = 'taken'): ServerAnswer => ({ server, state, message: 'm' });
const removal = (key: 'a1' | 'a2', ...holders: string[]): Removal => ({ key: pub(key), holders });

/** Room for one account in a request. */
const SMALL = 1150;

it.each<[string, readonly Removal[], readonly ServerAnswer[][], readonly Holding[], number | undefined, object[]]>([
  [
    'a server that says nothing afterwards',
    [removal('a1', 'S1', 'S2')],
    [[say('S1'), say('S2')]],
    [has('S1')],
    undefined,
    [
      {
        level: 'error',
        state: 'partial',
        answers: [
          { server: 'S1', level: 'ok', state: 'deleted' },
          { server: 'S2', level: 'warn', state: 'silent', message: 'did not tell whether it is gone' },
        ],
      },
    ],
  ],
  [
    'a server that has got it meanwhile and said nothing',
    [removal('a1', 'S1')],
    [[say('S1')]],
    [has('S1'), has('S2', 'a1')],
    undefined,
    [{ state: 'partial', answers: [{ state: 'deleted' }, { server: 'S2', state: 'kept', message: 'still has it' }] }],
  ],
  [
    'a server whose first complaint is followed by consent',
    [removal('a1', 'S1'), removal('a2', 'S1')],
    [[say('S1', 'refused')], [say('S1')]],
    [has('S1', 'a1')],
    SMALL,
    [
      { state: 'refused', answers: [{ state: 'refused', message: 'm' }] },
      { state: 'deleted', answers: [{ state: 'deleted' }] },
    ],
  ],
  [
    'a server whose consent is followed by a complaint',
    [removal('a1', 'S1'), removal('a2', 'S1')],
    [[say('S1')], [say('S1', 'refused')]],
    [has('S1', 'a2')],
    SMALL,
    [{ state: 'deleted' }, { state: 'refused', answers: [{ state: 'refused' }] }],
  ],
])('what became of accounts is told by what servers have in the end: %s (S-18)', async (...row) => {
  const [_what, removals, said, after, maxRequest, accounts] = row;
  const rounds = [...said];
  const resolver = {
    kind: 'nats',
    servers: [{ name: 'S1' }, { name: 'S2' }],
    absent: [],
    maxRequest,
    remove: async () => rounds.shift() ?? [],
    list: async () => after,
  } as unknown as Resolver;
  const removed = await removeAccounts(resolver, removals, { signer: KEYS.o1, now: NOW });
  expect(removed.accounts).toMatchObject(accounts);
});

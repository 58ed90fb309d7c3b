import { expect, it } from 'vitest';
import { findWaiting } from '../../../src/app/distribution/waiting.js';
import type { Change } from '../../../src/domain/change.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { account, operator } from '../../domain/trust/hierarchy.js';

const own = account('A', 'a1', { by: 'a1' });
const signed = account('A', 'a1');
const earlier = account('A', 'a1', { by: 'a1', nats: { tags: ['x'] } });
const put = (entry: AccountEntry): Change => ({ type: 'put-account', ...entry });
const server = operator({ nats: { account_server_url: 'http://host/jwt/v1' } });

interface Given {
  readonly changes: readonly Change[];
  readonly accounts: AccountEntry[];
  readonly managed?: boolean;
  readonly isFetched?: boolean;
}

it.each<[what: string, given: Given, waiting: readonly AccountEntry[]]>([
  ['one that signed itself', { changes: [put(own)], accounts: [own] }, [own]],
  ['not one that the operator signed', { changes: [put(signed)], accounts: [signed] }, []],
  ['of several versions the one that stays', { changes: [put(earlier), put(own)], accounts: [own] }, [own]],
  ['not one that is gone in the end', { changes: [put(own)], accounts: [] }, []],
  ['nothing that came from there (S-26)', { changes: [put(own)], accounts: [own], isFetched: true }, []],
  ['nothing of an operator that is here', { changes: [put(own)], accounts: [own], managed: false }, []],
])('what an account server gets to sign: %s', (_what, { managed = true, isFetched = false, ...given }, waiting) => {
  const after = memoryTree({ operator: server, managed, accounts: given.accounts });
  expect(findWaiting({ changes: given.changes, isFetched }, after)).toEqual({
    accounts: waiting.map(put),
    url: waiting.length > 0 ? 'http://host/jwt/v1' : undefined,
    warnings: [],
  });
});

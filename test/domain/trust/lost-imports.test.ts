import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../src/domain/apply.js';
import type { AccountBody, Import } from '../../../src/domain/claims/types.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import { lostTrust } from '../../../src/domain/trust/blast-radius.js';
import { activation, stream, streamFrom } from '../sharing/accounts.js';
import { account, type KeyName, NOW, operator, pub } from './hierarchy.js';

/** Account "A" shares by activations of `a2`, and gives that key up; "B" imports. */
const exports = [
  stream('news.>', { token_req: true }),
  stream('cut.>', { token_req: true, revocations: { '*': NOW } }),
  stream('open.>'),
];
const byA2 = { by: 'a2', issuer_account: pub('a1') } as const;
const bySigner = activation('news.>', byA2);

interface Case {
  readonly imports: Import[];
  /** What the account lists afterwards, and who it is. */
  readonly keys?: KeyName[];
  readonly sub?: KeyName;
  /** What "B" imports afterwards. */
  readonly later?: Import[];
}

function lost({ imports, keys = [], sub = 'a1', later }: Case): string[] {
  const A = (of: KeyName, nats: AccountBody) => account('A', of, { nats: { exports, ...nats } });
  const before = memoryTree({
    operator: operator(),
    accounts: [A('a1', { signing_keys: [pub('a2'), pub('a3')] }), account('B', 'b1', { nats: { imports } })],
  });
  const changes = [
    { type: 'put-account' as const, ...A(sub, { signing_keys: keys.map(pub) }) },
    ...(later ? [{ type: 'put-account' as const, ...account('B', 'b1', { nats: { imports: later } }) }] : []),
  ];
  return lostTrust(before, applyChanges(before, changes), changes, NOW).map(
    ({ kind, account: importer, name, reason }) => `${kind} ${importer}/${name}: ${reason}`,
  );
}

describe('an import is lost', () => {
  it.each<[what: string, given: Case, expected: string[]]>([
    [
      'when the key that signed its activation goes',
      { imports: [streamFrom('a1', 'news.>', { token: bySigner })], keys: ['a3'] },
      [`import B/news.>: the activation is signed by ${pub('a2')}, which account "A" does not list`],
    ],
    [
      'when the account has another identity',
      { imports: [streamFrom('a1', 'open.>')], sub: 'a4' },
      ['import B/open.>: account "A" has another key from then on'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(lost(given)).toEqual(expected);
  });

  it.each<[what: string, given: Case]>([
    ['not when the key stays', { imports: [streamFrom('a1', 'news.>', { token: bySigner })], keys: ['a2'] }],
    [
      'not when the identity signed its activation',
      { imports: [streamFrom('a1', 'news.>', { token: activation('news.>') })] },
    ],
    ['not when it needs no activation', { imports: [streamFrom('a1', 'open.>', { token: bySigner })] }],
    [
      'not when the activation counted for nothing before',
      {
        imports: [streamFrom('a1', 'news.>', { token: activation('news.>', { by: 'ax', issuer_account: pub('a1') }) })],
      },
    ],
    [
      'not when its activation had expired',
      { imports: [streamFrom('a1', 'news.>', { token: activation('news.>', { ...byA2, exp: NOW - 1 }) })] },
    ],
    [
      'not when its activation was revoked',
      { imports: [streamFrom('a1', 'cut.>', { token: activation('cut.>', byA2) })] },
    ],
    ['not when it had none, although it needs one', { imports: [streamFrom('a1', 'news.>')] }],
    [
      'not when nothing of that name is shared',
      { imports: [streamFrom('a1', 'old.>', { token: activation('old.>', byA2) })] },
    ],
    [
      'not when it gets another activation by the same change',
      {
        imports: [streamFrom('a1', 'news.>', { token: bySigner })],
        later: [streamFrom('a1', 'news.>', { token: activation('news.>') })],
      },
    ],
    [
      'not when it follows the account',
      { imports: [streamFrom('a1', 'open.>')], sub: 'a4', later: [streamFrom('a4', 'open.>')] },
    ],
  ])('%s', (_what, given) => {
    expect(lost(given)).toEqual([]);
  });
});

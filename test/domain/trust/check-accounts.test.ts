import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../src/domain/apply.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry, Tree } from '../../../src/domain/tree/tree.js';
import { checkAccounts } from '../../../src/domain/trust/check-accounts.js';
import { NscError } from '../../../src/errors.js';
import { account, KEYS, NOW, nameOfKey, operator, pub } from './hierarchy.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const treeOf = (accounts: AccountEntry[], of = O): Tree => memoryTree({ operator: of, accounts });
const named = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/\bO[A-Z2-7]{55}\b/g, nameOfKey));

/** The operator without its signing key, or with another identity. */
const without = operator();
const another = (() => {
  const claims = { ...O.claims, sub: pub('o3') };
  return { name: 'O', ...issue('operator', claims, KEYS.o3, { now: NOW }) };
})();

const replaced = (tree: Tree, { token, claims }: typeof O): Tree =>
  applyChanges(tree, [{ type: 'put-operator', name: 'O', token, claims }]);

describe('every account of an operator that changes', () => {
  const A = account('A', 'a1');
  const B = account('B', 'b1', { by: 'o2' });

  it('is fine as long as it is trusted', () => {
    const tree = treeOf([A, B]);
    expect(checkAccounts(tree, replaced(tree, O))).toEqual([]);
  });

  it.each([
    ['its signing key goes', without, 'B', 'o2'],
    ['its identity goes', another, 'A', 'o1'],
  ])('is refused when %s', (_what, changed, name, issuer) => {
    const tree = treeOf([A, B]);
    expect(() => checkAccounts(tree, replaced(tree, changed))).toThrow(
      expect.objectContaining({
        code: 'broken-chain',
        message: `account "${name}" would no longer be accepted: account "${name}" is signed by ${pub(issuer as 'o1')}, which operator "O" does not list`,
      }),
    );
  });

  it('is a warning when it was not trusted before', () => {
    const forged: AccountEntry = {
      ...A,
      token: `${A.token.split('.', 2).join('.')}.${account('A', 'a1', { by: 'ox' }).token.split('.')[2]}`,
    };
    const tree = treeOf([forged, account('S', 'a3', { by: 'ox' })]);
    expect(named(checkAccounts(tree, replaced(tree, another)))).toEqual([
      'account "A" does not hold what its issuer signed; it was not accepted before either',
      'account "S" is signed by ox, which operator "O" does not list; it was not accepted before either',
    ]);
  });

  it('is a warning when it cannot be read', () => {
    const tree = treeOf([A]);
    const broken: Tree = Object.create(tree, {
      operator: { value: O },
      accountNames: { value: () => ['A'] },
      findAccount: {
        value: () => {
          throw new NscError('bad-token', 'the JWT is broken');
        },
      },
    });
    expect(checkAccounts(broken, replaced(broken, O))).toEqual(['account "A" stays as it is: the JWT is broken']);
  });

  it('may sign itself in a managed store', () => {
    const self = account('A', 'a1', { by: 'a1' });
    const managed = memoryTree({ operator: O, accounts: [self], managed: true });
    expect(checkAccounts(managed, replaced(managed, O))).toEqual([]);
  });
});

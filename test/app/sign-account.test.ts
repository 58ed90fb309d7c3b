import { expect, it } from 'vitest';
import { signAccount } from '../../src/app/sign-account.js';
import { issue } from '../../src/domain/token/issue.js';
import { memoryTree } from '../../src/domain/tree/memory-tree.js';
import { account, KEYS, operator, pub } from '../domain/trust/hierarchy.js';
import { NOW } from '../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } });
const seeds = (['o1', 'o2', 'o3'] as const).map((name) => ({ publicKey: pub(name), seed: KEYS[name].seed }));
/** Another clock dated it. */
const A = { name: 'A', ...issue('account', account('A', 'a1').claims, KEYS.o3, { now: NOW + 9 }) };
const tree = memoryTree({ operator: O, accounts: [A], seeds });

it.each([
  ['who signed it before', undefined, 'o3'],
  ['the key that is named', { publicKey: pub('o2'), text: pub('o2') }, 'o2'],
] as const)('an account is signed by %s, and dated after what it replaces', (_who, signer, by) => {
  const change = signAccount({ tree, now: NOW, ...(signer && { signer }) }, A, { ...A.claims.nats, description: 'x' });
  expect(change).toMatchObject({
    type: 'put-account',
    name: 'A',
    claims: { iss: pub(by), sub: pub('a1'), iat: NOW + 10, nats: { description: 'x' } },
  });
});

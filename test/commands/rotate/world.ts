import type { KeyRecord } from '../../../src/domain/keyring/keyring.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import { activation, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import type { Given } from '../../support/plan.js';
import { ring } from '../keys/rings.js';

const token = activation('news', { by: 'a2', issuer_account: pub('a1') });

/**
 * Account "A" has a signing key and role "reader", and exports what "B" imports with an activation; of its users `u` is
 * in the role, `v` under the plain key, and `w` revoked. The seed of `v` is elsewhere unless keys are stored.
 */
export const rotating = (
  records: readonly KeyRecord[] = [],
  more: Partial<Given> = {},
  other: Partial<TreeContent> = {},
): Given => ({
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      accounts: [
        account('A', 'a1', {
          by: 'o2',
          nats: {
            signing_keys: [pub('a2'), scope('a3', 'reader')],
            exports: [stream('news', { token_req: true })],
            revocations: { [pub('u3')]: 2_000_000_000 },
          },
        }),
        account('B', 'b1', { nats: { imports: [{ ...streamFrom('a1', 'news'), token }] } }),
      ],
      users: [
        user('A/u', 'u1', { by: 'a3', nats: under('a1') }),
        user('A/v', 'u2', { by: 'a2', nats: under('a1'), exp: 1_900_000_000 }),
        user('A/w', 'u3', { by: 'a2', nats: under('a1') }),
      ],
      keyring: ring(...records),
      ...other,
    },
  ],
  stored: ['o1', 'o2', 'o3', 'a1', 'a2', 'a3', 'a4', 'b1', 'u1', 'u3'],
  ...more,
});

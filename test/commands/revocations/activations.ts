import type { Export, Import } from '../../../src/domain/claims/types.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import type { Given } from '../../support/plan.js';

/** Account `A` with exports, and account `B`, which may import. */
export const withExports = (exports: readonly Export[], imports: readonly Import[] = []): Given => ({
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      accounts: [
        account('A', 'a1', { nats: { exports: [...exports] } }),
        account('B', 'b1', { nats: { imports: [...imports] } }),
      ],
    },
  ],
});

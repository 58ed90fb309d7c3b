import { account, operator, user } from '../../domain/trust/hierarchy.js';
import type { Given } from '../../support/plan.js';

export const u = user('A/u', 'u1');

/** An operator that names a server, and an account with one user. */
export const given: Given = {
  operators: [
    {
      operator: operator({ nats: { operator_service_urls: ['nats://one:4222', 'tls://two:4222'] } }),
      accounts: [account('A', 'a1'), account('B', 'b1')],
      users: [u, user('B/v', 'u2', { by: 'b1' }), user('B/w', 'u3', { by: 'b1' })],
    },
  ],
};

import { expect, it } from 'vitest';
import { newAccount } from '../../src/domain/claims/new.js';
import type { ExternalAuthorization } from '../../src/domain/claims/types.js';
import { accountTables } from '../../src/render/describe/account.js';
import { pub } from '../domain/trust/hierarchy.js';

const rowsOf = (authorization: ExternalAuthorization) => {
  const fresh = newAccount(pub('a1'), 'A');
  const view = { names: new Map([[pub('u1'), 'alice']]), now: 0 };
  const [details] = accountTables({ ...fresh, nats: { ...fresh.nats, authorization } }, view);
  const labels = ['Auth Callout Users', 'Allowed Accounts', 'Encrypt For'];
  return details?.groups.flat().filter(([label = '']) => labels.includes(label));
};

it('an auth callout is shown with all it has', () => {
  expect(rowsOf({ auth_users: [pub('u1')], allowed_accounts: ['*'], xkey: pub('x1') })).toEqual([
    ['Auth Callout Users', `${pub('u1')} / alice`],
    ['Allowed Accounts', '*'],
    ['Encrypt For', pub('x1')],
  ]);
});

it('a curve key without auth users is shown, too', () => {
  expect(rowsOf({ xkey: pub('x1') })).toEqual([['Encrypt For', pub('x1')]]);
});

it('no auth callout shows nothing', () => {
  expect(rowsOf({})).toEqual([]);
});

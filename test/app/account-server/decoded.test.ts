import { expect, it } from 'vitest';
import { decodedText } from '../../../src/app/account-server/decoded.js';
import { newActivation } from '../../../src/domain/claims/new.js';
import { issue } from '../../../src/domain/token/issue.js';
import { account, KEYS, NOW, pub } from '../../domain/trust/hierarchy.js';

it('tokens of imports are decoded, and what is none stays', () => {
  const { token: activation } = issue('activation', newActivation(pub('a1')), KEYS.b1, { now: NOW });
  const { token } = account('A', 'a1', {
    nats: {
      imports: [
        { name: 'a', subject: 'x.>', account: pub('b1'), type: 'stream', token: activation },
        { name: 'b', subject: 'y.>', account: pub('b1'), type: 'stream', token: 'https://host/token' },
        { name: 'c', subject: 'z.>', account: pub('b1'), type: 'stream' },
      ],
    },
  });
  const claims = JSON.parse(decodedText(token).split('\r\n')[1] ?? '');
  expect(claims.nats.imports).toMatchObject([
    { name: 'a', token: { iss: pub('b1'), sub: pub('a1'), iat: `${NOW} (2023-11-14 22:13:20 UTC)` } },
    { name: 'b', token: 'https://host/token' },
    { name: 'c' },
  ]);
});

import { describe, expect, it } from 'vitest';
import { acceptOperator } from '../../../src/app/distribution/accept-operator.js';
import type { OperatorClaims } from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { NscError } from '../../../src/errors.js';
import { account, NOW as ISSUED, KEYS, type KeyName, operator, pub } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { alter, forgeToken } from '../../support/forged-token.js';

const NOW = ISSUED + 60;
const held = operator();

const issued = (
  at: number,
  { by = 'o1' as KeyName, ...changes }: Partial<OperatorClaims> & { by?: KeyName } = {},
): string => issue('operator', { ...held.claims, ...changes }, KEYS[by], { now: at }).token;

const judge = (text: string) => acceptOperator(text, { source: 'http://h/jwt/v2', held, now: NOW });

describe('an operator from an account server', () => {
  it('is taken when it is the same one and not older', () => {
    expect(judge(held.token)).toEqual({ entry: held, age: 'same' });
    expect(judge(issued(ISSUED, { name: 'Same second' }))).toMatchObject({ age: 'newer' });
    expect(judge(issued(NOW, { name: 'Renamed' }))).toMatchObject({ age: 'newer', entry: { name: 'O' } });
  });

  /** Who the operator is never changes (S-43). */
  const cases: Record<string, [reason: string, text: string, problem: string]> = {
    'another operator': ['subject-mismatch', issued(NOW, { sub: pub('ox'), by: 'ox' }), 'it is about ox'],
    'ours, signed by another': [
      'untrusted-issuer',
      issued(NOW, { by: 'ox' }),
      'operator "O" is signed by ox, which operator "O" does not list',
    ],
    'ours, altered': [
      'bad-signature',
      alter({ token: issued(NOW) }).token,
      'operator "O" does not hold what its issuer signed',
    ],
    'an account': ['kind', account('A', 'a1').token, 'the JWT is of the kind account'],
    'an older one': ['older', issued(ISSUED - 1), 'it was issued before the one that is here'],
    'one that does not say when it was issued': [
      'older',
      forgeToken(held.token, { iat: undefined }, 'o1'),
      'it was issued before the one that is here',
    ],
    'one of version 1': [
      'version',
      forgeToken(held.token, { nats: { ...held.claims.nats, version: 1 } }, 'o1'),
      'it is of version 1, and 2 is needed',
    ],
    'one that breaks a rule': [
      'claims',
      issued(NOW, { nats: { ...held.claims.nats, signing_keys: [pub('a1')] } }),
      'it breaks a rule: signing key "a1" is not an operator public key',
    ],
    garbage: ['no-token', 'hello', 'the JWT does not have three parts'],
    'more than a JWT can be': ['size', 'x'.repeat(3_000_000), 'it is longer than 1048576 bytes'],
  };
  it.each(Object.entries(cases))('is refused: %s', (_what, [reason, text, problem]) => {
    let refused: NscError | undefined;
    try {
      judge(text);
    } catch (error) {
      refused = error as NscError;
    }
    expect([refused?.code, refused?.details.reason]).toEqual(['untrusted-answer', reason]);
    expect(new Aliases().name(refused?.message ?? '')).toBe(
      `what http://h/jwt/v2 gave as operator "O" is not kept: ${problem}`,
    );
  });
});

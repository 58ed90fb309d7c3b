import { describe, expect, it } from 'vitest';
import { acceptAccount, type ExpectedAccount } from '../../../src/app/distribution/accept-account.js';
import { newUser } from '../../../src/domain/claims/new.js';
import { decorateToken } from '../../../src/domain/creds/creds.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { NscError } from '../../../src/errors.js';
import { account, NOW as ISSUED, KEYS, operator, pub } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { alter, forgeToken } from '../../support/forged-token.js';

const NOW = ISSUED + 60;
const held = account('A', 'a1', { iat: ISSUED });
const expected: ExpectedAccount = {
  source: 'server "S1"',
  subject: pub('a1'),
  operator: operator({ nats: { signing_keys: [pub('o2')] } }),
  held,
  now: NOW,
};

/** What the operator signed later or earlier than what is held. */
const issued = (at: number, name = 'A', by: 'o1' | 'o2' | 'ox' | 'a1' = 'o2', sub: 'a1' | 'a2' = 'a1'): string => {
  const { claims } = account(name, sub);
  return issue('account', { ...claims, nats: { ...claims.nats, tags: ['x'] } }, KEYS[by], { now: at }).token;
};

const judge = (text: string, more: Partial<ExpectedAccount> = {}) => acceptAccount(text, { ...expected, ...more });

describe('what is accepted', () => {
  const { iat: _, ...undated } = held.claims;
  const cases: Record<string, [text: string, age: string, more?: Partial<ExpectedAccount>]> = {
    'a newer one': [issued(NOW), 'newer'],
    'another one of the same second': [issued(ISSUED), 'newer'],
    'the very one': [held.token, 'same'],
    'one that is new here': [issued(NOW), 'new', { held: undefined }],
    'an older one, where the caller decides': [issued(ISSUED - 1), 'older', { takesOlder: true }],
    'one between banners': [decorateToken(issued(NOW), 'account'), 'newer'],
    'one with a line end': [`${issued(NOW)}\n`, 'newer'],
    'one that expired, which the check of the outcome tells': [
      issue('account', { ...held.claims, exp: ISSUED + 1 }, KEYS.o1, { now: NOW }).token,
      'newer',
    ],
    'one called as the one here was when it was signed': [issued(NOW), 'newer', { held: { ...held, name: 'Here' } }],
    'one called as the one here is by now': [issued(NOW, 'Here'), 'newer', { held: { ...held, name: 'Here' } }],
    'one called as the one here, though nothing can be called so any more': [
      issued(NOW, 'a/b'),
      'newer',
      { held: account('a/b', 'a1') },
    ],
    'one that takes the place of one that does not say when it was issued': [
      issued(NOW),
      'newer',
      { held: { ...held, claims: undated } },
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [text, age, more]) => {
    const { name = 'A' } = more?.held ?? {};
    expect(judge(text, more)).toMatchObject({ age, warnings: [], entry: { name, claims: { sub: pub('a1') } } });
  });

  it('the account keeps the name that it has here', () => {
    const { entry, warnings } = judge(issued(NOW, 'Other'));
    expect(entry).toMatchObject({ name: 'A', claims: { name: 'Other' } });
    expect(warnings).toEqual([
      'server "S1" has account "A" under the name "Other"; here it keeps its own: nsc rename account "A" "Other"',
    ]);
  });

  it('a self-signed one only when it is what is here', () => {
    const own = account('A', 'a1', { by: 'a1' });
    expect(judge(own.token, { held: own })).toMatchObject({ age: 'same', warnings: [] });
  });

  it('the very one although the operator does not vouch for it, which is said', () => {
    const foreign = account('A', 'a1', { by: 'ox' });
    expect(judge(foreign.token, { held: foreign })).toMatchObject({
      age: 'same',
      warnings: [expect.stringMatching(/^account "A" is signed by .*, which operator "O" does not list$/)],
    });
  });

  it('rules that the one here breaks as well do not count', () => {
    const broken = account('A', 'a1', { nats: { exports: [{ subject: 'a b', type: 'stream' }] } });
    const newer = issue('account', { ...broken.claims, exp: NOW + 9 }, KEYS.o1, { now: NOW }).token;
    expect(judge(newer, { held: broken }).age).toBe('newer');
    expect(() => judge(newer)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'claims' }) }),
    );
  });
});

/** What a hostile or broken server may give (E-02, S-42, S-43, S-44, S-46, S-50). */
describe('what is refused', () => {
  const breaking = account('A', 'a1', { nats: { exports: [{ subject: 'a b', type: 'stream' }] } }).token;
  const user = issue('user', newUser(pub('u1'), 'u'), KEYS.a1, { now: NOW }).token;
  const cases: Record<string, [reason: string, text: string, problem: string, more?: Partial<ExpectedAccount>]> = {
    nothing: ['no-token', '', 'the JWT does not have three parts'],
    garbage: ['no-token', '<html>\u001b[2J', 'the JWT does not have three parts'],
    'more than a JWT can be': ['size', 'x'.repeat(3_000_000), 'it is longer than 1048576 bytes'],
    'a user': ['kind', user, 'the JWT is of the kind user'],
    'an operator': ['kind', operator().token, 'the JWT is of the kind operator'],
    'another account': ['subject-mismatch', issued(NOW, 'A', 'o1', 'a2'), 'it is about a2'],
    'an altered one': [
      'bad-signature',
      alter({ token: issued(NOW) }).token,
      'account "A" does not hold what its issuer signed',
    ],
    'one of another operator': [
      'untrusted-issuer',
      issued(NOW, 'A', 'ox'),
      'account "A" is signed by ox, which operator "O" does not list',
    ],
    'one by the identity key of a strict operator': [
      'identity-key-not-allowed',
      issued(NOW, 'A', 'o1'),
      'account "A" is signed by an identity key, but the operator requires signing keys',
      { operator: operator({ nats: { strict_signing_key_usage: true, signing_keys: [pub('o2')] } }) },
    ],
    'the one that is here, where another was asked for': [
      'subject-mismatch',
      held.token,
      'it is about a1',
      { subject: pub('a2') },
    ],
    'a self-signed one that is altered, too': [
      'bad-signature',
      alter({ token: issued(NOW, 'A', 'a1') }).token,
      'account "A" does not hold what its issuer signed',
    ],
    'a self-signed one': ['self-signed', issued(NOW, 'A', 'a1'), 'it is signed by its own key, not by operator "O"'],
    'a name that leads elsewhere': [
      'name',
      issued(NOW, '../../../pwned'),
      '"../../../pwned" cannot be the name of an account: it holds a path separator',
    ],
    'such a name of one that is new': [
      'name',
      issued(NOW, '../../../pwned'),
      '"../../../pwned" cannot be the name of an account: it holds a path separator',
      { held: undefined },
    ],
    'no name': ['name', issued(NOW, ''), '"" cannot be the name of an account: it is empty'],
    'one that breaks a rule': ['claims', breaking, 'it breaks a rule: export "a b": subject has a space in it'],
    'one that breaks a rule and is new': [
      'claims',
      breaking,
      'it breaks a rule: export "a b": subject has a space in it',
      { held: undefined },
    ],
    'an older one': ['older', issued(ISSUED - 1), 'it was issued before the one that is here'],
    'one that does not say when it was issued': [
      'older',
      forgeToken(issued(NOW), { iat: undefined }, 'o2'),
      'it was issued before the one that is here',
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [reason, text, problem, more]) => {
    let refused: NscError | undefined;
    try {
      judge(text, more);
    } catch (error) {
      refused = error as NscError;
    }
    const { name } = new Aliases();
    expect(refused?.code).toBe('untrusted-answer');
    expect({ ...refused?.details, problem: name(String(refused?.details.problem)) }).toEqual({
      reason,
      problem,
      source: 'server "S1"',
      key: more?.subject ?? pub('a1'),
    });
    const what = more && 'held' in more ? 'account a1' : 'account "A"';
    expect(name(refused?.message ?? '')).toBe(`what server "S1" gave as ${what} is not kept: ${problem}`);
  });
});

import { describe, expect, it } from 'vitest';
import type { Export, Import } from '../../../src/domain/claims/types.js';
import { checkImport } from '../../../src/domain/sharing/check-import.js';
import { operator, scope } from '../trust/hierarchy.js';
import { activation, NOW, pub, service, serviceFrom, sharingTree, stream, streamFrom } from './accounts.js';

/** A private stream of A, imported by B; a2 is a signing key of A, and so is a4, with a scope. */
const KEYS_OF_A = [pub('a2'), scope('a4', 'reader')];
const PRIVATE = stream('p.>', { token_req: true });

function check(
  entry: Import,
  { exports = [PRIVATE], strict = false, now = NOW + 10 }: { exports?: Export[]; strict?: boolean; now?: number } = {},
): string[] {
  const nats = { strict_signing_key_usage: strict, signing_keys: [pub('o2')] };
  const tree = sharingTree({ A: { exports, signing_keys: KEYS_OF_A }, B: {} }, operator({ nats }));
  const importer = tree.findAccount('B');
  if (!importer) throw new Error('no account B');
  return checkImport(tree, importer, entry, { now }).map(({ code, level, rule }) =>
    [level === 'error' ? code : `(${code})`, ...(rule === undefined ? [] : [rule])].join(' '),
  );
}

const activated = (token: string, subject = 'p.x'): Import => streamFrom('a1', subject, { token });
const good = activation('p.>');
const byKey = { by: 'a2', issuer_account: pub('a1') } as const;

describe('who signed it', () => {
  const cases: Record<string, readonly [token: string, strict: boolean, ...found: string[]]> = {
    'the account itself': [good, false],
    'the account itself, under a strict operator': [good, true],
    'the account itself, as if it were a signing key': [activation('p.>', { issuer_account: pub('a1') }), false],
    'the same under a strict operator': [
      activation('p.>', { issuer_account: pub('a1') }),
      true,
      'activation-wrong-signer',
    ],
    'a signing key': [activation('p.>', byKey), false],
    'a signing key, under a strict operator': [activation('p.>', byKey), true],
    'a scoped signing key': [activation('p.>', { ...byKey, by: 'a4' }), false],
    'a key that is listed no more': [activation('p.>', { ...byKey, by: 'a3' }), false, 'activation-wrong-signer'],
    'a signing key that does not name its account': [
      activation('p.>', { by: 'a2' }),
      false,
      'activation-wrong-signer I14',
    ],
    'another account': [activation('p.>', { by: 'a3' }), false, 'activation-wrong-signer I14'],
    'another account for a third one': [
      activation('p.>', { by: 'a3', issuer_account: pub('ax') }),
      false,
      'activation-wrong-signer I14',
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [token, strict, ...found]) => {
    expect(check(activated(token), { strict })).toEqual(found);
  });
});

describe('what it is for', () => {
  const cases: Record<string, readonly [entry: Import, exports: Export[], ...found: string[]]> = {
    'just the subject': [activated(activation('p.x')), [PRIVATE]],
    'a part of it': [activated(activation('p.x'), 'p.>'), [PRIVATE], 'activation-wrong-subject I18'],
    'another account': [activated(activation('p.>', { sub: 'a3' })), [PRIVATE], 'activation-wrong-account I15'],
    'a service': [activated(activation('p.>', { kind: 'service' })), [PRIVATE], 'activation-wrong-kind I16'],
    'the remote subject of a service': [
      serviceFrom('a1', 'p.x', { token: activation('p.x', { kind: 'service' }), local_subject: 'y' }),
      [service('p.>', { token_req: true })],
    ],
    'a public export': [activated(good), [stream('p.>')], '(activation-for-public)'],
    'a public export, which cares for nothing but the rules': [
      activated(activation('p.>', { ...byKey, by: 'a3', exp: NOW })),
      [stream('p.>', { revocations: { '*': NOW } })],
      '(activation-for-public)',
    ],
    'an export that wants the account in its subject instead': [
      activated(activation('p.>', { exp: NOW }), `p.${pub('b1')}`),
      [stream('p.*', { token_req: true, account_token_position: 2 })],
      '(activation-for-public)',
    ],
    'an account that is elsewhere': [
      { ...streamFrom('ax', 'p.x'), token: activation('p.>', { by: 'ax' }) },
      [],
      '(unknown-exporter)',
    ],
    'an account that is elsewhere, signed by somebody else': [
      { ...streamFrom('ax', 'p.x'), token: good },
      [],
      '(unknown-exporter)',
      'activation-wrong-signer I14',
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [entry, exports, ...found]) => {
    expect(check(entry, { exports })).toEqual(found);
  });
});

describe('what became of it', () => {
  const altered = good.replace(/\.[^.]+$/, (signature) => `${signature.slice(0, -12)}AAAAAAAAAAAA`);
  const revoked = (revocations: Record<string, number>) => [stream('p.>', { token_req: true, revocations })];
  const cases: Record<string, readonly [token: string, given: Parameters<typeof check>[1], ...found: string[]]> = {
    'it expires in a second': [activation('p.>', { exp: NOW + 11 }), {}],
    'it expires this second': [activation('p.>', { exp: NOW + 10 }), {}, 'activation-expired'],
    'it has expired': [activation('p.>', { exp: NOW + 9 }), {}, 'activation-expired'],
    'it starts this second': [activation('p.>', { nbf: NOW + 10 }), {}],
    'it is not valid yet': [activation('p.>', { nbf: NOW + 11 }), {}, '(activation-not-yet-valid)'],
    'it was altered': [altered, {}, 'activation-altered I13'],
    'it is no JWT': ['hello', {}, 'activation-altered I13'],
    'it is at a URL': ['https://example.com/a.jwt', {}, '(unchecked-token-url)'],
    'it was revoked that second': [good, { exports: revoked({ [pub('b1')]: NOW }) }, 'activation-revoked'],
    'it was issued after a revocation': [good, { exports: revoked({ [pub('b1')]: NOW - 1 }) }],
    'all were revoked': [good, { exports: revoked({ '*': NOW }) }, 'activation-revoked'],
    'all were revoked before': [good, { exports: revoked({ '*': NOW - 1, [pub('b1')]: NOW - 5 }) }],
    'those of another account were revoked': [good, { exports: revoked({ [pub('a3')]: NOW + 100 }) }],
  };
  it.each(Object.entries(cases))('%s', (_what, [token, given, ...found]) => {
    expect(check(activated(token), given)).toEqual(found);
  });

  it('several things at once', () => {
    const token = activation('p.>', { ...byKey, by: 'a3', exp: NOW });
    expect(check(activated(token), { exports: revoked({ '*': NOW }) })).toEqual([
      'activation-wrong-signer',
      'activation-expired',
      'activation-revoked',
    ]);
  });
});

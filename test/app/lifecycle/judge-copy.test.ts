import { describe, expect, it } from 'vitest';
import { judgeCopy } from '../../../src/app/lifecycle/judge-copy.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import { activation, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, type KeyName, NOW, operator, pub, user } from '../../domain/trust/hierarchy.js';

/** What of the copy of account "B" on a server depends on `a2`, with which "A" signed; "B" has to list `a4` and `u1`. */
function judge(token: string, exporting: AccountBody = { exports: [stream('news', { token_req: true })] }): string[] {
  return judgeCopy(pub('b1'), token, {
    tree: memoryTree({ operator: operator(), accounts: [account('A', 'a1', { nats: exporting }), account('B', 'b1')] }),
    now: NOW,
    keys: new Set([pub('a2'), pub('o2')]),
    listed: new Map([[pub('b1'), new Set([pub('a4'), pub('u1'), pub('b1')])]]),
  });
}

const LISTED = { signing_keys: [pub('a4')], authorization: { auth_users: [pub('u1')] } };
const copy = (nats: AccountBody = {}, more: object = {}, by: KeyName = 'o1'): string =>
  account('B', 'b1', { by, nats: { ...LISTED, ...nats }, ...more }).token;
const importing = (by: KeyName, more: object = {}, entry: object = {}): string =>
  copy({
    imports: [{ ...streamFrom('a1', 'news', { token: activation('news', { by, ...more }) }), ...entry }],
  });
const BY_ACTIVATION = `account "B" imports "news" from account "A" with an activation that ${pub('a2')} signed`;

describe('a copy depends on a key', () => {
  it.each<[what: string, token: string, reasons: string[]]>([
    ['that signed it', copy({}, {}, 'o2'), [`account "B" is signed by ${pub('o2')}`]],
    ['in its last second', copy({}, { exp: NOW }, 'o2'), [`account "B" is signed by ${pub('o2')}`]],
    [
      'while it lacks those that sign now',
      copy({ signing_keys: [], authorization: { auth_users: [pub('u2')] } }),
      [`account "B" does not list ${pub('a4')} yet`, `account "B" does not list ${pub('u1')} yet`],
    ],
    ['that signed an activation it imports with', importing('a2'), [BY_ACTIVATION]],
    ['the same, with an import of no type', importing('a2', {}, { type: undefined }), [BY_ACTIVATION]],
    ['the same, until its last second', importing('a2', { exp: NOW }), [BY_ACTIVATION]],
    [
      'the same, from an account that is not here',
      importing('a2', {}, { account: pub('ax') }),
      [`account "B" imports "news" from account "${pub('ax')}" with an activation that ${pub('a2')} signed`],
    ],
    ['as far as anybody can tell: it cannot be read', 'junk', ['what it has as account "B" cannot be read']],
    ['the same: it is a user', user('B/u', 'u1').token, ['what it has as account "B" cannot be read']],
    ['the same: it is another account', account('A', 'a1').token, ['what it has as account "B" cannot be read']],
  ])('%s', (_what, token, reasons) => {
    expect(judge(token)).toEqual(reasons);
  });
});

describe('a copy depends on no key', () => {
  it.each<[what: string, token: string, exporting?: AccountBody]>([
    ['that signed nothing of it', copy()],
    ['once it has expired', copy({ signing_keys: [] }, { exp: NOW - 1 }, 'o2')],
    ['that signed none of its activations', importing('a3')],
    ['whose activation has expired', importing('a2', { exp: NOW - 1 })],
    [
      'whose activation is revoked',
      importing('a2'),
      { exports: [stream('news', { token_req: true, revocations: { [pub('b1')]: NOW } })] },
    ],
    ['where it imports with what is no activation', importing('a2', {}, { token: copy({}, {}, 'o2') })],
    ['where it imports without one', importing('a2', {}, { token: undefined })],
  ])('%s', (_what, token, exporting) => {
    expect(judge(token, exporting)).toEqual([]);
  });
});

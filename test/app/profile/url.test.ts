import { describe, expect, it } from 'vitest';
import { parseProfileUrl } from '../../../src/app/profile/url.js';
import { caught } from '../../support/caught.js';

const plain = { operator: 'O', wishes: [] };
const key = (level: string) => ({ level, what: 'key' });
const seed = (level: string, publicKey?: string) => ({ level, what: 'seed', ...(publicKey && { publicKey }) });
const name = (level: string) => ({ level, what: 'name' });

describe('the URL of a profile', () => {
  it.each([
    ['nsc://O', plain],
    ['O', plain],
    ['NSC://O', plain],
    ['nsc://O/', plain],
    ['nsc://O?', plain],
    ['nsc://O/A', { ...plain, account: 'A' }],
    ['O/A/u', { ...plain, account: 'A', user: 'u' }],
    ['nsc://O/A/u/more/parts', { ...plain, account: 'A', user: 'u' }],
    ['nsc://My O/a%20b/ü', { operator: 'My O', account: 'a%20b', user: 'ü', wishes: [] }],
    ['O?store=/My/Dir&keystore=~/K%26ys', { ...plain, storeRoot: '/My/Dir', keystoreDir: '~/K&ys' }],
    ['O?store=a+b=c', { ...plain, storeRoot: 'a b=c' }],
    ['O?STORE=/X&store=', { ...plain, storeRoot: '/X' }],
    ['O?store=', plain],
  ])('%s', (text, expected) => {
    expect(parseProfileUrl(text)).toEqual(expected);
  });

  it.each([
    ['O/A/u?operatorKey&ACCOUNTKEY&userkey=', [key('operator'), key('account'), key('user')]],
    ['O/A/u?operatorSeed&accountSeed=aabb&userSeed', [seed('operator'), seed('account', 'AABB'), seed('user')]],
    ['O/A/u?operatorName&accountName&userName', [name('operator'), name('account'), name('user')]],
    ['O?key', [key('operator')]],
    ['O/A?key&name', [key('account'), name('account')]],
    ['O/A/u?key&seed&name', [key('user'), seed('user'), name('user')]],
    ['O/A?seed=ax', [seed('account', 'AX')]],
    ['O?keys&seeds&names', [key('operator'), seed('operator'), name('operator')]],
    ['O/A?keys', [key('operator'), key('account')]],
    ['O/A/u?seeds', [seed('operator'), seed('account'), seed('user')]],
    ['O/A/u?names=1', [name('operator'), name('account'), name('user')]],
  ])('%s asks for what there is, and never fails for a part that is not (S-57)', (text, wishes) => {
    expect(parseProfileUrl(text).wishes).toEqual(wishes);
  });

  it.each([
    ['', 'it names no operator'],
    ['nsc://', 'it names no operator'],
    ['nsc:///A/u', 'it names no operator'],
    ['nsc://?keys', 'it names no operator'],
    ['http://O/A/u', 'its scheme is not nsc'],
    ['nsc://O//u', 'it names a user without an account'],
    ['nsc://O?accountKey', '"accountkey" asks about the account, and it names none'],
    ['nsc://O/A?userSeed', '"userseed" asks about the user, and it names none'],
    ['nsc://O?colour', 'it has no argument "colour"'],
    ['nsc://O?operatorKeys', 'it has no argument "operatorkeys"'],
    ['nsc://O?store=%zz', '"%zz" has a % that begins no escape'],
  ])('%s is refused', (text, why) => {
    const { code, message } = caught(() => parseProfileUrl(text));
    expect([code, message]).toEqual(['bad-value', `"${text}" is not the URL of a profile: ${why}`]);
  });
});

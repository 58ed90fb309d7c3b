import { describe, expect, it } from 'vitest';
import { renewCreds } from '../../../src/app/lifecycle/renew-creds.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { Secret } from '../../../src/lib/secret.js';
import { account, KEYS, type KeyName, operator, user } from '../../domain/trust/hierarchy.js';

const u = user('A/u', 'u1');
const OLD = user('A/u', 'u1', { nats: { tags: ['old'] } }).token;
const NEW = user('A/u', 'u1', { nats: { tags: ['new'] } }).token;

const creds = (token: string, key: KeyName): string => formatCreds(token, KEYS[key].seed).reveal();
const [JWT_OF_U = '', SEED_OF_U = ''] = creds(u.token, 'u1').split(/(?<=END NATS USER JWT-+\n)/);

const OTHERS = creds(user('A/u', 'u2').token, 'u2');

/** What becomes of creds, in a keystore with some seeds. */
function renew(text: string | undefined, stored: readonly KeyName[]): string {
  const tree = memoryTree({
    operator: operator(),
    accounts: [account('A', 'a1')],
    users: [u],
    seeds: stored.map((name) => KEYS[name]),
    creds: text === undefined ? [] : [{ account: 'A', user: 'u', creds: new Secret(text) }],
  });
  return told(tree);
}

function told(tree: Tree): string {
  const { creds: written, problem } = renewCreds(tree, u, NEW);
  return written?.reveal() ?? problem ?? 'nothing';
}

describe('creds that hold the token of the store get the new one, and keep every other byte', () => {
  it.each<[what: string, text: string]>([
    ['as they were written', creds(u.token, 'u1')],
    ['with words before and after', `for alice\n\n${creds(u.token, 'u1')}\nend`],
    ['with other line ends', creds(u.token, 'u1').replaceAll('\n', '\r\n')],
    ['with other frames', creds(u.token, 'u1').replaceAll('-----', '---')],
  ])('%s', (_what, text) => {
    for (const stored of [[], ['u1']] as const) expect(renew(text, stored)).toBe(text.replace(u.token, NEW));
  });
});

describe('other creds are written anew', () => {
  const whole = creds(NEW, 'u1');
  it.each<[what: string, text: string | undefined, stored: readonly KeyName[]]>([
    ['where there are none', undefined, ['u1']],
    ['of another time, from the seed in them', creds(OLD, 'u1'), []],
    ['without a seed', JWT_OF_U, ['u1']],
    ['with the seed before the token', `${SEED_OF_U}\n${JWT_OF_U}`, ['u1']],
    ['that are the token alone', u.token, ['u1']],
    ['with the token at the very beginning', `${u.token}\n${SEED_OF_U}`, ['u1']],
    ['with the token amid other text', creds(u.token, 'u1').replace(u.token, `x${u.token}`), ['u1']],
    ['with a longer token', creds(u.token, 'u1').replace(u.token, `${u.token}x`), ['u1']],
    ['with the seed of somebody else, which is in the keystore, too', OTHERS, ['u1', 'u2']],
    ['empty ones', '', ['u1']],
  ])('%s', (_what, text, stored) => {
    expect(renew(text, stored)).toBe(whole);
  });
});

describe('no creds are written', () => {
  it.each<[what: string, text: string | undefined, stored: readonly KeyName[], problem: string]>([
    ['where the seed is elsewhere', undefined, [], 'nothing'],
    ['without a seed anywhere', JWT_OF_U, [], 'the creds of user "u" do not hold its seed'],
    [
      'from the seed of somebody else, although it is in the keystore, too',
      OTHERS,
      ['u2'],
      'the creds of user "u" do not hold its seed',
    ],
    [
      'over the only copy of the seed of somebody else',
      OTHERS,
      ['u1'],
      `the creds of user "u" hold the seed of ${KEYS.u2.publicKey}, which is nowhere else`,
    ],
  ])('%s', (_what, text, stored, problem) => {
    expect(renew(text, stored)).toBe(problem);
  });

  it('over those that cannot be read, although the seed is there', () => {
    const tree = memoryTree({ operator: operator(), seeds: [KEYS.u1] });
    tree.findCreds = () => {
      throw new NscError('store-io', 'the creds cannot be read');
    };
    expect(told(tree)).toBe('the creds cannot be read');
  });
});

import { describe, expect, it } from 'vitest';
import { checkName, type NamedKind, randomName } from '../../src/domain/name.js';
import { NscError } from '../../src/errors.js';
import { KEYS, pub } from './trust/hierarchy.js';

describe('checkName', () => {
  const good = [
    'A',
    'Team Blue',
    'team.red',
    'Ünïcode',
    '日本',
    'under_score-dash',
    'Example Inc.',
    'a..b',
    'console',
    'com10',
    'x'.repeat(249),
    'AAAAAAAA',
    `${'A'.repeat(55)}B`,
  ];
  it.each(good)('takes %s', (name) => {
    for (const kind of ['operator', 'account', 'user'] as const) expect(checkName(kind, name)).toBe(name);
  });
  it('takes hidden names below the operator', () => {
    expect([checkName('account', '.hidden'), checkName('user', '.nsc')]).toEqual(['.hidden', '.nsc']);
  });

  const bad: [kind: NamedKind, name: string, message: string][] = [
    ['operator', '', '"" cannot be the name of an operator: it is empty'],
    ['account', 'x/y', '"x/y" cannot be the name of an account: it holds a path separator'],
    ['user', 'x\\y', '"x\\\\y" cannot be the name of a user: it holds a path separator'],
    ['account', '../../x', '"../../x" cannot be the name of an account: it holds a path separator'],
    ['account', 'a\nb', '"a\\nb" cannot be the name of an account: it holds a control character'],
    ['account', 'a\u0000', '"a\\u{0}" cannot be the name of an account: it holds a control character'],
    ['account', 'a\u0085b', '"a\\u{85}b" cannot be the name of an account: it holds a control character'],
    ['account', '..', '".." cannot be the name of an account: it stands for a directory'],
    ['user', '.', '"." cannot be the name of a user: it stands for a directory'],
    ['operator', ' x', '" x" cannot be the name of an operator: it begins or ends with a blank'],
    ['operator', 'x\u00a0', '"x\u00a0" cannot be the name of an operator: it begins or ends with a blank'],
    ['account', '-n', '"-n" cannot be the name of an account: it begins with a dash, as an option does'],
    [
      'operator',
      '.journal',
      '".journal" cannot be the name of an operator: it begins with a dot, as files of the store do',
    ],
    ['user', 'nul', '"nul" cannot be the name of a user: Windows reserves it for a device'],
    ['user', 'COM1.old', '"COM1.old" cannot be the name of a user: Windows reserves it for a device'],
    ['account', 'Con', '"Con" cannot be the name of an account: Windows reserves it for a device'],
    ['account', pub('a1'), `"${pub('a1')}" cannot be the name of an account: it is a public key`],
    ['account', pub('u1'), `"${pub('u1')}" cannot be the name of an account: it is a public key`],
    [
      'user',
      'x'.repeat(250),
      `"${'x'.repeat(250)}" cannot be the name of a user: its file name would have 256 bytes, and 255 is the most`,
    ],
    [
      'account',
      'ü'.repeat(126),
      `"${'ü'.repeat(126)}" cannot be the name of an account: its file name would have 256 bytes, and 255 is the most`,
    ],
  ];
  it.each(bad)('refuses for an %s: %j', (kind, name, message) => {
    expect(() => checkName(kind, name)).toThrow(expect.objectContaining({ code: 'bad-name', message }));
  });

  it('never repeats a seed', () => {
    let refusal: unknown;
    try {
      checkName('user', KEYS.u1.seed.reveal());
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(NscError);
    expect(refusal).toMatchObject({ code: 'bad-name', message: 'a seed cannot be the name of a user', details: {} });
  });
});

describe('randomName', () => {
  it('is an adjective and a noun, and a good name', () => {
    for (let at = 0; at < 32; at += 1) {
      const name = randomName((below) => (at * 7) % below);
      expect(name).toMatch(/^[a-z]+_[a-z]+$/);
      expect(checkName('operator', name)).toBe(name);
    }
  });
  it('depends on nothing but its randomness', () => {
    expect([randomName(() => 0), randomName((below) => below - 1)]).toEqual(['amber_badger', 'warm_willow']);
  });
});

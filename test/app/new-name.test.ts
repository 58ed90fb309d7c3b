import { describe, expect, it } from 'vitest';
import { newName } from '../../src/app/new-name.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import type { Role } from '../../src/domain/nkey/prefix.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { caught } from '../support/caught.js';

/** Keys that look random. */
function keySource(): (role: Role) => ReturnType<typeof keyPairFromRaw> {
  let made = 0;
  return (role) => {
    made += 1;
    return keyPairFromRaw(role, sha256(`name ${made}`));
  };
}

const free = () => false;

describe('newName', () => {
  it('gives a name that can be used', () => {
    expect(newName('user', 'Ann Example', keySource(), free)).toBe('Ann Example');
  });

  it.each([undefined, ''])('needs one: %j', (given) => {
    expect(caught(() => newName('account', given, keySource(), free))).toMatchObject({
      code: 'missing-option',
      message: 'the account needs a name',
      hint: 'give it with --name NAME',
    });
  });

  it('refuses one that cannot be used', () => {
    expect(caught(() => newName('user', 'a/b', keySource(), free)).code).toBe('bad-name');
  });

  it('makes different names up for *', () => {
    const newKey = keySource();
    const names = Array.from({ length: 200 }, () => newName('user', '*', newKey, free));
    expect(names.every((name) => /^[a-z]+_[a-z]+$/.test(name))).toBe(true);
    expect(new Set(names).size).toBeGreaterThan(150);
  });

  it('counts on when a made-up name is taken', () => {
    const first = newName('user', '*', keySource(), free);
    const taken = new Set([first, `${first}_2`]);
    expect(newName('user', '*', keySource(), (name) => taken.has(name))).toBe(`${first}_3`);
  });
});

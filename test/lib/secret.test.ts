import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.js';

it('shows itself only when asked', () => {
  const secret = new Secret('SUSECRET');
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
  ];
  expect(shown.join()).not.toContain('SUSECRET');
  expect(secret.reveal()).toBe('SUSECRET');
});

it('compares by text', () => {
  expect(new Secret('a').equals(new Secret('a'))).toBe(true);
  expect(new Secret('a').equals(new Secret('b'))).toBe(false);
});

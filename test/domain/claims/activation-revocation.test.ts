import { describe, expect, it } from 'vitest';
import { forgiveActivation, revokeActivation } from '../../../src/domain/claims/activation-revocation.js';
import type { Export } from '../../../src/domain/claims/types.js';

const entry = { name: 'x', subject: 'x', type: 'stream', future: 1 } as Export;

describe('revokeActivation', () => {
  it('adds an account and keeps the rest of the export', () => {
    expect(revokeActivation(entry, 'A', 5)).toEqual({ ...entry, revocations: { A: 5 } });
    expect(revokeActivation({ ...entry, revocations: { '*': 3 } }, 'A', 5).revocations).toEqual({ '*': 3, A: 5 });
  });

  it('moves a revocation on, and never back (S-56)', () => {
    const revoked = { ...entry, revocations: { A: 5 } };
    expect(revokeActivation(revoked, 'A', 7).revocations).toEqual({ A: 7 });
    expect(revokeActivation(revoked, 'A', 3).revocations).toEqual({ A: 5 });
    expect(revoked.revocations).toEqual({ A: 5 });
  });
});

describe('forgiveActivation', () => {
  it('takes one off the list, and the list away when it is empty', () => {
    expect(forgiveActivation({ ...entry, revocations: { '*': 3, A: 5 } }, 'A')).toEqual({
      ...entry,
      revocations: { '*': 3 },
    });
    expect(forgiveActivation({ ...entry, revocations: { A: 5 } }, 'A')).toEqual(entry);
  });

  it.each(['B', '*', 'constructor'])('does not find %s', (key) => {
    expect(forgiveActivation({ ...entry, revocations: { A: 5 } }, key)).toBeUndefined();
    expect(forgiveActivation(entry, key)).toBeUndefined();
  });
});

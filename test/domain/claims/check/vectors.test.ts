import { describe, expect, it } from 'vitest';
import { checkClaims } from '../../../../src/domain/claims/check/claims.js';
import type { AnyClaims, ClaimKind, IssueLevel } from '../../../../src/domain/claims/types.js';
import { decodeGeneric, decodeToken } from '../../../../src/domain/token/decode.js';
import tokenVectors from '../../../vectors/go-jwt-v2.json' with { type: 'json' };
import countVectors from '../../../vectors/go-rule-counts.json' with { type: 'json' };
import { NOW } from './samples.js';

function count(kind: ClaimKind, claims: AnyClaims): Record<IssueLevel, number> {
  const counts = { error: 0, time: 0, warning: 0 };
  for (const { level } of checkClaims(kind, claims, NOW)) counts[level] += 1;
  return counts;
}

describe('issues of tokens made by Go', () => {
  it.each(tokenVectors)('$name', ({ name, token: text, validate_counts: expected }) => {
    const token = name.startsWith('generic') ? decodeGeneric(text) : decodeToken(text);
    const { error, time, warning } = count(token.kind, token.claims);
    expect({ blocking: error, timecheck: time, warning }).toEqual(expected);
  });
});

describe('issues of random claims, as many as Go finds', () => {
  it.each(countVectors.map((vector, at) => ({ ...vector, at })))('$kind $at', ({ kind, claims, counts }) => {
    expect(count(kind as ClaimKind, claims as unknown as AnyClaims)).toEqual(counts);
  });
});

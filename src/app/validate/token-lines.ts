import { checkClaims } from '../../domain/claims/check/claims.js';
import { decodeVerified } from '../../domain/token/decode.js';
import { NscError } from '../../errors.js';
import type { Finding } from '../result.js';

/**
 * Checks JWTs, one a line, each by itself: signature by its own issuer, rules, times. A line of a resolver's package
 * (`KEY|JWT`) counts from the bar on (reference: nsc-core.md §9.19).
 */
export function checkTokenLines(content: string, now: number): Finding[] {
  const lines = content
    .split(/\r?\n/)
    .map((line, index) => ({ at: index + 1, text: line.slice(line.lastIndexOf('|') + 1).trim() }));
  const findings: Finding[] = [];
  for (const { at, text } of lines.filter((line) => line.text !== '')) {
    try {
      const token = decodeVerified(text);
      const issues = checkClaims(token.kind, token.claims, now);
      findings.push(...issues.map((issue) => ({ ...issue, message: `line ${at}: ${issue.message}` })));
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      findings.push({ rule: error.code, level: 'error', message: `line ${at}: ${error.message}` });
    }
  }
  if (lines.every((line) => line.text === ''))
    findings.push({ rule: 'empty', level: 'error', message: 'it holds no JWT' });
  return findings;
}

import { describe, expect, it } from 'vitest';
import { checkClaims, isBlocking } from '../../../../src/domain/claims/check/claims.js';
import { RULES } from '../../../../src/domain/claims/check/rules.js';
import type { AnyClaims, ClaimKind, Issue } from '../../../../src/domain/claims/types.js';
import { account, keys, NOW, user, withExport, withImport } from './samples.js';

const found = (level: Issue['level']): Issue => ({ rule: 'X1', level, message: '' });

describe('isBlocking', () => {
  it.each([
    ['nothing', [], false, false],
    ['a warning', ['warning'], false, false],
    ['a time check', ['time'], false, true],
    ['an error', ['error'], true, true],
    ['a warning and an error', ['warning', 'error'], true, true],
  ] as const)('%s', (_, levels, withoutTimes, withTimes) => {
    const issues = levels.map(found);
    expect(isBlocking(issues, { times: false })).toBe(withoutTimes);
    expect(isBlocking(issues, { times: true })).toBe(withTimes);
  });
});

it('weighs time checks and warnings apart from errors', () => {
  const of = (level: string) => Object.entries(RULES).flatMap(([rule, weight]) => (weight === level ? [rule] : []));
  expect(of('time')).toEqual(['C1', 'C2']);
  expect(of('warning')).toEqual(['I8', 'AW1']);
});

describe('hostile claims', () => {
  const many = 200_000;
  const large: [what: string, kind: ClaimKind, claims: AnyClaims, issues: number][] = [
    ['networks', 'user', user({ src: Array(many).fill('') }), many],
    ['permissions', 'user', user({ pub: { deny: Array(many).fill('') } }), many],
    ['empty imports', 'account', withImport(...Array(100_000).fill(null)), 100_000],
    ['equal exports', 'account', withExport(...Array(50_000).fill({ type: 'stream', subject: 'a' })), 1],
    [
      'references',
      'account',
      withImport({ type: 'stream', account: keys.exporter, subject: 'a', local_subject: `${'$9.'.repeat(many)}a` }),
      many,
    ],
    [
      'overlapping exports',
      'account',
      withExport(...Array.from({ length: 20_000 }, (_, at) => ({ type: 'stream' as const, subject: `*.${at}` }))),
      0,
    ],
  ];
  it.each(large)('%s: every fault is told, quickly and in short messages', (_, kind, claims, issues) => {
    const started = performance.now();
    const all = checkClaims(kind, claims, NOW);
    expect(all).toHaveLength(issues);
    expect(all.filter(({ message }) => message.length > 1000)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('shows control characters of a name escaped', () => {
    const [issue] = checkClaims('account', account({ cluster_traffic: '\u001b[2J' }), NOW);
    expect(issue?.message).toBe('cluster traffic "\\u{1b}[2J" is neither system nor owner');
  });
});

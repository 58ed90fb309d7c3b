import { describe, expect, it } from 'vitest';
import { checkClaims } from '../../../../src/domain/claims/check/claims.js';
import { checkExport } from '../../../../src/domain/claims/check/export.js';
import { checkImport } from '../../../../src/domain/claims/check/import.js';
import { RULES, type RuleNumber } from '../../../../src/domain/claims/check/rules.js';
import { accountCases } from './cases-account.js';
import { exportCases } from './cases-export.js';
import { importCases } from './cases-import.js';
import { operatorCases } from './cases-operator.js';
import { otherCases, userCases } from './cases-other.js';
import { type Case, keys, NOW, serviceImport, stream, write } from './samples.js';

const cases: readonly Case[] = [
  ...operatorCases,
  ...importCases,
  ...exportCases,
  ...accountCases,
  ...userCases,
  ...otherCases,
];

const numbersOf = (line: string): string[] => line.replace(/ .*/s, '').split('.');

describe.each(cases)('$issues', ({ kind, issues, broken, fine }) => {
  it('is raised', () => {
    expect(write(checkClaims(kind, broken, NOW))).toEqual(issues);
  });
  it('has the weight of the rule', () => {
    for (const { rule, level } of checkClaims(kind, broken, NOW)) {
      for (const number of rule.split('.')) expect(level).toBe(RULES[number as RuleNumber]);
    }
  });
  it('is not raised next door', () => {
    expect(write(checkClaims(kind, fine, NOW))).toEqual([]);
  });
  it('leaves the claims alone', () => {
    const before = structuredClone(broken);
    checkClaims(kind, broken, NOW);
    expect(broken).toEqual(before);
  });
});

/** Rules about an entry that is null, which lists report themselves. */
describe('a null entry checked by itself', () => {
  it('I4', () => {
    expect(write(checkImport(null, keys.importer))).toEqual(['I4 an import is empty']);
    expect(checkImport(serviceImport({}), keys.importer)).toEqual([]);
  });
  it('X3', () => {
    expect(write(checkExport(null))).toEqual(['X3 an export is empty']);
    expect(checkExport(stream({}))).toEqual([]);
  });
});

it('covers every rule there is', () => {
  const covered = new Set(['I4', 'X3', ...cases.flatMap(({ issues }) => issues.flatMap(numbersOf))]);
  expect([...covered].sort()).toEqual(Object.keys(RULES).sort());
});

it('has a case for every rule where hardly anything else is raised', () => {
  const small = cases.filter(({ issues }) => new Set(issues.map((line) => line.replace(/ .*/s, ''))).size <= 2);
  const covered = new Set(['I4', 'X3', ...small.flatMap(({ issues }) => issues.flatMap(numbersOf))]);
  expect([...covered].sort()).toEqual(Object.keys(RULES).sort());
});

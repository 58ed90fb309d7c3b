import { describe, expect, it } from 'vitest';
import { flag, integer, list, text, value } from '../../src/app/option.js';
import { caught } from '../support/caught.js';

describe('flag', () => {
  const option = flag('x', { help: '' });
  it.each(['true', 'True', 'TRUE', 't', 'T', '1'])('%s is true', (given) => {
    expect(option.read([given])).toBe(true);
  });
  it.each(['false', 'False', 'FALSE', 'f', 'F', '0'])('%s is false', (given) => {
    expect(option.read([given])).toBe(false);
  });
  it.each(['', 'yes', 'tRUE', '2', ' true'])('"%s" is neither', (given) => {
    expect(caught(() => option.read([given]))).toMatchObject({
      code: 'bad-value',
      message: `"${given}" is neither true nor false`,
    });
  });
  it('stands for true without a value, and the last one counts', () => {
    expect(option.valueWhenBare).toBe('true');
    expect(option.read(['true', 'false'])).toBe(false);
  });
});

describe('integer', () => {
  const option = integer('x', { help: '' });
  const cases: [given: string, expected: number][] = [
    ['0', 0],
    ['12', 12],
    ['-12', -12],
    ['+12', 12],
    ['0x1F', 31],
    ['0XfF', 255],
    ['017', 15],
    ['0o17', 15],
    ['0O17', 15],
    ['-017', -15],
    ['0b101', 5],
    ['0B11', 3],
    ['-0x10', -16],
    ['9007199254740991', 9_007_199_254_740_991],
  ];
  it.each(cases)('%s = %d', (given, expected) => {
    expect(option.read([given])).toBe(expected);
  });
  it.each(['', ' 1', '1 ', '1.5', '1e3', '08', '0x', '0b2', '--1', 'x', '9007199254740993'])(
    '"%s" is none',
    (given) => {
      expect(caught(() => option.read([given]))).toMatchObject({
        code: 'bad-value',
        message: `"${given}" is not an integer`,
      });
    },
  );
  it('keeps within bounds and names them', () => {
    const bounded = integer('x', { help: '' }, { min: 0, max: 100 });
    expect([bounded.read(['0']), bounded.read(['100'])]).toEqual([0, 100]);
    for (const given of ['-1', '101', 'x']) {
      expect(caught(() => bounded.read([given])).message).toBe(`"${given}" is not an integer from 0 to 100`);
    }
    const atLeastOne = integer('x', { help: '' }, { min: 1 });
    expect(caught(() => atLeastOne.read(['0'])).message).toBe('"0" is not an integer from 1 to 9007199254740991');
  });
});

describe('list', () => {
  const option = list('x', { help: '' });
  const cases: [given: string[], expected: string[]][] = [
    [['a,b'], ['a', 'b']],
    [
      ['a', 'b,c'],
      ['a', 'b', 'c'],
    ],
    [[''], []],
    [['a,'], ['a', '']],
    [[' a , b '], [' a ', ' b ']],
    [['"a,b",c'], ['a,b', 'c']],
    [['"say ""hi"""'], ['say "hi"']],
  ];
  it.each(cases)('%j is %j', (given, expected) => {
    expect(option.read(given)).toEqual(expected);
  });
  it('reads its elements', () => {
    expect(list('x', { help: '' }, Number).read(['1,2', '3'])).toEqual([1, 2, 3]);
  });
  it('refuses a stray quote', () => {
    expect(caught(() => option.read(['a"b']))).toMatchObject({
      code: 'bad-value',
      message: '"a"b" has a stray or unfinished quote',
    });
  });
});

it('the last occurrence of a single value counts', () => {
  expect(text('x', { help: '' }).read(['a', 'b'])).toBe('b');
  expect(value('x', { help: '' }, Number).read(['1', '2'])).toBe(2);
});

import { describe, expect, it } from 'vitest';
import { query } from '../../src/app/command.js';
import { integer, list, text } from '../../src/app/option.js';
import { quoteElement, readInput, resolveInput } from '../../src/cli/input.js';
import { NscError } from '../../src/errors.js';
import { caught, caughtAsync } from '../support/caught.js';

const options = {
  name: text('name', { help: '' }),
  names: list('names', { help: '' }),
  count: integer('count', { help: '' }),
  file: {
    ...text('file', { help: '' }),
    resolve: (path: string) => {
      throw new NscError('file-not-found', `no ${path}`, { hint: 'look elsewhere' });
    },
  },
};

const define = (option: 'name' | 'names', max = 1) =>
  query({
    summary: '',
    options,
    positional: { option, max, placeholder: 'X' },
    conflicts: [['count', 'file']],
    run: () => ({ kind: 'changed', steps: [] }),
  }) as never;

const read = (own: Record<string, string[]>, positionals: string[] = [], option: 'name' | 'names' = 'name') =>
  readInput(define(option, 9), { own: new Map(Object.entries(own)), global: new Map(), positionals });

describe('readInput', () => {
  it('leaves out what was not given', () => {
    expect(read({ count: ['3'] })).toEqual({ count: 3 });
  });

  it('fills an option from an argument', () => {
    expect(read({}, ['A'])).toEqual({ name: 'A' });
  });

  it('takes flag and argument that agree, and refuses those that do not', () => {
    expect(read({ name: ['A'] }, ['A'])).toEqual({ name: 'A' });
    expect(caught(() => read({ name: ['A'] }, ['B']))).toMatchObject({
      code: 'conflicting-options',
      message: '--name and the argument name different things',
    });
  });

  it('fills another option from the second argument', () => {
    const two = query({
      summary: '',
      options: { ...options, other: text('other', { help: '' }) },
      positional: { option: 'name', second: 'other', max: 2, placeholder: 'A [B]' },
      run: () => ({ kind: 'changed', steps: [] }),
    }) as never;
    const readTwo = (own: Record<string, string[]>, ...positionals: string[]) =>
      readInput(two, { own: new Map(Object.entries(own)), global: new Map(), positionals });
    expect(readTwo({}, 'a')).toEqual({ name: 'a' });
    expect(readTwo({}, 'a', '')).toEqual({ name: 'a', other: '' });
    expect(readTwo({ other: ['b'] }, 'a')).toEqual({ name: 'a', other: 'b' });
    expect(caught(() => readTwo({ other: ['b'] }, 'a', 'c'))).toMatchObject({
      code: 'conflicting-options',
      message: '--other and the argument name different things',
    });
  });

  it('adds arguments to a list, each whole', () => {
    expect(read({ names: ['a,b'] }, ['c', 'd,e', 'f"g', ''], 'names')).toEqual({
      names: ['a', 'b', 'c', 'd,e', 'f"g', ''],
    });
  });

  it('names the option of a bad value', () => {
    expect(caught(() => read({ count: ['x'] }))).toMatchObject({
      code: 'bad-value',
      message: '--count: "x" is not an integer',
      details: { option: 'count' },
    });
  });

  it('refuses options that exclude each other', () => {
    expect(caught(() => read({ count: ['1'], file: ['f'] }))).toMatchObject({
      code: 'conflicting-options',
      message: '--count and --file exclude each other',
    });
  });
});

describe('resolveInput', () => {
  it('names the option whose value leads nowhere', async () => {
    const error = await caughtAsync(() => resolveInput(options, { file: 'x' }, {} as never));
    expect(error).toMatchObject({ code: 'file-not-found', message: '--file: no x', hint: 'look elsewhere' });
  });

  it.each([
    ['bad-value', '--help says what --file takes'],
    ['remote-failed', undefined],
    ['store-io', undefined],
  ] as const)('a value that is refused as %s gets the hint %s', async (code, hint) => {
    const resolve = () => {
      throw new NscError(code, 'no');
    };
    const error = await caughtAsync(() =>
      resolveInput({ file: { ...options.file, resolve } }, { file: 'x' }, {} as never),
    );
    expect(error).toMatchObject({ code, message: '--file: no' });
    expect(error.hint).toBe(hint);
  });
});

describe('quoteElement', () => {
  it.each([
    ['a', 'a'],
    ['a b', 'a b'],
    ['', '""'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
  ])('%j → %s', (element, quoted) => {
    expect(quoteElement(element)).toBe(quoted);
    expect(list('x', { help: '' }).read([quoted])).toEqual([element]);
  });
});

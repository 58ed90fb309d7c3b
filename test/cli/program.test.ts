import { describe, expect, it } from 'vitest';
import { flag, list, text } from '../../src/app/option.js';
import { parseWords } from '../../src/cli/program.js';
import { caught } from '../support/caught.js';

const options = {
  name: text('name', { short: 'n', help: '' }),
  tag: list('tag', { help: '' }),
  json: flag('json', { short: 'J', help: '' }),
  legacy: text('legacy', { help: '', hidden: true }),
};
const one = { option: 'name', max: 1, placeholder: 'NAME' };

const parse = (line: string, positional: typeof one | undefined = one) =>
  parseWords('add account', options, positional, line === '' ? [] : line.split(' '));

describe('parseWords', () => {
  it('collects every occurrence in order and keeps global options apart', () => {
    const { own, global, positionals } = parse('--tag a x --tag=b -K KEY --no-input --color=never -J');
    expect(Object.fromEntries(own)).toEqual({ tag: ['a', 'b'], json: ['true'] });
    expect(Object.fromEntries(global)).toEqual({ privateKey: ['KEY'], noInput: ['true'], color: ['never'] });
    expect(positionals).toEqual(['x']);
  });

  it('gives a name of the command precedence over the same global name', () => {
    const { own, global } = parse('--json');
    expect([own.get('json'), global.get('json')]).toEqual([['true'], undefined]);
  });

  it('knows negated and hidden names as they are written', () => {
    const { own, global } = parse('--no-input=false --legacy x');
    expect([own.get('legacy'), global.get('noInput')]).toEqual([['x'], ['false']]);
  });

  it.each([
    [
      '--nonsense',
      'unknown-option',
      '"nsc add account" has no option --nonsense',
      'nsc add account --help lists the options',
    ],
    [
      '--nmae x',
      'unknown-option',
      '"nsc add account" has no option --nmae',
      'did you mean --name? nsc add account --help lists the options',
    ],
    ['-Z', 'unknown-option', '"nsc add account" has no option -Z', 'nsc add account --help lists the options'],
    ['-n', 'missing-argument', '--name needs a value', 'nsc add account --help lists the options'],
    ['A --tag', 'missing-argument', '--tag needs a value', 'nsc add account --help lists the options'],
    ['--lock-timeout', 'missing-argument', '--lock-timeout needs a value', 'nsc add account --help lists the options'],
    [
      'a b',
      'too-many-arguments',
      '"nsc add account" takes at most 1 argument, not 2',
      'nsc add account --help shows how it is called',
    ],
  ])('%s is refused', (line, code, message, hint) => {
    expect(caught(() => parse(line))).toMatchObject({ code, message, hint });
  });

  it('never shows the value of an unknown flag', () => {
    expect(caught(() => parse('--sead=SUAMSECRET')).message).toBe('"nsc add account" has no option --sead');
  });

  it('refuses arguments where none are taken', () => {
    expect(caught(() => parseWords('env', options, undefined, ['x']))).toMatchObject({
      code: 'too-many-arguments',
      message: '"nsc env" takes no arguments, not 1',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { query } from '../../src/app/command.js';
import { flag, integer, text } from '../../src/app/option.js';
import { commandHelp, describeOption, groupHelp } from '../../src/cli/help.js';
import { manifest } from '../../src/cli/manifest.js';

const command = query({
  summary: 'Show a thing',
  description: 'The first paragraph tells what it is about and is long enough to be broken.\n\nThe second one.',
  options: {
    name: text('name', { short: 'n', placeholder: 'NAME', help: 'which one', defaultText: 'the selected one' }),
    much: integer('allow-pub-response', { help: 'how much', valueWhenBare: '1' }),
    raw: flag('raw', { help: 'as it is' }),
    old: flag('old', { help: 'never shown', hidden: true }),
  },
  positional: { option: 'name', max: 1, placeholder: 'NAME' },
  examples: [{ command: 'nsc show thing A', what: 'the thing A' }],
  run: () => ({ kind: 'changed', steps: [] }),
});

describe('commandHelp', () => {
  it('says how a command is called and what its options do', () => {
    expect(commandHelp('show thing', command as never, 60).split('\n\nOptions of every')[0]).toMatchInlineSnapshot(`
      "Usage: nsc show thing [NAME] [OPTION]…

      Show a thing.

      The first paragraph tells what it is about and is long
      enough to be broken.

      The second one.

      Options:
        -n, --name NAME          which one (default: the selected
                                 one)
            --allow-pub-response[=N]
                                 how much
            --raw                as it is"
    `);
  });

  it('shows an option whose value is optional, and one without a value', () => {
    expect(describeOption(command.options.much).flag).toBe('    --allow-pub-response[=N]');
    expect(describeOption(command.options.raw).flag).toBe('    --raw');
  });

  it('names arguments that are words of their own', () => {
    const two = { ...command, positional: { option: 'name', max: 2, placeholder: 'OLD NEW' } };
    expect(commandHelp('swap', two as never, 60)).toMatch(/^Usage: nsc swap OLD NEW \[OPTION\]…\n/);
    const many = { ...command, positional: { option: 'name', max: 9, placeholder: 'NAME' } };
    expect(commandHelp('show', many as never, 60)).toMatch(/^Usage: nsc show \[NAME\]… \[OPTION\]…\n/);
  });

  it('ends with examples', () => {
    expect(commandHelp('show thing', command as never, 80)).toMatch(
      /\nExamples:\n {2}# the thing A\n {2}nsc show thing A\n$/,
    );
  });
});

describe('groupHelp', () => {
  it('lists the commands of a group with their aliases', () => {
    const { list } = manifest.children;
    if (!list || !('children' in list)) throw new Error('list is a group');
    expect(groupHelp('list', list, undefined)).toMatchInlineSnapshot(`
      "Usage: nsc list COMMAND [OPTION]…

      List operators, accounts, users, roles and keys.

      Commands:
        operators  List the operators of the store (also: operator)
        accounts   List the accounts of an operator (also: account)
        users      List the users of an account (also: user)
        roles      List the roles of an account (also: role)
        keys       List keys: whose they are and whether their seeds are stored (also:
                   key)

      nsc list COMMAND --help describes a command. nsc --version prints the version.
      "
    `);
  });

  it.each([40, 60, 80, 110])('fits into %i columns', (columns) => {
    const tooLong = groupHelp('', manifest, columns)
      .split('\n')
      .filter((line) => line.length > columns);
    expect(tooLong).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { flag, integer, list, text } from '../../src/app/option.js';
import { globalsBeside, readWords } from '../../src/cli/flags.js';

const options = {
  name: text('name', { short: 'n', help: '' }),
  conns: text('conns', { help: '' }),
  rmNkey: flag('rm-nkey', { short: 'D', help: '' }),
  rmCreds: flag('rm-creds', { short: 'C', help: '' }),
  field: text('field', { short: 'F', help: '' }),
  tag: list('tag', { help: '' }),
  responses: integer('allow-pub-response', { valueWhenBare: '1', help: '' }),
};

// pflag's reading of flags (reference: nsc-core.md §1.1)
const CASES: [line: string, read: string][] = [
  ['--name x', '--name=x'],
  ['--name=x', '--name=x'],
  ['--name=', '--name='],
  ['--name=a=b', '--name=a=b'],
  ['-n x', '--name=x'],
  ['-nx', '--name=x'],
  ['-n=x', '--name=x'],
  ['-n=', '--name='],
  ['-n=a=b', '--name=a=b'],
  ['-D', '--rm-nkey=true'],
  ['-DC', '--rm-nkey=true --rm-creds=true'],
  ['-DC=false', '--rm-nkey=true --rm-creds=false'],
  ['-DFname', '--rm-nkey=true --field=name'],
  ['-DF name', '--rm-nkey=true --field=name'],
  ['-DF=name', '--rm-nkey=true --field=name'],
  ['--rm-nkey=false', '--rm-nkey=false'],
  ['--rm-nkey false', '--rm-nkey=true -- false'],
  ['--conns -1', '--conns=-1'],
  ['--conns=-1', '--conns=-1'],
  ['--conns --name', '--conns=--name'],
  ['--conns --', '--conns=--'],
  ['--allow-pub-response', '--allow-pub-response=1'],
  ['--allow-pub-response=5', '--allow-pub-response=5'],
  ['--allow-pub-response 5', '--allow-pub-response=1 -- 5'],
  ['a --name x b', '--name=x -- a b'],
  ['--tag a --tag b,c', '--tag=a --tag=b,c'],
  ['-- --name x', '-- --name x'],
  ['a -- -n', '-- a -n'],
  ['--', ''],
  ['-', '-- -'],
  ['--name', 'name…'],
  ['a -n', 'name… -- a'],
  ['--nonsense', '?--nonsense'],
  ['--nonsense=SECRET', '?--nonsense'],
  ['--nonsense x --other', '?--nonsense -- x'],
  ['-Z', '?-Z'],
  ['-ZSECRET', '?-Z'],
  ['-DZ', '--rm-nkey=true ?-Z'],
  ['-5', '?-5'],
  ['--=x', '?--'],
];

/** What was read, on one line: known flags, what is unknown (`?`) or lacks its value (`…`), and arguments after `--`. */
function shown(words: string[]): string[] {
  const { flags, positionals, unknown, unfinished } = readWords(words, options);
  return [
    ...flags.map(({ name, text }) => `--${options[name as keyof typeof options].long}=${text}`),
    ...(unknown === undefined ? [] : [`?${unknown}`]),
    ...(unfinished === undefined ? [] : [`${unfinished}…`]),
    ...(positionals.length === 0 ? [] : ['--', ...positionals]),
  ];
}

describe('readWords', () => {
  it.each(CASES)('%s → %s', (line, read) => {
    expect(shown(line.split(' '))).toEqual(read === '' ? [] : read.split(' '));
  });

  it('keeps blanks, line ends and empty words', () => {
    expect(shown(['--name', 'a b\n', ''])).toEqual(['--name=a b\n', '--', '']);
  });
});

describe('globalsBeside', () => {
  it('leaves out a global option that the command has itself, and a short name it uses', () => {
    const own = { json: flag('json', { short: 'J', help: '' }), interval: text('interval', { short: 'i', help: '' }) };
    const left = globalsBeside(own);
    expect(left.json).toBeUndefined();
    expect(left.interactive).toMatchObject({ long: 'interactive' });
    expect(left.interactive?.short).toBeUndefined();
    expect(left.privateKey?.short).toBe('K');
  });
});

import { NscError } from '../../errors.js';
import { parseGoDuration } from '../../lib/duration.js';
import { flag, type InputOf, text, value } from '../option.js';

/** When output is coloured; `auto` looks at the terminal and the environment. */
export type ColorChoice = 'auto' | 'always' | 'never';

const COLOR_CHOICES: readonly string[] = ['auto', 'always', 'never'] satisfies ColorChoice[];

const directory = { placeholder: 'DIR', complete: 'directory' } as const;

/** Options that every command takes. One of the command's own with the same long or short name stands in its place. */
export const globalOptions = {
  allDirs: text('all-dirs', { ...directory, short: 'H', help: 'one directory for configuration, store and keys' }),
  configDir: text('config-dir', { ...directory, help: 'directory of nsc.json' }),
  dataDir: text('data-dir', { ...directory, help: 'directory that holds the operators' }),
  keystoreDir: text('keystore-dir', { ...directory, help: 'directory of keys and creds' }),
  privateKey: value(
    'private-key',
    {
      short: 'K',
      placeholder: 'KEY',
      help: 'sign with this key: role, public key, seed or key file',
      complete: 'signer',
    },
    readKeyName,
  ),
  interactive: flag('interactive', { short: 'i', help: 'ask for what is not given' }),
  noInput: flag('no-input', { help: 'never ask anything' }),
  yes: flag('yes', { help: 'answer every question whether to go on with yes' }),
  json: flag('json', { help: 'answer in JSON' }),
  dryRun: flag('dry-run', { help: 'show what would change and change nothing' }),
  keepValid: flag('keep-valid', { help: 'refuse a change that takes trust away from tokens that have it' }),
  color: value(
    'color',
    { placeholder: 'WHEN', help: 'colours: auto, always or never', defaultText: 'auto', complete: COLOR_CHOICES },
    readColorChoice,
  ),
  lockTimeout: value(
    'lock-timeout',
    {
      placeholder: 'DURATION',
      help: 'how long to wait for another process that changes the store',
      defaultText: '30s',
    },
    readMilliseconds,
  ),
  help: flag('help', { short: 'h', help: 'describe the command' }),
};

/** What was given of the global options. */
export type GlobalInput = InputOf<typeof globalOptions>;

/** An empty text is an unset variable of a script, and no reason to sign with another key (E-05). */
function readKeyName(given: string): string {
  if (given !== '') return given;
  throw new NscError('bad-value', 'no key is named', { hint: 'leave -K out to sign with the key of the parent' });
}

function readColorChoice(given: string): ColorChoice {
  if (COLOR_CHOICES.includes(given)) return given as ColorChoice;
  throw new NscError('bad-value', `"${given}" is not one of ${COLOR_CHOICES.join(', ')}`);
}

function readMilliseconds(given: string): number {
  const nanoseconds = Number(parseGoDuration(given));
  if (nanoseconds < 0) throw new NscError('bad-value', `"${given}" is negative`);
  return nanoseconds / 1e6;
}

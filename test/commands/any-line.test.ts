import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/app/command.js';
import type { Option } from '../../src/app/option.js';
import { emptyKeyring, newRecord, withRecords } from '../../src/domain/keyring/keyring.js';
import { NscError } from '../../src/errors.js';
import { account, operator, pub, scope, under, user } from '../domain/trust/hierarchy.js';
import { RUNS } from '../lib/property.js';
import { findLeaves } from '../support/leaves.js';
import { answer, type Given, planRaw } from '../support/plan.js';

/**
 * Whatever is asked for, a command plans something whose outcome passes, or refuses: it never crashes, shows a seed, or
 * changes what it was given (the world is frozen), and it decides the same when asked again.
 */

const A = account('A', 'a1', {
  nats: {
    signing_keys: [pub('a2'), scope('a4', 'reader')],
    exports: [{ name: 'x', subject: 'x.>', type: 'stream' }],
    default_permissions: { pub: { allow: ['a'] } },
    limits: { conn: 5, disk_storage: 10, tiered_limits: {} },
  },
});
const world: Given = {
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')], system_account: pub('b1') } }),
      accounts: [
        A,
        account('B', 'b1'),
        account('C', 'a3', { nats: { limits: { tiered_limits: { R1: { streams: 1 } } } } }),
      ],
      users: [user('A/u', 'u1'), user('A/v', 'u2', { by: 'a4', nats: under('a1') }), user('B/w', 'u3', { by: 'b1' })],
      keyring: withRecords(emptyKeyring, [
        { ...newRecord(pub('o2'), { kind: 'operator-signing' }, 'active', 1), alias: 'prod', expires: 2 },
        newRecord(pub('a2'), { kind: 'account-signing', account: pub('a1') }, 'retiring', 1),
        newRecord(pub('ax'), { kind: 'account-signing', account: pub('a1') }, 'compromised', 1),
      ]),
    },
  ],
  files: { 'o.jwt': operator().token, 'a.nk': '$a3.seed', 'dir/a.nk': '$a3.seed', junk: 'junk', 'a.jwt': A.token },
};

/** What completion would offer. */
const KNOWN: Partial<Record<string, readonly string[]>> = {
  operator: ['O', 'O', '$o1', 'P'],
  account: ['A', 'A', 'B', 'C', '$a1', 'X'],
  user: ['u', 'v', '$u1', 'w'],
  key: ['$a2', '$a3.seed', '$a4', '$o2', '$o3.seed', '$u3', 'generate', 'a.nk'],
  'known-key': ['prod', 'reader', '$a2', '$o1', '$o3.seed', '$u1', '$ax', 'a.nk'],
  role: ['reader', 'reader', 'writer', '$a4', 'a.nk'],
  'signing-key': ['reader', '$a2', '$a3.seed', '$a4', '$a1', 'generate', 'a.nk'],
  signer: ['reader', '$a1', '$a2', '$o1', '$o2', '$ax.seed', 'a.nk'],
  file: ['o.jwt', 'a.jwt', 'junk', '--'],
  directory: ['dir', 'nowhere'],
};
const VALUES = [
  ...[
    '',
    '0',
    '-1',
    '1',
    '5',
    '1.5k',
    '0x10',
    '9223372036854775807',
    '1e3',
    'true',
    'false',
    '"',
    ',',
    '*',
    '../x',
    "it's",
  ],
  ...[
    'A',
    'B',
    'C',
    'O',
    'u',
    'v',
    'w',
    'New',
    'SYS',
    'reader',
    'x.{{name()}}',
    '{{tag(t)}}.{{x()}}',
    'generate',
    '$a1',
    '$a2',
    '$a2.seed',
    '$o2',
    '$o1.seed',
    '$u1',
    '$x1',
  ],
  ...[
    '1d',
    '-1y',
    '2030-01-01',
    '1h30m',
    'a.>',
    'a b',
    'a..b',
    'nats://h:4222',
    'https://h/x',
    '10.0.0.0/8',
    'mqtt',
    'UTC',
  ],
  ...[
    '08:00:00-09:00:00',
    '08:00:00',
    '500ms',
    '-1s',
    'o.jwt',
    'a.jwt',
    'a.nk',
    'dir',
    'junk',
    'nats.limits',
    'a\nb',
    '--',
  ],
];

const leaves = [...findLeaves()].filter(([path]) => !path.startsWith('completion'));

describe.each(leaves)('%s', (_path, leaf) => {
  it('plans or refuses', async () => {
    const { command } = await leaf.load();
    await fc.assert(
      fc.asyncProperty(lineOf(command), async (line) => {
        const first = await decide(command, line);
        expect(await decide(command, line)).toEqual(first);
      }),
      { numRuns: RUNS / 5 },
    );
  });
});

async function decide(command: Command, line: string): Promise<unknown> {
  try {
    return command.kind === 'mutation'
      ? (await planRaw(command, world, line)).shown
      : await answer(command, world, line);
  } catch (error) {
    if (!(error instanceof NscError) || error.code === 'bug') throw error;
    return [error.code, error.message];
  }
}

/** Some options of the command, mostly with values that make sense, and perhaps a signer and an argument. */
function lineOf(command: Command): fc.Arbitrary<string> {
  const flags = Object.values(command.options).map((option: Option<unknown>) => {
    const written = aValueOf(option).map((given) => `--${option.long}=${quoted(given)}`);
    return option.valueWhenBare === undefined ? written : fc.oneof(fc.constant(`--${option.long}`), written);
  });
  const signer = fc.constantFrom('$o2', '$a2', '$a1.seed', 'reader', 'typo', 'a.nk').map((given) => `-K ${given}`);
  const words = fc.array(fc.oneof(...flags, fc.constant('--dry-run')), { maxLength: 4 });
  const named = command.positional && command.options[command.positional.option];
  const argument = (named ? aValueOf(named) : fc.constantFrom(...VALUES)).map((given) => `-- ${quoted(given)}`);
  const oneIn = (many: number, arbitrary: fc.Arbitrary<string>) =>
    fc.oneof({ weight: many - 1, arbitrary: fc.constant('') }, { weight: 1, arbitrary });
  return fc
    .tuple(words, oneIn(named ? 2 : 20, argument), oneIn(5, signer))
    .map(([given, last, key]) => [key, ...given, last].join(' '));
}

/** Values by what completion offers for the option, or those that it takes; now and then any other. */
function aValueOf(option: Option<unknown>): fc.Arbitrary<string> {
  const { complete } = option;
  const known = typeof complete === 'string' ? KNOWN[complete] : undefined;
  const fitting = known ?? VALUES.filter((given) => takes(option, given));
  const any = fc.constantFrom(...VALUES);
  return fitting.length === 0
    ? any
    : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: any });
}

function takes(option: Option<unknown>, given: string): boolean {
  try {
    option.read([given.replace(/^\$.*$/, pub('a2'))]);
    return true;
  } catch {
    return false;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

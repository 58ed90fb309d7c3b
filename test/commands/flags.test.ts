import { describe, expect, it } from 'vitest';
import type { Option } from '../../src/app/option.js';
import type { Leaf } from '../../src/cli/manifest.js';
import { NscError } from '../../src/errors.js';
import { findLeaves } from '../support/leaves.js';
import reference from './flags.json' with { type: 'json' };
import { MISSING } from './missing-flags.js';

/** The option tables of our commands against those of nsc 2.14 (nsc-core.md appendix F, nsc-distribution.md §2.3). */

interface Flag {
  readonly type: string;
  readonly short?: string;
  readonly hidden?: boolean;
  readonly deprecated?: boolean;
  /** What the flag stands for without a value. */
  readonly bare?: string;
}

const FLAGS: Readonly<Record<string, Readonly<Record<string, Flag>>>> = reference;

/** Flags of nsc that differ here. */
const DIFFERENT: Readonly<Record<string, { because: string; ours: Partial<Flag> }>> = {
  'edit account --trace-context-sampling': { because: 'a percentage, not a size', ours: { type: 'int' } },
  'edit signing-key --subs': { because: 'sizes such as 1k are taken, too', ours: { type: 'number' } },
  'edit user --subs': { because: 'sizes such as 1k are taken, too', ours: { type: 'number' } },
};

/** Options that only we have, beside the global ones, and that are hidden. */
const OURS: Readonly<Record<string, string>> = {
  'add import --export': 'what interactive mode offers and fills in',
  'delete import --service': 'tells a stream from a service of the same subject and account',
  'delete export --service': 'tells a service from a stream of the same subject',
  'generate activation --service': 'tells a service from a stream of the same subject',
  'generate profile --url': 'stands for the argument',
  'select account --name': 'stands for the argument',
  'select operator --name': 'stands for the argument',
  'rename account --name': 'stands for the arguments',
  'tool pub --subject': 'stands for the argument',
  'tool pub --payload': 'stands for the argument',
  'tool sub --subject': 'stands for the argument',
  'tool req --subject': 'stands for the argument',
  'tool req --payload': 'stands for the argument',
  'tool reply --subject': 'stands for the argument',
  'tool reply --answer': 'stands for the argument',
};

/** With `--push`, how servers are reached, as `nsc push` has it. */
const PUSHING = [
  'account-jwt-server-url',
  'system-account',
  'system-user',
  'timeout',
  'tls-first',
  'ca-cert',
  'client-cert',
  'client-key',
  'tls-curves',
];

/** The same, for everybody to see. */
const OURS_IN_SIGHT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['delete account', 'delete user'].flatMap((path) =>
      ['push', ...PUSHING].map((flag) => [`${path} --${flag}`, 'servers first']),
    ),
  ),
  'add user --role': '-K ROLE in words',
  'generate diagram component --format': 'Mermaid beside PlantUML',
  'generate diagram object --format': 'Mermaid beside PlantUML',
  'edit user --role': 'moves a user to a role, whatever it has of its own',
  'generate config --url-resolver': 'for nsc serve and other account servers',
  'generate config --server-name': 'what a server of a cluster needs of its own',
  'generate config --listen': 'what a server of a cluster needs of its own',
  'generate config --cluster-name': 'what a server of a cluster needs',
  'generate config --cluster-listen': 'what a server of a cluster needs of its own',
  'generate config --route': 'what a server of a cluster needs',
  'generate config --resolver-dir': 'servers that share a machine cannot share one',
  'generate config --allow-delete': 'what nsc push --prune needs',
  'generate config --jetstream-dir': 'what JetStream needs',
  'generate context --all-urls': 'nsc names the first one',
  'generate context --select': 'in place of nats context select',
  'pull --account-jwt-server-url': 'as push has it; nsc documents it and lacks it (S-28)',
  'pull --timeout': 'as push has it; nsc waits a second or five',
  'tool req --timeout': 'nsc waits five seconds, whatever it takes',
  'tool rtt --count': 'more than one measurement',
  'push --all-changed': 'what --all does anyway, unless --force is given',
  'upgrade-jwt --backup': 'in place of the zip file that nsc asks about',
};

/** Commands that only we have. */
const OUR_COMMANDS =
  /^completion |^diff$|^revocations compact$|^(list roles|describe role)$|^(compromise|resign|serve|verify|generate jwks)$|^keys (list|show|alias|note|expire|lock|unlock|passwd)$|^(import|export) key$|^explain creds$|^rotate /;

const leaves = [...findLeaves()];

describe.each(leaves.filter(([path]) => !OUR_COMMANDS.test(path)))('%s', (path, leaf) => {
  const theirs = FLAGS[path] ?? {};

  it('is a command of nsc', () => {
    expect(FLAGS).toHaveProperty([path]);
  });

  it('has the flags of nsc', async () => {
    const ours = await readOptions(leaf);
    const expected = Object.entries(theirs)
      .filter(([name]) => MISSING[`${path} --${name}`] === undefined)
      .map(([name, flag]) => [name, { ...shapeOf(flag), ...DIFFERENT[`${path} --${name}`]?.ours }]);
    const found = Object.keys(theirs).flatMap((name) => {
      const option = ours.get(name);
      return option ? [[name, describeOption(option, theirs[name]?.type ?? '')]] : [];
    });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('has no flags of its own but those listed, most of which are hidden', async () => {
    const extra = [...(await readOptions(leaf)).values()].filter(({ long }) => theirs[long] === undefined);
    const isListed = ({ long, hidden }: Option<unknown>, of = path) =>
      `${of} --${long}` in (hidden ? OURS : OURS_IN_SIGHT);
    // the copies of the tools at the root lack some of nsc's own flags there
    const isOfTool = (option: Option<unknown>) =>
      FLAGS[`tool ${path}`]?.[option.long] !== undefined || isListed(option, `tool ${path}`);
    expect(extra.filter((option) => !isListed(option) && !isOfTool(option))).toEqual([]);
  });
});

it('every listed deviation is about a command and a flag that exist', async () => {
  const known = Object.entries(FLAGS).flatMap(([path, flags]) => Object.keys(flags).map((name) => `${path} --${name}`));
  expect([...Object.keys(MISSING), ...Object.keys(DIFFERENT)].filter((flag) => !known.includes(flag))).toEqual([]);
});

/** Long and short names are unique, and a short one of nsc is never taken for something else. */
it.each(leaves)('%s has no name twice', async (_path, leaf) => {
  const options = [...(await readOptions(leaf)).values()];
  const shorts = options.flatMap(({ short }) => (short === undefined ? [] : [short]));
  expect(new Set(shorts).size).toBe(shorts.length);
  expect(new Set(options.map(({ long }) => long)).size).toBe(options.length);
});

async function readOptions(leaf: Leaf): Promise<Map<string, Option<unknown>>> {
  const { command } = await leaf.load();
  return new Map(Object.values(command.options).map((option: Option<unknown>) => [option.long, option]));
}

const shapeOf = ({ type, short, hidden, deprecated, bare }: Flag): object => ({
  type,
  ...(short !== undefined && { short }),
  ...(hidden && { hidden }),
  ...(deprecated && { deprecated }),
  ...(bare !== undefined && { bare }),
});

function describeOption(option: Option<unknown>, wanted: string): object {
  const type = typeOf(option, wanted);
  return {
    type,
    ...(option.short !== undefined && { short: option.short }),
    ...(option.hidden && { hidden: true }),
    ...(option.deprecated !== undefined && { deprecated: true }),
    ...(type !== 'bool' && option.valueWhenBare !== undefined && { bare: option.valueWhenBare }),
  };
}

const NUMBERS = ['number', 'int', 'int64', 'uint', 'uint8'];

/** Types are found out by what an option takes; the wanted one is the answer where that cannot tell two apart. */
function typeOf(option: Option<unknown>, wanted: string): string {
  if (option.valueWhenBare === 'true') return 'bool';
  if (option.repeatable) return wanted === 'time-ranges' && reads(option, '08:00:00-17:00:00') ? wanted : 'list';
  const isNumber = reads(option, '16') && !reads(option, 'Orders');
  if (isNumber && reads(option, '1.5k')) return 'number';
  if (isNumber && reads(option, '0x10')) return NUMBERS.includes(wanted) && wanted !== 'number' ? wanted : 'int';
  return [...NUMBERS, 'list', 'time-ranges', 'bool'].includes(wanted) ? 'string' : wanted;
}

function reads(option: Option<unknown>, text: string): boolean {
  try {
    option.read([text]);
    return true;
  } catch (error) {
    if (error instanceof NscError) return false;
    throw error;
  }
}

import { describe, expect, it } from 'vitest';
import type { TaskContext } from '../../src/app/command.js';
import type { NewStore, Ports } from '../../src/app/ports.js';
import { command } from '../../src/commands/fix.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import { NscError } from '../../src/errors.js';
import { account, KEYS, operator, user } from '../domain/trust/hierarchy.js';
import { itRefuses } from '../support/cases.js';
import { FakeWorld } from '../support/fake-world.js';
import type { Given } from '../support/plan.js';

const u = user('A/u', 'u1');
const given: Given = {
  files: {
    'pile/o.jwt': operator().token,
    'pile/o.nk': '$o1.seed',
    'pile/deep/er/a.jwt': account('A', 'a1').token,
    'pile/u.creds': formatCreds(u.token, KEYS.u1).reveal(),
    'pile/notes.txt': 'nothing of interest',
    'more/stray.nk': '$ax.seed',
    'none/readme.txt': '',
  },
};

interface Made {
  readonly directory: string;
  readonly rehearse: boolean;
  readonly stores: readonly NewStore[];
}

/** The context with other ports; its tree is not looked at, as there is none. */
const withPorts = (context: TaskContext, ports: Ports, dryRun = false): TaskContext =>
  Object.create(context, { ports: { value: ports }, dryRun: { value: dryRun } }) as TaskContext;

/** Runs the command; what it says and what it makes, with the names of keys in the place of keys. */
async function fix(line: string, { dryRun = false, world = given } = {}): Promise<{ said: unknown; made: object }> {
  const fake = new FakeWorld(world);
  const { context, input } = await fake.prepare(command as never, line);
  let made: Made | undefined;
  const ports = {
    ...fake.ports,
    newStores: {
      async make(directory: string, stores: readonly NewStore[], { rehearse }: { rehearse: boolean }) {
        made = { directory, rehearse, stores };
        return { storeRoot: `/cwd/${directory}/operators`, keystoreDir: `/cwd/${directory}/keys` };
      },
    },
  };
  const said = fake.aliases.plain(await command.run(withPorts(context, ports, dryRun), input as never));
  const { directory, rehearse, stores = [] } = made ?? {};
  const changes = stores.map(({ operator: name, changes: all }) => [name, ...all.map(({ type }) => type)].join(' '));
  return { said, made: { directory, rehearse, changes } };
}

const ok = (message: string) => ({ level: 'ok', message });
const warn = (message: string) => ({ level: 'warn', message });

describe('stores are rebuilt', () => {
  it('from all that lies below the directories', async () => {
    expect(await fix('--in pile,more --out new --creds')).toEqual({
      said: {
        kind: 'changed',
        steps: [
          ok('operator "O" [o1]: 1 account, 1 user, 2 seeds, 1 creds file'),
          warn('the seed of ax is left out: nothing that was found uses it'),
          ok('made stores in `/cwd/new/operators` and their keys in `/cwd/new/keys`'),
          ok('to use them: export NKEYS_PATH="/cwd/new/keys"; nsc env --store "/cwd/new/operators"'),
        ],
      },
      made: {
        directory: 'new',
        rehearse: false,
        changes: ['O put-operator put-account put-user put-creds put-seed put-seed'],
      },
    });
  });

  it('without creds unless they are asked for, and each file once', async () => {
    const { said, made } = await fix('--in pile --in pile,pile/o.nk --out new');
    expect(said).toMatchObject({ steps: [ok('operator "O" [o1]: 1 account, 0 users, 1 seed, 0 creds files'), {}, {}] });
    expect(made).toMatchObject({ changes: ['O put-operator put-account put-seed'] });
  });

  it('from single files, too, into a directory of a name of its own', async () => {
    const { said, made } = await fix('--in pile/o.jwt,pile/deep');
    expect(made).toMatchObject({ directory: expect.stringMatching(/^fix_[A-Z2-7]{8}$/) });
    expect(said).toMatchObject({
      steps: [
        ok(
          'operator "O" [o1]: 1 account, 0 users, 0 seeds, 0 creds files; it is managed elsewhere, because none of its own seeds was found',
        ),
        {},
        {},
      ],
    });
  });

  it('or only talked about', async () => {
    const { said, made } = await fix('--in pile --out new', { dryRun: true });
    expect(made).toMatchObject({ rehearse: true });
    expect(said).toMatchObject({
      dryRun: true,
      steps: [{}, ok('made stores in `/cwd/new/operators` and their keys in `/cwd/new/keys`')],
    });
  });

  it('leaving out what cannot be read', async () => {
    const world = new FakeWorld(given);
    const { context, input } = await world.prepare(command as never, '--in pile');
    const files = {
      ...world.ports.files,
      read: (path: string) => {
        if (path.endsWith('o.nk')) throw new NscError('store-corrupt', 'it is too big');
        return world.ports.files.read(path);
      },
    };
    const newStores = { make: async () => ({ storeRoot: '/s', keystoreDir: '/k' }) };
    const result = await command.run(withPorts(context, { ...world.ports, files, newStores }), input as never);
    expect(result).toMatchObject({ steps: [{}, warn('"pile/o.nk" is left out: it is too big'), {}, {}] });
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no directory': ['', ['missing-option', 'no directory to search was named']],
    'a directory without a name, such as an unset variable gives': [
      "--in pile,''",
      ['bad-value', '--in: a directory is empty'],
    ],
    'a directory that is not there': ['--in nowhere', ['file-not-found', 'there is no directory "nowhere"']],
    'files without an operator': [
      '--in more,none',
      ['operator-not-found', 'no JWT of an operator was found in "more", "none"'],
    ],
    'an argument': ['pile', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

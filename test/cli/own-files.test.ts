import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '../support/session.js';

/** Every option that names a file to write, pointed at what the store itself consists of. */

interface Started {
  readonly session: Session;
  readonly stores: string;
  readonly keystore: string;
  /** The file with the seed of the account. */
  readonly seed: string;
}

async function start(): Promise<Started> {
  const session = new Session();
  const stores = join(session.home, '.local/share/nats/nsc/stores');
  const keystore = join(session.home, '.local/share/nats/nsc/keys');
  for (const line of ['add operator O', 'add account A', 'add account B', 'add user u -a A']) await session.ok(line);
  await session.ok('add export --private -s private.> -a A');
  const key = JSON.parse(await session.ok('describe account A --json')).sub;
  return { session, stores, keystore, seed: join(keystore, 'keys/A', key.slice(1, 3), `${key}.nk`) };
}

const filesBelow = (root: string): string[][] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => [path, lstatSync(join(root, path)).isFile() ? readFileSync(join(root, path), 'latin1') : '']);

const PLACES: Readonly<Record<string, (started: Started) => string>> = {
  'a seed': ({ seed }) => seed,
  'a file beside a seed': ({ seed }) => join(dirname(seed), 'x.txt'),
  'creds of another user': ({ keystore }) => join(keystore, 'creds/O/A/v.creds'),
  'the ignore file': ({ keystore }) => join(keystore, '.gitignore'),
  'the operator': ({ stores }) => join(stores, 'O/O.jwt'),
  'the mark of an operator': ({ stores }) => join(stores, 'P/.nsc'),
  'an account': ({ stores }) => join(stores, 'O/accounts/A/A.jwt'),
  'an account to be': ({ stores }) => join(stores, 'O/accounts/C/C.jwt'),
  'a user': ({ stores }) => join(stores, 'O/accounts/A/users/u.jwt'),
  'a user to be': ({ stores }) => join(stores, 'O/accounts/A/users/v.jwt'),
  'the lock': ({ stores }) => join(stores, '.nsc.lock'),
  'a journal': ({ stores }) => join(stores, '.journal/committed'),
  'a version that was replaced': ({ stores }) => join(stores, 'O/.history/accounts/A/1-x.jwt'),
  settings: ({ session }) => join(session.home, '.config/nats/nsc/nsc.json'),
  'a link to a seed': ({ session, seed }) => {
    symlinkSync(seed, join(session.cwd, 'link'));
    return 'link';
  },
  'a link to the directory of an account': ({ session, stores }) => {
    symlinkSync(join(stores, 'O/accounts/A'), join(session.cwd, 'link'));
    return 'link/A.jwt';
  },
  'a seed that is a link to another disk': ({ session, seed }) => {
    renameSync(seed, join(session.home, 'seed'));
    symlinkSync(join(session.home, 'seed'), seed);
    return seed;
  },
};

const COMMANDS = [
  'generate creds -a A -n u -o',
  'generate config --mem-resolver --force --config-file',
  'generate activation -a A -t B -o',
  'generate diagram object -o',
  'generate jwks --all -o',
  'generate profile nsc://O -o',
  'describe account A --raw -o',
  'describe operator --json -o',
];

it.each(COMMANDS)('%s "" is refused: an unset variable names no file', async (command) => {
  const { session } = await start();
  const ran = await session.run([...command.split(' '), '']);
  expect(ran).toMatchObject({
    exit: 2,
    stdout: '',
    stderr: expect.stringContaining('the file to write to has no name'),
  });
});

it.each([
  ['nowhere/x', 'nowhere/x: a part of the path does not exist'],
  ['.', 'it is a directory'],
])('what cannot be written is told: %s', async (file, message) => {
  const { session } = await start();
  const ran = await session.run(`generate creds -a A -n u -o ${file}`);
  expect(ran).toMatchObject({ exit: 5, stdout: '', stderr: expect.stringContaining(message) });
});

describe.each(Object.entries(PLACES))('%s', (_what, placeOf) => {
  it('is nothing that an answer may be written to', async () => {
    const started = await start();
    const { session } = started;
    const place = placeOf(started);
    const before = filesBelow(session.root);
    for (const command of COMMANDS) {
      for (const more of ['', ' --dry-run', ' --json']) {
        const { exit, stderr } = await session.run(`${command} ${place}${more}`);
        expect([command, exit, stderr]).toEqual([
          command,
          2,
          expect.stringMatching(/inside the keystore|the store itself/),
        ]);
      }
    }
    expect(filesBelow(session.root)).toEqual(before);
  });
});

it.each([
  ['users of an account', 'stores/O/accounts/A/users', 'the store itself'],
  ['seeds', 'keys/keys/A/BC', 'inside the keystore'],
])('keys and JWTs are not exported into the directory of %s', async (_what, directory, message) => {
  const { session, stores } = await start();
  const before = filesBelow(session.root);
  const ran = await session.run(`export keys --all --include-jwts --dir ${join(dirname(stores), directory)}`);
  expect(ran).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) });
  expect(filesBelow(session.root)).toEqual(before);
});

it.each(['keys/keys', 'keys/keys/new', 'keys/creds/new'])('fix makes no stores in %s', async (directory) => {
  const { session, stores, keystore } = await start();
  const before = filesBelow(session.root);
  const ran = await session.run(`fix --in ${stores},${keystore} --out ${join(dirname(stores), directory)}`);
  expect(ran).toMatchObject({ exit: 2, stderr: expect.stringContaining('inside the keystore') });
  expect(filesBelow(session.root)).toEqual(before);
});

it('what the store does not read may lie beside it, and a store may share a directory with other files', async () => {
  const { session, stores, keystore } = await start();
  for (const place of [
    join(stores, 'x.jwt'),
    join(stores, 'O/x.jwt'),
    join(stores, 'O/accounts/A/u.creds'),
    join(keystore, 'x'),
  ]) {
    await session.ok(`describe account A --raw -o ${place}`);
  }
  mkdirSync(join(session.cwd, 'out/users'), { recursive: true });
  await session.ok('-H . add operator P');
  await session.ok('-H . describe operator --raw -o out/users/out.jwt');
  await session.ok('-H . describe operator --raw -o P.jwt');
});

it('creds may be written again where the keystore has them, and nowhere else in it', async () => {
  const { session, keystore } = await start();
  const file = join(keystore, 'creds/O/A/u.creds');
  const before = readFileSync(file, 'utf8');
  rmSync(file);
  await session.ok(`generate creds -a A -n u -o ${file}`);
  expect(readFileSync(file, 'utf8')).toBe(before);
  await session.ok('add user -a A v');
  expect((await session.run(`generate creds -a A -n v -o ${file}`)).exit).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

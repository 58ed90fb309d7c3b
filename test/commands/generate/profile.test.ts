import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/profile.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { account, KEYS, operator, pub, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { answer, type Given } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const u = user('A/u', 'u1');
const creds = [{ account: 'A', user: 'u', creds: formatCreds(u.token, KEYS.u1.seed) }];
const services = ['nats://one:4222', 'nats://two:4222'];
const given: Given = {
  operators: [
    {
      operator: operator({ nats: { operator_service_urls: services, signing_keys: [pub('o2')] } }),
      accounts: [account('A', 'a1', { nats: { signing_keys: [pub('a2')] } }), account('Two Words', 'b1')],
      users: [u, user('A/v', 'u2'), { ...user('Two Words/w', 'u3', { by: 'b1' }), name: 'w?1' }],
      creds,
    },
    { operator: { ...operator({ sub: pub('o3'), iss: pub('o3'), by: 'o3' }), name: 'P' } },
  ],
};

interface Answered {
  readonly content: string | { readonly secret: string };
}

/** The profile, after checking that only one with seeds is a secret. */
async function profileOf(url: string, world: Given = given): Promise<unknown> {
  const { content } = (await answer(command, world, `'${url}'`)) as Answered;
  const text = typeof content === 'string' ? content : content.secret;
  const profile: unknown = JSON.parse(text);
  expect(text).toBe(`${JSON.stringify(profile, null, 2)}\n`);
  expect(typeof content === 'object').toBe(/"seed"/.test(text));
  return profile;
}

const user_creds = '/keys/creds/O/A/u.creds';
const service = services;

describe('a profile', () => {
  it.each([
    ['nsc://O', { operator: { service } }],
    ['nsc://O/A', { operator: { service } }],
    ['nsc://O/A/u', { user_creds, operator: { service } }],
    ['O/A/u', { user_creds, operator: { service } }],
    ['O/A/v', { operator: { service } }],
    ['P', { operator: {} }],
    ['O/A/u?userKey', { user_creds, operator: { service }, user: { id: 'u1' } }],
    [
      'O/A/u?keys&names',
      {
        user_creds,
        operator: { service, name: 'O', id: 'o1' },
        account: { name: 'A', id: 'a1' },
        user: { name: 'u', id: 'u1' },
      },
    ],
    [
      'O/A/u?seeds',
      {
        user_creds,
        operator: { service, seed: 'seed of o1' },
        account: { seed: 'seed of a1' },
        user: { seed: 'seed of u1' },
      },
    ],
    ['O/A/u?seed', { user_creds, operator: { service }, user: { seed: 'seed of u1' } }],
    ['O/A?accountSeed=$a2', { operator: { service }, account: { seed: 'seed of a2' } }],
    ['O?operatorSeed=$o2&operatorName', { operator: { service, name: 'O', seed: 'seed of o2' } }],
  ])('%s', async (url, expected) => {
    expect(await profileOf(url)).toEqual(expected);
  });

  it.each([
    ['by public keys', '$o1/$a1/$u1'],
    ['in another letter case', 'o/a/U'],
    ['with escapes', '%4F/%41/%75'],
  ])('finds everything %s (S-21)', async (_how, url) => {
    expect(await profileOf(url)).toEqual({ user_creds, operator: { service } });
  });

  it('finds names with blanks and marks, written as they are or escaped', async () => {
    const expected = { operator: { service }, user: { name: 'w?1' } };
    expect(await profileOf('O/Two Words/w%3F1?name')).toEqual(expected);
    expect(await profileOf('O/two%20words/W%3f1?name')).toEqual(expected);
  });

  it('takes no name for another one that differs in letter case, where there are several', async () => {
    const [content = { operator: operator() }, ...more] = given.operators ?? [];
    const users = [user('A/Bob', 'u1'), user('A/bob', 'u2')];
    const world = { ...given, operators: [{ ...content, users }, ...more] };
    expect(await profileOf('O/A/bob?key', world)).toEqual({ operator: { service }, user: { id: 'u2' } });
    await expect(profileOf('O/A/BOB', world)).rejects.toThrow('user "BOB" does not exist in account "A"');
  });

  itRefuses(command, given, {
    'no URL': ['', ['missing-option', 'no URL was given']],
    'an operator that is not there': ['nsc://X/A/u', ['operator-not-found', 'operator "X" is not in /stores']],
    'an account that is not there': [
      'nsc://O/X/u',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'a user that is not there': ['nsc://O/A/x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'a seed that is not stored': [
      'O/A/u?userSeed',
      ['key-not-found', 'the seed of user "u" [u1] is not in the keystore'],
      { ...given, stored: ['o1'] },
    ],
    'the seed of a key of somebody else': [
      'O/A?accountSeed=$b1',
      ['key-not-found', '"b1" is not a key of account "A"'],
    ],
    'another scheme': [
      'http://O',
      ['bad-value', '--url: "http://O" is not the URL of a profile: its scheme is not nsc'],
    ],
    'two URLs': ['O P', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
  });
});

describe('in the program', () => {
  const settings = (session: Session) => join(session.home, '.config/nats/nsc/nsc.json');

  async function start(): Promise<Session> {
    const session = new Session();
    await session.ok('add operator O');
    await session.ok('edit operator --service-url nats://one:4222');
    await session.ok('add account A');
    await session.ok('add user u');
    return session;
  }

  it('selects, locks and writes nothing (S-20)', async () => {
    const session = await start();
    await session.ok('add operator P');
    const before = [readFileSync(settings(session), 'utf8'), statSync(settings(session)).mtimeMs];
    const lock = join(session.home, '.local/share/nats/nsc/stores/.nsc.lock');
    mkdirSync(lock); // nobody could lock the store now
    expect(JSON.parse(await session.ok('generate profile nsc://O/A/u?keys'))).toHaveProperty('user_creds');
    expect([readFileSync(settings(session), 'utf8'), statSync(settings(session)).mtimeMs]).toEqual(before);
  });

  it('writes a file for its owner alone (S-48), and replaces none', async () => {
    const session = await start();
    const file = join(session.cwd, 'profile.json');
    expect(await session.ok('generate profile nsc://O/A/u?userSeed -o profile.json')).toContain(
      'wrote tool configuration to',
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = readFileSync(file, 'utf8');
    expect(JSON.parse(content).user.seed).toMatch(/^SU/);
    expect(await session.run('generate profile nsc://O --output-file profile.json')).toEqual({
      exit: 4,
      stdout: '',
      stderr: 'nsc: error: file "profile.json" already exists\nnsc: hint: name another file, or remove this one\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('looks in other directories, whose names keep their letter case (S-21)', async () => {
    const session = await start();
    const data = join(session.home, '.local/share/nats/nsc');
    const [stores, keys] = [join(session.root, 'My Stores'), join(session.root, 'Keys')];
    renameSync(join(data, 'stores'), stores);
    renameSync(join(data, 'keys'), keys);
    expect((await session.run('generate profile nsc://O/A/u')).exit).toBe(3);
    const at = `store=${encodeURIComponent(stores)}&keystore=${keys}`;
    const profile = JSON.parse(await session.ok(['generate', 'profile', `nsc://O/A/u?${at}&userSeed`]));
    expect(profile).toEqual({
      user_creds: join(keys, 'creds/O/A/u.creds'),
      operator: { service: ['nats://one:4222'] },
      user: { seed: expect.stringMatching(/^SU/) },
    });
    expect(existsSync(join(data, 'stores'))).toBe(false);
  });

  it('takes the URL by its name, too', async () => {
    const session = await start();
    expect(await session.ok('generate profile --url O/A')).toBe(await session.ok('generate profile O/A'));
  });
});

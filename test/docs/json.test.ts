import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Synced } from '../../src/app/result.js';
import { renderJson } from '../../src/render/json.js';
import { fakeNats, message } from '../commands/tool/fake-nats.js';
import { ROOT } from '../support/imports.js';
import { Session, START } from '../support/session.js';

/** docs/json.md says which members the answers have; the program has the last word. */

interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
}

const shapes = readShapes(readFileSync(join(ROOT, 'docs/json.md'), 'utf8'));
/** Objects that the program answered with, by the name of their shape. */
const found = new Map<string, object[]>();

/** Tables under a heading that names a shape. */
function readShapes(doc: string): Map<string, Member[]> {
  const sections = doc.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [, name = ''] = /^`([^`]+)`/.exec(section) ?? [];
      const rows = [...section.matchAll(/^\| `([\w.]+)(\?)?` \| ([^|]*) \|/gm)];
      return [name, rows.map(([, member = '', mark, type = '']) => ({ name: member, optional: mark === '?', type }))];
    }),
  );
}

const jsonType = (value: unknown): string =>
  Array.isArray(value) ? 'list' : Number.isInteger(value) ? 'integer' : typeof value;

const TYPES: Readonly<Record<string, string>> = {
  text: 'string',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
};

function fits(value: unknown, type: string): boolean {
  if (type === 'any') return true;
  if (type === 'list of text') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (type.startsWith('list of ')) return Array.isArray(value);
  return jsonType(value) === (TYPES[type] ?? 'object');
}

/** Remembers objects of a shape, and what stands in their members that have a shape of their own. */
function remember(shape: string, ...objects: readonly unknown[]): void {
  for (const object of objects as Record<string, unknown>[]) {
    found.set(shape, [...(found.get(shape) ?? []), object]);
    for (const { name, type } of shapes.get(shape) ?? []) {
      const [, inner] = /`([^`]+)`/.exec(type) ?? [];
      const value = object[name];
      if (inner === undefined || value === undefined) continue;
      remember(inner, ...(Array.isArray(value) ? value : [value]));
    }
  }
}

/** What `generate` adds for a command is told from what every such answer has. */
function rememberEmitted(shape: string | undefined, document: Record<string, unknown>): void {
  const common = (shapes.get('emitted') ?? []).map(({ name }) => name);
  const pick = (isCommon: boolean) =>
    Object.fromEntries(Object.entries(document).filter(([name]) => common.includes(name) === isCommon));
  remember('emitted', pick(true));
  if (shape === undefined) expect(pick(false)).toEqual({});
  else remember(shape, pick(false));
}

/** Every member that such an answer can have. */
const synced: Synced = {
  kind: 'synced',
  title: 'pushed',
  data: { action: 'push', url: 'nats://one:4222', counts: { sent: 1 } },
  servers: [
    { name: 'S1', version: '2.10.0', state: 'answered' },
    { name: 'S2', state: 'absent', message: 'gone' },
  ],
  accounts: [
    { name: 'A', key: 'AA', level: 'ok', state: 'sent', message: 'pushed', answers: [] },
    {
      key: 'AB',
      level: 'warn',
      state: 'differs',
      message: 'differs',
      answers: [
        { server: 'S1', level: 'warn', state: 'differs', message: 'older', differences: [{ path: 'exp', before: 1 }] },
        { level: 'ok', state: 'same', message: '' },
      ],
    },
  ],
  summary: '2 accounts',
};

const messages = [message('a', 'text', 'inbox'), message('a', Uint8Array.of(0xff))];

it('commands answer with one JSON document', async () => {
  const session = new Session({
    nats: fakeNats({ messages, gathered: { messages, isUnheard: false } }),
    remote: {
      get: async () => '',
      post: async () => ({ status: 200, text: '' }),
    },
  });
  const { cwd, home } = session;
  const data = join(home, '.local/share/nats/nsc');
  const json = async (line: string) => JSON.parse(await session.ok(`${line} --json`));

  remember('changed', await json('add operator O --sys'));
  for (const line of [
    'add account A',
    'add account B',
    'edit account A --sk generate',
    'edit signing-key -a A --sk generate --role reader --description readers --allow-sub x',
    'edit authcallout -a A --curve generate',
    'edit operator --service-url nats://one:4222 --account-jwt-server-url http://accounts:9090/jwt/v1',
    'add export -a A -n news -s news.> --private',
    'add user -a A u',
    'add user -a A bearer --bearer',
    'add user -a A w -K reader',
  ]) {
    remember('changed', await json(line));
  }
  remember('changed', await json('edit account A --conns 5 --tag x --dry-run'));
  remember('changed', await json('edit account A --rm-tag nothing --tag y'));
  remember('changed', await json('edit account A --rm-tag y --dry-run'));
  remember('changed', await json('delete user -a A w --push --dry-run'));
  remember('changed', await json('select account B'));
  remember('changed', await json('generate context -a A -u u --context dev'));
  remember('changed', await json('revocations add-user -a A -n u'));
  remember('changed', await json('revocations add_activation -a A -s news.> -t B'));

  for (const what of ['operators', 'accounts', 'users -a A']) remember('entity', ...(await json(`list ${what}`)));
  remember('key', ...(await json('list keys --all --show-seeds')));
  remember('listed role', ...(await json('list roles -a A')));
  remember('revocation', ...(await json('revocations list-users -a A')));
  remember('revocation', ...(await json('revocations list_activations -a A -s news.>')));
  remember('expirations', await json('expirations'));
  remember('env', await json('env'));
  remember('role', await json('describe role reader -a A'));

  rememberEmitted('generate creds', await json('generate creds -a A -n bearer'));
  rememberEmitted('generate creds', await json('generate creds -a A -n bearer -o bearer.creds'));
  rememberEmitted('generate config', await json('generate config --mem-resolver'));
  rememberEmitted('generate jwks', await json('generate jwks --all'));
  rememberEmitted('generate nkey', await json('generate nkey --account --curve'));
  session.advance(60);
  rememberEmitted('generate activation', await json('generate activation -a A -s news.> -t B --push'));
  rememberEmitted('generate activation', await json('generate activation -a A -s news.> -t B --push --dry-run'));
  rememberEmitted('generate diagram', await json('generate diagram component'));
  rememberEmitted('generate diagram', await json('generate diagram object'));
  rememberEmitted(undefined, await json('completion bash'));
  rememberEmitted(undefined, await json('generate profile O'));
  remember('profile', JSON.parse(await session.ok('generate profile O/A/u?keys&seeds&names')));

  const lines = async (line: string) =>
    (await session.ok(`${line} --json`))
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one));
  remember('message', ...(await lines('tool sub a -a A -u u --max-messages 2')));
  remember('message', await json('tool req a -a A -u u'));
  remember('round trip', ...(await lines('tool rtt -a A -u u --count 2')));
  remember('changed', await json('tool pub a -a A -u u'));
  mkdirSync(join(session.root, 'program'));
  writeFileSync(join(session.root, 'program/package.json'), '{"name":"nsc","version":"0.1.0"}');
  rememberEmitted('update', await json('update'));
  remember('synced', JSON.parse([...renderJson(synced, { changes: [] })].join('')));

  remember('refusal', JSON.parse((await session.run('add account A --json')).stderr));
  remember('refusal', JSON.parse((await session.run('delete user -a A nobody --json')).stderr));

  remember('changed', await json('rename account B Bee --OK'));

  await session.ok(['add', 'account', 'Leaky']);
  await session.ok(['edit', 'account', 'Leaky', '--sk', 'generate']);
  const leaked = (await json('describe account Leaky')).nats.signing_keys[0] as string;
  await session.ok(['add', 'user', '-a', 'Leaky', 'own', '--expiry', '1y', '-K', leaked]);
  await session.ok(['add', 'user', '-a', 'Leaky', 'revoked', '-K', leaked]);
  await session.ok(['revocations', 'add-user', '-a', 'Leaky', 'revoked']);
  const compromise = async (key: string) => {
    const { ok, kind, dryRun, changes, steps, warnings, ...compromised } = await json(`compromise ${key}`);
    remember('changed', { ok, kind, dryRun, changes, steps, warnings });
    remember('compromised', compromised);
    return compromised;
  };
  const [fresh] = (await compromise(leaked)).successors as string[];
  await compromise(fresh ?? '');
  await compromise((await json('describe account Leaky')).sub);

  // what cannot be read
  writeFileSync(join(data, 'stores/O/accounts/A/users/u.jwt'), 'junk');
  remember('entity', ...(await json('list users -a A')));
  remember('listed role', ...(await json('list roles -a A')));
  remember('expirations', await json('expirations'));
  remember('role', await json('describe role reader -a A'));
  remember('checked', JSON.parse((await session.run('validate -A --json')).stdout));
  for (const file of ['bearer.creds', 'nsc.json', join(data, 'stores/O/accounts/A/A.jwt')]) {
    writeFileSync(join(cwd, 'nsc.json'), '{}');
    const { ok, sections, ...verified } = JSON.parse((await session.run(`verify ${file} --json`)).stdout);
    remember('checked', { ok, sections });
    remember('verify', verified);
  }
  for (const file of ['bearer.creds', 'nsc.json']) {
    remember('explained', JSON.parse((await session.run(`explain creds ${file} --source 192.0.2.1 --json`)).stdout));
  }
  rmSync(join(data, 'stores/O/accounts/A/users/u.jwt'));
  expect(session.now).toBe(START + 60);
  expect(readFileSync(join(cwd, 'bearer.creds'), 'utf8')).toContain('BEGIN NATS USER JWT');
});

it('so do those about the life of keys', async () => {
  const session = new Session();
  const json = async (line: string) => JSON.parse(await session.ok(`${line} --json`));
  for (const line of [
    'add operator O',
    'add account A',
    'add account B',
    'edit signing-key -a A --sk generate --role reader --allow-sub x',
    'add export -a A -n news -s news.> --private',
    'add user -a A u -K reader',
    'add user -a A v',
    'generate activation -a A -s news.> -t B -o b.jwt',
    'add import -a B --token b.jwt',
    'rotate start -a A --role reader',
    'keys alias -a A reader old',
    'keys note old mine',
    'keys expire old --in 1d',
    'rotate activate -a A --role reader',
  ])
    await session.ok(line);
  const { publicKey: old } = await json('keys show old');
  await session.ok(`edit signing-key -a A ${old} --subs 5`);
  remember('kept key', ...(await json('keys list --all --users')));
  remember('listed role', ...(await json('list roles -a A')));
  remember('role', await json('describe role reader -a A'));
  const identity = JSON.parse(await session.ok('describe account A --field sub')) as string;
  const user = JSON.parse(await session.ok('describe user -a A u --field sub')) as string;
  session.advance(100_000);
  for (const key of ['old', '-a A reader', identity, user]) remember('key description', await json(`keys show ${key}`));
  writeFileSync(join(session.home, '.local/share/nats/nsc/stores/O/accounts/A/users/u.jwt'), 'junk');
  remember('kept key', ...(await json('keys list -a A --users')));
  remember('key description', await json(`keys show ${identity}`));
});

describe.each([...shapes])('%s', (shape, members) => {
  const objects = (): Record<string, unknown>[] => (found.get(shape) ?? []) as Record<string, unknown>[];

  it('has the members that are documented, and no others', () => {
    expect(members).not.toEqual([]);
    expect(objects()).not.toEqual([]);
    const names = members.map(({ name }) => name);
    const required = members.filter(({ optional }) => !optional).map(({ name }) => name);
    for (const object of objects()) {
      expect(Object.keys(object).filter((name) => !names.includes(name))).toEqual([]);
      expect(required.filter((name) => !(name in object))).toEqual([]);
    }
  });

  it('has values of the documented types', () => {
    for (const object of objects()) {
      const wrong = members.filter(({ name, type }) => name in object && !fits(object[name], type));
      expect(wrong.map(({ name, type }) => `${name} is ${JSON.stringify(object[name])}, not ${type}`)).toEqual([]);
    }
  });

  it('has every member at times', () => {
    const never = members.filter(({ name }) => !objects().some((object) => name in object));
    expect(never.map(({ name }) => name)).toEqual([]);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Session } from '../support/session.js';

/** A key that is compromised gets no place again, whichever command would give it one. */

interface Started {
  readonly session: Session;
  /** A signing key of the operator and of account "A", the key of user "u", and the identity that "A" had. */
  readonly keys: Readonly<Record<'o' | 'a' | 'u' | 'id', string>>;
}

/** A store in which one key of each kind is compromised; in the working directory are JWTs of before. */
async function start(): Promise<Started> {
  const session = new Session();
  const json = async (line: string) => JSON.parse(await session.ok(`${line} --json`));
  await session.ok('add operator O');
  await session.ok('edit operator --sk generate');
  await session.ok('add account A');
  await session.ok('edit account A --sk generate');
  await session.ok('add user u');
  const operator = await json('describe operator');
  const account = await json('describe account A');
  const user = await json('describe user u');
  writeFileSync(join(session.cwd, 'A.jwt'), await session.ok('describe account A --raw'));
  writeFileSync(join(session.cwd, 'u.creds'), await session.ok('generate creds -n u'));
  const keys = {
    o: operator.nats.signing_keys[0],
    a: account.nats.signing_keys[0],
    u: user.sub,
    id: account.sub,
  };
  for (const key of [keys.o, keys.a, keys.u]) await session.ok(`compromise ${key}`);
  return { session, keys };
}

it('is refused by every command that lists keys, or makes something of them', async () => {
  const { session, keys } = await start();
  const { o, a, u, id } = keys;
  const before = [
    `edit operator --sk ${o}`,
    `reissue operator -K ${o}`,
    `edit account A --sk ${a}`,
    `edit signing-key -a A --sk ${a} --role reader`,
    `add user v -k ${u}`,
    'import account --file A.jwt --overwrite',
  ];
  const refusals: string[] = [];
  const tryAll = async (lines: readonly string[]) => {
    for (const line of lines) {
      const { exit, stderr } = await session.run(line);
      if (exit !== 6 || !stderr.includes('is compromised: somebody else may have it'))
        refusals.push(`${line}: ${exit} ${stderr}`);
    }
  };
  await tryAll(before);
  await session.ok('delete user u');
  await tryAll(['import user --file u.creds']);
  await session.ok(`compromise ${id}`);
  await tryAll([`add account B -k ${id}`]);
  expect(refusals).toEqual([]);
});

it('may stay where nsc put it again, where it signs nothing, until it is taken out again', async () => {
  const { session, keys } = await start();
  const file = join(session.home, '.local/share/nats/nsc/stores/O/.keyring.json');
  const keyring = readFileSync(file, 'utf8');
  // nsc knows nothing of keyrings
  writeFileSync(file, '{"version":1,"keys":[]}');
  await session.ok(`edit account A --sk ${keys.a}`);
  writeFileSync(file, keyring);

  await session.ok('edit account A --tag x');
  expect((await session.run(`add user v -K ${keys.a}`)).stderr).toContain('may not sign users');
  await session.ok(`compromise ${keys.a}`);
  expect(await session.ok('describe account A --json')).not.toContain(keys.a);
});

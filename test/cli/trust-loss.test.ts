import { describe, expect, it } from 'vitest';
import { Session } from '../support/session.js';

/** Whatever takes trust from somebody says so: asked on a terminal, told elsewhere, refused by `--keep-valid`. */

/** Account "A" exports to "B" by an activation of its signing key; "u" is a user of its signing key. */
async function start(): Promise<{ session: Session; key: string }> {
  const session = new Session();
  for (const line of ['add operator O', 'add account A', 'edit account A --sk generate', 'add account B']) {
    await session.ok(line);
  }
  const key = JSON.parse(await session.ok('describe account A --json')).nats.signing_keys[0] as string;
  await session.ok(`add user -a A u -K ${key}`);
  await session.ok('add export -a A -n news -s news.> --private');
  await session.ok('add export -a A -n open -s open.>');
  await session.ok(`generate activation -a A -t B -s news.> -o act.jwt -K ${key}`);
  await session.ok('add import -a B --token act.jwt');
  await session.ok('add import -a B --src-account A --remote-subject open.>');
  session.advance(10);
  return { session, key };
}

const LOSSES: readonly (readonly [line: string, refusal: string, warning: string, question: string])[] = [
  [
    'delete export -a A -s news.>',
    'import "news.>" of account "B" would no longer be served',
    'account "B" imports "news.>", and gets nothing from then on',
    'Delete it all the same?',
  ],
  [
    'edit export -a A -s open.> --private',
    'import "open.>" of account "B" would no longer be served',
    'account "B" imports "open.>" without an activation that counts',
    'Shut them out?',
  ],
  [
    'edit account A --rm-sk KEY',
    'user "u" of account "A" and 1 more would no longer be accepted',
    'import "news.>" of account "B" will no longer be served: the activation is signed by KEY, which account "A" does not list',
    'Go on?',
  ],
  [
    'revocations add_activation -a A -s news.> -t B',
    'import "news.>" of account "B" would no longer be served',
    'account "B" imports "news.>" with an activation that is refused from then on',
    'Go on?',
  ],
  [
    'revocations add-user -a A -n u',
    'user "u" of account "A" would no longer be accepted',
    '',
    'Revoke user "u" of account "A"?',
  ],
  [
    'revocations add-user -a A -u *',
    'user "u" of account "A" would no longer be accepted',
    'users no longer accepted: "u"',
    'Revoke all users of account "A"?',
  ],
  [
    'delete user -a A u --revoke',
    'user "u" of account "A" would no longer be accepted',
    'user "u" of account "A" will no longer be accepted',
    'Delete user "u"?',
  ],
  [
    'edit signing-key -a A --sk KEY --role reader --allow-sub x',
    'user "u" of account "A" would no longer be accepted',
    'user "u" of account "A" will no longer be accepted',
    'Go on?',
  ],
  [
    'delete account A',
    'account "A" and 1 more would no longer be accepted',
    'account "B" imports "news.>" from account "A", and gets nothing from then on',
    'Delete account "A" and all its users?',
  ],
];

describe.each(LOSSES)('%s', (line, refusal, warning, question) => {
  it('is refused where everything has to stay valid', async () => {
    const { session, key } = await start();
    const { exit, stderr } = await session.run(`${line.replace('KEY', key)} --keep-valid`);
    expect({ exit, stderr }).toMatchObject({ exit: 4, stderr: expect.stringContaining(refusal) });
  });

  it('says what it takes away, and is done where nobody can be asked', async () => {
    const { session, key } = await start();
    const { exit, stderr } = await session.run(line.replace('KEY', key));
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining(warning.replace('KEY', key)) });
  });

  it('asks on a terminal', async () => {
    const { session, key } = await start();
    session.terminal = { ...session.terminal, stdin: true, stderr: true };
    session.answers.push(false);
    const { exit } = await session.run(line.replace('KEY', key));
    expect([exit, session.asked]).toEqual([4, [question]]);
  });
});

it('compromise keeps what it signs anew, so that nothing of the store is lost', async () => {
  const { session, key } = await start();
  await session.ok(`compromise ${key} --keep-valid`);
  expect(await session.ok('validate --all-accounts')).toContain('no issues found');
});

import { describe, it } from 'vitest';
import { Client } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** Users of every kind; the operator uses its identity as well as a signing key, or signing keys only. */
async function makeHierarchy({ strict }: { readonly strict: boolean }): Promise<Hierarchy> {
  const hierarchy = await Hierarchy.make('add operator O --generate-signing-key --sys');
  if (strict) await hierarchy.nsc('edit operator --require-signing-keys');
  await hierarchy.nsc('add account A');
  if (!strict) await hierarchy.nsc('add user identity');
  await hierarchy.nsc('edit account A --sk generate');
  await hierarchy.nsc(['add', 'user', 'signing', '-K', await hierarchy.signingKey('A')]);
  await hierarchy.addRole('A', 'reader', '--allow-sub', '>');
  await hierarchy.nsc('add user scoped -K reader');
  await hierarchy.nsc(['add', 'account', 'B', '-K', await hierarchy.signingKey()]);
  await hierarchy.nsc('edit account B --sk generate');
  await hierarchy.nsc('add user bob -a B');
  return hierarchy;
}

const USERS = [
  ['signing', 'A'],
  ['scoped', 'A'],
  ['bob', 'B'],
] as const;

const REBUILT = '--data-dir rebuilt/operators --keystore-dir rebuilt/keys';

const UPHEAVALS: readonly { readonly command: string; readonly lines: readonly string[]; readonly flags?: string }[] = [
  { command: 'reissue operator', lines: ['reissue operator', 'reissue operator'] },
  { command: 'reissue operator --convert-to-signing-key', lines: ['reissue operator --convert-to-signing-key'] },
  { command: 'both, one after the other', lines: ['reissue operator --convert-to-signing-key', 'reissue operator'] },
  { command: 'rename account', lines: ['rename account A Z --OK', 'rename account B A --OK'] },
  { command: 'migrate', lines: ['add operator P --sys', 'migrate --operator-dir ~/.local/share/nats/nsc/stores/O'] },
  {
    command: 'fix',
    lines: ['export keys --all --include-jwts --remove --dir out', 'fix --in out --out rebuilt'],
    flags: REBUILT,
  },
];

describe.skipIf(skipsServer).each([
  { strict: false, whose: 'any operator' },
  { strict: true, whose: 'an operator that requires signing keys' },
])('under $whose, creds go on working on a server that is configured after', ({ strict }) => {
  it.each(UPHEAVALS)('$command', async ({ lines, flags = '' }) => {
    const hierarchy = await makeHierarchy({ strict });
    const users = strict ? USERS : [...USERS, ['identity', 'A'] as const];
    const creds: string[] = [];
    for (const [user, account] of users) creds.push(await hierarchy.creds(user, account));
    for (const line of lines) await hierarchy.nsc(line);
    const server = await NatsServer.start(await hierarchy.nsc(`generate config --mem-resolver ${flags}`));
    for (const text of creds) await Client.connect(server, text);
  });
});

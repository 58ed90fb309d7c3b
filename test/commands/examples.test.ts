import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePrivateKey } from '../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { FakeCluster } from '../support/fake-resolver.js';
import { RECIPIENT } from '../support/identities.js';
import { findLeaves } from '../support/leaves.js';
import { Session } from '../support/session.js';
import { splitWords } from '../support/txtar.js';
import { fakeNats, message } from './tool/fake-nats.js';

/** The examples in help work as they stand, with keys put in for `OSIGNER…` and the like. */

/** What they take for granted: operator "Acme", accounts "Shop" and "Orders" (selected, with user "alice"). */
const STORE = [
  'add operator Acme --sys',
  'edit operator --sk generate',
  'add account Shop',
  'add account Orders',
  'edit account Orders --sk generate',
  'add user alice',
];

const NEWS = "add export --subject 'news.>'";
const PRIVATE = "add export --subject 'orders.>' --private";
const MAPPING = 'add mapping --from orders.new --to orders.v2.new --cluster east';
const READER = "edit signing-key --sk generate --role reader --allow-sub 'x.>'";
const SHUT_OUT = "revocations add_activation --subject 'orders.>' --target-account Shop";
const AUTH = ['add account AUTH', 'add user service'];
const SERVERS = ['edit operator --service-url nats://localhost:4222'];
/** Accounts on servers as they are in the store. */
const PUSHED = ['edit operator --account-jwt-server-url nats://localhost:4222', 'push --all'];
const OLD = ['add operator O --all-dirs old', 'add account A --all-dirs old', 'add user u --all-dirs old'];

/** Lines that come before the examples of a command. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'add account': ['rename account Orders Old --OK'],
  'edit authcallout': AUTH,
  'delete mapping': [MAPPING],
  'delete export': [NEWS],
  'describe jwt': ['generate creds -n alice -o alice.creds'],
  'describe role': [READER],
  'generate activation': [PRIVATE],
  'import user': ['generate creds -n alice -o alice.creds', 'delete user alice'],
  'explain creds': ['generate creds -n alice -o alice.creds'],
  'import keys': ['export keys --all --dir keys'],
  'revocations delete-user': ['revocations add-user --name alice'],
  'revocations list-users': ['revocations add-user --name alice'],
  'revocations delete_activation': [PRIVATE, SHUT_OUT],
  'revocations list_activations': [PRIVATE, SHUT_OUT],
  'tool pub': SERVERS,
  'tool sub': SERVERS,
  'tool req': SERVERS,
  'tool reply': SERVERS,
  'tool rtt': SERVERS,
  'keys show': [READER],
  'keys passwd': ['keys lock'],
  'keys unlock': ['keys lock'],
  'rotate plan': [READER],
  push: PUSHED,
  pull: PUSHED,
  diff: PUSHED,
  migrate: OLD,
  verify: ['generate creds -n alice -o alice.creds', 'generate jwks --all -o jwks.json'],
  fix: ['export keys --all --include-jwts --dir backup', 'export keys --all --dir export'],
};

/** Lines that come before a single example. */
const BEFORE_LINE: Readonly<Record<string, readonly string[]>> = {
  'nsc keys alias OSIGNER… --remove': ['keys alias OSIGNER… prod'],
  'nsc add operator --url operator.jwt': [...OLD, 'describe operator --all-dirs old --raw -o operator.jwt'],
  'nsc add user alice': ['delete user alice'],
  'nsc compromise ASIGNER… --push': PUSHED,
  'nsc rotate auto --all --push': PUSHED,
  'nsc rotate start --account Orders --push': PUSHED,
  'nsc rotate start --role reader': [READER],
  'nsc rotate activate --account Orders': ['rotate start --account Orders'],
  'nsc rotate activate --account Orders --check-servers': ['rotate start --account Orders', ...PUSHED],
  'nsc rotate activate --operator --push': ['rotate start --operator', ...PUSHED],
  'nsc rotate finish --account Orders --push': [
    ...PUSHED,
    'rotate start --account Orders',
    'rotate activate --account Orders',
  ],
  'nsc rotate finish --account Orders --check-servers': [
    'rotate start --account Orders',
    'rotate activate --account Orders',
    ...PUSHED,
  ],
  'nsc rotate abort --account Orders': ['rotate start --account Orders', 'rotate activate --account Orders'],
  'nsc rotate now --account Orders --push': PUSHED,
  'nsc resign --account Orders --role reader': [READER],
  'nsc resign --all --push': PUSHED,
  'nsc delete account Orders --push': PUSHED,
  'nsc delete user alice --push': PUSHED,
  'nsc add user bob --role reader': [READER],
  "nsc add import --src-account Orders --remote-subject 'orders.>' --local-subject 'from.orders.>'": [
    "add export --subject 'orders.>'",
    'select account Shop',
  ],
  'nsc add import --service --src-account Clock --remote-subject time.now': [
    'add account Clock',
    'add export --service --subject time.now',
    'select account Orders',
  ],
  'nsc add import --token orders.jwt': [
    PRIVATE,
    'generate activation --target-account Shop -o orders.jwt',
    'select account Shop',
  ],
  'nsc edit user alice --role reader': [READER],
  "nsc edit export --subject 'news.>' --private": [NEWS],
  'nsc edit export --subject pay.card --response-threshold 2s': ['add export --service --subject pay.card'],
  'nsc edit authcallout AUTH --disable': ['edit authcallout AUTH --auth-user service'],
  "nsc edit signing-key reader --allow-sub 'stock.>'": [READER],
  'nsc delete user -n alice,bob': ['add user bob'],
  "nsc delete import --subject 'orders.>'": [
    "add export --subject 'orders.>'",
    'select account Shop',
    "add import --src-account Orders --remote-subject 'orders.>'",
  ],
  'nsc delete import --subject both --src-account Orders': [
    'add export --subject both',
    'add export -a Shop --subject both',
    'add account Third',
    'add import --src-account Orders --remote-subject both --local-subject one',
    'add import --src-account Shop --remote-subject both --local-subject two',
  ],
  "nsc revocations add_activation --subject 'orders.>' --target-account Shop": [PRIVATE],
  "nsc revocations add_activation --service --target-account '*'": ['add export --service --subject pay --private'],
  'nsc export keys --not-referenced --remove --dir ./old': ['generate nkey --user --store'],
  'nsc import account --file A.jwt': ['describe account Shop --raw -o A.jwt', 'delete account Shop'],
  'nsc import account --file A.jwt --force -K OSIGNER…': [...OLD, 'describe account --all-dirs old --raw -o A.jwt'],
};

/** Examples that make the first operator, or need one that is made otherwise. */
const FROM_NOTHING: Readonly<Record<string, readonly string[]>> = {
  'nsc init --name Acme': [],
  'nsc add operator Acme --generate-signing-key --sys': [],
  'nsc edit operator --require-signing-keys': ['add operator Acme', 'edit operator --sk generate'],
};

/** Examples that cannot work here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'nsc load --profile link.txt': 'needs a server: test/remote/load.test.ts',
  'nsc import key - --kind operator': 'needs a pipe: test/cli/standard-input.test.ts',
  'nsc verify alice.creds --jwks https://auth.example.com/.well-known/jwks.json':
    'needs a server: test/commands/verify-remote.test.ts',
  'nsc load --url https://host/jwt/v2/operator --seed account.nk --user alice': 'needs a server',
};

const examples: [example: string, path: string][] = [];
for (const [path, leaf] of findLeaves()) {
  const { command } = await leaf.load();
  // the tools have copies at the root
  if (examples.some(([one]) => command.examples?.some((other) => other.command === one))) continue;
  examples.push(...(command.examples ?? []).map((one): [string, string] => [one.command, path]));
}

describe('examples in help', () => {
  it.each(examples.filter(([example]) => ELSEWHERE[example] === undefined))('%s', async (example, path) => {
    const session = new Session({
      nats: fakeNats({ gathered: { messages: [message('_INBOX', 'x')], isUnheard: false } }),
      resolvers: new FakeCluster(),
    });
    // what goes on until it is interrupted ends at once
    if (/^tool |^serve$/.test(path)) session.interruption.abort();
    mkdirSync(join(session.root, 'program'));
    writeFileSync(join(session.root, 'program/package.json'), '{"name":"nsc","version":"0.1.0"}');
    writeFileSync(join(session.cwd, 'new.nk'), keyPairFromRaw('operator', sha256('new')).seed.reveal());
    const keys = { 'key.pem': ['account', 'pem'], id_ed25519: ['user', 'openssh'] } as const;
    Object.assign(session.env, {
      NSC_KEYSTORE_PASSPHRASE: 'correct horse',
      NSC_KEYSTORE_NEW_PASSPHRASE: 'battery staple',
    });
    writeFileSync(join(session.cwd, 'team.txt'), RECIPIENT);
    for (const [file, [role, format]] of Object.entries(keys)) {
      writeFileSync(join(session.cwd, file), writePrivateKey(keyPairFromRaw(role, sha256(file)), format).reveal());
    }
    const before = [...STORE, ...(BEFORE[path] ?? []), ...(BEFORE_LINE[example] ?? [])];
    for (const line of [...(FROM_NOTHING[example] ?? before), lineIn(example)])
      await session.ok(await words(line, session));
  });

  it('are listed above as they stand there', () => {
    const listed = [BEFORE_LINE, FROM_NOTHING, ELSEWHERE].flatMap((lines) => Object.keys(lines));
    expect(listed.filter((line) => !examples.some(([example]) => example === line))).toEqual([]);
    expect(Object.keys(BEFORE).filter((path) => !examples.some(([, of]) => of === path))).toEqual([]);
  });
});

/** The command in what is typed into a shell, without `nsc`: `source <(nsc completion bash)`. */
const lineIn = (example: string): string => /\bnsc ([^()|]*(?:\([^()|]*\)[^()|]*)*)/.exec(example)?.[1]?.trim() ?? '';

/** What stands for a key in an example, and where it is found. */
const KEYS: Readonly<Record<string, string>> = {
  'OSIGNER…': 'describe operator Acme --field nats.signing_keys[0]',
  'ASIGNER…': 'describe account Orders --field nats.signing_keys[0]',
  'AKEY…': 'describe account Shop --field sub',
  'UALICE…': 'describe user alice --field sub',
};

/** Keys are put in, and directories of the whole system are moved into that of the session. */
async function words(line: string, session: Session): Promise<string[]> {
  let text = line.replace(/(?<= )\/media/, join(session.root, 'media'));
  for (const [name, where] of Object.entries(KEYS)) {
    if (text.includes(name)) text = text.replaceAll(name, JSON.parse(await session.ok(where)) as string);
  }
  expect(text).not.toContain('…');
  return splitWords(text);
}

import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newAccount } from '../../src/domain/claims/new.js';
import { writePrivateKey } from '../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import { issue } from '../../src/domain/token/issue.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { findLeaves } from '../support/leaves.js';
import { Session, START } from '../support/session.js';

/** What every command that changes a store owes its users, whichever it is. */

interface Sample {
  /** Lines that make a store for it, beside the one every sample has. */
  readonly before?: readonly string[];
  readonly line: string;
  /** What its JSON has beside that of every mutation. */
  readonly members?: readonly string[];
}

const COMPROMISED = ['key', 'place', 'successors', 'redistribute', 'push', 'replaceOperatorJwt', 'left'];

/** Operator "O" with system account, accounts "A" (signing key, user "u") and "B". */
const STORE = ['add operator O --sys', 'add account A', 'edit account A --sk generate', 'add user u', 'add account B'];

/** An account's public key and seed, and a self-signed JWT of it: as a stranger would send it. */
const stranger = keyPairFromRaw('account', sha256('a stranger'));
const strangersJwt = issue('account', newAccount(stranger.publicKey, 'Strange'), stranger, { now: START }).token;

const EXPORT = 'add export -a A -n news -s news.>';
const IMPORT = 'add import -a B --src-account A --remote-subject news.>';
const MAPPING = 'add mapping -a A --from a --to b';
const READER = 'edit signing-key -a A --sk generate --role reader';
const REVOKE_ALL = 'revocations add-user -a A -u *';

const SAMPLES: Readonly<Record<string, Sample>> = {
  init: { line: 'init -n Other' },
  'add operator': { line: 'add operator Other --sys' },
  'add account': { line: 'add account C' },
  'add user': { line: 'add user -a A v' },
  'add export': { line: EXPORT },
  'add import': { before: [EXPORT], line: IMPORT },
  'add mapping': { line: MAPPING },
  'edit operator': { line: 'edit operator --sk generate --tag x' },
  'edit account': { line: 'edit account A --sk generate --conns 5' },
  'edit user': { line: 'edit user -a A u --tag x' },
  'edit export': { before: [EXPORT], line: 'edit export -a A -s news.> --private' },
  'edit signing-key': { line: 'edit signing-key -a A --sk generate --role reader --allow-pub x' },
  'edit authcallout': { line: 'edit authcallout -a A --auth-user u' },
  'delete account': { line: 'delete account A' },
  'delete user': { line: 'delete user -a A u --revoke' },
  'delete export': { before: [EXPORT, IMPORT], line: 'delete export -a A -s news.>' },
  'delete import': { before: [EXPORT, IMPORT], line: 'delete import -a B -s news.>' },
  'delete mapping': { before: [MAPPING], line: 'delete mapping -a A --from a' },
  'select operator': { before: ['add operator Other'], line: 'select operator O' },
  'select account': { line: 'select account A' },
  env: { line: 'env -a A' },
  'generate context': { line: 'generate context -a A -u u --context dev' },
  'generate nkey': { line: 'generate nkey --account --store' },
  'import key': { line: 'import key in/strange.pem --kind account' },
  'import keys': { line: 'import keys --dir in' },
  'import account': { line: 'import account --file in/strange.jwt' },
  'import user': { before: ['delete user -a A u'], line: 'import user --file in/u.creds' },
  'export key': { line: 'export key in/strange.nk --private -o out/strange.pem' },
  'export keys': { line: 'export keys --all --dir out --remove' },
  'keys alias': { before: [READER], line: 'keys alias -a A reader prod' },
  'keys note': { before: [READER], line: 'keys note -a A reader mine' },
  'keys expire': { before: [READER], line: 'keys expire -a A reader --in 1y' },
  migrate: { line: 'migrate --url in/strange.jwt' },
  'reissue operator': { line: 'reissue operator' },
  compromise: { before: ['edit account B --sk in/strange.nk'], line: 'compromise in/strange.nk', members: COMPROMISED },
  resign: { line: 'resign --account A --with-account' },
  'rotate start': { line: 'rotate start -a A' },
  'rotate activate': { before: ['rotate start -a A'], line: 'rotate activate -a A' },
  'rotate finish': { before: ['rotate start -a A', 'rotate activate -a A'], line: 'rotate finish -a A' },
  'rotate abort': { before: ['rotate start -a A', 'rotate activate -a A'], line: 'rotate abort -a A' },
  'rotate now': { line: 'rotate now -a A' },
  'rotate auto': { before: [READER], line: 'rotate auto --all', members: ['nextDue', 'slots'] },
  'rename account': { line: 'rename account A Renamed --OK' },
  'revocations add-user': { line: 'revocations add-user -a A -n u' },
  'revocations delete-user': { before: [REVOKE_ALL], line: 'revocations delete-user -a A -u *' },
  'revocations compact': {
    before: ['revocations add-user -a A -n u', REVOKE_ALL],
    line: 'revocations compact -a A',
  },
  'revocations add_activation': { before: [EXPORT], line: 'revocations add_activation -a A -s news.> -t B' },
  'revocations delete_activation': {
    before: [EXPORT, 'revocations add_activation -a A -s news.> -t B'],
    line: 'revocations delete_activation -a A -s news.> -t B',
  },
};

/** Mutations for which a line cannot be tried here, and where they are. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  load: 'needs a server: test/remote/load.test.ts',
  pull: 'needs a server: test/commands/pull.test.ts, test/server/pull.test.ts',
  'upgrade-jwt': 'needs an operator of version 1: test/scripts/old-operator.txtar',
};

const leaves = [...findLeaves()];

it('every command that changes a store has a sample', async () => {
  const mutations: string[] = [];
  for (const [path, leaf] of leaves) {
    const { command } = await leaf.load();
    if (command.kind === 'mutation') mutations.push(path);
  }
  expect([...Object.keys(SAMPLES), ...Object.keys(ELSEWHERE)].sort()).toEqual(mutations.sort());
});

describe.each(Object.entries(SAMPLES))('%s', (_path, { before = [], line, members = [] }) => {
  it('shows by --dry-run what it would change, and changes nothing', async () => {
    const session = await prepare(before);
    const untouched = fingerprint(session.root);
    const told = await session.ok(`${line} --dry-run`);
    expect(told).toContain('dry run: nothing is written');
    expect(told).toMatch(/^[+~*-] /m);
    const document = JSON.parse(await session.ok(`${line} --dry-run --json`));
    expect(document).toMatchObject({ ok: true, kind: 'changed', dryRun: true });
    expect(document.changes).not.toEqual([]);
    expect(fingerprint(session.root)).toBe(untouched);
  });

  it('answers --json with one document, and does what it says', async () => {
    const session = await prepare(before);
    const untouched = fingerprint(session.root);
    const document = JSON.parse(await session.ok(`${line} --json`));
    expect(document).toMatchObject({ ok: true, kind: 'changed', dryRun: false });
    expect(Object.keys(document)).toEqual(['ok', 'kind', 'dryRun', ...members, 'changes', 'steps', 'warnings']);
    expect(document.changes).not.toEqual([]);
    expect(fingerprint(session.root)).not.toBe(untouched);
  });
});

async function prepare(lines: readonly string[]): Promise<Session> {
  const session = new Session();
  for (const line of STORE) await session.ok(line);
  mkdirSync(join(session.cwd, 'in'));
  writeFileSync(join(session.cwd, 'in/strange.jwt'), strangersJwt);
  writeFileSync(join(session.cwd, 'in/strange.nk'), stranger.seed.reveal());
  writeFileSync(join(session.cwd, 'in/strange.pem'), writePrivateKey(stranger, 'pem').reveal());
  await session.ok('generate creds -a A -n u -o in/u.creds');
  for (const line of lines) await session.ok(line);
  return session;
}

/** Of every file below a directory, with its mode. */
function fingerprint(directory: string): string {
  const hash = createHash('sha256');
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const stat = lstatSync(join(directory, path));
    hash.update(`${path}\0${stat.mode}\0`);
    if (stat.isFile()) hash.update(readFileSync(join(directory, path)));
  }
  return hash.digest('hex');
}

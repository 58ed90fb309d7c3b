// Signing many tokens anew in one commit, against node:crypto and the file system alone: as many signatures, and as many
// files of the same bytes, each written beside its place and renamed, and the directories synced.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Times itself, without starting and without reading what it writes again. */
const FLOOR = `
const { createPrivateKey, sign } = require('node:crypto');
const fs = require('node:fs');
const { dirname, join } = require('node:path');
const d = Buffer.alloc(32, 7).toString('base64url');
const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x: '', d }, format: 'jwk' });
const files = process.argv.slice(2).flatMap((directory) =>
  fs.readdirSync(directory, { recursive: true })
    .filter((name) => /\\.(jwt|creds)$/.test(name))
    .map((name) => join(directory, name)),
).map((path) => ({ path, content: fs.readFileSync(path, 'utf8') }));
const began = process.hrtime.bigint();
const begin = process.cpuUsage();
for (const { path, content } of files) {
  if (path.endsWith('.jwt')) sign(null, Buffer.from(content.slice(0, content.lastIndexOf('.'))), key);
  const draft = path + '.draft';
  const descriptor = fs.openSync(draft, 'wx', 0o600);
  fs.writeSync(descriptor, content);
  fs.closeSync(descriptor);
  fs.renameSync(draft, path);
}
for (const directory of new Set(files.map(({ path }) => dirname(path)))) {
  const descriptor = fs.openSync(directory, 'r');
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
const { user, system } = process.cpuUsage(begin);
console.log(Number(process.hrtime.bigint() - began) / 1e9, (user + system) / 1e6);
`;

/**
 * A store with an account that has many users, with seeds and creds, and with many accounts beside it.
 *
 * @returns the directories in which the tokens of both, and the creds, are
 */
function makeStore({ home, nsc, nats, users, accounts }) {
  nsc('init', '-n', 'A');
  const keys = JSON.parse(nsc('list', 'keys', '--all', '--show-seeds', '-J'));
  const signerOf = (kind) =>
    nats.keyPairFromSeed(keys.find(({ name, seed }) => name === 'A' && seed?.startsWith(kind)).seed);
  const [operator, account] = [signerOf('SO'), signerOf('SA')];
  const now = Math.floor(Date.now() / 1000) - 3600;
  const put = (directory, name, content) => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), content, { mode: 0o600 });
  };
  const putSeed = ({ publicKey, seed }) =>
    put(join(home, 'keys', publicKey[0], publicKey.slice(1, 3)), `${publicKey}.nk`, seed.reveal());
  const directories = { accounts: join(home, 'A', 'accounts'), creds: join(home, 'creds', 'A', 'A') };
  const usersDir = join(directories.accounts, 'A', 'users');
  for (let n = 0; n < users; n += 1) {
    const pair = nats.keyPairFromRaw('user', nats.randomSeed());
    const { token } = nats.encodeToken(nats.newUser(pair.publicKey, `u${n}`), account, now);
    putSeed(pair);
    put(usersDir, `u${n}.jwt`, token);
    put(directories.creds, `u${n}.creds`, nats.formatCreds(token, pair).reveal());
  }
  for (let n = 0; n < accounts; n += 1) {
    const pair = nats.keyPairFromRaw('account', nats.randomSeed());
    const { token } = nats.encodeToken(nats.newAccount(pair.publicKey, `a${n}`), operator, now);
    putSeed(pair);
    put(join(directories.accounts, `a${n}`), `a${n}.jwt`, token);
  }
  return { ...directories, users: usersDir };
}

/** Rotation of the key of an account with many users, and of the operator's with many accounts. */
export function benchResign({ work, env, nscFile, nats, report, rounds = 3, users = 10_000, accounts = 1_000 }) {
  const floor = join(work, 'floor-resign.cjs');
  writeFileSync(floor, FLOOR);

  /** Wall and CPU seconds of one process. */
  const timeOf = (args) => {
    const script = 'TIMEFORMAT="%3R %3U %3S"; time "$0" "$@" >/dev/null 2>&1 </dev/null';
    const { stderr } = spawnSync('bash', ['-c', script, process.execPath, ...args], { env, encoding: 'utf8' });
    const [wall, user, system] = stderr.trim().split(/\s+/).slice(-3).map(Number);
    return { wall, cpu: user + system };
  };
  const median = (numbers) => numbers.sort((a, b) => a - b)[rounds >> 1];

  /** Medians, in turns, of the time that the command takes to plan and commit by the time of the floor. */
  const compare = (what, home, args, directories, prepare = () => {}, conclude = () => {}) => {
    const turns = Array.from({ length: rounds }, () => {
      // what a run costs that signs one user
      const start = timeOf([nscFile, '-H', home, 'resign', '--account', 'SYS']);
      prepare();
      const raw = execFileSync(process.execPath, [floor, ...directories], { env, encoding: 'utf8' });
      const [wall, cpu] = raw.trim().split(' ').map(Number);
      const ours = timeOf([nscFile, '-H', home, ...args]);
      conclude();
      return { wall: (ours.wall - start.wall) / wall, cpu: (ours.cpu - start.cpu) / cpu };
    });
    // 60 % of the rate is 1 / 0.6 of the time
    report(`${what} ÷ signing and writing alone`, median(turns.map(({ wall }) => wall)), '1.67');
    report(`${what} ÷ the same, CPU`, median(turns.map(({ cpu }) => cpu)), '');
  };
  const open =
    (home) =>
    (...words) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [nscFile, '-H', home, ...words], {
        env,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (status !== 0) throw new Error(`nsc ${words.join(' ')}: ${stderr}`);
      return stdout;
    };
  /** The first key of a place takes over from the identity, which stays: from then on keys come and go. */
  const rotating = (nsc, ...target) => {
    nsc('rotate', 'start', ...target);
    nsc('rotate', 'activate', ...target);
    return [() => nsc('rotate', 'start', ...target), () => nsc('rotate', 'finish', ...target)];
  };
  const many = join(work, 'many-users');
  const nscOfUsers = open(many);
  const ofUsers = makeStore({ home: many, nsc: nscOfUsers, nats, users, accounts: 0 });
  const places = [ofUsers.users, ofUsers.creds];
  compare(`nsc resign, ${users} users and creds`, many, ['resign', '--account', 'A'], places);
  const accountKey = rotating(nscOfUsers, '--account', 'A');
  const activate = ['rotate', 'activate', '--account', 'A'];
  compare(`nsc rotate activate, account key of ${users} users`, many, activate, places, ...accountKey);

  const wide = join(work, 'many-accounts');
  const nscOfAccounts = open(wide);
  const ofAccounts = makeStore({ home: wide, nsc: nscOfAccounts, nats, users: 0, accounts });
  const operatorKey = rotating(nscOfAccounts, '--operator');
  const activateOperator = ['rotate', 'activate', '--operator'];
  const what = `nsc rotate activate, operator key of ${accounts} accounts`;
  compare(what, wide, activateOperator, [ofAccounts.accounts], ...operatorKey);
}

// Figures as ratios measured in one run. `npm run bench [rounds]`; needs bash for the CPU time of child processes.
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchResign } from './bench-resign.mjs';

const root = join(import.meta.dirname, '..');
const nscFile = join(root, 'bin', 'nsc.js');
const standalone = join(root, 'dist', 'standalone', 'nsc');
const nats = createRequire(import.meta.url)(join(root, 'dist', 'index.cjs'));
const rounds = Number(process.argv[2] ?? 30);
const USERS = 10_000;
const work = mkdtempSync(join(tmpdir(), 'nsc-bench-'));

// Node 20 reads NODE_EXTRA_CA_CERTS at every start, which hides everything else.
const env = { ...process.env };
for (const name of ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NSC_HOME', 'NKEYS_PATH'])
  delete env[name];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const results = [];
const report = (what, ratio, must) =>
  results.push({ what, ratio: ratio.toFixed(2), must, met: must === '' || ratio <= Number(must) ? 'yes' : 'NO' });

/** User and system CPU seconds of one process. */
function cpuOf(args, program = process.execPath) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" >/dev/null 2>&1 </dev/null';
  const { stderr } = spawnSync('bash', ['-c', script, program, ...args], { env, encoding: 'utf8' });
  const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return user + system;
}

/** Median of each variant's CPU time divided by the floor's of the same round. */
function compare(floor, variants) {
  const ratios = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const base = cpuOf(floor);
    for (const [name, args] of Object.entries(variants)) ratios[name].push(cpuOf(args(round)) / base);
  }
  return Object.fromEntries(Object.entries(ratios).map(([name, all]) => [name, median(all)]));
}

function makeStore(name, users) {
  const home = join(work, name);
  execFileSync(process.execPath, [nscFile, '-H', home, 'init', '-n', 'A'], { env, stdio: 'ignore' });
  const account = JSON.parse(
    execFileSync(
      process.execPath,
      [nscFile, '-H', home, 'list', 'keys', '--accounts', '--account', 'A', '--show-seeds', '-J'],
      { env },
    ),
  ).find((key) => key.name === 'A');
  const signer = nats.keyPairFromSeed(account.seed);
  const now = Math.floor(Date.now() / 1000);
  for (let n = 0; n < users; n += 1) {
    const pair = nats.keyPairFromRaw('user', nats.randomSeed());
    const { token } = nats.encodeToken(nats.newUser(pair.publicKey, `u${n}`), signer, now);
    const seedDir = join(home, 'keys', 'U', pair.publicKey.slice(1, 3));
    mkdirSync(seedDir, { recursive: true });
    writeFileSync(join(seedDir, `${pair.publicKey}.nk`), pair.seed.reveal(), { mode: 0o600 });
    writeFileSync(join(home, 'A', 'accounts', 'A', 'users', `u${n}.jwt`), token, { mode: 0o600 });
  }
  return home;
}

function benchStart(label, home) {
  let made = 0;
  const on =
    (...args) =>
    () => [nscFile, '-H', home, ...args];
  const ratios = compare(['-e', '0'], {
    version: on('--version'),
    help: on('--help'),
    add: () => [nscFile, '-H', home, 'add', 'user', `new${made++}`],
    json: on('describe', 'user', 'A', '--json'),
    table: on('describe', 'user', 'A'),
  });
  report(`nsc --version, ${label}`, ratios.version, '1.15');
  report(`nsc --help, ${label}`, ratios.help, '1.45');
  report(`nsc add user, ${label}`, ratios.add, '1.90');
  report(`nsc describe user --json, ${label}`, ratios.json, '1.80');
  report(`nsc describe user, table, ${label}`, ratios.table, '2.60');
  return ratios;
}

/** The executable that `npm run build:standalone` made, if it did, against the bundle on Node, in turns. */
function benchStandalone(home) {
  if (!existsSync(standalone)) return;
  let made = 0;
  const commands = {
    '--version': () => ['--version'],
    'add user': () => ['add', 'user', `alone${made++}`],
    'describe user, table': () => ['describe', 'user', 'A'],
  };
  for (const [name, args] of Object.entries(commands)) {
    const ratios = Array.from({ length: rounds }, () => {
      const onNode = cpuOf([nscFile, '-H', home, ...args()]);
      return cpuOf(['-H', home, ...args()], standalone) / onNode;
    });
    report(`standalone nsc ${name} ÷ the same on Node`, median(ratios), '');
  }
}

/** In-process operations, in turns, as the ratio of the time ours takes to the time raw node:crypto takes. */
function benchCrypto() {
  const raw = nats.randomSeed();
  const pair = nats.keyPairFromRaw('account', raw);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), raw]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const data = Buffer.alloc(680, 'x');
  const signature = sign(null, data, privateKey);
  const time = (work) => {
    const start = process.hrtime.bigint();
    for (let n = 0; n < 500; n += 1) work();
    return Number(process.hrtime.bigint() - start);
  };
  const turns = Array.from({ length: 21 }, () => [
    time(() => pair.sign(data)) / time(() => sign(null, data, privateKey)),
    time(() => nats.verify(pair.publicKey, data, signature)) / time(() => verify(null, data, publicKey, signature)),
  ]);
  report('sign ÷ node:crypto', median(turns.map(([ours]) => ours)), '');
  report('verify ÷ node:crypto', median(turns.map(([, ours]) => ours)), '');
}

/** Validation of many users against as many raw verifications, whole processes. */
function benchValidate(home) {
  const floor = join(work, 'floor.cjs');
  writeFileSync(
    floor,
    `const c = require('node:crypto');
     const { privateKey, publicKey } = c.generateKeyPairSync('ed25519');
     const data = Buffer.alloc(680, 'x'), signature = c.sign(null, data, privateKey);
     for (let n = 0; n < ${USERS}; n++) if (!c.verify(null, data, publicKey, signature)) throw n;`,
  );
  const ratios = Array.from({ length: 7 }, () => cpuOf([nscFile, '-H', home, 'validate', '-A']) / cpuOf([floor]));
  report(`validate -A of ${USERS} users ÷ as many raw verifications`, median(ratios), '1.35');
}

try {
  const smallHome = makeStore('small', 0);
  const small = benchStart('store of 1 user', smallHome);
  benchStandalone(smallHome);
  const bigHome = makeStore('big', USERS);
  const big = benchStart(`store of ${USERS} users`, bigHome);
  report(`nsc add user, ${USERS} users ÷ 1 user`, big.add / small.add, '1.10');
  report(`nsc describe user, ${USERS} users ÷ 1 user`, big.table / small.table, '1.10');
  benchCrypto();
  benchValidate(bigHome);
  benchResign({ work, env, nscFile, nats, report, users: USERS });
  console.log(
    `CPU ratios to "node -e 0" (node ${process.version}), ${rounds} alternating rounds; must = the most that is accepted`,
  );
  console.table(results);
} finally {
  rmSync(work, { recursive: true, force: true });
}

// How fast accounts get to a server, against the client alone on the same server. `npm run bench:push [rounds]`.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect, credsAuthenticator } from '@nats-io/transport-node';

const root = join(import.meta.dirname, '..');
const nats = createRequire(import.meta.url)(join(root, 'dist', 'index.cjs'));
const rounds = Number(process.argv[2] ?? 3);
const SIZES = [1000, 5000];
const work = mkdtempSync(join(tmpdir(), 'nsc-bench-push-'));
/** The least that is accepted of the rate of the client alone. */
const MUST = 0.5;
/** Accounts that are pushed one by one, to tell how long all would take. */
const PATIENT = 3;

const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin'].join(delimiter) };
for (const name of ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NSC_HOME', 'NKEYS_PATH'])
  delete env[name];

/** A store of its own, and who runs commands in it. */
function openBench(name) {
  const home = join(work, name);
  const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 };
  const nsc = (...args) => execFileSync(process.execPath, [join(root, 'bin', 'nsc.js'), '-H', home, ...args], options);
  return { home, nsc };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const seconds = async (run) => {
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1e9;
};

/** A server that keeps all accounts, and deletes them when asked. */
async function startServer({ home, nsc }) {
  const config = nsc('generate', 'config', '--nats-resolver').replace('allow_delete: false', 'allow_delete: true');
  writeFileSync(join(home, 'generated.conf'), config);
  writeFileSync(join(home, 'server.conf'), "listen: '127.0.0.1:-1'\ninclude './generated.conf'\n");
  const child = spawn('nats-server', ['-c', 'server.conf'], { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(log)));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
      const [, port] = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(log) ?? [];
      if (port !== undefined && log.includes('Server is ready')) resolve(`nats://127.0.0.1:${port}`);
    });
  });
  return { url, stop: () => child.kill() };
}

function findSigner({ nsc }) {
  const [operator] = JSON.parse(nsc('list', 'keys', '--operator', '--show-seeds', '-J'));
  return nats.keyPairFromSeed(operator.seed);
}

/** Puts accounts into the store, as `add account` would. */
function addAccounts({ home }, signer, count) {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_none, n) => {
    const { publicKey } = nats.keyPairFromRaw('account', nats.randomSeed());
    const name = `A${n}`;
    const { token } = nats.encodeToken(nats.newAccount(publicKey, name), signer, now);
    const directory = join(home, 'Bench', 'accounts', name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${name}.jwt`), token, { mode: 0o600 });
    return { publicKey, token };
  });
}

/** The reference's way: one request, then the rest of a second for answers that may still come. */
async function pushPatiently(client, accounts) {
  for (const { token } of accounts) {
    const answers = await client.requestMany('$SYS.REQ.CLAIMS.UPDATE', token, { strategy: 'timer', maxWait: 1000 });
    for await (const answer of answers) answer.json();
  }
}

/** As if nothing had ever been pushed. */
async function forget(client, accounts, signer) {
  for (let from = 0; from < accounts.length; from += 1000) {
    const keys = accounts.slice(from, from + 1000).map(({ publicKey }) => publicKey);
    const claims = nats.newGeneric(signer.publicKey, { accounts: keys, version: 2 });
    const { token } = nats.encodeToken(claims, signer, Math.floor(Date.now() / 1000));
    const answer = await client.request('$SYS.REQ.CLAIMS.DELETE', token, { timeout: 30_000 });
    if (answer.json().data?.code !== 200) throw new Error(answer.string());
  }
}

/** One size: a store and a server of their own, and both ways in turns, each from nothing. */
async function benchSize(size) {
  const bench = openBench(`${size}`);
  let server;
  let client;
  try {
    bench.nsc('add', 'operator', 'Bench', '--sys');
    server = await startServer(bench);
    bench.nsc('edit', 'operator', '--account-jwt-server-url', server.url);
    const creds = bench.nsc('generate', 'creds', '--account', 'SYS', '--name', 'sys');
    client = await connect({ servers: server.url, authenticator: credsAuthenticator(new TextEncoder().encode(creds)) });
    const signer = findSigner(bench);
    const accounts = addAccounts(bench, signer, size);
    const credsFile = join(bench.home, 'creds', 'Bench', 'SYS', 'sys.creds');
    const program = join(import.meta.dirname, 'bench-push-client.mjs');
    const rawArgs = [program, server.url, credsFile, join(bench.home, 'Bench', 'accounts')];
    let requests = 0;
    const ways = {
      raw: () => {
        requests = Number(execFileSync(process.execPath, rawArgs, { env, encoding: 'utf8' }));
      },
      ours: () => bench.nsc('push', '--all'),
    };
    const turns = [];
    for (let round = 0; round < rounds; round += 1) {
      const turn = { again: 0 };
      for (const way of round % 2 === 0 ? ['raw', 'ours'] : ['ours', 'raw']) {
        turn[way] = await seconds(ways[way]);
        if (way === 'ours') turn.again = await seconds(ways.ours);
        await forget(client, accounts, signer);
      }
      turns.push({ ...turn, requests });
    }
    const patient = await seconds(() => pushPatiently(client, accounts.slice(0, PATIENT)));
    const of = (name) => median(turns.map((turn) => turn[name]));
    const ratio = median(turns.map(({ raw, ours }) => raw / ours));
    const bare = median(turns.map(({ requests, ours }) => requests / ours));
    return {
      accounts: size,
      'client alone, s': of('raw').toFixed(2),
      'nsc push, s': of('ours').toFixed(2),
      'rate ÷ client alone': ratio.toFixed(2),
      '÷ its requests': bare.toFixed(2),
      must: MUST,
      met: ratio >= MUST ? 'yes' : 'NO',
      'nothing to send, s': of('again').toFixed(2),
      "reference's way, s": `${((patient / PATIENT) * size).toFixed(0)} (${PATIENT} took ${patient.toFixed(1)})`,
    };
  } finally {
    await client?.close();
    server?.stop();
  }
}

try {
  const results = [];
  for (const size of SIZES) results.push(await benchSize(size));
  console.log(`Pushes to one server (node ${process.version}), whole processes, median of ${rounds} rounds`);
  console.table(results);
} finally {
  rmSync(work, { recursive: true, force: true });
}

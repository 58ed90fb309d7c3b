import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type KeyPair, keyPairFromSeed } from '../../src/domain/nkey/key-pair.js';
import { Session } from '../support/session.js';
import { splitWords } from '../support/txtar.js';

/** What a terminal would obey or hide reaches it from no name, no claim and no file, whatever the command. */

/** A title for the window, a change of direction, a blank of no width, a line and a paragraph of its own. */
const HOSTILE = '\u001b]0;t\u0007\u202e\u200b\u2029\nINJECTED';

/** Everything that people name and describe, with `EVIL` where the hostile text will stand. */
const STORE = [
  'add operator OEVIL --sys',
  'edit operator --tag tevil --service-url nats://evil:4222',
  'add account AEVIL',
  'edit account AEVIL --sk generate --description dEVIL --info-url https://evil/ --tag tevil',
  'add export --name eEVIL --subject sEVIL.> --private',
  'add export --name fEVIL --subject qEVIL --service --latency lEVIL --sampling 10',
  'add mapping --from mEVIL --to nEVIL --cluster cEVIL',
  'edit signing-key --sk generate --role rEVIL --description dEVIL --allow-sub sEVIL.{{name()}}',
  'add user uEVIL --tag tevil --allow-pub pEVIL --deny-sub pEVIL',
  'add user vEVIL --role rEVIL',
  'revocations add-user --name vEVIL',
  'add account BEVIL',
  'generate activation -a AEVIL --target-account BEVIL -o activation.jwt',
  'add import --name iEVIL --token activation.jwt --local-subject kEVIL.>',
  'add import --name jEVIL --service --src-account AEVIL --remote-subject qEVIL',
  'add user wEVIL',
  'edit authcallout BEVIL --auth-user wEVIL --allowed-account AEVIL',
  'revocations add_activation -a AEVIL --subject sEVIL.> --target-account BEVIL',
  'select account AEVIL',
];

const LINES = [
  ...['operators', 'accounts', 'users', 'roles', 'keys --all'].map((what) => `list ${what}`),
  ...['operator', 'account', 'account BEVIL', 'user uEVIL', 'user vEVIL', 'role rEVIL'].map(
    (what) => `describe ${what}`,
  ),
  'describe jwt --file activation.jwt',
  'env',
  'expirations',
  'validate --all-accounts',
  'revocations list-users',
  'revocations list_activations --subject sEVIL.>',
  'revocations add-user -u *',
  'revocations delete-user --name vEVIL',
  'revocations delete_activation --subject sEVIL.> --target-account BEVIL',
  'generate diagram component --detail',
  'generate diagram component --detail --format mermaid',
  'generate diagram object --users --show-keys --detail',
  'generate diagram object --users --show-keys --detail --format mermaid',
  'generate jwks --all',
  'generate jwks --account AEVIL',
  'verify activation.jwt',
  'verify all/creds/OEVIL/AEVIL/vEVIL.creds',
  'verify EVIL --jwks EVIL',
  'generate config --mem-resolver',
  'generate config --nats-resolver --sys-account SYS',
  'generate creds --name uEVIL --output-file u.creds',
  'generate context --user uEVIL --context c',
  'generate profile nsc://OEVIL/AEVIL/uEVIL?names',
  'edit export --subject qEVIL --private',
  'edit signing-key rEVIL --allow-sub x',
  'edit user vEVIL --tag x',
  'edit authcallout BEVIL --rm-auth-user wEVIL',
  'delete export --subject sEVIL.>',
  'delete import -a BEVIL --subject qEVIL',
  'delete mapping --from mEVIL',
  'delete user uEVIL',
  'delete account AEVIL',
  'rename account AEVIL C --OK',
  'reissue operator',
  'rotate plan --all --users',
  'rotate plan --role rEVIL',
  'rotate status --all',
  'rotate auto --all',
  'export keys --all --include-jwts --dir out',
  'migrate --operator-dir all/OEVIL',
  'fix --in all --creds --out rebuilt',
  'import user --file all/creds/OEVIL/AEVIL/uEVIL.creds',
  'add account AEVIL',
  'add user uEVIL',
  'describe user nobodyEVIL',
  'select account BEVIL',
];

describe('of a hostile store', () => {
  it.each(LINES.flatMap((line) => [line, `${line} --dry-run`, `${line} --json`]))('%s', async (line) => {
    const session = await prepare();
    const { exit, stdout, stderr } = await session.run([...splitWords(poisoned(line)), ...HERE]);
    expect(exit).not.toBe(70);
    expect(stdout + stderr).not.toMatch(UNSAFE);
    expect(stdout + stderr).not.toMatch(/^\s*INJECTED/m);
  });

  it('the names are there', async () => {
    const session = await prepare();
    for (const line of ['list accounts', 'describe account', 'validate -A', 'expirations', 'list roles']) {
      const { stdout } = await session.run([...splitWords(line), ...HERE]);
      expect(stdout).toContain('\\u{1b}]0;t');
    }
  });
});

/** All but the end of a line and the tabs of a configuration. */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const HERE = ['--all-dirs', 'all'];

const poisoned = (text: string): string => text.replace(/evil/gi, HOSTILE);

/** A session with a store of its own. */
async function prepare(): Promise<Session> {
  const session = new Session();
  if (!existsSync(join(kept, 'all'))) await makeStore();
  cpSync(kept, session.cwd, { recursive: true });
  return session;
}

const kept = mkdtempSync(join(tmpdir(), 'nsc-hostile-'));
afterAll(() => rmSync(kept, { recursive: true, force: true }));

/** Makes the store with harmless names, then writes the hostile ones into its files and over their names. */
async function makeStore(): Promise<void> {
  const session = new Session();
  for (const line of STORE) await session.ok([...splitWords(line), ...HERE]);
  const files = filesBelow(session.cwd);
  const pairs = files.filter((path) => path.endsWith('.nk')).map((path) => keyPairFromSeed(readFileSync(path, 'utf8')));
  const keys = new Map(pairs.map((pair) => [pair.publicKey, pair]));
  for (const path of files) {
    if (path.endsWith('.nk')) continue;
    const content = readFileSync(path, 'utf8');
    const text = content.replace(TOKEN, (token) => poisonToken(token, keys));
    writeFileSync(path, /\.nsc$|nsc\.json$/.test(path) ? poisonJson(text) : text);
  }
  renameBelow(session.cwd);
  cpSync(session.cwd, kept, { recursive: true });
}

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

const poisonJson = (json: string): string => json.replace(/evil/gi, JSON.stringify(HOSTILE).slice(1, -1));

/** Tokens in a token, too; every one is signed anew by the key that signed it. */
function poisonToken(token: string, keys: ReadonlyMap<string, KeyPair>): string {
  const [header = '', payload = ''] = token.split('.');
  const json = Buffer.from(payload, 'base64url').toString();
  const text = poisonJson(json.replace(TOKEN, (inner) => poisonToken(inner, keys)));
  const signed = `${header}.${Buffer.from(text).toString('base64url')}`;
  const signature = keys.get(JSON.parse(text).iss)?.sign(signed) ?? new Uint8Array(64);
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

function renameBelow(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, poisoned(entry.name));
    renameSync(join(directory, entry.name), path);
    if (entry.isDirectory()) renameBelow(path);
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeKind } from '../../src/domain/token/decode.js';
import { accountAuthority } from '../../src/domain/trust/authority.js';
import type { Session } from '../support/session.js';
import { mutations } from './commands.js';
import { play } from './play.js';

/** How many stores are tried; SLOW=1 tries many. */
const RUNS = process.env.SLOW === '1' ? 1_000 : 30;

/** Path → content of every file below a directory that `wanted` takes. */
function filesBelow(directory: string, wanted: RegExp): Record<string, string> {
  if (!existsSync(directory)) return {};
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => wanted.test(path));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** The tokens of the store, without revoked users whose signer their account has lost: nobody vouches for those. */
function vouchedTokens(session: Session): Record<string, string> {
  const store = join(session.home, '.local/share/nats/nsc/stores/O');
  const tokens = filesBelow(store, /\.(jwt|nsc)$/);
  const operator = decodeKind(tokens['O.jwt'] ?? '', 'operator').claims;
  const isVouched = ([path, token]: [string, string]): boolean => {
    const [, account] = /^accounts\/(\w+)\/users\//.exec(path) ?? [];
    if (account === undefined) return true;
    const owner = decodeKind(tokens[`accounts/${account}/${account}.jwt`] ?? '', 'account').claims;
    const { identity, signingKeys } = accountAuthority(owner, operator);
    return [identity, ...signingKeys].includes(decodeKind(token, 'user').claims.iss ?? '');
  };
  return Object.fromEntries(Object.entries(tokens).filter(isVouched));
}

const subjectOf = (token: string): string => decodeKind(token, 'user').claims.sub ?? '';

it('what export keys takes out, fix puts together to the same store, byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutations, { maxLength: 25, size: 'max' }), async (lines) => {
      const session = await play(lines);
      await session.ok('export keys --all --include-jwts --dir out');
      await session.ok('fix --in out --out rebuilt');
      const rebuilt = join(session.cwd, 'rebuilt');
      const tokens = vouchedTokens(session);
      expect(filesBelow(join(rebuilt, 'operators/O'), /\.(jwt|nsc)$/)).toEqual(tokens);

      const keystore = join(session.home, '.local/share/nats/nsc/keys');
      const users = new Set(
        Object.entries(tokens).map(([path, token]) => (path.includes('/users/') ? subjectOf(token) : '')),
      );
      const exported = new Set(readdirSync(join(session.cwd, 'out')));
      const isUsed = ([path]: [string, string]): boolean => {
        const key = path.slice(-59, -3);
        return exported.has(`${key}.nk`) && (!key.startsWith('U') || users.has(key));
      };
      const keys = Object.entries(filesBelow(join(keystore, 'keys'), /\.nk$/)).filter(isUsed);
      expect(Object.entries(filesBelow(join(rebuilt, 'keys/keys'), /\.nk$/))).toEqual(keys);
      for (const [path, creds] of Object.entries(filesBelow(join(rebuilt, 'keys/creds'), /\.creds$/))) {
        const [, account, user] = /^O\/(\w+)\/(\w+)\.creds$/.exec(path) ?? [];
        expect(creds).toContain(tokens[`accounts/${account}/users/${user}.jwt`]);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);

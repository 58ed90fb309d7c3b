import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeToken } from '../../src/domain/token/decode.js';
import { encodePayload } from '../../src/domain/token/encode.js';
import { decodeBase64Url } from '../../src/lib/base64url.js';
import { lockKeystore, seedsInSight } from '../support/locked.js';
import type { Session } from '../support/session.js';
import { mutations, storedTokens } from './commands.js';
import { play } from './play.js';

/** How many sequences are tried; SLOW=1 tries many. */
const RUNS = process.env.SLOW === '1' ? 2_000 : 60;

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly message: string;
}

/** Errors that validate finds. A user that was revoked first may lose its signer: it has no trust to keep. */
async function findErrors(session: Session): Promise<Finding[]> {
  const { stdout } = await session.run('validate --all-accounts --json');
  const { sections } = JSON.parse(stdout) as { sections: { findings: Finding[] }[] };
  const userOf = ({ message }: Finding): string | undefined => /^user "\w+"/.exec(message)?.[0];
  return sections.flatMap(({ findings }) => {
    const revoked = new Set(findings.filter(({ rule }) => rule === 'revoked').map(userOf));
    return findings.filter((finding) => finding.level === 'error' && !revoked.has(userOf(finding) ?? ''));
  });
}

it('any sequence of commands leaves no seed in plain sight in a locked keystore, and a store that validate accepts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutations, { maxLength: 30, size: 'max' }), async (lines) => {
      const session = await play(lines, (fresh) => lockKeystore(fresh, '--creds'));
      expect(await findErrors(session)).toEqual([]);
      expect(seedsInSight(session.home)).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
}, 600_000);

it('any sequence of commands that keep what is valid leaves a store that validate accepts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutations, { maxLength: 30, size: 'max' }), async (lines) => {
      const session = await play(lines);
      expect(await findErrors(session)).toEqual([]);
      for (const token of storedTokens(session)) {
        const payload = new TextDecoder().decode(decodeBase64Url(token.split('.')[1] ?? ''));
        expect(encodePayload(decodeToken(token).claims)).toBe(payload);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);

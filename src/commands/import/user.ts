import { mutation } from '../../app/command.js';
import { reportCreds } from '../../app/creds-report.js';
import { checkIncoming, findNamesake, readIncoming, refuseNamesake, replacedWarnings } from '../../app/incoming.js';
import { incomingOptions } from '../../app/options/incoming.js';
import { type TextSource, textSourceOption, tokenIn } from '../../app/options/token-file.js';
import { changed, ok } from '../../app/result.js';
import { putSeed } from '../../app/take-key.js';
import type { Change } from '../../domain/change.js';
import type { UserClaims } from '../../domain/claims/types.js';
import { findBlocks } from '../../domain/creds/blocks.js';
import { formatCreds, parseDecorated } from '../../domain/creds/creds.js';
import { checkName } from '../../domain/name.js';
import { type KeyPair, keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { verifyUser } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Take in a user from a JWT or creds file',
  description:
    'Stores the JWT of a user as it is, under the account it belongs to, which has to be here and has to trust it. A ' +
    'creds file brings the seed of the user too. Whenever the seed is at hand, the creds are written as well.',
  options: {
    file: textSourceOption('file', {
      short: 'f',
      help: 'file or http(s) URL with the JWT or the creds of the user',
      ask: { message: 'File with the JWT or the creds of the user', type: 'input', required: true },
    }),
    ...incomingOptions('user'),
  },
  examples: [{ command: 'nsc import user --file alice.creds', what: 'JWT, seed and creds' }],

  plan({ workspace, tree, now }, input) {
    if (input.file === undefined) {
      throw new NscError('missing-option', 'no user was named', {
        hint: 'name the file with its JWT or creds: --file FILE',
      });
    }
    const { token, claims } = readIncoming(input.file.given, tokenIn(input.file), 'user');
    const name = checkName('user', claims.name ?? '');
    const account = getOwner(tree, claims);
    const user: UserEntry = { account: account.name, name, token, claims };
    const { warnings, isBroken } = checkIncoming('user', claims, { now, skip: input.skip ?? false });
    const namesake = findNamesake('user', () => tree.findUser(account.name, name));
    const hint = 'replace it with --overwrite';
    refuseNamesake('user', claims, namesake, { overwrite: input.overwrite ?? false, hint });
    const refusal = verifyUser(user, account, tree.operator, { signatures: false });
    if (refusal) throw untrusted(refusal);

    const brought = readSeed(input.file, claims);
    const pair = brought.pair ?? tree.findKeyPair(claims.sub ?? '');
    const place = { operator: tree.operator.name, account: account.name, name };
    return {
      changes: [
        ...(brought.pair ? [putSeed(brought.pair)] : []),
        { type: 'put-user', ...user },
        ...putCreds(user, pair),
      ],
      warnings: [
        ...warnings,
        ...brought.warnings,
        ...replacedWarnings('user', claims, namesake),
        ...(pair ? [] : staleWarnings(tree, user, workspace.credsPath(place.operator, account.name, name))),
      ],
      force: isBroken || (namesake !== undefined && !namesake.entry),
      result: changed(
        ...(brought.pair ? [ok(`stored the seed of ${brought.pair.publicKey}`)] : []),
        reportCreds(workspace, place, pair !== undefined),
        ok(`imported user ${quote(name)} of account ${quote(account.name)}`),
      ),
    };
  },
});

/** The account that the user says it belongs to. Other accounts that cannot be read do not matter (S-62, E-37). */
function getOwner(tree: Tree, { name = '', iss = '', nats }: UserClaims): AccountEntry {
  const key = nats.issuer_account || iss;
  const account = tree.findAccountByKey(key);
  if (account) return account;
  throw new NscError('account-not-found', `user ${quote(name)} belongs to account ${key}, which is not here`, {
    hint: 'import the account first with: nsc import account --file FILE',
    details: { account: key, operator: tree.operator.name },
  });
}

/**
 * The seed that a creds file brings. One that cannot be used is told and left out; one of somebody else is a mixed-up
 * file.
 */
function readSeed(
  { given, content = '' }: TextSource,
  { sub }: UserClaims,
): { readonly pair?: KeyPair; readonly warnings: string[] } {
  const { seed } = parseDecorated(content);
  if (!seed) {
    const isCreds = findBlocks(content).length > 1;
    return { warnings: isCreds ? [`the seed in ${quote(given)} is not valid and was left out`] : [] };
  }
  const pair = keyPairFromSeed(seed.reveal());
  if (pair.publicKey === sub) return { pair, warnings: [] };
  throw new NscError('key-mismatch', `${quote(given)} holds the seed of ${pair.publicKey} with a JWT for ${sub}`, {
    hint: 'find out which of the two is right; the JWT alone can be imported from a file without the seed',
    details: { expected: sub, found: pair.publicKey },
  });
}

/** The keystore keeps creds of every user whose seed is there (S-25). */
const putCreds = ({ account, name: user, token }: UserEntry, pair: KeyPair | undefined): Change[] =>
  pair ? [{ type: 'put-creds', account, user, creds: formatCreds(token, pair) }] : [];

function staleWarnings(tree: Tree, { account, name, token }: UserEntry, path: string): string[] {
  const creds = tree.findCreds(account, name);
  if (!creds || parseDecorated(creds.reveal()).token.trim() === token) return [];
  return [`\`${path}\` holds another JWT, and cannot be written: the seed of the user is not in the keystore`];
}

const untrusted = ({ message, code, link }: Refusal): NscError =>
  new NscError('broken-chain', message, {
    hint: 'if the account has a newer JWT, import that first with: nsc import account --file FILE --overwrite',
    details: { refusal: code, link },
  });

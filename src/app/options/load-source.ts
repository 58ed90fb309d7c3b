import type { OperatorClaims } from '../../domain/claims/types.js';
import { parseDecorated } from '../../domain/creds/creds.js';
import { type KeyInput, parseKeyInput } from '../../domain/key-input.js';
import { decodePublicKey, decodeSeed } from '../../domain/nkey/codec.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { verifyOperator } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { shownUrl } from '../distribution/shown-url.js';
import { readOperatorToken } from '../operator-token.js';
import type { Option } from '../option.js';
import type { Ports } from '../ports.js';
import { requireKey } from '../take-key.js';
import { OPERATOR_LIMITS, type OperatorSource, readKnownOperator, readOperatorSource } from './operator-source.js';

/** What an operator and its account server gave for the seed of an account (nsc-distribution.md §3.6). */
export interface Loaded {
  readonly operator: { readonly token: string; readonly claims: OperatorClaims; readonly knownAs?: string };
  /** Of the account. */
  readonly key: KeyPair;
  /** Where the account was asked for, as a person may see it. */
  readonly accountUrl: string;
  /** What was answered there, not looked into. */
  readonly accountToken: string;
}

/** A link `nsc://OPERATOR?secret=SEED&user=NAME`; `loaded` is there once it was followed. */
export interface LoadLink {
  /** A link, or the file that holds it. Secret. */
  readonly given: string;
  readonly user?: string;
  readonly loaded?: Loaded;
}

/** The URL of an operator JWT; `loaded` is there once it was followed with the seed of `--seed`. */
export interface LoadUrl {
  readonly given: string;
  readonly loaded?: Loaded;
}

type World = Pick<Ports, 'files' | 'remote' | 'env'>;
type Spec<T> = Omit<Option<T>, 'long' | 'read' | 'resolve'>;

/** A link, or a file that holds it: on a command line others can read the seed in it (S-48). */
export function loadLinkOption(long: string, spec: Spec<LoadLink>): Option<LoadLink> {
  return {
    long,
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: async ({ given }, ports) => {
      const { operator, secret, user } = readLink(given, ports);
      const key = accountKey(readSecret(secret), 'the link names');
      const loaded = await followTo(await readKnownOperator(operator, ports), key, ports);
      return { given, loaded, ...(user !== '' && { user }) };
    },
  };
}

/** @param seed the name of the option with the seed in the input */
export function loadUrlOption(long: string, seed: string, spec: Spec<LoadUrl>): Option<LoadUrl> {
  return {
    long,
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: async ({ given }, ports, input) => {
      const literal = input[seed] as KeyInput | undefined;
      if (literal === undefined) {
        throw new NscError('missing-option', 'the seed of an account is needed to load it', {
          hint: 'give it, or the file that holds it, with --seed',
        });
      }
      const key = readNamedSeed(literal, ports);
      return { given, loaded: await followTo(await readOperatorSource(given, ports), key, ports) };
    },
  };
}

/** Refused under the name of its own option. */
function readNamedSeed(given: KeyInput, { files }: World): KeyPair {
  try {
    return accountKey(given.pair ? given : parseKeyInput(given.text, files.read), 'that is');
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    const { code, message, hint, details } = error;
    throw new NscError(code, `--seed: ${message}`, {
      ...(hint !== undefined && { hint }),
      details: { ...details, option: 'seed' },
    });
  }
}

/** The parts of a link. Nothing of it is repeated in a message, because it holds a seed. */
function readLink(given: string, { files }: World): { operator: string; secret: string; user: string } {
  const isLink = given.includes('://');
  const content = isLink ? given : files.read(given)?.trim();
  if (content === undefined) {
    throw new NscError('file-not-found', `there is no file ${quote(given)}`, {
      hint: 'give a link, which begins with nsc://, or a file that holds one',
    });
  }
  const [, operator = '', query = ''] = /^nsc:\/\/([^/?#]+)\/?(?:\?([^#]*))?$/i.exec(content) ?? [];
  const parameters = new URLSearchParams(query);
  const secret = parameters.get('secret') ?? '';
  if (operator === '' || secret === '') {
    throw new NscError('bad-value', `${isLink ? 'that' : `what ${quote(given)} holds`} is not a link to an account`, {
      hint: 'a link looks like nsc://OPERATOR?secret=SEED&user=NAME',
    });
  }
  return { operator, secret, user: parameters.get('user') ?? '' };
}

/** Even a text that is no seed may be most of one. */
function readSecret(secret: string): KeyInput {
  const key = decodeSeed(secret) || decodePublicKey(secret) ? parseKeyInput(secret, () => undefined) : undefined;
  if (key) return key;
  throw new NscError('bad-key', 'the secret of the link is not the seed of an account', {
    hint: 'copy the link again, all of it',
  });
}

function accountKey(given: KeyInput, who: string): KeyPair {
  const publicKey = requireKey('account', given);
  if (given.pair) return given.pair;
  throw new NscError('key-not-found', `${who} the public key ${publicKey}, and the seed is needed`, {
    hint: 'give the seed of the account, or a file that holds it',
  });
}

/** Asks the account server that the operator names for the account. The operator has to vouch for itself first. */
async function followTo(source: OperatorSource, key: KeyPair, { remote }: World): Promise<Loaded> {
  const { token, claims } = readOperatorToken(source);
  const untrusted = verifyOperator({ name: claims.name ?? '', token, claims }, { signatures: false });
  if (untrusted) {
    throw new NscError('broken-chain', untrusted.message, {
      hint: 'ask the operator for its JWT, and import it with: nsc add operator --url FILE',
      details: { refusal: untrusted.code },
    });
  }
  const accountUrl = accountUrlOf(claims, key.publicKey);
  const accountToken = parseDecorated(await remote.get(accountUrl, OPERATOR_LIMITS)).token.trim();
  const { knownAs } = source;
  return {
    operator: { token, claims, ...(knownAs !== undefined && { knownAs }) },
    key,
    accountUrl: shownUrl(accountUrl),
    accountToken,
  };
}

function accountUrlOf({ name = '', nats }: OperatorClaims, account: string): string {
  const server = nats.account_server_url ?? '';
  if (/^https?:\/\//i.test(server)) return `${server.replace(/\/+$/, '')}/accounts/${account}`;
  const why =
    server === ''
      ? 'names no account server'
      : `names an account server that is not asked over HTTP: ${quote(shownUrl(server))}`;
  throw new NscError('item-not-found', `operator ${quote(name)} ${why}, so account ${account} cannot be loaded`, {
    hint: 'get the JWT of the account otherwise, and import it with: nsc import account --file FILE',
  });
}

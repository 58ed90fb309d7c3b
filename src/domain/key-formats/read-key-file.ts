import { type JsonValue, parseJson } from '../../lib/int64-json.js';
import type { Secret } from '../../lib/secret.js';
import { findBlocks } from '../creds/blocks.js';
import { decodePublicKey, decodeSeed, looksLikeSeed } from '../nkey/codec.js';
import { isObject, readJwk, readJwkSet } from './jwk.js';
import { readOpenSsh } from './openssh.js';
import { decryptPkcs8 } from './pbes2.js';
import { findPemBlocks, looksLikePem, type PemBlock } from './pem.js';
import { readDerKey } from './pkcs8.js';
import { type FoundKey, RawKey } from './raw-key.js';
import { badKey, publicOnly, severalKeys, wrongAlgorithm } from './refusals.js';

/** No file with one key is bigger; certificates may stand beside it. In bytes. */
export const MAX_KEY_FILE = 64 * 1024;

/** What a file holds: a key, or one that a passphrase opens. */
export type KeyFile =
  | { readonly kind: 'plain'; readonly found: FoundKey }
  /** `open` throws `wrong-passphrase`, and what reading a plain one throws. */
  | { readonly kind: 'encrypted'; open(passphrase: Secret): FoundKey };

/**
 * Reads a private key in any of the formats that are known, which its content shows: nkey seed, plain or between banners;
 * PKCS#8 in PEM or DER, encrypted or not; OpenSSH; JWK or JWK set; JSON with a PEM in it.
 *
 * @throws NscError `bad-key` for what holds no key, or more than one; `wrong-key-kind` for a key that is not Ed25519. No
 *   message repeats anything secret
 */
export function readKeyFile(bytes: Uint8Array): KeyFile {
  if (bytes.length > MAX_KEY_FILE) throw badKey(`it has more than ${MAX_KEY_FILE / 1024} KiB, which no key has`);
  if (bytes[0] === 0x30) return readDerFile(bytes, 'PKCS#8 DER');
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  if (text === '') throw badKey('it is empty');
  if (/^[[{]/.test(text)) return readJsonFile(text);
  if (looksLikeSeed(text)) return plain(readSeed(text));
  if (/-BEGIN [A-Z ]*NKEY SEED-/.test(text)) return plain(readDecorated(text));
  if (/-BEGIN NATS [A-Z ]*JWT-/.test(text)) throw badKey('it holds a JWT and no seed');
  if (looksLikePem(text)) return readPem(findPemBlocks(text), 'PEM');
  if (decodePublicKey(text) || /^(ssh-|ecdsa-|sk-)[\w@.-]+ /.test(text)) throw publicOnly();
  if (text.startsWith('PuTTY-User-Key-File')) {
    throw badKey(
      'it is a key of PuTTY',
      'turn it into one of OpenSSH with: puttygen FILE -O private-openssh -o NEWFILE',
    );
  }
  throw badKey(
    'it holds nothing that is known as a key',
    'known are nkey seeds, PKCS#8 (PEM or DER), JWK and OpenSSH keys',
  );
}

const plain = (found: FoundKey): KeyFile => ({ kind: 'plain', found });

function readSeed(text: string): FoundKey {
  const decoded = decodeSeed(text);
  if (!decoded) throw badKey('it holds a seed that is not valid', 'check it for missing or mistyped letters');
  return { format: 'nkey seed', key: new RawKey(decoded.raw), role: decoded.role };
}

/** The seeds among the blocks of a file, which may hold a JWT as well. */
function readDecorated(text: string): FoundKey {
  const seeds = findBlocks(text).filter(looksLikeSeed);
  if (seeds.length > 1) throw severalKeys(seeds.length);
  const [seed] = seeds;
  if (seed === undefined) throw badKey('it is damaged: there is no seed between the banners');
  return readSeed(seed);
}

function readDerFile(bytes: Uint8Array, format: string): KeyFile {
  const found = readDerKey(bytes);
  if (found.kind === 'plain') return plain({ format, key: found.key });
  return {
    kind: 'encrypted',
    open(passphrase) {
      const opened = readDerKey(decryptPkcs8(found.algorithm, found.data, passphrase));
      if (opened.kind !== 'plain') throw badKey('it is encrypted twice');
      return { format: `encrypted ${format}`, key: opened.key };
    },
  };
}

/** The one private key among blocks; certificates and public keys may stand beside it. */
function readPem(blocks: readonly PemBlock[], where: string): KeyFile {
  const secret = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [block] = secret;
  if (secret.length > 1) throw severalKeys(secret.length);
  if (!block) throw withoutPrivate(blocks.map(({ label }) => label));
  switch (block.label) {
    case 'PRIVATE KEY':
    case 'ENCRYPTED PRIVATE KEY':
      return readDerFile(block.bytes(), `PKCS#8 ${where}`);
    case 'OPENSSH PRIVATE KEY':
      return plain(readOpenSsh(block.bytes()));
    case 'RSA PRIVATE KEY':
      throw wrongAlgorithm('an RSA key');
    case 'EC PRIVATE KEY':
      throw wrongAlgorithm('an EC key');
    case 'DSA PRIVATE KEY':
      throw wrongAlgorithm('a DSA key');
    default:
      throw badKey('it holds a private key in a PEM of a kind that is not known');
  }
}

function withoutPrivate(labels: readonly string[]) {
  if (labels.some((label) => label.endsWith('PUBLIC KEY'))) return publicOnly();
  if (labels.some((label) => /CERTIFICATE/.test(label))) {
    return badKey('it holds a certificate and no key', 'name the file that holds the private key');
  }
  return badKey('it holds a PEM, but no key in it');
}

function readJsonFile(text: string): KeyFile {
  const json = parse(text);
  if (isObject(json)) {
    if ('kty' in json) return plain(readJwk(json));
    if (Array.isArray(json.keys)) return plain(readJwkSet(json.keys));
  }
  const blocks = [...textsOf(json)].filter(looksLikePem).flatMap(findPemBlocks);
  if (blocks.length > 0) return readPem(blocks, 'PEM in JSON');
  throw badKey('it holds JSON, but no key in it', 'known are JWK, JWK sets and JSON with a PEM in a member');
}

/** What the parser says would repeat what it read. */
function parse(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw badKey('it is damaged: it holds no valid JSON');
  }
}

function* textsOf(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsOf(part);
}

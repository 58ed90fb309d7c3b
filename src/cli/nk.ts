import { decodePublicKey, decodeSeed } from '../domain/nkey/codec.js';
import { type KeyPair, keyPairFromRaw, keyPairFromSeed, verify } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';
import { NscError } from '../errors.js';
import { formatCount } from '../lib/amount.js';
import { decodeBase64Url, encodeBase64Url } from '../lib/base64url.js';
import { escapeForTerminal, quote } from '../lib/display.js';
import { type FlagValues, parseGoFlags } from './nk-flags.js';
import { rarityOf, readVanityPrefix, searchVanity, type VanityJob } from './nk-vanity.js';

/** What `nk` needs of the world. */
export interface NkIo {
  readonly version: string;
  /** A file's content, or its first `limit` bytes; undefined when it cannot be read. */
  readFile(path: string, limit?: number): Uint8Array | undefined;
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** 32 random bytes. */
  randomSeed(): Uint8Array;
  /** How many keys can be tried at a time. */
  readonly cores: number;
  /** Searches on all cores; undefined when nothing was found, a rejection when that is not possible here. */
  searchInParallel(job: VanityJob): Promise<Uint8Array | undefined>;
}

const FLAGS = {
  v: 'switch',
  gen: 'text',
  pubout: 'switch',
  e: 'text',
  pre: 'text',
  maxpre: 'integer',
  inkey: 'text',
  pubin: 'text',
  sign: 'text',
  verify: 'text',
  sigfile: 'text',
} as const;

type Flags = FlagValues<typeof FLAGS>;

const USAGE = `Usage:
  nk -gen TYPE [-pubout] [-e FILE]           make a key and print its seed
  nk -gen TYPE -pre PREFIX [-maxpre N]       make a key whose public key begins with PREFIX after its first letter
  nk -inkey FILE -pubout                     print the public key of a seed
  nk -sign FILE -inkey FILE                  sign a file and print the signature
  nk -verify FILE -sigfile FILE (-inkey FILE | -pubin FILE)
  nk -v

  -gen TYPE      user, account, server, cluster, operator, curve or x25519
  -pubout        print the public key too
  -e FILE        take the 32 bytes of the seed from a file
  -maxpre N      give up after so many keys (default 10000000)
  -inkey FILE    a file with a seed
  -pubin FILE    a file with a public key
  -sigfile FILE  a file with a signature
`;

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['user', 'user'],
  ['account', 'account'],
  ['server', 'server'],
  ['cluster', 'cluster'],
  ['operator', 'operator'],
  ['curve', 'curve'],
  ['x25519', 'curve'],
]);

const DEFAULT_ATTEMPTS = 10_000_000;
/** A search for something rarer takes seconds: it is announced and spread over the cores. */
const RARE = 100_000;

/**
 * The whole of `nk` (nsc-core.md §10): answers on standard output, complaints on standard error.
 *
 * @param args the words after the program's name
 * @returns the exit code: 0, or 1 for every refusal and for `-h`
 */
export async function runNk(args: readonly string[], io: NkIo): Promise<0 | 1> {
  const parsed = parseGoFlags(args, FLAGS);
  if ('help' in parsed) {
    io.writeOut(USAGE);
    return 1;
  }
  if ('error' in parsed) {
    io.writeErr(`nk: error: ${escapeForTerminal(parsed.error)}\n${USAGE}`);
    return 1;
  }
  try {
    const answer = await answerTo(parsed.values, io);
    if (answer === undefined) {
      io.writeErr(USAGE);
      return 1;
    }
    io.writeOut(`${answer}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    io.writeErr(`nk: error: ${error.message}\n`);
    return 1;
  }
}

/** The first action that is asked for; undefined when there is none. */
async function answerTo(flags: Flags, io: NkIo): Promise<string | undefined> {
  if (flags.v) return `nk version ${io.version}`;
  if (flags.gen) return generate(flags.gen, flags, io);
  if (flags.e) throw new NscError('conflicting-options', '-e gives the seed of a new key and needs -gen');
  if (flags.sign) return sign(flags.sign, flags, io);
  if (flags.verify) return verifyFile(flags.verify, flags, io);
  if (flags.inkey && flags.pubout) return readSeed(flags.inkey, io).publicKey;
  return undefined;
}

async function generate(type: string, flags: Flags, io: NkIo): Promise<string> {
  const role = ROLES.get(type.toLowerCase());
  if (role === undefined) {
    throw new NscError('bad-value', `-gen knows no ${quote(type)}; it makes ${[...ROLES.keys()].join(', ')}`);
  }
  const pair = keyPairFromRaw(role, flags.pre ? await findVanity(role, flags.pre, flags, io) : rawSeed(flags, io));
  const seed = pair.seed.reveal();
  return flags.pubout || flags.pre ? `${seed}\n${pair.publicKey}` : seed;
}

function rawSeed(flags: Flags, io: NkIo): Uint8Array {
  if (!flags.e) return io.randomSeed();
  const raw = readFile(flags.e, io, 32);
  if (raw.length < 32) throw new NscError('bad-value', `${quote(flags.e)} has ${raw.length} bytes; a seed needs 32`);
  return raw;
}

async function findVanity(role: Role, text: string, flags: Flags, io: NkIo): Promise<Uint8Array> {
  if (flags.e) throw new NscError('conflicting-options', '-e gives one key only, so -pre has nothing to search in');
  const job = { role, prefix: readVanityPrefix(text), attempts: flags.maxpre ?? DEFAULT_ATTEMPTS };
  const found = await search(job, io);
  if (found) return found;
  throw new NscError(
    'item-not-found',
    `none of ${Math.max(0, job.attempts)} keys begins with ${job.prefix} after its first letter`,
  );
}

async function search(job: VanityJob, io: NkIo): Promise<Uint8Array | undefined> {
  const rarity = rarityOf(job.prefix);
  if (rarity > RARE) {
    io.writeErr(
      `nk: one key in ${formatCount(rarity)} begins with ${job.prefix}; trying ${formatCount(job.attempts)}\n`,
    );
    try {
      if (io.cores > 1) return await io.searchInParallel(job);
    } catch {
      // No threads on this platform: the same search, slower.
    }
  }
  return searchVanity(job, io.randomSeed);
}

function sign(file: string, flags: Flags, io: NkIo): string {
  if (!flags.inkey) throw new NscError('missing-option', '-sign needs the seed to sign with: -inkey FILE');
  const pair = readSeed(flags.inkey, io);
  return encodeBase64Url(pair.sign(readFile(file, io)));
}

function verifyFile(file: string, flags: Flags, io: NkIo): string {
  if (!flags.inkey && !flags.pubin)
    throw new NscError('missing-option', '-verify needs a key: -pubin FILE or -inkey FILE');
  if (!flags.sigfile) throw new NscError('missing-option', '-verify needs the signature: -sigfile FILE');
  const publicKey = flags.inkey ? readSeed(flags.inkey, io).publicKey : readPublicKey(flags.pubin ?? '', io);
  if (publicKey.startsWith('X'))
    throw new NscError('wrong-key-kind', `the curve key ${publicKey} cannot verify signatures`);
  const data = readFile(file, io);
  const signature = decodeBase64Url(asText(readFile(flags.sigfile, io)).replace(/[\r\n]/g, ''));
  if (!signature)
    throw new NscError('bad-value', `${quote(flags.sigfile)} does not hold a signature (base64url without padding)`);
  if (!verify(publicKey, data, signature)) {
    throw new NscError('check-failed', `the signature is not by ${publicKey} over ${quote(file)}`);
  }
  return 'Verified OK';
}

function readFile(path: string, io: NkIo, limit?: number): Uint8Array {
  const content = io.readFile(path, limit);
  if (content) return content;
  throw new NscError('file-not-found', `cannot read the file ${quote(path)}`);
}

function readSeed(path: string, io: NkIo): KeyPair {
  const line = findKeyLine(path, io);
  if (decodeSeed(line)) return keyPairFromSeed(line);
  throw new NscError('wrong-key-kind', `${quote(path)} holds the public key ${line}; a seed is needed`);
}

function readPublicKey(path: string, io: NkIo): string {
  const line = findKeyLine(path, io);
  if (decodePublicKey(line)) return line;
  throw new NscError('wrong-key-kind', `${quote(path)} holds a seed; a public key is needed (with a seed use -inkey)`);
}

/** The first line that is a seed or a public key, so that key files may hold comments and creds may be given. */
function findKeyLine(path: string, io: NkIo): string {
  const lines = asText(readFile(path, io)).split('\n', 100_000);
  for (const line of lines) {
    const text = line.replace(/\r$/, '');
    if (decodeSeed(text) || decodePublicKey(text)) return text;
  }
  throw new NscError('bad-key', `${quote(path)} holds neither a seed nor a public key`);
}

function asText(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}

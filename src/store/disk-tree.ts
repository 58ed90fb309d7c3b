import { basename } from 'node:path';
import { parseKeyring } from '../domain/keyring/codec.js';
import { emptyKeyring, type Keyring } from '../domain/keyring/keyring.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import { decodeKind } from '../domain/token/decode.js';
import { findReadable } from '../domain/tree/readable.js';
import type { AccountEntry, OperatorEntry, Tree, UserEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { decodeBase64Url } from '../lib/base64url.js';
import type { Secret } from '../lib/secret.js';
import { listAccounts } from './context.js';
import type { Keystore } from './keystore.js';
import {
  accountsDir,
  accountTokenFile,
  isSegment,
  keyringFile,
  nameOfTokenFile,
  operatorTokenFile,
  usersDir,
  userTokenFile,
} from './layout.js';
import { findOperatorInfo, type OperatorInfo } from './operator-info.js';
import { findStamp, findText, listNames, MAX_KEYRING_BYTES } from './read-file.js';

/**
 * The hierarchy of one operator on disk. Nothing is read before it is asked for, one entity is one file, and no
 * directory is listed to find it.
 *
 * @param directory absolute; the store of the operator
 * @throws NscError `operator-not-found` when it has no `.nsc`
 */
export function openTree(directory: string, keystore: Keystore): Tree {
  const info = findOperatorInfo(directory);
  if (info) return new DiskTree(directory, info, keystore);
  throw new NscError('operator-not-found', `${directory} is not the store of an operator`, {
    hint: 'see them with: nsc list operators',
    details: { path: directory },
  });
}

/** Accounts are looked up several times in a run, but only a few of them. */
const REMEMBERED_ACCOUNTS = 16;

class DiskTree implements Tree {
  readonly managed: boolean;
  readonly #directory: string;
  readonly #name: string;
  readonly #keystore: Keystore;
  #operator: OperatorEntry | undefined;
  #keyring: Keyring | undefined;
  readonly #accounts = new Map<string, AccountEntry>();

  constructor(directory: string, info: OperatorInfo, keystore: Keystore) {
    this.#directory = directory;
    this.#name = info.name;
    this.managed = info.managed;
    this.#keystore = keystore;
  }

  get operator(): OperatorEntry {
    this.#operator ??= this.#readOperator();
    return this.#operator;
  }

  #readOperator(): OperatorEntry {
    const path = operatorTokenFile(this.#directory, this.#name);
    const token = findText(path);
    if (token === undefined) {
      throw new NscError('store-corrupt', `${path}, the JWT of the operator, is missing`, {
        hint: 'restore the file from a backup',
        details: { path },
      });
    }
    const decoded = decode(path, token, 'operator');
    return { name: basename(this.#directory), token: decoded.text, claims: decoded.claims };
  }

  get keyring(): Keyring {
    this.#keyring ??= this.#readKeyring();
    return this.#keyring;
  }

  #readKeyring(): Keyring {
    const path = keyringFile(this.#directory);
    const text = findText(path, { maxBytes: MAX_KEYRING_BYTES });
    return text === undefined ? emptyKeyring : naming(path, () => parseKeyring(text));
  }

  accountNames(): string[] {
    return listAccounts(this.#directory);
  }

  findAccount(name: string): AccountEntry | undefined {
    const known = this.#accounts.get(name);
    if (known || !isSegment(name)) return known;
    const path = accountTokenFile(this.#directory, name);
    const token = findText(path);
    if (token === undefined) return undefined;
    const decoded = decode(path, token, 'account');
    const entry = { name, token: decoded.text, claims: decoded.claims };
    if (this.#accounts.size < REMEMBERED_ACCOUNTS) this.#accounts.set(name, entry);
    return entry;
  }

  /** Scans; accounts that cannot be read are passed over. */
  findAccountByKey(publicKey: string): AccountEntry | undefined {
    for (const name of listNames(accountsDir(this.#directory)).filter(isSegment).sort()) {
      if (!mentions(accountTokenFile(this.#directory, name), publicKey)) continue;
      const account = findReadable(() => this.findAccount(name));
      if (account?.claims.sub === publicKey) return account;
    }
    return undefined;
  }

  accountStamp(name: string): string | undefined {
    return isSegment(name) ? findStamp(accountTokenFile(this.#directory, name)) : undefined;
  }

  userNames(account: string): string[] {
    if (!isSegment(account)) return [];
    const names: string[] = [];
    for (const file of listNames(usersDir(this.#directory, account))) {
      const name = nameOfTokenFile(file);
      if (name !== undefined) names.push(name);
    }
    return names.sort();
  }

  findUser(account: string, name: string): UserEntry | undefined {
    if (!isSegment(account) || !isSegment(name)) return undefined;
    const path = userTokenFile(this.#directory, account, name);
    const token = findText(path);
    if (token === undefined) return undefined;
    const decoded = decode(path, token, 'user');
    return { account, name, token: decoded.text, claims: decoded.claims };
  }

  /** Scans; users that cannot be read are passed over. */
  findUserByKey(account: string, publicKey: string): UserEntry | undefined {
    for (const name of this.userNames(account)) {
      if (!mentions(userTokenFile(this.#directory, account, name), publicKey)) continue;
      const user = findReadable(() => this.findUser(account, name));
      if (user?.claims.sub === publicKey) return user;
    }
    return undefined;
  }

  hasSeed(publicKey: string): boolean {
    return this.#keystore.hasSeed(publicKey);
  }

  findKeyPair(publicKey: string): KeyPair | undefined {
    return this.#keystore.findKeyPair(publicKey);
  }

  storedKeys(): string[] {
    return this.#keystore.storedKeys();
  }

  findCreds(account: string, user: string): Secret | undefined {
    return this.#keystore.findCreds(this.#name, account, user);
  }

  credsNames(account: string): string[] {
    return this.#keystore.credsNames(this.#name, account);
  }

  credsAccounts(): string[] {
    return this.#keystore.credsAccounts(this.#name);
  }
}

/** Decodes a token of the store. */
const decode = <Kind extends 'operator' | 'account' | 'user'>(path: string, text: string, kind: Kind) =>
  naming(path, () => decodeKind(text.trimEnd(), kind));

/** What is wrong with a file is said together with its path. */
function naming<Found>(path: string, read: () => Found): Found {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof NscError)) throw cause;
    throw new NscError(cause.code, `${path}: ${cause.message}`, {
      hint: cause.hint ?? 'restore the file from a backup, or import it again',
      details: { ...cause.details, path },
      cause,
    });
  }
}

/** Whether the payload of a token file holds a text: a scan decodes only the tokens that can be the one it is for. */
function mentions(path: string, text: string): boolean {
  const [, payload = ''] = findReadable(() => findText(path))?.split('.', 2) ?? [];
  const bytes = decodeBase64Url(payload.trim());
  return bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);
}

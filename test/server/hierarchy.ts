import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AccountClaims, decodeKind, issue, type KeyPair, keyPairFromSeed } from '../../src/index.js';
import { Session } from '../support/session.js';

/** Unix seconds; servers have a clock of their own, so tests with servers cannot stop theirs. */
export const clock = (): number => Math.floor(Date.now() / 1000);

/**
 * A store of our program, in which every command has to succeed, and what servers and clients need of it. The operator
 * is "O"; "A" is the account one usually means.
 */
export class Hierarchy {
  constructor(readonly session = new Session({ now: clock() })) {}

  /** @param lines commands to begin with */
  static async make(...lines: readonly string[]): Promise<Hierarchy> {
    const hierarchy = new Hierarchy();
    for (const line of lines) await hierarchy.nsc(line);
    return hierarchy;
  }

  /** Runs a command; words as an array when they have blanks in them. */
  nsc(line: string | readonly string[]): Promise<string> {
    return this.session.ok(line);
  }

  config(resolver = '--mem-resolver', ...flags: readonly string[]): Promise<string> {
    return this.nsc(['generate', 'config', resolver, ...flags]);
  }

  creds(user: string, account = 'A'): Promise<string> {
    return this.nsc(['generate', 'creds', '--name', user, '--account', account]);
  }

  /** The JWT of an account as it is stored. */
  token(account: string): string {
    return readFileSync(this.#accountFile(account), 'utf8');
  }

  claims(account: string): AccountClaims {
    return decodeKind(this.token(account), 'account').claims;
  }

  /** The last signing key that an account, or the operator if none is named, lists. */
  async signingKey(account?: string): Promise<string> {
    const of = account === undefined ? ['operator'] : ['account', account];
    const keys = JSON.parse(await this.nsc(['describe', ...of, '--field', 'nats.signing_keys'])) as string[];
    return keys.at(-1) ?? '';
  }

  /** A key pair of the keystore. */
  pair(publicKey: string): KeyPair {
    return keyPairFromSeed(readFileSync(this.#keyFile(publicKey), 'utf8').trim());
  }

  /** Takes a seed out of the keystore. */
  removeSeed(publicKey: string): void {
    rmSync(this.#keyFile(publicKey));
  }

  /**
   * Gives an account a role, with the options that make its template.
   *
   * @returns the key of the role
   */
  async addRole(account: string, role: string, ...options: readonly string[]): Promise<string> {
    await this.nsc(['edit', 'signing-key', '--account', account, '--sk', 'generate', '--role', role, ...options]);
    return JSON.parse(await this.nsc(['describe', 'role', role, '--account', account, '--json'])).public_key;
  }

  /** Puts an account into the store without asking our program, which would refuse what servers are to refuse. */
  writeAccount(name: string, claims: AccountClaims, signer: KeyPair): void {
    const { token } = issue('account', claims, signer, { now: clock(), previous: claims });
    mkdirSync(dirname(this.#accountFile(name)), { recursive: true });
    writeFileSync(this.#accountFile(name), token);
  }

  /** Puts a JWT of an account in place of the stored one. */
  restoreAccount(name: string, token: string): void {
    writeFileSync(this.#accountFile(name), token);
  }

  /** Takes an account out of the store as a lost disk would: its keys stay. */
  removeAccount(name: string): void {
    rmSync(dirname(this.#accountFile(name)), { recursive: true });
  }

  #accountFile(name: string): string {
    return join(this.#data, 'stores/O/accounts', name, `${name}.jwt`);
  }

  #keyFile(publicKey: string): string {
    return join(this.#data, 'keys/keys', publicKey.slice(0, 1), publicKey.slice(1, 3), `${publicKey}.nk`);
  }

  get #data(): string {
    return join(this.session.home, '.local/share/nats/nsc');
  }
}

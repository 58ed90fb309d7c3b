import type { KeyPair } from '../../src/domain/nkey/key-pair.js';
import { decodeToken } from '../../src/domain/token/decode.js';
import { Secret } from '../../src/lib/secret.js';
import { KEYS } from '../domain/trust/hierarchy.js';

const PUBLIC_KEY = /\b[OAUNCX][A-Z2-7]{55}\b/g;
const SEED = /\bS[OAUNCX][A-Z2-7]{56}\b/g;
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Short names for keys and tokens, so that what tests expect can be read. */
export class Aliases {
  readonly #pairs = new Map<string, KeyPair>(Object.entries(KEYS));
  readonly #names = new Map(Object.entries(KEYS).map(([name, { publicKey }]) => [publicKey, name]));

  learn(name: string, pair: KeyPair): KeyPair {
    this.#pairs.set(name, pair);
    this.#names.set(pair.publicKey, name);
    return pair;
  }

  /** `$a1` → the public key, `$a1.seed` → the seed. */
  readonly expand = (text: string): string =>
    text.replace(/\$(\w+)(\.seed)?/g, (whole, name: string, seed?: string) => {
      const pair = this.#pairs.get(name);
      if (pair === undefined) return whole;
      return seed === undefined ? pair.publicKey : pair.seed.reveal();
    });

  /** Keys by their names; tokens as `<account A by o1>`. */
  readonly name = (text: string): string =>
    text
      .replace(TOKEN, (token) => {
        const { kind, claims } = decodeToken(token);
        return `<${kind} ${claims.name} by ${claims.iss}>`;
      })
      .replace(SEED, (seed) => this.#nameOfSeed(seed))
      .replace(PUBLIC_KEY, (key) => this.#names.get(key) ?? key);

  /** A value as tests compare it: no functions, maps as objects, iterables as lists, secrets revealed. */
  readonly plain = (value: unknown): unknown => {
    if (typeof value === 'string') return this.name(value);
    if (value instanceof Secret) return { secret: this.name(value.reveal()) };
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Map) return this.plain(Object.fromEntries(value));
    if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(this.plain);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => typeof member !== 'function' && member !== undefined)
        .map(([name, member]) => [this.name(name), this.plain(member)]),
    );
  };

  #nameOfSeed(seed: string): string {
    const found = [...this.#pairs].find(([, pair]) => pair.seed.reveal() === seed);
    return `seed of ${found?.[0] ?? 'somebody'}`;
  }
}

/** Fails when a value shows a seed. */
export function refuseSeeds(value: unknown): void {
  SEED.lastIndex = 0;
  if (SEED.test(JSON.stringify(value, (_name, member) => (typeof member === 'bigint' ? String(member) : member)))) {
    throw new Error('a seed is shown');
  }
}

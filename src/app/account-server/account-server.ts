import { encodeKeySet } from '../../domain/jwks/jwk.js';
import { accountJwks, operatorJwks } from '../../domain/jwks/trusted-keys.js';
import { isPublicKey } from '../../domain/nkey/codec.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { type ErrorCode, NscError } from '../../errors.js';
import type { Plan } from '../command.js';
import type { HttpRequest, HttpResponse } from '../http-server.js';
import { AccountIndex } from './account-index.js';
import { KeySets } from './key-sets.js';
import type { Look } from './look.js';
import { alive, isSet, keySetReply, keySetText, text, tokenReply } from './replies.js';
import { findRoute, HELP, type Route } from './routes.js';
import { planTaking } from './take-account.js';
import { Vouching } from './vouching.js';

export interface AccountServerOptions {
  /** The directory of the operator. */
  readonly operator: string;
  /** The store as it is at this moment, after a commit of somebody else that is under way. */
  look(): Look;
  /** Plans on the store as it is then, and commits. Absent = nothing is taken. */
  commit?(plan: (look: Look) => Plan): Promise<void>;
}

/** Accounts of a pack that are read at one moment. */
const BATCH = 32;

/** So often a refusal is looked at again while others change the store. */
const MOST_LOOKS = 10;

const NO_ACCOUNT = 'no such account';

/**
 * The account server of an operator (nsc-distribution.md §6.1), answering from its store. Every request sees the store
 * as it is then. What the operator did not sign is not handed out, and why not is told to the log alone.
 */
export class AccountServer {
  readonly #options: AccountServerOptions;
  readonly #index = new AccountIndex();
  readonly #vouching = new Vouching();
  readonly #keySets: KeySets;

  constructor(options: AccountServerOptions) {
    this.#options = options;
    this.#keySets = new KeySets(() => options.look().tree, this.#vouching);
  }

  /** Never rejected for what a peer asks or the store holds. */
  async answer(request: HttpRequest): Promise<HttpResponse> {
    const route = findRoute(request.path);
    if (!route) return text(404, 'not found');
    const takes = route.kind === 'account' && this.#options.commit !== undefined;
    const methods = ['GET', 'HEAD', ...(takes ? ['POST'] : [])];
    if (!methods.includes(request.method)) {
      const reply = text(405, 'method not allowed');
      return { ...reply, headers: { ...reply.headers, allow: methods.join(', ') } };
    }
    try {
      return await (request.method === 'POST' ? this.#take(route, request) : this.#get(route, request));
    } catch (error) {
      if (error instanceof NscError) return text(500, 'the store is out of order', error.message);
      throw error;
    }
  }

  /** Reads all accounts once, so that the first request need not. Throws what reading the operator throws. */
  warmUp(): { readonly operator: string; readonly accounts: number } {
    const { tree } = this.#options.look();
    const { name } = this.#vouching.operatorOf(tree);
    this.#index.find(tree, '');
    return { operator: name, accounts: tree.accountNames().length };
  }

  #get(route: Route, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
    switch (route.kind) {
      case 'alive':
        return alive;
      case 'help':
        return text(200, HELP);
      case 'health':
        this.#vouching.operatorOf(this.#options.look().tree);
        return alive;
      case 'operator': {
        const { tree, now } = this.#options.look();
        return tokenReply(request, this.#vouching.operatorOf(tree), now);
      }
      case 'pack':
        return this.#pack(request.query.get('max') ?? '');
      case 'account':
        return this.#account(route.key, request);
      case 'operator-jwks': {
        const { tree } = this.#options.look();
        this.#vouching.operatorOf(tree);
        return keySetReply(request, keySetText(encodeKeySet(operatorJwks(tree))));
      }
      case 'account-jwks':
        return this.#accountJwks(route.key, request);
      case 'jwks': {
        const key = request.query.get('account');
        return key === null ? this.#allJwks(request) : this.#accountJwks(key, request);
      }
    }
  }

  async #allJwks(request: HttpRequest): Promise<HttpResponse> {
    return keySetReply(request, await this.#keySets.all());
  }

  #accountJwks(key: string, request: HttpRequest): HttpResponse {
    const found = this.#find(key);
    if ('reason' in found) return text(404, NO_ACCOUNT, found.reason);
    return keySetReply(request, keySetText(encodeKeySet(accountJwks(found.tree, found.account))));
  }

  #account(key: string, request: HttpRequest): HttpResponse {
    if (request.query.has('jti')) return text(501, 'a JWT cannot be asked for by its id');
    const found = this.#find(key);
    if ('reason' in found) return text(404, NO_ACCOUNT, found.reason);
    const { account, now } = found;
    const { exp = 0 } = account.claims;
    if (isSet(request.query, 'check') && exp > 0 && now > exp) return text(404, 'the account has expired');
    return tokenReply(request, account, now);
  }

  /**
   * The account of a key. A commit of several files may begin after the first of them was read, so that a refusal
   * counts only once it is found twice in the same state.
   */
  #find(
    key: string,
  ): { readonly account: AccountEntry; readonly tree: Tree; readonly now: number } | { readonly reason: string } {
    if (!isPublicKey(key, 'account')) return { reason: 'this is no key of an account' };
    let seen: string | undefined;
    let reason = '';
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const { tree, now } = this.#options.look();
      const operator = this.#vouching.operatorOf(tree);
      const account = this.#index.find(tree, key);
      const refusal = account ? this.#vouching.refuse(account, operator) : 'the store has no such account';
      if (account && refusal === undefined) return { account, tree, now };
      reason = refusal ?? '';
      const state = `${operator.token} ${account?.token}`;
      if (state === seen) break;
      seen = state;
    }
    return { reason };
  }

  #pack(max: string): HttpResponse {
    if (!/^(-?\d{1,9})?$/.test(max)) return text(400, 'bad max parameter');
    const most = Number(max) > 0 ? Number(max) : Number.POSITIVE_INFINITY;
    const { tree } = this.#options.look();
    this.#vouching.operatorOf(tree);
    return { ...text(200, ''), body: this.#lines(tree.accountNames(), most) };
  }

  async *#lines(names: readonly string[], most: number): AsyncIterable<string> {
    let count = 0;
    for (let from = 0; from < names.length && count < most; from += BATCH) {
      const { tree } = this.#options.look();
      const operator = this.#vouching.operatorOf(tree);
      for (const name of names.slice(from, from + BATCH)) {
        const account = findReadable(() => tree.findAccount(name));
        if (!account || this.#vouching.refuse(account, operator) !== undefined) continue;
        yield `${count === 0 ? '' : '\n'}${account.claims.sub}|${account.token}`;
        count += 1;
        if (count === most) return;
      }
    }
  }

  async #take(route: Route, request: HttpRequest): Promise<HttpResponse> {
    const { operator, commit, look } = this.#options;
    const key = route.kind === 'account' ? route.key : '';
    this.#vouching.operatorOf(look().tree);
    const plan = (at: Look): Plan => planTaking(at, { operator, key, sent: request.body });
    try {
      const { changes } = plan(look());
      if (changes.length > 0) await commit?.(plan);
      return text(200, changes.length > 0 ? 'stored' : 'here already');
    } catch (error) {
      const status = error instanceof NscError ? STATUS[error.code] : undefined;
      if (!(error instanceof NscError) || status === undefined) throw error;
      return text(status, status === 503 ? 'the store is busy' : error.message.slice(0, 500), error.message);
    }
  }
}

/** What a refusal is to whoever sent the account; others are about this store, and no one else's business. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  'bad-key': 400,
  'bad-token': 400,
  'bad-name': 400,
  'broken-chain': 400,
  'invalid-claims': 400,
  'key-mismatch': 400,
  'already-exists': 409,
  'policy-refused': 409,
  'would-lose-trust': 409,
  'store-locked': 503,
};

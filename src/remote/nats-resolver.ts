import type { Nats, NatsLink } from '../app/nats.js';
import type { ConnectedClient, Holding, Keeps, Resolver, ResolverServer, ServerAnswer } from '../app/resolver.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { decodeKind } from '../domain/token/decode.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { Asker, type Said } from './nats-resolver-ask.js';
import { askClients, askTrusted } from './nats-resolver-clients.js';
import { Copies, type Listed } from './nats-resolver-copies.js';
import { findKeeps } from './nats-resolver-keeps.js';
import { type NatsResolverTarget, type Opened, openServers } from './nats-resolver-open.js';
import { receivePack } from './nats-resolver-pack.js';
import { type Envelope, readList, readRemoval, readUpdate, type Verdict } from './nats-resolver-replies.js';

/**
 * The servers of a NATS system as what keeps the accounts of an operator (reference: nsc-distribution.md §1.4 to §1.10,
 * §5.8). One connection; a request ends as soon as every server that is there has answered, and one that stays silent is
 * named (S-1, S-9, S-10).
 *
 * @throws NscError `remote-failed`, `bad-value`
 */
export const openNatsResolver = async (nats: Nats, target: NatsResolverTarget): Promise<Resolver> =>
  new NatsResolver(await openServers(nats, target), target);

class NatsResolver implements Resolver {
  readonly kind = 'nats';
  readonly absent: Resolver['absent'];
  readonly #link: NatsLink;
  readonly #roster: Opened['roster'];
  readonly #asker: Asker;
  readonly #copies: Copies;
  readonly #timeoutMs: number;
  /** Whether a client is this very connection. */
  readonly #isOwn: (client: ConnectedClient) => boolean;
  /** What servers listed last; undefined when it may have changed since. */
  #listed: Listed | undefined;
  /** What is known for certain of servers with a list. */
  readonly #keeps = new Map<string, Keeps>();

  constructor({ link, roster, absent, identity }: Opened, { timeoutMs, clientName }: NatsResolverTarget) {
    this.absent = absent;
    this.#link = link;
    this.#roster = roster;
    this.#timeoutMs = timeoutMs;
    this.#isOwn = (client) => client.name === clientName && client.keys.includes(identity?.pair.publicKey ?? '');
    this.#asker = new Asker(link, roster, timeoutMs);
    this.#copies = new Copies(this.#asker, roster, identity === undefined ? '-' : accountOf(identity.token));
  }

  get url(): string {
    return this.#link.url;
  }

  get servers(): readonly ResolverServer[] {
    return this.#roster.servers;
  }

  get maxRequest(): number {
    return this.#link.maxPayload;
  }

  async list(): Promise<readonly Holding[]> {
    const { answers, silent } = await this.#asker.some('$SYS.REQ.CLAIMS.LIST', '');
    const lists = new Map<string, ReadonlySet<string>>();
    for (const server of this.servers) {
      const envelope = answers.get(server);
      const list = envelope && readList(envelope);
      if (list) lists.set(server.name, list);
    }
    const full = lists.size === 0 ? 0 : await this.#copies.full();
    const count = async (account: string) => (await this.#copies.unnamed(account)).length;
    const { keeps, isCertain } = await findKeeps(lists, { full, count }, this.#keeps);
    if (isCertain) for (const [server, kept] of keeps) this.#keeps.set(server, kept);
    const holdings = this.servers.flatMap((server): Holding[] => {
      const { name } = server;
      const accounts = lists.get(name);
      if (accounts) return [{ server: name, keeps: keeps.get(name) ?? 'all', accounts }];
      return answers.has(server) || silent.includes(server)
        ? []
        : [{ server: name, keeps: 'none', accounts: new Set<string>() }];
    });
    this.#listed = { holdings, isCertain };
    return holdings;
  }

  async copies(account: string) {
    return this.#copies.find(checkAccount(account), this.#listed);
  }

  async update(account: string, token: string): Promise<readonly ServerAnswer[]> {
    const tooLarge = this.#tooLarge(token);
    if (tooLarge) return this.#forAll(tooLarge);
    const said = await this.#asker.all(`$SYS.REQ.ACCOUNT.${checkAccount(account)}.CLAIMS.UPDATE`, token);
    if (said.isUnheard) return this.#forAll({ state: 'refused', message: 'nobody listens to requests about accounts' });
    const verdicts = this.#verdicts(said, (envelope) => readUpdate(envelope, account));
    for (const { server, message } of verdicts) if (isOfCache(message)) this.#keeps.set(server, 'some');
    return verdicts;
  }

  async remove(request: string): Promise<readonly ServerAnswer[]> {
    const tooLarge = this.#tooLarge(request);
    if (tooLarge) return this.#forAll(tooLarge);
    this.#listed = undefined;
    const said = await this.#asker.some('$SYS.REQ.CLAIMS.DELETE', request);
    const verdicts = this.#verdicts(said, readRemoval);
    const others = this.servers.filter(({ name }) => !verdicts.some(({ server }) => server === name));
    return [...verdicts, ...others.map(({ name }): ServerAnswer => ({ server: name, ...KEEPS_NOTHING }))];
  }

  async clients(account: string, keys: ReadonlySet<string>) {
    const isWanted = (client: ConnectedClient): boolean =>
      client.keys.some((key) => keys.has(key)) && !this.#isOwn(client);
    return askClients(this.#asker, this.servers, { account: checkAccount(account), isWanted });
  }

  async trusted() {
    return askTrusted(this.#asker, this.servers);
  }

  pack() {
    return receivePack(this.#link, this.#timeoutMs);
  }

  async operator(): Promise<never> {
    throw new NscError('policy-refused', 'servers of NATS do not hand out the JWT of the operator', {
      hint: 'an account server with HTTP does',
    });
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** What each server said, in the order of the servers, or that it said nothing. */
  #verdicts({ answers, nameless, silent }: Said, read: (envelope: Envelope) => Verdict): ServerAnswer[] {
    const said = this.servers.flatMap((server): ServerAnswer[] => {
      const envelope = answers.get(server);
      if (envelope) return [{ server: server.name, ...read(envelope) }];
      return silent.includes(server) ? [{ server: server.name, ...this.#silence() }] : [];
    });
    const others = nameless.map((envelope): ServerAnswer => ({ server: 'a server without a name', ...read(envelope) }));
    return [...said, ...others];
  }

  #silence(): Verdict {
    return { state: 'silent', message: `no answer within ${this.#timeoutMs / 1000} s` };
  }

  #forAll(verdict: Verdict): ServerAnswer[] {
    return this.servers.map(({ name }) => ({ server: name, ...verdict }));
  }

  #tooLarge(payload: string): Verdict | undefined {
    const bytes = Buffer.byteLength(payload);
    if (bytes <= this.maxRequest) return undefined;
    return {
      state: 'refused',
      message: `${bytes} bytes are more than the ${this.maxRequest} that it takes (max_payload)`,
    };
  }
}

const KEEPS_NOTHING: Verdict = { state: 'ignored', message: 'it keeps no accounts' };

/** Only servers that keep what is in use speak so (nsc-distribution.md §1.6). */
const isOfCache = (message: string): boolean => /^jwt updated? cache\b/.test(message);

/** The account of a user. */
function accountOf(token: string): string {
  const { iss = '-', nats } = decodeKind(token, 'user').claims;
  return nats.issuer_account || iss;
}

/** Keys become part of a subject. */
function checkAccount(key: string): string {
  if (isPublicKey(key, 'account')) return key;
  throw new NscError('bad-key', `${quote(key)} is no public key of an account`);
}

import type { ConnectedClient, OfServer, ResolverServer } from '../app/resolver.js';
import { decodeKind } from '../domain/token/decode.js';
import { MAX_TOKEN_LENGTH } from '../domain/token/token.js';
import { findReadable } from '../domain/tree/readable.js';
import type { Asker } from './nats-resolver-ask.js';
import { type Envelope, isMembers, readProblem, readText } from './nats-resolver-replies.js';

/** Clients in one answer. Each takes two kilobytes or so, mostly its JWT. */
const PAGE = 512;

/**
 * So many clients are asked for twice. Servers number them as they come and list them in that order, so whoever leaves
 * while pages are turned moves the others forward; as long as pages overlap nobody is missed.
 */
const OVERLAP = 64;

/** More clients of an account than one server has. */
const MOST_CLIENTS = 250_000;

interface Page {
  readonly clients: readonly (ConnectedClient & { readonly id: number })[];
  /** Of the account on this server, at this moment. */
  readonly total: number;
}

/** What is known of one server so far. */
interface Progress {
  readonly found: Map<number, ConnectedClient>;
  /** The number of the last client that was seen. */
  last: number;
  isDone: boolean;
  problem?: string;
}

/**
 * Asks who is connected as a user of an account (CONNZ), page by page until every server has told all of them. Servers
 * that do not keep the account in use have none.
 *
 * @throws NscError `remote-failed` when the connection ends or the question is not allowed
 */
export async function askClients(
  asker: Asker,
  servers: readonly ResolverServer[],
  { account, isWanted }: { readonly account: string; isWanted(client: ConnectedClient): boolean },
): Promise<OfServer<{ readonly clients: readonly ConnectedClient[] }>[]> {
  const progress = new Map(
    servers.map((server): [ResolverServer, Progress] => [server, { found: new Map(), last: 0, isDone: false }]),
  );
  for (let offset = 0; [...progress.values()].some(({ isDone }) => !isDone); offset += PAGE - OVERLAP) {
    const question = JSON.stringify({ auth: true, acc: account, limit: PAGE, offset });
    const { answers } = await asker.all('$SYS.REQ.SERVER.PING.CONNZ', question);
    for (const [server, state] of progress) {
      if (!state.isDone) turnPage(state, readPage(answers.get(server)), { offset, isWanted });
    }
  }
  return [...progress].map(([{ name: server }, { found, problem }]) =>
    problem === undefined ? { server, clients: [...found.values()] } : { server, problem },
  );
}

/** Takes in the next page of a server. */
function turnPage(
  state: Progress,
  page: Page | string,
  { offset, isWanted }: { readonly offset: number; isWanted(client: ConnectedClient): boolean },
): void {
  const problem = typeof page === 'string' ? page : findGap(state, page, offset);
  if (typeof page === 'string' || problem !== undefined) {
    state.isDone = true;
    state.problem = problem ?? '';
    return;
  }
  for (const { id, ...client } of page.clients) {
    if (isWanted(client)) state.found.set(id, client);
    state.last = Math.max(state.last, id);
  }
  state.isDone = page.clients.length === 0 || offset + page.clients.length >= page.total;
}

function findGap({ last }: Progress, { clients: [first] }: Page, offset: number): string | undefined {
  if (first && last > 0 && first.id > last) return 'its clients come and go too fast to see all of them';
  return offset > MOST_CLIENTS ? `it has more than ${MOST_CLIENTS} clients` : undefined;
}

/** @returns a text where there is no page */
function readPage(envelope: Envelope | undefined): Page | string {
  const { data, problem } = readData(envelope);
  if (problem !== undefined) return problem;
  const { total, connections } = data;
  if (typeof total !== 'number') return 'its answer does not say how many clients there are';
  const clients = Array.isArray(connections) ? connections.slice(0, PAGE).flatMap((one) => readClient(one) ?? []) : [];
  return { total, clients };
}

function readClient(value: unknown): Page['clients'][number] | undefined {
  if (!isMembers(value) || typeof value.cid !== 'number') return undefined;
  const jwt = typeof value.jwt === 'string' && value.jwt.length <= MAX_TOKEN_LENGTH ? value.jwt : '';
  const claims = jwt === '' ? undefined : findReadable(() => decodeKind(jwt, 'user').claims);
  return {
    id: value.cid,
    // an authorization callout lets in another user than the JWT says, which the client needs all the same
    keys: [value.authorized_user, value.issuer_key, claims?.sub, claims?.iss].flatMap((key) => readText(key) ?? []),
    user: readText(claims?.name),
    name: readText(value.name),
  };
}

/** Longest list of operators that is read; servers have one. */
const MOST_OPERATORS = 16;

/**
 * Asks which operators servers trust (VARZ).
 *
 * @throws NscError `remote-failed` when the connection ends or the question is not allowed
 */
export async function askTrusted(
  asker: Asker,
  servers: readonly ResolverServer[],
): Promise<OfServer<{ readonly operators: readonly string[] }>[]> {
  const { answers } = await asker.all('$SYS.REQ.SERVER.PING.VARZ', '');
  return servers.map((server) => {
    const { data, problem } = readData(answers.get(server));
    if (problem !== undefined) return { server: server.name, problem };
    const { trusted_operators_jwt: tokens } = data;
    if (!Array.isArray(tokens)) return { server: server.name, problem: 'it does not say which operator it trusts' };
    const operators = tokens.slice(0, MOST_OPERATORS).filter((token) => typeof token === 'string');
    return { server: server.name, operators };
  });
}

type Data =
  | { readonly data: Readonly<Record<string, unknown>>; readonly problem?: undefined }
  | { readonly data?: undefined; readonly problem: string };

function readData(envelope: Envelope | undefined): Data {
  if (!envelope) return { problem: 'it did not answer in time' };
  const problem = readProblem(envelope);
  if (problem !== undefined) return { problem };
  const { data } = envelope.body;
  return isMembers(data) ? { data } : { problem: 'its answer has no data' };
}

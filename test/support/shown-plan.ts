import type { Delivery, OutsideFile, Plan } from '../../src/app/command.js';
import type { Change } from '../../src/domain/change.js';
import { type Difference, diffClaims } from '../../src/domain/claims/diff.js';
import { parseDecorated } from '../../src/domain/creds/creds.js';
import type { Keyring } from '../../src/domain/keyring/keyring.js';
import { keyPairFromSeed } from '../../src/domain/nkey/key-pair.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { Secret } from '../../src/lib/secret.js';
import { Aliases } from './aliases.js';
import { NOW } from './fake-world.js';

/** What a plan came to, with the names of keys in the place of keys; what is empty is left out. */
export interface Planned {
  /** One line for each change: `put-account A by o1`. */
  readonly changes: readonly string[];
  /** Place → claims of a new token, or what changed in one that is replaced. Members every token has are left out. */
  readonly claims?: Readonly<Record<string, object>>;
  /** Warnings among them begin with `warn:`. */
  readonly steps: readonly string[];
  /** Of the plan and of the check of its outcome. */
  readonly warnings?: readonly string[];
  /** Tokens that lose the trust they had. */
  readonly lost?: readonly string[];
  /** What servers have to do first: `send A by o1`, `remove a1`; and how they are reached, as far as that was said. */
  readonly delivery?: readonly [requests: readonly string[], reach?: Readonly<Record<string, unknown>>];
  /** Files outside the store, as `path: content`; `(may replace)` where one that is there goes. */
  readonly files?: readonly string[];
}

type Put = Extract<Change, { token: string }>;

/** Changes, claims and steps of a plan. */
export function showPlan({ changes, result, delivery, files = [] }: Plan, before: Tree, aliases: Aliases): Planned {
  const claims = Object.fromEntries(
    changes.flatMap((change) => ('token' in change ? [[placeOf(change), showClaims(change, before, aliases)]] : [])),
  );
  const steps = result.kind === 'changed' ? result.steps : [];
  return {
    changes: changes.map((change) => aliases.name(lineOf(change, changes, before))),
    ...(Object.keys(claims).length > 0 && { claims }),
    steps: steps.map(({ level, message }) => aliases.name(level === 'ok' ? message : `${level}: ${message}`)),
    ...(delivery && { delivery: showDelivery(delivery, aliases) }),
    ...(files.length > 0 && { files: files.map((file) => aliases.name(fileLine(file))) }),
  };
}

function lineOf(change: Change, all: readonly Change[], before: Tree): string {
  switch (change.type) {
    case 'put-operator': {
      const kind = change.managed === undefined ? '' : change.managed ? ' (new, managed)' : ' (new)';
      return `put-operator ${change.name} by ${change.claims.iss}${kind}`;
    }
    case 'put-account':
    case 'put-user':
      return `${change.type} ${placeOf(change)} by ${change.claims.iss}`;
    case 'put-seed':
    case 'delete-seed':
      return `${change.type} ${change.publicKey}`;
    case 'put-creds':
      return `put-creds ${change.account}/${change.user}${isWhole(change.creds, change, all, before) ? '' : ' (WRONG)'}`;
    case 'delete-account':
      return `delete-account ${change.name}`;
    case 'delete-user':
      return `delete-user ${change.account}/${change.name}`;
    case 'delete-creds':
      return `delete-creds ${change.account}/${change.user}`;
    case 'put-keyring':
      return `put-keyring ${keyringLine(change.keyring, before)}`;
    case 'keep-version':
      return `keep-version ${change.kind} ${change.replaced.name} by ${change.replaced.claims.iss}`;
    case 'select': {
      const { type, ...selected } = change;
      return [type, ...Object.entries(selected).map(([name, value]) => `${name}=${value}`)].join(' ');
    }
  }
}

/** What becomes of each key whose record changed: `a2 active, a3 next`. */
function keyringLine({ records }: Keyring, { keyring }: Tree): string {
  const fresh = [...records.values()].filter((record) => keyring.records.get(record.key) !== record);
  return fresh.map(({ key, state }) => `${key} ${state}`).join(', ');
}

function showDelivery({ account, deletes, reach }: Delivery, aliases: Aliases): NonNullable<Planned['delivery']> {
  const requests = [
    `send ${account.name} by ${account.claims.iss}`,
    ...(deletes ? [`remove ${account.claims.sub}`] : []),
  ];
  const { timeoutMs, tls, ...said } = reach;
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined && value !== false));
  const shown = {
    ...said,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(Object.keys(given).length > 0 && { tls: given }),
  };
  const lines = requests.map(aliases.name);
  return Object.keys(shown).length > 0 ? [lines, shown] : [lines];
}

function fileLine({ path, content, replace }: OutsideFile): string {
  const text = content instanceof Secret ? content.reveal() : Buffer.from(content).toString();
  return `${path}: ${text}${replace ? ' (may replace)' : ''}`;
}

function placeOf(change: Put): string {
  if (change.type === 'put-operator') return `operator ${change.name}`;
  return change.type === 'put-user' ? `${change.account}/${change.name}` : change.name;
}

/** Creds hold the token that the same plan puts, or that is there, and the seed of its subject. */
function isWhole(
  creds: Secret,
  { account, user }: { account: string; user: string },
  all: readonly Change[],
  before: Tree,
): boolean {
  const put = all.find((change) => change.type === 'put-user' && change.account === account && change.name === user);
  const holder = put?.type === 'put-user' ? put : before.findUser(account, user);
  const { token, seed } = parseDecorated(creds.reveal());
  const owner = seed && keyPairFromSeed(seed.reveal()).publicKey;
  return holder?.token === token && holder.claims.sub === owner;
}

function showClaims(change: Put, before: Tree, aliases: Aliases): object {
  const previous = findPrevious(before, change);
  if (previous === undefined) return distinguish(aliases.plain(change.claims) as Record<string, unknown>);
  return Object.fromEntries(
    diffClaims(previous, change.claims).map((difference) => showDifference(difference, aliases)),
  );
}

function findPrevious(before: Tree, change: Put): object | undefined {
  if (change.type === 'put-user') return before.findUser(change.account, change.name)?.claims;
  if (change.type === 'put-account') return before.findAccount(change.name)?.claims;
  return change.managed === undefined ? before.operator.claims : undefined;
}

/** Claims without the members that every new token has. */
function distinguish({ iat, jti, nats, ...claims }: Record<string, unknown>): object {
  if (String(jti).length !== 52) throw new Error(`the id is ${jti}`);
  const { type: _type, version, ...body } = nats as Record<string, unknown>;
  if (version !== 2) throw new Error(`of version ${version}`);
  return { ...claims, ...(iat !== NOW && { iat }), nats: body };
}

function showDifference({ path, before, after }: Difference, aliases: Aliases): [path: string, what: unknown] {
  const [was, is] = [aliases.plain(before), aliases.plain(after)];
  if (before !== undefined && after !== undefined) return [aliases.name(path), [was, is]];
  const isElement = path.endsWith(`[${before ?? after}]`);
  if (after === undefined) return [aliases.name(path), isElement ? 'removed' : { removed: was }];
  return [aliases.name(path), isElement ? 'added' : { added: is }];
}

/** The differences that stand for a member which came, leaf by leaf, as {@link Planned} has them. */
export const added = (path: string, member: unknown): Readonly<Record<string, unknown>> =>
  leaves(path, undefined, member);

/** The same for a member that went. */
export const removed = (path: string, member: unknown): Readonly<Record<string, unknown>> =>
  leaves(path, member, undefined);

function leaves(path: string, before: unknown, after: unknown): Record<string, unknown> {
  const aliases = new Aliases();
  const differences = diffClaims({ '': before }, { '': after });
  return Object.fromEntries(
    differences.map((difference) => showDifference({ ...difference, path: path + difference.path }, aliases)),
  );
}

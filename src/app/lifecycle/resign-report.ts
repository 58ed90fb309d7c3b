import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import { ok, type Step } from '../result.js';
import type { LeftToken, Resigned, ResignedUser } from './resign-types.js';

/** Nothing was signed anew. */
export const NOTHING: Resigned = { changes: [], accounts: [], users: [], activations: [], left: [] };

/** What was signed anew, in a few lines however much it is; none for nothing. */
export function resignSteps({ accounts, users, activations }: Resigned): Step[] {
  const creds = users.filter(({ hasCreds }) => hasCreds).length;
  return [
    ...signedActivations(activations.length),
    ...signedAccounts(accounts),
    ...signedUsers(users),
    ...(creds > 0 ? [ok(`wrote ${plural(creds, 'creds file')}`)] : []),
  ];
}

export const signedActivations = (count: number): Step[] =>
  count > 0 ? [ok(`signed ${plural(count, 'activation')} anew`)] : [];

/** @param names of accounts */
export function signedAccounts(names: readonly string[]): Step[] {
  const [only, ...others] = names;
  if (only === undefined) return [];
  return [
    ok(
      others.length === 0
        ? `signed account ${quote(only)} anew`
        : `signed ${names.length} accounts anew: ${quoteSome(names)}`,
    ),
  ];
}

/** A line for each account, where they are few. */
function signedUsers(users: readonly ResignedUser[]): Step[] {
  const groups = new Map<string, ResignedUser[]>();
  for (const user of users) {
    const group = groups.get(user.account);
    if (group) group.push(user);
    else groups.set(user.account, [user]);
  }
  if (groups.size > SHOWN) return [ok(`signed ${users.length} users of ${groups.size} accounts anew`)];
  return [...groups].map(([account, [only, ...others]]) => {
    const who = only && others.length === 0 ? `user ${quote(only.name)}` : `${others.length + 1} users`;
    return ok(`signed ${who} of account ${quote(account)} anew`);
  });
}

/** How long copies of the creds last that the store had until now. */
export function lifeOfCopies(users: readonly ResignedUser[]): string {
  const forever = users.filter(({ expires }) => expires === undefined).length;
  if (forever === users.length) return 'they have no expiry';
  return forever === 0 ? 'they all expire in time' : `${forever} of ${users.length} have no expiry`;
}

/** What a person has to know about what was signed anew, and about what was not. */
export function resignWarnings({ users, activations, left }: Resigned): string[] {
  const elsewhere = users.filter(({ hasCreds, problem }) => !hasCreds && problem === undefined);
  const troubled = users.filter(({ problem }) => problem !== undefined);
  const revived = users.filter(({ wasRevoked }) => wasRevoked);
  const revivedShares = activations.filter(({ wasRevoked }) => wasRevoked).length;
  return [
    ...some(elsewhere, (names) => `whoever has the seeds of users ${names} needs their new JWTs: they are not here`),
    ...troubled.slice(0, SHOWN).map(({ name, account, problem }) => {
      return `the creds of ${quoteSome([`${account}/${name}`])} were not written: ${problem}`;
    }),
    ...(troubled.length > SHOWN ? [`… and ${troubled.length - SHOWN} more whose creds were not written`] : []),
    ...some(revived, (names) => `users ${names} were revoked, and servers accept their new JWTs`),
    ...(revivedShares > 0 ? [`${plural(revivedShares, 'activation')} had been revoked and counts again`] : []),
    ...leftWarnings(left),
  ];
}

/** What is named one by one. */
const SHOWN = 10;

function some(users: readonly ResignedUser[], say: (names: string) => string): string[] {
  return users.length === 0 ? [] : [say(quoteSome(users.map(nameOf)))];
}

const nameOf = ({ account, name }: Pick<LeftToken, 'account' | 'name'>): string => `${account}/${name}`;

/** Tokens that stay as they are: revoked ones together, others by why. */
export function leftWarnings(left: readonly LeftToken[]): string[] {
  const revoked = left.filter(({ reason }) => reason === 'revoked');
  const reasons = new Map<string, LeftToken[]>();
  for (const token of left) {
    if (token.reason === 'revoked') continue;
    const why = token.message ?? token.reason;
    const alike = reasons.get(why);
    if (alike) alike.push(token);
    else reasons.set(why, [token]);
  }
  const lines = [...reasons].map(([why, tokens]) => `${describe(tokens)} as before: ${why}`);
  return [
    ...(revoked.length === 0
      ? []
      : [`${describe(revoked)} as before, because ${revoked.length === 1 ? 'it is' : 'they are'} revoked`]),
    ...lines.slice(0, SHOWN),
    ...(lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more reasons why tokens stay as they were`] : []),
  ];
}

/** `users "A/u", "A/v" stay`. */
function describe(tokens: readonly LeftToken[]): string {
  const kinds = [...new Set(tokens.map(({ kind }) => kind))];
  const parts = kinds.map((kind) => {
    const names = tokens
      .filter((token) => token.kind === kind)
      .map((token) => (kind === 'account' ? token.name : nameOf(token)));
    return `${kind}${names.length === 1 ? '' : 's'} ${quoteSome(names)}`;
  });
  return `${parts.join(', ')} ${tokens.length === 1 ? 'stays' : 'stay'}`;
}

/**
 * What tells a script that tokens stay which somebody else should have signed; undefined where there are none. Revoked
 * ones are meant to stay, and those that cannot be read nobody accepts anyway.
 */
export function resignFailure({ left }: Resigned): NscError | undefined {
  const refused = left.filter(({ reason }) => reason === 'refused');
  const [first] = refused;
  if (!first?.error) return undefined;
  const { code, message, hint, details } = first.error;
  return new NscError(code, `${plural(refused.length, 'token')} could not be signed anew: ${message}`, {
    ...(hint !== undefined && { hint }),
    details: { ...details, left: refused.slice(0, SHOWN).map(({ kind, account, name }) => ({ kind, account, name })) },
  });
}

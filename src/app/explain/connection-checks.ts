import { checkTemplate } from '../../domain/claims/check/template.js';
import { isTimeZone } from '../../domain/claims/check/time-zone.js';
import { CONNECTION_TYPES } from '../../domain/claims/grammar.js';
import { EVERYONE, isRevoked, timeOf } from '../../domain/claims/revocation.js';
import { describeScope, findScope, isScopedBodyEmpty } from '../../domain/claims/scope.js';
import { expandTemplate } from '../../domain/claims/template-expansion.js';
import type { Int64, UserPermissionLimits } from '../../domain/claims/types.js';
import { usableHours, usableNetworks } from '../../domain/claims/usable-limits.js';
import { keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { accountAuthority } from '../../domain/trust/authority.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { type Check, failed, type Outcome, passed, unknown } from './check.js';
import type { AccountFacts, ConnectionFacts } from './facts.js';
import { isWithinHours } from './hours.js';
import { findStored, mendLimits, mendUser, writeCreds } from './mend.js';
import { containsAddress } from './network.js';

/** What servers make of a user and its connection once they have the account (nats-server `processClientOrLeafAuthentication`). */

export const issuerChecks: readonly Check<AccountFacts>[] = [
  { check: 'issuer', on: 'account', run: checkIssuer },
  { check: 'scope', on: 'user', run: checkScope },
];

export const connectionChecks: readonly Check<ConnectionFacts>[] = [
  { check: 'bearer', on: 'account', run: checkBearer },
  { check: 'connection-type', on: 'user', run: checkConnectionType },
  { check: 'seed', on: 'creds', run: checkSeed },
  { check: 'revocation', on: 'account', run: checkRevocation },
  { check: 'source', on: 'user', run: checkSource },
  { check: 'hours', on: 'user', run: checkHours },
  { check: 'limits', on: 'account', run: checkLimits },
];

/** What counts for a user; call it when its scope has passed. */
export function limitsOf({ claims, account }: AccountFacts): UserPermissionLimits {
  const scope = findScope(account.claims, claims.iss ?? '');
  if (!scope) return claims.nats;
  const expansion = expandTemplate(scope.template ?? {}, claims, account.claims);
  return 'limits' in expansion ? expansion.limits : {};
}

function checkIssuer(facts: AccountFacts): Outcome {
  const { account, claims, tree } = facts;
  const { iss = '' } = claims;
  const { identity, signingKeys, strict } = accountAuthority(account.claims, tree.operator.claims);
  const of = `account ${quote(account.name)}`;
  const stored = findStored(facts);
  const again =
    stored && stored.claims.iss !== iss
      ? writeCreds(facts)
      : `sign its users again: nsc resign --account ${quoteWord(account.name)}, then write the creds anew with nsc generate creds`;
  const scope = findScope(account.claims, iss);
  if (signingKeys.includes(iss)) return passed(`${iss} is ${scope ? describeScope(scope) : 'a signing key'} of ${of}`);
  if (iss !== identity) return failed(`${of} does not list ${iss}, which signed the user`, again);
  if (strict)
    return failed(`the user is signed by the identity key of ${of}, and the operator requires signing keys`, again);
  return passed(`${iss} is the identity key of ${of}`);
}

function checkScope(facts: AccountFacts): Outcome {
  const { account, claims } = facts;
  const scope = findScope(account.claims, claims.iss ?? '');
  if (!scope) return passed('it has its own permissions and limits');
  if (!isScopedBodyEmpty(claims.nats)) {
    return failed(
      `it brings permissions or limits of its own, which ${describeScope(scope)} does not allow`,
      mendUser(facts, scope.role ? `--role ${quoteWord(scope.role)}` : `-K ${scope.key}`),
    );
  }
  const expansion = expandTemplate(scope.template ?? {}, claims, account.claims);
  if ('limits' in expansion) {
    const decides = `${describeScope(scope)} decides what it may do`;
    const old = checkTemplate(scope.template ?? {}).find(({ rule }) => rule === 'template-server');
    return old ? unknown(`${decides}; ${old.message}`) : passed(decides);
  }
  return failed(
    `${describeScope(scope)} makes no sense for it: ${expansion.refused}`,
    mendUser(facts, '--tag NAME:VALUE'),
  );
}

function checkBearer(facts: ConnectionFacts): Outcome {
  const { limits, account } = facts;
  if (!limits.bearer_token) return passed('it is no bearer token: it has to prove that it has the key');
  if (!account.claims.nats.limits?.disallow_bearer) return passed('it is a bearer token, which the account allows');
  return failed(
    `it is a bearer token, which account ${quote(account.name)} forbids`,
    mendLimits(facts, '--bearer=false'),
  );
}

/** Names that servers do not know count only where no other is left (nats-server `convertAllowedConnectionTypes`). */
function checkConnectionType(facts: ConnectionFacts): Outcome {
  const { limits, connection } = facts;
  const allowed = (limits.allowed_connection_types ?? []).map((type) => type.toUpperCase());
  if (allowed.length === 0) return passed('any kind of connection');
  const known = allowed.filter((type) => CONNECTION_TYPES.includes(type));
  if (known.includes(connection)) return passed(`connections of the kind ${connection}`);
  const only = known.length > 0 ? `only connections of the kind ${known.join(', ')}` : 'no kind of connection there is';
  return failed(`it may use ${only}, not ${connection}`, mendLimits(facts, `--conn-type ${connection.toLowerCase()}`));
}

/** The client signs what the server makes up, with the seed of the creds; those of MQTT cannot. */
function checkSeed(facts: ConnectionFacts): Outcome {
  const { limits, connection, claims } = facts;
  const { sub = '' } = claims;
  if (limits.bearer_token) return passed('a bearer token needs none');
  if (connection.startsWith('MQTT')) {
    return failed('clients of MQTT cannot sign, so it has to be a bearer token', mendLimits(facts, '--bearer'));
  }
  if (!('seed' in facts)) return unknown(`the client needs the seed of ${sub}, and only the JWT was given`);
  const again = writeCreds(facts);
  if (facts.seed === undefined) return failed('the creds have no valid seed, so the client can sign nothing', again);
  const { publicKey } = keyPairFromSeed(facts.seed.reveal());
  if (publicKey === sub) return passed(`the seed in the creds is that of ${sub}`);
  return failed(`the seed in the creds is that of ${publicKey}, and the JWT is for ${sub}`, again);
}

function checkRevocation(facts: ConnectionFacts): Outcome {
  const { account, claims } = facts;
  if (!isRevoked(account.claims, claims)) return passed('it is not revoked');
  const { sub = '', iat = 0 } = claims;
  const { revocations = {} } = account.claims.nats;
  const own = timeOf(revocations, sub);
  const isOwn = own !== undefined && own >= iat;
  const when = formatDate((isOwn ? own : timeOf(revocations, EVERYONE)) ?? 0);
  const whom = isOwn ? 'the user' : 'all users';
  const stored = findStored(facts);
  const isRenewed = stored && !isRevoked(account.claims, stored.claims);
  const undo = `nsc revocations delete-user --account ${quoteWord(account.name)} --user-public-key ${isOwn ? sub : "'*'"}`;
  return failed(
    `account ${quote(account.name)} has revoked ${whom} up to ${when}, and the JWT is of ${formatDate(iat)}`,
    isRenewed ? writeCreds(facts) : `if it shall be let in again: ${undo}`,
  );
}

function checkSource(facts: ConnectionFacts): Outcome {
  const { limits, source } = facts;
  const networks = limits.src ?? [];
  if (networks.length === 0) return passed('from any address');
  const listed = networks.map(quote).join(', ');
  const usable = usableNetworks(limits);
  const fault = networks[usable.length];
  const mend = (): string => mendLimits(facts, '--source-network CIDR');
  if (source === undefined && usable.length > 0) {
    return unknown(`it may connect from ${listed} only`, 'name the address with --source');
  }
  if (usable.some((network) => containsAddress(network, source ?? ''))) return passed(`${source} is in ${listed}`);
  if (fault !== undefined) return failed(`${quote(fault)} is no network, so servers look no further`, mend());
  return failed(`it may connect from ${listed} only, not from ${source}`, mend());
}

function checkHours(facts: ConnectionFacts): Outcome {
  const { limits, at } = facts;
  const { times = [], times_location: zone = '' } = limits;
  if (times.length === 0) return passed('at any time of day');
  const listed = times.map(({ start = '', end = '' }) => `${start}-${end}`).join(', ');
  const where = zone === '' ? 'by the clock of the server' : `in ${quote(zone)}`;
  if (zone !== '' && !isTimeZone(zone)) {
    return failed(`there is no time zone ${quote(zone)}, so servers let nobody in`, mendLimits(facts, '--locale ZONE'));
  }
  const usable = usableHours(limits);
  const isOpen = usable.length > 0 ? isWithinHours(usable, zone, at) : false;
  if (!isOpen && isOpen !== undefined && usable.length < times.length) {
    return failed(`${listed} are no times of day, so servers let nobody in`, mendLimits(facts, '--time FROM-TO'));
  }
  if (isOpen === undefined) {
    return unknown(
      `it may connect at ${listed} ${where} only`,
      'a time zone makes it the same for all servers: --locale',
    );
  }
  if (isOpen) return passed(`${formatDate(at)} is within ${listed} ${where}`);
  const midnight = times.some(({ start = '', end = '' }) => end < start)
    ? '; after midnight servers let nobody in by a range that began the day before'
    : '';
  return failed(
    `it may connect at ${listed} ${where} only, not at ${formatDate(at)}${midnight}`,
    mendLimits(facts, '--time FROM-TO'),
  );
}

/** How many are connected, only servers know; but where none may be, everybody is refused. */
function checkLimits(facts: ConnectionFacts): Outcome {
  const { account, connection } = facts;
  const own = account.claims.nats.limits ?? {};
  const edit = `nsc edit account ${quoteWord(account.name)}`;
  const isLeaf = connection.startsWith('LEAFNODE');
  const most: Int64 = (isLeaf ? own.leaf : own.conn) ?? 0;
  const what = isLeaf ? 'leaf nodes' : 'connections';
  const flag = isLeaf ? '--leaf-conns' : '--conns';
  if (most === 0) return failed(`account ${quote(account.name)} allows no ${what}`, `${edit} ${flag} -1`);
  if ((own.subs ?? 0) === 0) {
    return failed(
      `account ${quote(account.name)} allows no subscriptions, so servers close the connection`,
      `${edit} --subscriptions -1`,
    );
  }
  if (ownSubscriptions(facts) === 0) {
    return failed('it may have no subscriptions, so servers close the connection', mendLimits(facts, '--subs -1'));
  }
  if (most < 0) return passed(`account ${quote(account.name)} allows any number of ${what}`);
  return unknown(`account ${quote(account.name)} allows ${most} ${what}, and only servers know how many there are`);
}

/** What a user does not say is 0, and what a scope does not say is unlimited. */
const ownSubscriptions = ({ limits, account, claims }: ConnectionFacts): Int64 =>
  limits.subs ?? (findScope(account.claims, claims.iss ?? '') ? -1 : 0);

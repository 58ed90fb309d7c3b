import { describeScope, findScope, isScopedBodyEmpty, signingKeysOf } from '../scope.js';
import { findFunctions } from '../template.js';
import { expandTemplate, functionValues, isConstant } from '../template-expansion.js';
import type { AccountClaims, Issue, UserClaims, UserPermissionLimits } from '../types.js';
import { show } from './show.js';
import { checkLiteral } from './template.js';

/**
 * What a person would regret about how a user stands to the scopes of its account. Whether the user is let in at all is
 * for `trust/verify` to say.
 *
 * - `no-limits`: made for a scope, but its signer has none (any more), so its limits are 0.
 * - `template-dropped`: something the template allows comes to nothing for this user.
 * - `template-value`: a value that fills the template in is not one plain token (S-54).
 * - `template-literal`: a function where no scope evaluates it.
 */
export function checkScopedUser(user: UserClaims, account: AccountClaims): Issue[] {
  const scope = findScope(account, user.iss ?? '');
  if (!scope) return [...checkLiteral(user.nats), ...checkOwnLimits(user, account)];
  const { template = {} } = scope;
  if (isConstant(template)) return [];
  const expansion = expandTemplate(template, user, account);
  const dropped = 'dropped' in expansion ? expansion.dropped : [];
  return [
    ...dropped.map(({ side, entry, reason }) =>
      warning('template-dropped', `${describeScope(scope)} lets it ${side} ${show(entry)}, but ${reason}`),
    ),
    ...checkValues(template, user, account),
  ];
}

function checkOwnLimits(user: UserClaims, account: AccountClaims): Issue[] {
  const isListed = user.iss === account.sub || signingKeysOf(account).includes(user.iss ?? '');
  if (!isListed || !isScopedBodyEmpty(user.nats)) return [];
  return [warning('no-limits', 'it has neither a role nor limits of its own, so it may not subscribe nor send a byte')];
}

function checkValues({ sub, pub }: UserPermissionLimits, user: UserClaims, account: AccountClaims): Issue[] {
  const entries = [sub?.allow, sub?.deny, pub?.allow, pub?.deny].flatMap((list) => list ?? []);
  const messages = entries.flatMap((entry) =>
    findFunctions(entry).flatMap((call) =>
      functionValues(call, { user, account }).flatMap((value) => {
        const odd = findOddity(value);
        return odd === undefined ? [] : [`${show(entry)}: ${call.source} is ${show(value)}, which ${odd}`];
      }),
    ),
  );
  return [...new Set(messages)].map((message) => warning('template-value', message));
}

function findOddity(value: string): string | undefined {
  const tokens = value.split('.');
  if (tokens.some((token) => token === '*' || token === '>')) return 'stands for other tokens, too';
  return tokens.length > 1 ? 'is more than one token' : undefined;
}

const warning = (rule: string, message: string): Issue => ({ rule, level: 'warning', message });

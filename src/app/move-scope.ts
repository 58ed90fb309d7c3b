import { describeScope, findScope, isScopedBodyEmpty, signingKeysOf, stripOwnLimits } from '../domain/claims/scope.js';
import type { UserBody, UserScope } from '../domain/claims/types.js';
import type { KeyInput } from '../domain/key-input.js';
import type { AccountEntry, UserEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { type Step, warn } from './result.js';

interface Move {
  readonly account: AccountEntry;
  /** Of the key that will sign. */
  readonly scope: UserScope | undefined;
  /** What the person named, if anything. */
  readonly requested: KeyInput | undefined;
  /** True when the person asked for the role by `--role`, whatever the user has of its own. */
  readonly isGiven: boolean;
}

/**
 * The body of a user that may change between a scoped and an unscoped signer. Under a scope the unlimited defaults go;
 * anything more stays, to be refused by the policy, unless the role was asked for as such. Leaving one, the defaults come
 * back, because absent limits mean zero.
 *
 * @throws NscError `policy-refused` for a user whose scope is gone and who would get all subjects unasked
 */
export function moveScope(user: UserEntry, body: UserBody, move: Move): { body: UserBody; steps: Step[] } {
  const { account, scope, requested, isGiven } = move;
  const issuer = user.claims.iss ?? '';
  if (scope) {
    const { body: stripped, gone } = stripOwnLimits(body);
    const { subs: _subs, data: _data, payload: _payload, ...unlimited } = body;
    if (gone.length === 0) return { body: unlimited, steps: [] };
    if (!isGiven) return { body, steps: [] };
    return { body: stripped, steps: [warn(`${describeScope(scope)} takes the place of the own ${gone.join(', ')}`)] };
  }
  const isBare = isScopedBodyEmpty(body);
  if (isBare && !requested && issuer !== account.claims.sub && !signingKeysOf(account.claims).includes(issuer)) {
    throw scopeIsGone(user);
  }
  const leaves = findScope(account.claims, issuer) !== undefined || (isBare && requested !== undefined);
  if (!leaves) return { body, steps: [] };
  return { body: { ...body, subs: body.subs ?? -1, data: body.data ?? -1, payload: body.payload ?? -1 }, steps: [] };
}

const scopeIsGone = ({ name, account, claims }: UserEntry): NscError =>
  new NscError(
    'policy-refused',
    `user ${quote(name)} has nothing of its own, and account ${quote(account)} no longer lists the key that signed it`,
    {
      hint: 'name its role with --role ROLE, or sign with -K KEY, which allows it all subjects',
      details: { user: name, account, issuer: claims.iss },
    },
  );

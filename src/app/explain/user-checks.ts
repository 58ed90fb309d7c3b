import { checkClaims, isBlocking } from '../../domain/claims/check/claims.js';
import type { Issue } from '../../domain/claims/types.js';
import { verifyToken } from '../../domain/token/decode.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import type { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { type Check, failed, type Outcome, passed } from './check.js';
import type { UserFacts } from './facts.js';
import { mendUser, writeCreds } from './mend.js';

/** What servers make of a user JWT before they know its account (nats-server `processClientOrLeafAuthentication`). */

/** What the file says, and what the store has of it. */
export type GivenUser = UserFacts & { readonly account?: AccountEntry | undefined };

const AGAIN = 'write the creds anew with: nsc generate creds --account ACCOUNT --name USER --output-file FILE';

/** Whether there is a JWT of a user at all. */
export const formCheck: Check<{ readonly problem: NscError | undefined }> = {
  check: 'form',
  on: 'creds',
  run: ({ problem }) =>
    problem ? failed(problem.message, AGAIN) : passed('it is a JWT of a user, in a version that servers know'),
};

export const userChecks: readonly Check<GivenUser>[] = [
  {
    check: 'signature',
    on: 'user',
    run: (facts) =>
      verifyToken(facts.user)
        ? passed(`signed by ${facts.claims.iss ?? ''}`)
        : failed('it does not hold what its issuer signed', mend(facts)),
  },
  { check: 'validity', on: 'user', run: checkValidity },
  { check: 'rules', on: 'user', run: checkRules },
];

/** Valid up to and including `exp`, from `nbf` on (jwt-nkeys.md C1, C2). */
function checkValidity(facts: GivenUser): Outcome {
  const { claims, at } = facts;
  const { exp = 0, nbf = 0 } = claims;
  if (exp > 0 && at > exp) return failed(`it expired at ${formatDate(exp)}`, mend(facts, '--expiry 30d'));
  if (nbf > at) return failed(`it is not valid before ${formatDate(nbf)}`, mend(facts, '--start 0'));
  return passed(exp > 0 ? `valid until ${formatDate(exp)}` : 'it does not expire');
}

function checkRules(facts: GivenUser): Outcome {
  const issue = blockingIssue(checkClaims('user', facts.claims, facts.at));
  if (!issue) return passed('no rule of JWTs is broken');
  return failed(`rule ${issue.rule} is broken: ${issue.message}`, mend(facts, '…'));
}

/** @param options of `nsc edit user`; without any, no edit would help */
function mend({ account, ...facts }: GivenUser, options?: string): string {
  if (!account) return AGAIN;
  return options === undefined ? writeCreds({ ...facts, account }) : mendUser({ ...facts, account }, options);
}

/** The first rule that keeps servers from using claims; times are looked at elsewhere. */
export const blockingIssue = (issues: readonly Issue[]): Issue | undefined =>
  issues.find((issue) => isBlocking([issue], { times: false }));

/** `user "alice"`, or its key. */
export const describeUser = ({ claims: { name = '', sub = '' } }: UserFacts): string =>
  `user ${name === '' ? sub : quote(name)}`;

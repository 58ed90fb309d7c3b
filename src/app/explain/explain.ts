import { decodeKind } from '../../domain/token/decode.js';
import type { Token } from '../../domain/token/token.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import type { Explained } from '../result.js';
import { accountChecks, findCheck, seekAccount } from './account-checks.js';
import { type Check, passed, Report, unknown } from './check.js';
import { connectionChecks, issuerChecks, limitsOf } from './connection-checks.js';
import type { AccountFacts, Asked, UserFacts } from './facts.js';
import { describeUser, formCheck, userChecks } from './user-checks.js';

/**
 * Goes through what a server of the operator checks when somebody connects, in its order, as far as that can be known
 * from the store (nats-server 2.10 `processClientOrLeafAuthentication`): the first check that fails is the reason.
 */
export function explain(asked: Asked): Explained {
  const report = new Report();
  const user = readUser(asked);
  const facts: UserFacts | undefined = user instanceof NscError ? undefined : { ...asked, user, claims: user.claims };
  report.run([formCheck], { problem: user instanceof NscError ? user : undefined });
  const sought = facts && seekAccount(facts);
  const account = sought instanceof NscError ? undefined : sought;
  report.run(userChecks, facts && { ...facts, account });
  report.run([findCheck], facts && { ...facts, sought });
  const inAccount = facts && account && { ...facts, account };
  report.run(accountChecks, inAccount);
  report.run([calloutCheck], inAccount);
  if (inAccount && asksCallout(inAccount)) report.leaveTo('the auth callout decides all the same');
  report.run(issuerChecks, inAccount);
  report.run(connectionChecks, inAccount && { ...inAccount, limits: limitsOf(inAccount) });
  report.run([serversCheck], inAccount);
  return answer(asked, report, facts, account);
}

function readUser({ token }: Asked): Extract<Token, { kind: 'user' }> | NscError {
  try {
    return decodeKind(token, 'user');
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
}

/** Whether the account asks somebody else about this user; servers do since 2.10. */
function asksCallout({ account, claims }: AccountFacts): boolean {
  const { auth_users: exempt = [] } = account.claims.nats.authorization ?? {};
  return exempt.length > 0 && !exempt.includes(claims.sub ?? '');
}

const calloutCheck: Check<AccountFacts> = {
  check: 'callout',
  on: 'account',
  run(facts) {
    if (asksCallout(facts)) return unknown('the auth callout of the account is asked, and has the last word');
    const { authorization } = facts.account.claims.nats;
    return passed(
      authorization?.auth_users?.length ? 'it is one of those who answer the auth callout' : 'there is none',
    );
  },
};

const serversCheck: Check<AccountFacts> = {
  check: 'servers',
  on: 'account',
  run: ({ account: { name } }) =>
    unknown(
      'only servers know whether they have the account as it is here',
      `compare with: nsc diff --account ${quoteWord(name)}`,
    ),
};

function answer(
  asked: Asked,
  { checks, refusal }: Report,
  facts: UserFacts | undefined,
  account: AccountEntry | undefined,
): Explained {
  const { tree, at, connection, source } = asked;
  const operator = `operator ${quote(tree.operator.name)}`;
  const of = account ? ` of account ${quote(account.name)}` : '';
  const who = facts ? `${describeUser(facts)}${of}` : 'what was given';
  const from = source === undefined ? '' : ` from ${source}`;
  const open = checks.filter(({ state }) => state === 'unknown').map(({ check }) => check);
  return {
    kind: 'explained',
    ok: refusal === undefined,
    title: `${who} connects to a server of ${operator} at ${formatDate(at)}${from} (${connection})`,
    checks,
    verdict: refusal
      ? `refused: ${refusal.check}: ${refusal.message}`
      : `accepted, as far as the store can tell; what it cannot: ${open.join(', ')}`,
    data: {
      operator: tree.operator.name,
      ...(account && { account: account.name }),
      ...(facts && { user: facts.claims.name ?? '', subject: facts.claims.sub ?? '', issuer: facts.claims.iss ?? '' }),
      ...(refusal && { failed: refusal.check }),
      connectionType: connection,
      ...(source !== undefined && { source }),
      at,
    },
  };
}

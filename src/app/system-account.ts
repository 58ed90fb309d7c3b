import type { Change } from '../domain/change.js';
import { newAccount, newUser } from '../domain/claims/new.js';
import type { Export } from '../domain/claims/types.js';
import { draftAccount, draftUser } from '../domain/draft.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { PlanContext } from './command.js';
import { reportCreds } from './creds-report.js';
import { ok, type Step } from './result.js';
import { putSeed } from './take-key.js';

const INFO_URL = 'https://docs.nats.io/nats-server/configuration/sys_accounts';

/** What servers offer on the system account, for import by others (reference: nsc-core.md §9.1). */
const EXPORTS: readonly Export[] = [
  {
    name: 'account-monitoring-streams',
    subject: '$SYS.ACCOUNT.*.>',
    type: 'stream',
    account_token_position: 3,
    description: 'Events about an account that servers publish',
    info_url: INFO_URL,
  },
  {
    name: 'account-monitoring-services',
    subject: '$SYS.REQ.ACCOUNT.*.*',
    type: 'service',
    response_type: 'Stream',
    account_token_position: 4,
    description: 'Ask servers about an account: SUBSZ, CONNZ, LEAFZ, JSZ and INFO',
    info_url: INFO_URL,
  },
];

/**
 * Account SYS with one signing key, and user sys signed by that key.
 *
 * @param operator the name of the operator
 */
export function makeSystemAccount(
  operator: string,
  operatorSigner: KeyPair,
  { workspace, now, newKey }: PlanContext,
): { publicKey: string; changes: Change[]; steps: Step[] } {
  const account = newKey('account');
  const signingKey = newKey('account');
  const user = newKey('user');
  const fresh = newAccount(account.publicKey, 'SYS');
  const claims = { ...fresh, nats: { ...fresh.nats, exports: [...EXPORTS], signing_keys: [signingKey.publicKey] } };
  const target = { account: { name: 'SYS', claims }, name: 'sys' };
  return {
    publicKey: account.publicKey,
    changes: [
      ...[account, signingKey, user].map(putSeed),
      draftAccount('SYS', claims, { signer: operatorSigner, now }),
      ...draftUser(target, newUser(user.publicKey, 'sys'), { signer: signingKey, now, pair: user }),
    ],
    steps: [
      ok(`created system account SYS [${account.publicKey}]`),
      ok(`created system account user sys [${user.publicKey}]`),
      reportCreds(workspace, { operator, account: 'SYS', name: 'sys' }, true),
    ],
  };
}

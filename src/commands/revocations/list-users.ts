import { query } from '../../app/command.js';
import { issuedUsers } from '../../app/issued-users.js';
import { accountOption } from '../../app/options/account.js';
import { listRevocations } from '../../app/revocation-list.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'List the revoked users of an account',
  description:
    'Revoked are the JWTs that were issued up to the time shown. The name is that of the user who has the key in ' +
    'this store. It is an error when nobody is revoked.',
  options: { account: accountOption },
  examples: [{ command: 'nsc revocations list-users -a Orders --json', what: 'for a program: times in Unix seconds' }],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    return listRevocations(
      account.claims.nats.revocations,
      {
        title: `revoked users of account ${quote(account.name)}`,
        none: `account ${quote(account.name)} has no revoked users`,
        owner: 'User',
        everyone: 'All Users',
        what: 'JWTs',
      },
      () => new Map(issuedUsers(tree, account).map(({ name, claims }) => [claims.sub ?? '', name])),
    );
  },
});

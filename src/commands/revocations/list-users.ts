import { query } from '../../app/command.js';
import { issuedUsers } from '../../app/issued-users.js';
import { accountOption } from '../../app/options/account.js';
import type { Column } from '../../app/result.js';
import { EVERYONE } from '../../domain/claims/revocation.js';
import type { Int64 } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

const COLUMNS: readonly Column[] = [
  {
    key: 'public_key',
    title: 'Public Key',
    show: ({ public_key }) => (public_key === EVERYONE ? '* [All Users]' : `${public_key}`),
  },
  { key: 'name', title: 'User', show: ({ name }) => `${name ?? ''}` },
  {
    key: 'revoked_until',
    title: 'JWTs Refused Up To',
    show: ({ revoked_until }) => formatDate(revoked_until as Int64),
  },
];

export const command = query({
  summary: 'List the revoked users of an account',
  description:
    'Revoked are the JWTs that were issued up to the time shown. The name is that of the user who has the key in ' +
    'this store. It is an error when nobody is revoked.',
  options: { account: accountOption },
  examples: [{ command: 'nsc revocations list-users -a Orders --json', what: 'for a program: times in Unix seconds' }],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { revocations = {} } = account.claims.nats;
    const keys = Object.keys(revocations).sort(compareBytes);
    // nsc fails here, too, and scripts may ask it by its exit code
    if (keys.length === 0) throw new NscError('item-not-found', `account ${quote(account.name)} has no revoked users`);
    const names = new Map(issuedUsers(tree, account).map(({ name, claims }) => [claims.sub, name]));
    return {
      kind: 'listed',
      title: `revoked users of account ${quote(account.name)}`,
      columns: COLUMNS,
      rows: keys.map((key) => {
        const name = names.get(key);
        return { public_key: key, ...(name !== undefined && { name }), revoked_until: revocations[key] };
      }),
      whenEmpty: '',
    };
  },
});

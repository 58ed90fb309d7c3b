import { quote, quoteSome } from '../../../lib/display.js';
import { plural } from '../../../lib/plural.js';
import { ok, type Step } from '../../result.js';
import type { Resigned, ResignedUser } from '../resign.js';

/** Nothing was signed anew. */
export const NOTHING: Resigned = { changes: [], accounts: [], users: [], activations: [], left: [] };

/** What was signed anew, a line for each kind. */
export function resignedSteps({ accounts, users, activations }: Resigned): Step[] {
  const steps: Step[] = [];
  if (activations.length > 0) steps.push(ok(`signed ${plural(activations.length, 'activation')} anew`));
  if (accounts.length > 0) {
    steps.push(
      ok(`signed ${accounts.length === 1 ? 'account' : `${accounts.length} accounts`} anew: ${quoteSome(accounts)}`),
    );
  }
  for (const [account, signed] of groupBy(users, (user) => user.account)) {
    const who = signed.length === 1 ? `user ${quote(signed[0]?.name ?? '')}` : `${signed.length} users`;
    steps.push(ok(`signed ${who} of account ${quote(account)} anew`));
  }
  const creds = users.filter(({ hasCreds }) => hasCreds).length;
  if (creds > 0) steps.push(ok(`wrote ${plural(creds, 'creds file')}`));
  return steps;
}

/** How long copies of the creds last that the store had until now. */
export function lifeOfCopies(users: readonly ResignedUser[]): string {
  const forever = users.filter(({ expires }) => expires === undefined).length;
  if (forever === users.length) return 'they have no expiry';
  return forever === 0 ? 'they all expire in time' : `${forever} of ${users.length} have no expiry`;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

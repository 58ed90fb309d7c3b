import { newActivation } from '../../../src/domain/claims/new.js';
import type {
  AccountBody,
  ActivationBody,
  Export,
  Import,
  RegisteredClaims,
} from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry, Tree } from '../../../src/domain/tree/tree.js';
import { account, KEYS, type KeyName, NOW, operator, pub } from '../trust/hierarchy.js';

/** Accounts that share: `A` is `a1`, `B` is `b1`, `C` is `a3`, `D` is `a4`. */

export const stream = (subject: string, more: Export = {}): Export => ({
  name: subject,
  subject,
  type: 'stream',
  ...more,
});
export const service = (subject: string, more: Export = {}): Export => ({
  name: subject,
  subject,
  type: 'service',
  ...more,
});

const importOf =
  (type: 'stream' | 'service') =>
  (from: KeyName, subject: string, more: Import = {}): Import => ({
    name: subject,
    subject,
    account: pub(from),
    type,
    ...more,
  });
export const streamFrom = importOf('stream');
export const serviceFrom = importOf('service');

/** The token of an activation for account `B` to import a stream of `A`, signed by `a1` and dated NOW, unless said otherwise. */
export function activation(
  subject: string,
  {
    by = 'a1',
    sub = 'b1',
    ...more
  }: { by?: KeyName; sub?: KeyName } & Omit<RegisteredClaims, 'sub'> & ActivationBody = {},
): string {
  const { kind = 'stream', issuer_account, iat = NOW, ...registered } = more;
  const fresh = newActivation(pub(sub));
  const nats = { ...fresh.nats, subject, kind, ...(issuer_account && { issuer_account }) };
  return issue('activation', { ...fresh, ...registered, nats }, KEYS[by], { now: Number(iat) }).token;
}

const KEY_OF = { A: 'a1', B: 'b1', C: 'a3', D: 'a4' } as const satisfies Record<string, KeyName>;

type Shared = Readonly<Partial<Record<keyof typeof KEY_OF, AccountBody>>>;

/** The entries of accounts by name. */
export const accounts = (shared: Shared): AccountEntry[] =>
  Object.entries(shared).map(([name, nats]) => account(name, KEY_OF[name as keyof Shared], { nats }));

/** A tree of accounts by name. */
export const sharingTree = (shared: Shared, operatorEntry = operator()): Tree =>
  memoryTree({ operator: operatorEntry, accounts: accounts(shared) });

export { NOW, operator, pub } from '../trust/hierarchy.js';

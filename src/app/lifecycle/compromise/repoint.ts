import type { Change } from '../../../domain/change.js';
import { isRevokedBy } from '../../../domain/claims/revocation.js';
import { signingKeysOf } from '../../../domain/claims/scope.js';
import type { AccountBody, AccountClaims, Import } from '../../../domain/claims/types.js';
import { findExport } from '../../../domain/sharing/find-export.js';
import { remoteSubject } from '../../../domain/sharing/remote-subject.js';
import { decodeKind } from '../../../domain/token/decode.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { quote } from '../../../lib/display.js';
import { readableAccounts } from './places.js';
import { type Replacement, renewGiven } from './renew-given.js';

type PutAccount = Extract<Change, { type: 'put-account' }>;

/** Accounts as they shall be, before anybody signs them: the tokens are still those of before. */
export interface Repointed {
  readonly changes: readonly PutAccount[];
  /** How many activations that the account was given are others now. */
  readonly renewed: number;
  readonly warnings: readonly string[];
}

/** Names the new account wherever the old one is named: in itself, and in what the accounts of this store share with it. */
export function repointAccounts(tree: Tree, replacement: Replacement): Repointed {
  const { account, pair } = replacement;
  const old = account.claims.sub ?? '';
  const given = renewGiven(tree, replacement);
  const nats = withCallout(
    { ...account.claims.nats, ...(given.imports && { imports: given.imports }) },
    old,
    pair.publicKey,
  );
  const own = { ...account.claims, sub: pair.publicKey, nats };
  const warnings: string[] = [...given.warnings];
  const others = readableAccounts(tree)
    .filter(({ name }) => name !== account.name)
    .flatMap((other): PutAccount[] => {
      const imports = other.claims.nats.imports?.map((entry) => {
        if (entry?.account !== old) return entry;
        const obstacle = findObstacle(account.claims, entry);
        if (obstacle === undefined) return { ...entry, account: pair.publicKey };
        warnings.push(
          `account ${quote(other.name)} goes on to import ${quote(remoteSubject(entry))} from the old account ${quote(account.name)}: ${obstacle}`,
        );
        return entry;
      });
      const isSame = imports?.every((entry, at) => entry === other.claims.nats.imports?.[at]) ?? true;
      const body = withCallout(
        isSame || !imports ? other.claims.nats : { ...other.claims.nats, imports },
        old,
        pair.publicKey,
      );
      return body === other.claims.nats ? [] : [put(other, { ...other.claims, nats: body })];
    });
  return { changes: [put(account, own), ...others], renewed: given.renewed, warnings };
}

const put = ({ name, token }: AccountEntry, claims: AccountClaims): PutAccount => ({
  type: 'put-account',
  name,
  token,
  claims,
});

/** Why an activation that the account gave is not given again. */
function findObstacle(exporter: AccountClaims, { type = 'stream', token }: Import): string | undefined {
  if (!token) return undefined;
  const activation = findReadable(() => decodeKind(token, 'activation').claims);
  if (!activation) return 'its activation is not at hand';
  const { iss = '', nats } = activation;
  if (iss !== exporter.sub && !signingKeysOf(exporter).includes(iss))
    return 'no key of the account signed its activation';
  const shared = findExport(exporter, type, nats.subject ?? '');
  return isRevokedBy(shared?.revocations, activation) ? 'its activation is revoked' : undefined;
}

/** The accounts that an auth callout may put users into. */
function withCallout(body: AccountBody, old: string, key: string): AccountBody {
  const { authorization } = body;
  if (!authorization?.allowed_accounts?.includes(old)) return body;
  const allowed_accounts = authorization.allowed_accounts.map((allowed) => (allowed === old ? key : allowed));
  return { ...body, authorization: { ...authorization, allowed_accounts } };
}

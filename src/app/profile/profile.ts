import { signingKeysOf } from '../../domain/claims/scope.js';
import type { RegisteredClaims } from '../../domain/claims/types.js';
import type { Entry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Workspace } from '../workspace.js';
import { getProfileAccount, getProfileOperator, getProfileUser } from './find.js';
import type { Level, ProfileUrl, Wish } from './url.js';

/** What is told of one part of the hierarchy; only what was asked for. */
interface Told {
  name?: string;
  /** In clear: the URL asked for it. */
  seed?: string;
  id?: string;
}

/** What the `nats` tool reads: members are nsc's, in its order (reference: nsc-distribution.md §2.6). */
export interface Profile {
  readonly user_creds?: string;
  readonly operator: { readonly service?: readonly string[] } & Told;
  readonly account?: Told;
  readonly user?: Told;
}

/**
 * The profile that a URL stands for.
 *
 * @throws NscError `operator-not-found`, `account-not-found`, `user-not-found`, `key-not-found`, `bad-token`
 */
export function readProfile(workspace: Workspace, url: ProfileUrl): Profile {
  const tree = getProfileOperator(workspace, url.operator);
  const { operator } = tree;
  requireAuthentic('operator', operator);
  const account = url.account === undefined ? undefined : getProfileAccount(tree, url.account);
  const user = account && url.user !== undefined ? getProfileUser(tree, account, url.user) : undefined;
  const entities = { operator, account, user };
  const keys: Record<Level, readonly string[]> = {
    operator: operator.claims.nats.signing_keys ?? [],
    account: account ? signingKeysOf(account.claims) : [],
    user: [],
  };
  const tell = (level: Level): Told | undefined => {
    const entity = entities[level];
    const wishes = url.wishes.filter((wish) => wish.level === level);
    return entity && wishes.length > 0 ? tellOf(tree, level, { entity, signingKeys: keys[level], wishes }) : undefined;
  };

  const service = operator.claims.nats.operator_service_urls ?? [];
  const hasCreds = account && user && tree.findCreds(account.name, user.name) !== undefined;
  const [ofAccount, ofUser] = [tell('account'), tell('user')];
  return {
    ...(hasCreds && { user_creds: workspace.credsPath(operator.name, account.name, user.name) }),
    operator: { ...(service.length > 0 && { service }), ...tell('operator') },
    ...(ofAccount && { account: ofAccount }),
    ...(ofUser && { user: ofUser }),
  };
}

interface Asked {
  readonly entity: Entry<RegisteredClaims>;
  /** Keys beside the identity key. */
  readonly signingKeys: readonly string[];
  readonly wishes: readonly Wish[];
}

function tellOf(tree: Tree, level: Level, { entity, signingKeys, wishes }: Asked): Told {
  requireAuthentic(level, entity);
  const id = entity.claims.sub ?? '';
  const seedWish = wishes.findLast(({ what }) => what === 'seed');
  const wants = (what: Wish['what']): boolean => wishes.some((wish) => wish.what === what);
  return {
    ...(wants('name') && { name: entity.name }),
    ...(seedWish && { seed: seedOf(tree, `${level} ${quote(entity.name)}`, [id, ...signingKeys], seedWish.publicKey) }),
    ...(wants('key') && { id }),
  };
}

/** The identity seed, or the one of the key that was named. */
function seedOf(tree: Tree, owner: string, keys: readonly string[], wanted = keys[0] ?? ''): string {
  const pair = keys.includes(wanted) ? tree.findKeyPair(wanted) : undefined;
  if (pair) return pair.seed.reveal();
  const problem = keys.includes(wanted) ? `the seed of ${owner} [${wanted}] is not in the keystore` : undefined;
  const stored = keys.filter((key) => tree.hasSeed(key));
  throw new NscError('key-not-found', problem ?? `${quote(wanted)} is not a key of ${owner}`, {
    hint: stored.length > 0 ? `stored are: ${stored.join(', ')}` : 'store it with: nsc import keys --dir DIR',
  });
}

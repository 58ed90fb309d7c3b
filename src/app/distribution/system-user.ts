import { newUser } from '../../domain/claims/new.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { issue } from '../../domain/token/issue.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { listCandidates } from '../../domain/trust/candidates.js';
import type { RefusalCode } from '../../domain/trust/refusal.js';
import { verifyUser } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import type { TaskContext } from '../command.js';
import type { NatsIdentity } from '../nats.js';
import type { Reach } from '../reach.js';

/** Whether accounts are only looked at, or sent and deleted, too; or who is connected is looked at as well. */
export type Access = 'reads' | 'changes' | 'inspects';

/** Seconds that a temporary user is good for; another one is made at every connect (S-2). */
export const TEMPORARY_USER_LIFETIME = 600;

/** What is asked of servers about accounts, and about themselves (nsc-distribution.md §1.6). */
const READ_SUBJECTS = [
  '$SYS.REQ.SERVER.PING',
  '$SYS.REQ.SERVER.PING.ACCOUNTZ',
  '$SYS.REQ.CLAIMS.LIST',
  '$SYS.REQ.CLAIMS.PACK',
  '$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP',
];
const SUBJECTS: Readonly<Record<Access, readonly string[]>> = {
  reads: READ_SUBJECTS,
  changes: [...READ_SUBJECTS, '$SYS.REQ.ACCOUNT.*.CLAIMS.UPDATE', '$SYS.REQ.CLAIMS.DELETE'],
  inspects: [...READ_SUBJECTS, '$SYS.REQ.SERVER.PING.CONNZ', '$SYS.REQ.SERVER.PING.VARZ'],
};

/** Somebody of the system account who may talk to servers. */
export interface SystemUser {
  /** `a temporary user of account "SYS"`. */
  readonly what: string;
  readonly account: AccountEntry;
  /** Why servers that know the store would not let it in; they may know less, such as a signing key that is gone here. */
  readonly refusal?: NscError | undefined;
  /** For one connection. */
  identity(now: number): NatsIdentity;
}

type World = Pick<TaskContext, 'tree' | 'now' | 'newKey'>;

/**
 * Who may talk to servers, in the order they are tried: the user that was named and nobody else; or one that is made for
 * each connection, by each key that may sign it, as servers know only what they were sent last; then the stored users
 * whose seeds are at hand, by name, those first that are valid now (nsc-distribution.md §1.4, S-15, S-16, S-17). Who
 * comes later is looked for when asked for.
 *
 * @throws NscError `missing-option`, `account-not-found`, `user-not-found`, `key-not-found`; `no-signer` when there is
 *   nobody
 */
export function* systemUsers(
  world: World,
  reach: Pick<Reach, 'systemAccount' | 'systemUser'>,
  access: Access,
): Generator<SystemUser, void> {
  const { tree, now } = world;
  const account = getSystemAccount(tree, reach.systemAccount);
  if (reach.systemUser !== undefined) {
    yield storedUser(tree, account, getUser(tree, account, reach.systemUser), now);
    return;
  }
  let isNobody = true;
  for (const signer of findSigners(tree, account)) {
    isNobody = false;
    yield temporaryUser(world, account, signer, access);
  }
  const doubtful: SystemUser[] = [];
  for (const name of [...tree.userNames(account.name)].sort()) {
    const user = findReadable(() => findStored(tree, account, name, now));
    if (!user || NEVER_AGAIN.has(user.refusal?.details.refusal)) continue;
    isNobody = false;
    if (user.refusal) doubtful.push(user);
    else yield user;
  }
  yield* doubtful;
  if (!isNobody) return;
  throw new NscError('no-signer', `nobody of system account ${quote(account.name)} can connect to the servers`, {
    hint:
      `import the seed of the account, of a signing key without a role, or of a user that is valid now, ` +
      `with: nsc import keys --dir DIR; see the users with: nsc list users --account ${quoteWord(account.name)}`,
    details: { account: account.name },
  });
}

function getSystemAccount(tree: Tree, nameOrKey: string | undefined): AccountEntry {
  if (nameOrKey !== undefined) return getAccount(tree, nameOrKey, '');
  const operator = quote(tree.operator.name);
  const { system_account: key = '' } = tree.operator.claims.nats;
  if (key === '') {
    throw new NscError(
      'missing-option',
      `operator ${operator} has no system account, and servers take accounts from it alone`,
      {
        hint: 'name the one that the servers have with --system-account ACCOUNT, or set it with: nsc edit operator --system-account ACCOUNT',
      },
    );
  }
  const account = tree.findAccountByKey(key);
  if (account) return account;
  throw new NscError('account-not-found', `${key}, the system account of operator ${operator}, is not in this store`, {
    hint: 'import its JWT with: nsc import account --file FILE',
    details: { account: key },
  });
}

/**
 * The account's own key, which a server knows that knows nothing else yet; then its signing keys without a role. Strict
 * operators allow signing keys alone (S-16). After each comes the key that it took over from, and be it compromised:
 * servers know that one alone until they have the account as it is here, and how should they get it otherwise?
 */
function findSigners(tree: Tree, account: AccountEntry): KeyPair[] {
  const candidates = listCandidates({ tree, kind: 'user', account }).filter(({ scope }) => !scope);
  const keys = candidates.flatMap(({ publicKey }) => [publicKey, ...formerKeys(tree, publicKey)]);
  return [...new Set(keys)].flatMap((key) => tree.findKeyPair(key) ?? []);
}

/** The signing keys without a role that a key took over from. */
const formerKeys = ({ keyring }: Tree, key: string): string[] =>
  [...keyring.records.values()].flatMap((record) =>
    record.slot.kind === 'account-signing' && record.replacedBy === key ? [record.key] : [],
  );

/** A user that may do what is needed, and is never written anywhere. */
function temporaryUser({ newKey }: World, account: AccountEntry, signer: KeyPair, access: Access): SystemUser {
  const accountKey = account.claims.sub ?? '';
  return {
    what: `a temporary user of account ${quote(account.name)}`,
    account,
    identity: (now) => {
      const pair = newKey('user');
      const { nats, ...registered } = newUser(pair.publicKey, 'temporary system user');
      const body = {
        ...nats,
        pub: { allow: [...SUBJECTS[access]] },
        sub: { allow: ['_INBOX.>'] },
        ...(signer.publicKey !== accountKey && { issuer_account: accountKey }),
      };
      const claims = { ...registered, exp: now + TEMPORARY_USER_LIFETIME, nats: body };
      return { token: issue('user', claims, signer, { now }).token, pair };
    },
  };
}

function storedUser(tree: Tree, account: AccountEntry, user: UserEntry, now: number): SystemUser {
  const key = user.claims.sub ?? '';
  const pair = tree.findKeyPair(key);
  if (!pair) {
    throw new NscError('key-not-found', `the seed of user ${quote(user.name)} (${key}) is not in the keystore`, {
      hint: 'import it with: nsc import keys --dir DIR, or name another user with --system-user USER',
      details: { publicKey: key },
    });
  }
  return {
    what: `user ${quote(user.name)} of account ${quote(account.name)}`,
    account,
    refusal: refusalOf(tree, account, user, now),
    identity: () => ({ token: user.token, pair }),
  };
}

function findStored(tree: Tree, account: AccountEntry, name: string, now: number): SystemUser | undefined {
  const user = tree.findUser(account.name, name);
  return user && tree.hasSeed(user.claims.sub ?? '') ? storedUser(tree, account, user, now) : undefined;
}

/** Why a user is not even tried: no server lets it in, or none should. */
const NEVER_AGAIN: ReadonlySet<unknown> = new Set<RefusalCode>(['expired', 'not-yet-valid', 'revoked']);

function refusalOf(tree: Tree, account: AccountEntry, user: UserEntry, now: number): NscError | undefined {
  const refused = verifyUser(user, account, tree.operator, { now, revocations: true });
  if (!refused) return undefined;
  return new NscError('broken-chain', `servers do not let this user in: ${refused.message}`, {
    hint: 'name another one with --system-user USER, or leave the option out',
    details: { account: account.name, user: user.name, refusal: refused.code },
  });
}

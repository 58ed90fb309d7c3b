import { isRevoked } from '../../domain/claims/revocation.js';
import { describeSlot } from '../../domain/keyring/describe-slot.js';
import { emptyKeyring, type KeyRecord, type Keyring, type KeyState } from '../../domain/keyring/keyring.js';
import { isSameSlot } from '../../domain/keyring/slot.js';
import { accountKeyInfos, isSilent, type KeyInfo, operatorKeyInfos, stateOf } from '../../domain/keyring/state.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { quote, quoteSome } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { plural } from '../../lib/plural.js';
import { groupRecords, OPERATOR } from '../lifecycle/key-report-keys.js';
import { activationsOf } from '../lifecycle/key-report-usage.js';
import type { Finding } from '../result.js';
import { failure } from './findings.js';

/** What the keyring has to say about the keys of a store that is checked. */
export interface KeyLife {
  ofOperator(): Finding[];
  ofAccount(account: AccountEntry): Finding[];
  /** Looks at users while they go by. */
  watchUsers(account: AccountEntry): UserKeyWatch;
  /** Whether a listed key signs nothing at present. */
  isSilent(key: string): boolean;
}

export interface UserKeyWatch {
  see(user: UserEntry): void;
  /** Once all users were seen. */
  findings(): Finding[];
}

/**
 * Keys that are compromised, due, coming or going, tokens that a retiring key signed, and records that contradict the
 * tokens. A keyring that cannot be read is a finding, and says nothing else.
 *
 * @param now Unix seconds
 */
export function watchKeyLife(tree: Tree, now: number): KeyLife {
  const { keyring, findings } = readKeyring(tree);
  const groups = groupRecords(keyring.records.values());
  const isRetiring = (key: string): boolean => stateOf(keyring.records.get(key), true) === 'retiring';
  const judge = (listed: readonly KeyInfo[], records: readonly KeyRecord[]): Finding[] => {
    const keys = new Set(listed.map(({ key }) => key));
    return [
      ...listed.flatMap((info) => judgeListed(tree, info, now)),
      ...records.filter(({ key }) => !keys.has(key)).flatMap((record) => judgeUnlisted(tree, record)),
    ];
  };
  return {
    ofOperator: () => [
      ...findings,
      ...judge(operatorKeyInfos(keyring, tree.operator.claims), groups.get(OPERATOR) ?? []),
    ],
    ofAccount(account) {
      const { claims, name } = account;
      const records = (groups.get(claims.sub ?? '') ?? []).filter(({ slot }) => slot.kind !== 'user');
      const activations = activationsOf(account).filter(({ issuer }) => isRetiring(issuer));
      return [
        ...judge(accountKeyInfos(keyring, claims), records),
        ...(isRetiring(claims.iss ?? '') ? [staleToken(`account ${quote(name)} is`, claims.iss ?? '')] : []),
        ...activations.map(({ subject, issuer }) => staleToken(`the activation for ${quote(subject)} is`, issuer)),
      ];
    },
    watchUsers: (account) => new Watch(tree, account, groups.get(account.claims.sub ?? '') ?? [], { now, isRetiring }),
    isSilent: (key) => isSilent(stateOf(keyring.records.get(key), true)),
  };
}

function readKeyring(tree: Tree): { keyring: Keyring; findings: Finding[] } {
  try {
    return { keyring: tree.keyring, findings: [] };
  } catch (error) {
    return { keyring: emptyKeyring, findings: [failure(error, 'keyring', 'error')] };
  }
}

/** A key that a token has or lists. */
function judgeListed(tree: Tree, { key, slot, state, record }: KeyInfo, now: number): Finding[] {
  if (!record) return [];
  const what = `${key} (${describeSlot(tree, slot)})`;
  const since = (at: KeyState): string =>
    record.since[at] === undefined ? '' : ` since ${formatDate(record.since[at])}`;
  const found: Finding[] = [];
  if (state === 'compromised') {
    found.push(
      finding(
        'compromised',
        'error',
        `${what} is compromised${since(state)} and still trusted`,
        `nsc compromise ${key}`,
      ),
    );
  } else if (state === 'next') {
    found.push(finding('key-next', 'info', `${what} is announced${since(state)}`, `nsc rotate activate ${key}`));
  } else if (state === 'retiring') {
    found.push(finding('key-retiring', 'info', `${what} is retiring${since(state)}`, `nsc rotate finish ${key}`));
  }
  if (record.expires !== undefined && record.expires <= now && state !== 'compromised') {
    const rotates = state === 'active' && slot.kind !== 'account-identity';
    const message = `${what} should have been replaced by ${formatDate(record.expires)}`;
    found.push(finding('key-due', 'warning', message, rotates ? `nsc rotate start ${key}` : undefined));
  }
  if (record.state === 'removed') {
    found.push(contradiction(`${what} is removed in the keyring, and a JWT lists it again: it counts as active`));
  } else if (!isSameSlot(record.slot, slot)) {
    found.push(contradiction(`${what} is the ${describeSlot(tree, record.slot)} in the keyring`));
  }
  return found;
}

/** A key that no token has. Only users have keys that are coming or going without that. */
function judgeUnlisted(tree: Tree, { key, slot, state }: KeyRecord): Finding[] {
  const what = `${key} (${describeSlot(tree, slot)})`;
  if (state === 'removed' || state === 'compromised') return [];
  const message = `${what} is ${state} in the keyring, and no JWT lists it: it counts as removed`;
  // whoever drops a key by hand, or deletes a user, has done nothing wrong
  return [state === 'active' ? finding('keyring', 'info', message) : contradiction(message)];
}

class Watch implements UserKeyWatch {
  readonly #tree: Tree;
  readonly #account: AccountEntry;
  readonly #now: number;
  readonly #isRetiring: (key: string) => boolean;
  /** Those that no user was seen with yet, by key. */
  readonly #records: Map<string, KeyRecord>;
  readonly #findings: Finding[] = [];
  /** Names of the users that retiring keys signed. */
  readonly #stale = new Map<string, string[]>();

  constructor(
    tree: Tree,
    account: AccountEntry,
    records: readonly KeyRecord[],
    { now, isRetiring }: { now: number; isRetiring(key: string): boolean },
  ) {
    this.#tree = tree;
    this.#account = account;
    this.#now = now;
    this.#isRetiring = isRetiring;
    this.#records = new Map(records.filter(({ slot }) => slot.kind === 'user').map((record) => [record.key, record]));
  }

  see({ name, claims }: UserEntry): void {
    const { sub = '', iss = '', exp } = claims;
    const isAccepted = !isRevoked(this.#account.claims, claims) && !(Number(exp ?? 0) > 0 && Number(exp) <= this.#now);
    if (isAccepted && this.#isRetiring(iss)) this.#addStale(iss, name);
    const record = this.#records.get(sub);
    if (!record || !this.#records.delete(sub)) return;
    const state = stateOf(record, true);
    const slot = { kind: 'user', account: this.#account.claims.sub ?? '', user: name } as const;
    // a revoked key is not trusted any more
    if (state === 'compromised' && !isAccepted) return;
    this.#findings.push(...judgeListed(this.#tree, { key: sub, slot, state, isListed: true, record }, this.#now));
  }

  #addStale(issuer: string, name: string): void {
    const names = this.#stale.get(issuer);
    if (names) names.push(name);
    else this.#stale.set(issuer, [name]);
  }

  findings(): Finding[] {
    const unseen = [...this.#records.values()];
    return [
      ...this.#findings,
      ...[...this.#stale].map(([issuer, names]) =>
        staleToken(
          `${plural(names.length, 'user')} (${quoteSome(names, 5)}) ${names.length === 1 ? 'is' : 'are'}`,
          issuer,
        ),
      ),
      ...unseen.flatMap((record) => judgeUnseen(this.#tree, record)),
    ];
  }
}

/** A key of a user beside the one of its token: the user's next one, or the last one while the user still has it. */
function judgeUnseen(tree: Tree, record: KeyRecord): Finding[] {
  const { key, slot, state } = record;
  if (state === 'active') return judgeUnlisted(tree, record);
  if (state === 'removed' || state === 'compromised') return [];
  const next = state === 'next' ? `nsc rotate activate ${key}` : `nsc rotate finish ${key}`;
  const message = `${key} (${describeSlot(tree, slot)}) is ${state === 'next' ? 'made and waits' : 'retiring'}`;
  return [finding(`key-${state}`, 'info', message, next)];
}

const staleToken = (what: string, issuer: string): Finding =>
  finding(
    'retiring-signer',
    'warning',
    `${what} signed by ${issuer}, which is retiring`,
    `nsc resign --issuer ${issuer}`,
  );

const contradiction = (message: string): Finding => finding('keyring', 'warning', message);

const finding = (rule: string, level: Finding['level'], message: string, hint?: string): Finding => ({
  rule,
  level,
  message,
  ...(hint !== undefined && { hint }),
});

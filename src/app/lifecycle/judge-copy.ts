import { isRevokedBy } from '../../domain/claims/revocation.js';
import { signingKeysOf } from '../../domain/claims/scope.js';
import type { AccountClaims, Import } from '../../domain/claims/types.js';
import { findExport } from '../../domain/sharing/find-export.js';
import { decodeKind } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { Tree } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';

/** What must be gone from the account JWTs that servers hold, and what must be there. */
export interface Expected {
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
  /** The keys that nothing may depend on. */
  readonly keys: ReadonlySet<string>;
  /** Account → the keys that its JWT has to list: of those that sign, and of users who do its auth callout. */
  readonly listed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Why a copy of an account on a server depends on keys: they signed it, or an activation it imports with, or it does not
 * list yet who signs now. Activations that servers refuse anyway don't count. Signatures are not verified: whoever
 * signed, this is what the server has.
 */
export function judgeCopy(account: string, token: string, expected: Expected): string[] {
  const { tree, now, keys, listed } = expected;
  const claims = findReadable(() => decodeKind(token, 'account').claims);
  const what = nameAccount(tree, account);
  if (!claims || claims.sub !== account) return [`what it has as ${what} cannot be read`];
  if (isOver(claims.exp, now)) return [];
  const own = new Set([claims.sub, ...signingKeysOf(claims), ...(claims.nats.authorization?.auth_users ?? [])]);
  return [
    ...(keys.has(claims.iss ?? '') ? [`${what} is signed by ${claims.iss}`] : []),
    ...[...(listed.get(account) ?? [])].filter((key) => !own.has(key)).map((key) => `${what} does not list ${key} yet`),
    ...(claims.nats.imports ?? []).flatMap((entry) => judgeImport(what, entry, expected)),
  ];
}

function judgeImport(importer: string, entry: Import | null, { tree, now, keys }: Expected): string[] {
  const text = entry?.token;
  const activation = text ? findReadable(() => decodeKind(text, 'activation').claims) : undefined;
  if (!entry || !activation || !keys.has(activation.iss ?? '') || isOver(activation.exp, now)) return [];
  const exporter = findReadable(() => tree.findAccountByKey(entry.account ?? ''));
  const { subject = '' } = activation.nats;
  const shared = exporter && findExport(exporter.claims, entry.type ?? 'stream', subject);
  if (isRevokedBy(shared?.revocations, activation)) return [];
  const from = nameAccount(tree, entry.account ?? '');
  return [`${importer} imports ${quote(subject)} from ${from} with an activation that ${activation.iss} signed`];
}

/** @param exp Unix seconds; 0 or absent for ever */
const isOver = (exp: AccountClaims['exp'], now: number): boolean => Number(exp ?? 0) > 0 && Number(exp) < now;

/** `account "A"`, or its public key where this store does not have it. */
export function nameAccount(tree: Tree, key: string): string {
  const name = findReadable(() => tree.findAccountByKey(key))?.name;
  return `account ${name === undefined ? quote(key) : quote(name)}`;
}

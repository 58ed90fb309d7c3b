import { isServerSubject } from './check/server-subject.js';
import { show } from './check/show.js';
import { findFunctions, hasFunction, type TemplateFunction } from './template.js';
import type { AccountClaims, Permission, UserClaims, UserPermissionLimits } from './types.js';

/** The most subjects one list may come to (nsc-distribution.md §5.4). */
const MOST_SUBJECTS = 4096;

/** An entry of an allow list that comes to nothing for a user. */
export interface DroppedEntry {
  readonly side: 'publish' | 'subscribe';
  readonly entry: string;
  readonly reason: string;
}

/** What a template comes to for one user. */
export type Expansion =
  | { readonly limits: UserPermissionLimits; readonly dropped: readonly DroppedEntry[] }
  /** Why servers do not let the user in. */
  | { readonly refused: string };

/** Whose values fill a template in. */
export interface Subjects {
  readonly user: UserClaims;
  readonly account: AccountClaims;
}

/** Whether a template says the same for every user. */
export const isConstant = ({ pub, sub }: UserPermissionLimits): boolean =>
  ![pub, sub].some((permission) => permission?.allow?.some(hasFunction) || permission?.deny?.some(hasFunction));

/**
 * What a server computes for a user from the template of its scope (nsc-distribution.md §5.4, as in server 2.11 and
 * later; older ones give the same where every function is a whole token and no entry has two functions of tags).
 *
 * Each tag that fits gives a subject of its own. A value is put in as it is, so that one with a dot or a wildcard says
 * more than one token (S-54). An allowed subject that comes to nothing is left out, and a list that ends up empty allows
 * nothing; a denied one that comes to nothing shuts the user out.
 */
export function expandTemplate(template: UserPermissionLimits, user: UserClaims, account: AccountClaims): Expansion {
  if (isConstant(template)) return { limits: template, dropped: [] };
  const verdict: Verdict = { dropped: [], refusals: [] };
  const sub = expandPermission(template.sub ?? {}, 'subscribe', { user, account }, verdict);
  const pub = expandPermission(template.pub ?? {}, 'publish', { user, account }, verdict);
  const [refused] = verdict.refusals;
  return refused === undefined ? { limits: { ...template, pub, sub }, dropped: verdict.dropped } : { refused };
}

/** What is found out on the way. */
interface Verdict {
  readonly dropped: DroppedEntry[];
  readonly refusals: string[];
}

function expandPermission(
  { allow = [], deny = [], ...rest }: Permission,
  side: DroppedEntry['side'],
  subjects: Subjects,
  { dropped, refusals }: Verdict,
): Permission {
  const refuse = (entry: string, reason: string) => refusals.push(`${show(entry)}: ${reason}`);
  const allowed = expandList(allow, subjects, {
    refuse,
    drop: (entry, reason) => dropped.push({ side, entry, reason }),
  });
  const denied = expandList(deny, subjects, { refuse, drop: refuse });
  const isClosed = allow.length > 0 && allowed.length === 0 && !denied.includes('>');
  const closed = isClosed ? [...denied, '>'] : denied;
  return { ...rest, ...(allowed.length > 0 && { allow: allowed }), ...(closed.length > 0 && { deny: closed }) };
}

type Tell = (entry: string, reason: string) => void;

function expandList(
  entries: readonly string[],
  subjects: Subjects,
  { refuse, drop }: { readonly refuse: Tell; readonly drop: Tell },
): string[] {
  if (!entries.some(hasFunction)) return [...entries];
  const expanded: string[] = [];
  for (const entry of entries) {
    const functions = findFunctions(entry);
    const unknown = functions.find(({ name }) => name === undefined);
    if (unknown) {
      refuse(entry, `there is no function ${show(unknown.call)}`);
      continue;
    }
    const values = functions.map((call) => functionValues(call, subjects));
    const missing = functions.find((_call, at) => values[at]?.length === 0);
    if (missing) {
      drop(entry, `there is no tag ${show(`${missing.tag}:…`)}`);
      continue;
    }
    const count = values.reduce((product, { length }) => product * length, 1);
    if (expanded.length + count > MOST_SUBJECTS && functions.some(({ tag }) => tag !== undefined)) {
      refuse(entry, `its tags come to more than ${MOST_SUBJECTS} subjects`);
      continue;
    }
    for (const choice of combine(values)) {
      const subject = functions.reduce(
        (text, { source }, at) => text.replaceAll(source, () => choice[at] ?? ''),
        entry,
      );
      if (isServerSubject(subject)) expanded.push(subject);
      else drop(entry, `${show(subject)} is not a subject`);
    }
  }
  return expanded;
}

/** What a function stands for: one value, or one for each tag that fits. */
export function functionValues({ name, tag }: TemplateFunction, { user, account }: Subjects): readonly string[] {
  switch (name) {
    case 'name':
      return [user.name ?? ''];
    case 'subject':
      return [user.sub ?? ''];
    case 'account-name':
      return [account.name ?? ''];
    case 'account-subject':
      return [account.sub ?? ''];
    case 'tag':
      return tagValues(user.nats.tags, tag);
    case 'account-tag':
      return tagValues(account.nats.tags, tag);
    case undefined:
      return [];
  }
}

const tagValues = (tags: readonly string[] = [], name = ''): string[] =>
  tags.filter((tag) => tag.startsWith(`${name}:`)).map((tag) => tag.slice(name.length + 1));

/** Every choice of one value from each list; the last list changes fastest. */
function combine(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (choices, list) => choices.flatMap((choice) => list.map((value) => [...choice, value])),
    [[]],
  );
}

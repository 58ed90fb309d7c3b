import { findFunctions, hasFunction, type TemplateFunction } from '../template.js';
import type { Issue, Permission, Permissions } from '../types.js';
import { about } from './issue.js';
import type { PermissionSide } from './permissions.js';
import { show } from './show.js';

/**
 * What is wrong with one entry of a scope's template (nsc-distribution.md §5.4, S-54). The JWT library checks nothing of
 * it, so the rules have names of their own:
 *
 * - `template-syntax`: braces that servers take literally.
 * - `template-function`: no server knows it, or it never finds anything; servers since 2.11 refuse all users for it.
 * - `template-server`: only a warning; servers before 2.11 do something else with it.
 */
export function checkTemplateSubject(entry: string): Issue[] {
  const functions = findFunctions(entry);
  const rest = functions.reduce((text, { source }) => text.replace(source, '_'), entry);
  return [
    ...(isMistyped(rest, functions.length > 0) ? [syntax('its braces do not fit together')] : []),
    ...functions.flatMap(checkFunction),
    ...checkOldServers(entry, functions),
  ];
}

/**
 * The same for all lists of a template. `template-queue` is an entry that names a queue in a list with functions: servers
 * leave it out of what is allowed, and refuse all users when it is denied.
 */
export function checkTemplate({ sub, pub }: Permissions): Issue[] {
  return [...checkLists(sub, 'subscribe'), ...checkLists(pub, 'publish')];
}

function checkLists(permission: Permission | undefined, side: PermissionSide): Issue[] {
  return (['allow', 'deny'] as const).flatMap((list) => {
    const entries = permission?.[list] ?? [];
    const isTemplate = entries.some(hasFunction);
    return entries.flatMap((entry) =>
      about(`${side} ${list} entry ${show(entry)}`, [
        ...checkTemplateSubject(entry),
        ...(isTemplate && hasQueue(entry) ? [queueIssue(list)] : []),
      ]),
    );
  });
}

/**
 * `template-literal`: functions in permissions that no scope gives, such as those of a plain user. Servers take them
 * literally there.
 */
export function checkLiteral({ sub, pub }: Permissions): Issue[] {
  return [...(sub?.allow ?? []), ...(sub?.deny ?? []), ...(pub?.allow ?? []), ...(pub?.deny ?? [])]
    .filter(hasFunction)
    .map((entry) => ({ rule: 'template-literal', level: 'warning', message: `${show(entry)} ${IS_LITERAL}` }));
}

/** Said of an entry with a function outside a scope. */
export const IS_LITERAL = 'is taken literally: functions count in the template of a role only';

/** Braces that are left over, or single ones around a call. */
const isMistyped = (rest: string, hasFunctions: boolean): boolean =>
  /\{\{|\}\}|\{[^{}]*\([^{}]*\)\}/.test(rest) || (hasFunctions && /[{}]/.test(rest));

function checkFunction({ call, name, tag }: TemplateFunction): Issue[] {
  if (name === undefined) return [fault(`there is no function ${show(call)}`)];
  if (tag === undefined) return [];
  if (!call.startsWith(`${name}(`)) return [fault(`${show(call)} finds no tags unless "${name}" is in lower case`)];
  return tag === '' ? [fault(`${show(call)} does not name a tag`)] : [];
}

function checkOldServers(entry: string, functions: readonly TemplateFunction[]): Issue[] {
  const tokens = entry.split('.');
  const known = functions.filter(({ name }) => name !== undefined);
  const blank = known.find(({ source, call }) => source !== `{{${call}}}`);
  const inside = known.find(({ source }) => !tokens.includes(source));
  const tags = known.filter(({ tag }) => tag !== undefined).map(({ name, tag }) => `${name}(${tag})`);
  return [
    ...(blank ? [old(`servers before 2.11 refuse ${show(blank.source)} for its blanks`)] : []),
    ...(inside && !blank ? [old(`servers before 2.11 know ${show(inside.source)} only as a whole token`)] : []),
    ...(new Set(tags).size > 1
      ? [old('servers before 2.11 crash when a user has one of its tags and lacks another (S-54)')]
      : tags.length > 1
        ? [old(`servers before 2.11 take another value for each ${show(tags[0] ?? '')}`)]
        : []),
  ];
}

const hasQueue = (entry: string): boolean =>
  /\s/.test(findFunctions(entry).reduce((text, { source }) => text.replace(source, '_'), entry));

function queueIssue(list: 'allow' | 'deny'): Issue {
  return list === 'allow'
    ? { rule: 'template-queue', level: 'warning', message: 'servers drop a queue from a list with functions' }
    : {
        rule: 'template-queue',
        level: 'error',
        message: 'servers refuse all users for a queue in a list with functions',
      };
}

const syntax = (message: string): Issue => ({ rule: 'template-syntax', level: 'warning', message });
const fault = (message: string): Issue => ({ rule: 'template-function', level: 'error', message });
const old = (message: string): Issue => ({ rule: 'template-server', level: 'warning', message });

import { IS_LITERAL } from '../../domain/claims/check/template.js';
import { readPublishSubject, readSubscribeSubject } from '../../domain/claims/grammar.js';
import { hasFunction } from '../../domain/claims/template.js';
import type { Permission, Permissions } from '../../domain/claims/types.js';
import { NscError } from '../../errors.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { formatGoDuration, parseGoDuration } from '../../lib/duration.js';
import { flag, type InputOf, integer, list, value } from '../option.js';
import { ok, type Step, warn } from '../result.js';

const subjects = { placeholder: 'SUBJECT,…' };

const readMaxResponses = (count: number): number => {
  if (count === 0) {
    throw new NscError('bad-value', '0 responses would still allow one', {
      hint: 'leave the option out, or use edit … --rm-response-perms to forbid responses',
    });
  }
  return count;
};

const maxResponses = (long: string, extra: { hidden?: true; deprecated?: string; valueWhenBare?: string }) => {
  const number = integer(long, {
    placeholder: 'N',
    help: 'allow replies to received requests: how many per request (1 without a value, negative = any number)',
    ...extra,
  });
  return { ...number, read: (texts: readonly string[]) => readMaxResponses(number.read(texts)) };
};

export const permissionOptions = {
  allowPub: list('allow-pub', { ...subjects, help: 'subjects that may be published' }, readPublishSubject),
  allowSub: list(
    'allow-sub',
    { ...subjects, help: 'subjects that may be subscribed ("subject queue" names a queue)' },
    readSubscribeSubject,
  ),
  allowPubsub: list(
    'allow-pubsub',
    { ...subjects, help: 'subjects that may be published and subscribed' },
    readPublishSubject,
  ),
  denyPub: list('deny-pub', { ...subjects, help: 'subjects that must not be published' }, readPublishSubject),
  denySub: list('deny-sub', { ...subjects, help: 'subjects that must not be subscribed' }, readSubscribeSubject),
  denyPubsub: list(
    'deny-pubsub',
    { ...subjects, help: 'subjects that must not be published nor subscribed' },
    readPublishSubject,
  ),
  allowPubResponse: maxResponses('allow-pub-response', { valueWhenBare: '1' }),
  maxResponses: maxResponses('max-responses', { hidden: true, deprecated: '--allow-pub-response' }),
  responseTtl: value(
    'response-ttl',
    { placeholder: 'DURATION', help: 'how long a reply is allowed after the request, as 500ms, 5s, 1m30s' },
    parseGoDuration,
  ),
};

export const editPermissionOptions = {
  ...permissionOptions,
  rm: list('rm', { ...subjects, help: 'remove subjects from all permission lists' }),
  rmResponsePerms: flag('rm-response-perms', { help: 'remove the permission to reply' }),
};

type PermissionInput = Partial<InputOf<typeof editPermissionOptions>>;

/**
 * Edits permission lists and the response permission; every list that changes ends up sorted and free of duplicates and
 * empties.
 *
 * @param where only the template of a scope has functions; elsewhere a warning says that they are taken literally
 */
export function patchPermissions<P extends Permissions>(
  permissions: P,
  input: PermissionInput,
  where: 'template' | 'plain' = 'plain',
): { permissions: P; steps: Step[] } {
  const steps: Step[] = [];
  let patched = patchResponses(permissions, input, steps);
  const remove = new Set(input.rm);
  const found = new Set<string>();
  const edit = (side: 'pub' | 'sub', kind: 'allow' | 'deny', ...given: (readonly string[] | undefined)[]): void => {
    const added = given.flatMap((subjects) => subjects ?? []).filter((subject) => subject !== '');
    const before = patched[side]?.[kind] ?? [];
    const removed = before.filter((subject) => remove.has(subject));
    if (added.length === 0 && removed.length === 0) return;
    for (const subject of [...added, ...removed]) found.add(subject);
    const after = [...new Set([...before, ...added])].filter((subject) => !remove.has(subject)).sort(compareBytes);
    const { [kind]: _replaced, ...rest }: Permission = patched[side] ?? {};
    patched = { ...patched, [side]: after.length === 0 ? rest : { ...rest, [kind]: after } };
    const label = kind === 'deny' ? `deny ${side}` : side;
    steps.push(...added.map((subject) => ok(`added ${label} ${quote(subject)}`)));
    steps.push(...removed.map((subject) => ok(`removed ${label} ${quote(subject)}`)));
  };
  edit('pub', 'allow', input.allowPub, input.allowPubsub);
  edit('pub', 'deny', input.denyPub, input.denyPubsub);
  edit('sub', 'allow', input.allowSub, input.allowPubsub);
  edit('sub', 'deny', input.denySub, input.denyPubsub);
  if (where === 'plain') {
    for (const subject of found)
      if (!remove.has(subject) && hasFunction(subject)) steps.push(warn(`${quote(subject)} ${IS_LITERAL}`));
  }
  for (const subject of remove) if (!found.has(subject)) steps.push(warn(`subject ${quote(subject)} was in no list`));
  return { permissions: patched, steps };
}

/** E-33: removing the response permission does not swallow the other options of the same call. */
function patchResponses<P extends Permissions>(permissions: P, input: PermissionInput, steps: Step[]): P {
  let patched = permissions;
  if (input.rmResponsePerms) {
    const { resp: _removed, ...rest } = permissions;
    patched = rest as P;
    steps.push(ok('removed response permissions'));
  }
  const max = input.allowPubResponse ?? input.maxResponses;
  if (max !== undefined) {
    patched = { ...patched, resp: { ...patched.resp, max } };
    steps.push(ok(`set max responses to ${max}`));
  }
  if (input.responseTtl !== undefined) {
    patched = { ...patched, resp: { ...patched.resp, ttl: input.responseTtl } };
    steps.push(ok(`set response ttl to ${formatGoDuration(input.responseTtl)}`));
  }
  return patched;
}

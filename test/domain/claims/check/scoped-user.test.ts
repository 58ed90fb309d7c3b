import { expect, it } from 'vitest';
import { checkScopedUser } from '../../../../src/domain/claims/check/scoped-user.js';
import type { AccountClaims, UserBody, UserClaims } from '../../../../src/domain/claims/types.js';

const account: AccountClaims = {
  name: 'Shop',
  sub: 'AIDENTITY',
  nats: {
    tags: ['tier:gold'],
    signing_keys: [
      'APLAIN',
      { kind: 'user_scope', key: 'ASAME', role: 'same', template: { pub: { allow: ['a'] } } },
      {
        kind: 'user_scope',
        key: 'ATENANT',
        role: 'tenant',
        template: {
          pub: { allow: ['{{name()}}.>', 'x.{{account-name()}}'], deny: ['no.{{name()}}'] },
          sub: { allow: ['{{tag(team)}}.>', '{{account-tag(tier)}}'], deny: ['not.{{name()}}', '{{name()}}.>'] },
        },
      },
    ],
  },
};
const user = (iss: string, nats: UserBody = {}, name = 'bob'): UserClaims => ({ iss, name, sub: 'UBOB', nats });

const own: UserBody = { subs: -1, data: -1, payload: -1 };
const noLimits = 'no-limits: it has neither a role nor limits of its own, so it may not subscribe nor send a byte';

it.each<[what: string, UserClaims, string[]]>([
  ['a plain user', user('AIDENTITY', own), []],
  ['a user of a role that is the same for all', user('ASAME'), []],
  ['a user whose role was taken from its key', user('APLAIN'), [noLimits]],
  ['a user of the identity without limits', user('AIDENTITY'), [noLimits]],
  ['a user of a key that is gone', user('AGONE'), []],
  [
    'functions of a plain user',
    user('APLAIN', { ...own, pub: { deny: ['{{name()}}'] } }),
    ['template-literal: "{{name()}}" is taken literally: functions count in the template of a role only'],
  ],
  ['a user with all the tags of its role', user('ATENANT', { tags: ['team:red'] }), []],
  [
    'a user without a tag of its role',
    user('ATENANT'),
    ['template-dropped: role "tenant" lets it subscribe "{{tag(team)}}.>", but there is no tag "team:…"'],
  ],
  [
    'a user with a dot in its name (S-54)',
    user('ATENANT', { tags: ['team:red'] }, 'a.b'),
    ['not.{{name()}}', '{{name()}}.>', 'no.{{name()}}'].map(
      (entry) => `template-value: "${entry}": {{name()}} is "a.b", which is more than one token`,
    ),
  ],
  [
    'a user with a wildcard in a tag (S-54)',
    user('ATENANT', { tags: ['team:red', 'team:*', 'team:a.>'] }),
    [
      'template-dropped: role "tenant" lets it subscribe "{{tag(team)}}.>", but "a.>.>" is not a subject',
      'template-value: "{{tag(team)}}.>": {{tag(team)}} is "*", which stands for other tokens, too',
      'template-value: "{{tag(team)}}.>": {{tag(team)}} is "a.>", which stands for other tokens, too',
    ],
  ],
  ['a user with a name that is no token', user('ATENANT', { tags: ['team:red'] }, 'a b'), []],
])('%s', (_what, claims, told) => {
  const found = checkScopedUser(claims, account);
  expect(found.map(({ rule, message }) => `${rule}: ${message}`)).toEqual(told);
  expect(found.every(({ level }) => level === 'warning')).toBe(true);
});

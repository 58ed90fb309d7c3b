import { describe, expect, it } from 'vitest';
import { checkTemplate, checkTemplateSubject } from '../../../src/domain/claims/check/template.js';
import { expandTemplate } from '../../../src/domain/claims/template-expansion.js';
import type { AccountClaims, Permission, Permissions, UserClaims } from '../../../src/domain/claims/types.js';
import vectors from '../../vectors/go-templates.json' with { type: 'json' };

/** What nats-server 2.15 and 2.9 made of the list; an error is that they let the user not in, or crash. */
interface Outcome extends Permission {
  readonly error?: string;
}
interface Vector extends Permission {
  readonly name: string;
  readonly tags?: string[];
  readonly accountTags?: string[];
  readonly new: Outcome;
  readonly old: Outcome;
}

const VECTORS: readonly Vector[] = vectors;

const listOf = ({ allow, deny }: Permission): Permission => ({ ...(allow && { allow }), ...(deny && { deny }) });

const userOf = ({ name, tags = [] }: Vector): UserClaims => ({
  name,
  sub: 'UUSER',
  nats: { issuer_account: 'AACCOUNT', tags },
});
const accountOf = ({ accountTags = [] }: Vector): AccountClaims => ({
  name: 'Shop',
  sub: 'AACCOUNT',
  nats: { tags: accountTags },
});

const labelled = VECTORS.map((vector) => {
  const { new: _new, old: _old, ...given } = vector;
  return [JSON.stringify(given), vector] as const;
});

/** Entry → what is said about it. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  'orders.{{name()}}.{{account-name()}}.>': [],
  '{{SUBJECT()}}.{{Account-Subject()}}': [],
  'x.{{tag(team)}}': [],
  'a.{b}.c': [],
  '{{tags(x)}}': ['template-function: there is no function "tags(x)"'],
  '{{tag()}}': ['template-function: "tag()" does not name a tag'],
  '{{TAG(x)}}': ['template-function: "TAG(x)" finds no tags unless "tag" is in lower case'],
  '{{name()}': ['template-syntax: its braces do not fit together'],
  'name()}}': ['template-syntax: its braces do not fit together'],
  '{name()}': ['template-syntax: its braces do not fit together'],
  '{x}.{{name()}}': ['template-syntax: its braces do not fit together'],
  'pre-{{name()}}': ['template-server: servers before 2.11 know "{{name()}}" only as a whole token'],
  '{{tag(a.b)}}': ['template-server: servers before 2.11 know "{{tag(a.b)}}" only as a whole token'],
  '{{ name() }}': ['template-server: servers before 2.11 refuse "{{ name() }}" for its blanks'],
  '{{tag(a)}}.{{account-tag(a)}}': [
    'template-server: servers before 2.11 crash when a user has one of its tags and lacks another (S-54)',
  ],
  '{{tag(a)}}.{{tag(A)}}': ['template-server: servers before 2.11 take another value for each "tag(a)"'],
};

describe('expandTemplate', () => {
  it.each(labelled)('gives what the server computes: %s', (_label, vector) => {
    const expansion = expandTemplate({ pub: listOf(vector) }, userOf(vector), accountOf(vector));
    if (vector.new.error) expect(expansion).toHaveProperty('refused');
    else expect('limits' in expansion && expansion.limits.pub).toEqual(listOf(vector.new));
  });
});
describe('what a template gives', () => {
  const bob: UserClaims = { name: 'bob', sub: 'U', nats: { tags: ['team:red'] } };
  const shop: AccountClaims = { name: 'Shop', sub: 'A', nats: {} };

  it('keeps everything else of the template', () => {
    const template = { pub: { allow: ['{{name()}}'] }, resp: { max: 2 }, subs: 0, src: ['10.0.0.0/8'] };
    expect(expandTemplate(template, bob, shop)).toEqual({
      limits: { ...template, pub: { allow: ['bob'] }, sub: {} },
      dropped: [],
    });
    const constant = { sub: { allow: ['jobs.* workers'] } };
    expect(expandTemplate(constant, bob, shop)).toEqual({ limits: constant, dropped: [] });
  });

  it('says what came to nothing, and why', () => {
    const template = { sub: { allow: ['{{tag(zone)}}', 'x.{{account-tag(tier)}}', 'a', 'b q'] }, pub: {} };
    expect(expandTemplate(template, bob, shop)).toEqual({
      limits: { pub: {}, sub: { allow: ['a'] } },
      dropped: [
        { side: 'subscribe', entry: '{{tag(zone)}}', reason: 'there is no tag "zone:…"' },
        { side: 'subscribe', entry: 'x.{{account-tag(tier)}}', reason: 'there is no tag "tier:…"' },
        { side: 'subscribe', entry: 'b q', reason: '"b q" is not a subject' },
      ],
    });
  });

  it.each([
    [{ pub: { deny: ['x.{{tag(zone)}}'] } }, '"x.{{tag(zone)}}": there is no tag "zone:…"'],
    [{ sub: { allow: ['{{nick()}}'] } }, '"{{nick()}}": there is no function "nick()"'],
    [{ sub: { deny: ['{{name()}}', 'b q'] } }, '"b q": "b q" is not a subject'],
  ])('says why a user is shut out: %j', (template, refused) => {
    expect(expandTemplate(template, bob, shop)).toEqual({ refused });
  });

  it('gives up at 4096 subjects, as the server does', () => {
    const tags = (count: number): string[] => Array.from({ length: count }, (_, at) => `t:${at}`);
    const template = { pub: { allow: ['{{tag(t)}}.{{tag(t)}}x'] } };
    const of = (count: number) => expandTemplate(template, { ...bob, nats: { tags: tags(count) } }, shop);
    expect(of(64)).toMatchObject({ dropped: [] });
    expect(of(65)).toEqual({
      refused: '"{{tag(t)}}.{{tag(t)}}x": its tags come to more than 4096 subjects',
    });
  });
});

describe('checkTemplate', () => {
  const rulesOf = (list: Permission): string[] => checkTemplate({ pub: list }).map(({ rule }) => rule);
  const isPlain = ({ name }: Vector): boolean => name !== '' && !name.includes('{{');

  it.each(labelled.filter(([, vector]) => isPlain(vector) && rulesOf(listOf(vector)).length === 0))(
    'says nothing where old servers do the same: %s',
    (_label, vector) => {
      expect(vector.old).toEqual(vector.new);
    },
  );

  it.each(labelled.filter(([, { old }]) => old.error === 'panic').filter(([, vector]) => isPlain(vector)))(
    'warns of what old servers crash on (S-54): %s',
    (_label, vector) => {
      expect(rulesOf(listOf(vector))).toEqual(['template-server']);
    },
  );

  it.each(['allow', 'deny'] as const)('every server refuses or drops what has an error, when it is in %s', (list) => {
    const entries = ['{{name}}', '{{unknown()}}', 'a.{{unknown()}}.b', '{{TAG(team)}}', '{{tag()}}', '{{tag(team}}'];
    for (const entry of entries) {
      const found = VECTORS.find((vector) => vector[list]?.length === 1 && vector[list]?.[0] === entry);
      expect(checkTemplateSubject(entry)).toMatchObject([{ rule: 'template-function', level: 'error' }]);
      expect(found?.new).toEqual(list === 'deny' || found?.new.error ? { error: 'refused' } : { deny: ['>'] });
    }
  });

  it.each(Object.entries(TOLD))('%s', (entry, told) => {
    expect(checkTemplateSubject(entry).map(({ rule, message }) => `${rule}: ${message}`)).toEqual(told);
  });

  it('names the list an entry is in', () => {
    const template: Permissions = {
      pub: { allow: ['{{x()}}'], deny: ['{{name()'] },
      sub: { allow: ['{{name()}}', 'jobs.* workers'], deny: ['{{name()}}', 'jobs.* workers'] },
    };
    expect(checkTemplate(template)).toEqual([
      {
        rule: 'template-queue',
        level: 'warning',
        message: 'subscribe allow entry "jobs.* workers": servers drop a queue from a list with functions',
      },
      {
        rule: 'template-queue',
        level: 'error',
        message: 'subscribe deny entry "jobs.* workers": servers refuse all users for a queue in a list with functions',
      },
      {
        rule: 'template-function',
        level: 'error',
        message: 'publish allow entry "{{x()}}": there is no function "x()"',
      },
      {
        rule: 'template-syntax',
        level: 'warning',
        message: 'publish deny entry "{{name()": its braces do not fit together',
      },
    ]);
    expect(checkTemplate({ sub: { allow: ['jobs.* workers'] }, pub: { deny: ['{{name()}}'] } })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Outlined } from '../../../src/app/result.js';
import { command } from '../../../src/commands/rotate/plan.js';
import { operator, pub } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { answer, type Given } from '../../support/plan.js';
import { OPERATOR, READER, record } from '../keys/rings.js';
import { rotating } from './world.js';

const outline = async (given: Given, line: string): Promise<string[]> => {
  const { sections } = (await answer(command, given, line)) as Outlined;
  return sections.flatMap(({ title, lines }) => [`# ${title}`, ...lines]);
};
const report = async (given: Given, line: string) =>
  ((await answer(command, given, line)) as Outlined).data as { slots: Record<string, unknown>[]; unreadable: string[] };

describe('rotate plan', () => {
  it('tells all about one key: what is signed anew, creds, what stays, servers, commands', async () => {
    expect(await outline(rotating(), '--account A')).toEqual([
      '# Rotating the signing keys of account "A"',
      'a2 signs now',
      '# Signed anew',
      '1 user of account "A"',
      '1 activation that "B" import with',
      '# Creds',
      'no seed here, so somebody else has to get the new JWT: "A/v"',
      '# Left as they are',
      'revoked: "A/w"',
      '# Servers',
      'after start: push 1 account ("A"), before nsc rotate activate',
      'after activate: push 1 account ("B"), before nsc rotate finish',
      'after finish: push 1 account ("A"), until then they trust the old key',
      '# Commands',
      'nsc rotate start --account "A" --push',
      'nsc rotate activate --account "A" --push',
      'nsc rotate finish --account "A" --push',
    ]);
  });

  it('names creds that are written anew, and who never expires', async () => {
    const lines = await outline(rotating(), '--role reader');
    expect(lines.slice(lines.indexOf('# Creds'), lines.indexOf('# Servers'))).toEqual([
      '# Creds',
      '1 creds file written anew: whoever uses it needs the new one',
      'never expire: "A/u"',
      '/keys/creds/O/A/u.creds',
    ]);
  });

  it('says for the operator that servers have to be restarted, and before which step', async () => {
    const servers = (lines: string[]) => lines.slice(lines.indexOf('# Servers') + 1, lines.indexOf('# Commands'));
    const restart = 'put the JWT of operator "O" into the configuration of every server and restart it';
    const note = 'a reload does not do: nsc generate config, then a restart, one server of a cluster after the other';
    expect(servers(await outline(rotating(), '--operator'))).toEqual([
      `after start: ${restart}, before nsc rotate activate`,
      'after activate: push 1 account ("A"), before nsc rotate finish',
      `after finish: ${restart}, until then they trust the old key`,
      note,
    ]);
    expect(servers(await outline(rotating(), '--identity'))).toEqual([
      `after start: ${restart}, before nsc rotate activate`,
      'after activate: push 1 account ("B"), before nsc rotate finish',
      `after finish: ${restart}, until then they trust the old key`,
      note,
    ]);
  });

  it('gives programs every token', async () => {
    const { slots, unreadable } = await report(rotating(), '--all');
    expect(unreadable).toEqual([]);
    expect(slots.map(({ slot }) => slot)).toEqual([
      'signing keys of operator "O"',
      'signing keys of account "A"',
      'role "reader" of account "A"',
    ]);
    expect(slots[0]).toMatchObject({ kind: 'operator-signing', signers: ['o2'], accounts: ['A'], users: [] });
    expect(slots[1]).toMatchObject({
      account: 'A',
      stage: 'idle',
      users: [{ account: 'A', name: 'v', publicKey: 'u2', expires: '2030-03-17T17:46:40Z' }],
      activations: [{ importer: 'B', exporter: 'A', subject: 'news' }],
      left: [{ kind: 'user', account: 'A', name: 'w', reason: 'revoked' }],
    });
    expect(slots[2]).toMatchObject({ users: [{ name: 'u', creds: '/keys/creds/O/A/u.creds' }] });
  });

  it.each<[what: string, line: string, slots: readonly string[]]>([
    [
      'the identity as well',
      '--all --identity',
      [
        'identity of operator "O"',
        'signing keys of operator "O"',
        'signing keys of account "A"',
        'role "reader" of account "A"',
      ],
    ],
    [
      "users' own keys alone",
      '--users --account A',
      ['key of user "u" of account "A"', 'key of user "v" of account "A"', 'key of user "w" of account "A"'],
    ],
    [
      'the operator and its identity',
      '--operator --identity',
      ['signing keys of operator "O"', 'identity of operator "O"'],
    ],
    ['any key of it', '$a3', ['role "reader" of account "A"']],
  ])('goes through %s', async (_what, line, slots) => {
    expect((await report(rotating(), line)).slots.map(({ slot }) => slot)).toEqual(slots);
  });

  it('goes on from where a rotation is', async () => {
    const two = operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } });
    const announced = rotating([record('o3', OPERATOR, 'next')], {}, { operator: two });
    expect((await report(announced, '--operator')).slots).toMatchObject([
      {
        stage: 'announced',
        signers: ['o2'],
        accounts: ['A'],
        commands: ['nsc rotate activate --operator --push', 'nsc rotate finish --operator'],
      },
    ]);
    const retiring = rotating([record('a3', READER, 'retiring')]);
    expect(await outline(retiring, '--role reader')).toEqual([
      '# Rotating the role "reader" of account "A"',
      'the rotation before is not finished: an old key is still trusted',
      '# Still depends on the old key',
      '1 user: "A/u"',
      '# Servers',
      'after finish: push 1 account ("A"), until then they trust the old key',
      '# Commands',
      'nsc rotate finish --account "A" --role "reader" --push',
    ]);
  });

  it('a first signing key takes over from the identity, and nothing has to be finished', async () => {
    const given = rotating([], {}, { operator: operator({ nats: { signing_keys: [] } }) });
    expect((await report(given, '--operator')).slots).toMatchObject([
      {
        signers: ['o1'],
        accounts: ['B'],
        commands: ['nsc rotate start --operator', 'nsc rotate activate --operator --push'],
      },
    ]);
  });

  it('tells why it cannot be done here, and what would change all the same', async () => {
    const poor = rotating([], { stored: ['a1', 'a2', 'a3', 'u1'] });
    const lines = await outline(poor, '--role reader');
    expect(lines[2]).toMatch(/^it cannot be done here: no key that may sign/);
    expect(lines).toContain('1 user of account "A"');
  });

  it('what cannot be read is named', async () => {
    const { unreadable, slots } = await report(rotating([], { unreadable: ['A'] }), '--all');
    expect([unreadable, slots.length]).toEqual([['account "A" is broken'], 1]);
  });

  it('names many in few lines for people', async () => {
    const lines = await outline(rotating([record('o2', OPERATOR, 'active')]), '--all');
    expect(lines.slice(0, 3)).toEqual([
      '# Signing keys of operator "O"',
      'signed anew: 1 account: "A"',
      'nsc rotate start --operator',
    ]);
  });

  itRefuses(command, rotating(), {
    'without a word which key': ['', ['missing-option', 'nothing says which keys are meant']],
    'the identity of an account': [
      '$a1',
      ['policy-refused', 'the identity of account "A" is what servers know it by, and does not rotate'],
    ],
    'a key of nobody': ['$ax', ['key-not-found', 'operator "O" has nothing to do with ax']],
  });
});

import { describe, expect, it, vi } from 'vitest';
import { command } from '../../../../src/commands/generate/diagram/component.js';
import { draw as drawAs, textOf } from '../../../app/diagram/draw.js';
import { account, operator, pub } from '../../../domain/trust/hierarchy.js';
import { itRefuses } from '../../../support/cases.js';
import type { Given } from '../../../support/plan.js';

const given: Given = {
  operators: [
    {
      operator: operator({ nats: { system_account: pub('a4') } }),
      accounts: [
        account('A', 'a1', {
          nats: {
            description: 'Where orders are',
            info_url: 'https://example.com/a',
            exports: [
              { name: 'Events', subject: 'ev.>', type: 'stream', description: 'end note', info_url: 'https://x.com' },
              { name: 'Help', subject: 'help.*', type: 'service', token_req: true },
              { subject: '$SYS.REQ-1', type: 'service' },
            ],
          },
        }),
        account('B', 'b1', {
          nats: {
            imports: [
              { name: 'e', subject: 'ev.eu', account: pub('a1'), type: 'stream', local_subject: 'events' },
              { name: 'h', subject: 'help.b', account: pub('a1'), type: 'service' },
              { name: 'n', subject: 'nope', account: pub('a1'), type: 'service' },
              { name: 'f', subject: 'far', account: pub('ax'), type: 'stream' },
            ],
          },
        }),
        account('Idle', 'a3'),
        account('SYS', 'a4'),
      ],
    },
  ],
};

const draw = (line: string, world: Given = given) => drawAs(command, world, line);

const edges = [
  'a1_ev__G_ -> a1: ev.>',
  'a1_help__A_ -> a1: help.*',
  'a1__D_SYS_REQ_M_1 -> a1: $SYS.REQ-1',
  'b1 -> a1_ev__G_: ev.eu | here events',
  'b1 -> ax_far: far',
  'b1 -> a1_help__A_: help.b',
  'b1 -> a1_nope: nope',
];
const problems = [
  'a1_help__A_: * account "B", import "help.b": the export of account "A" is private, and there is no activation',
  'a1_nope: * account "B", import "nope": account "A" has no service export of "nope"',
  'ax_far: * account "B", import "far": account ax is not in this store, so its export was not checked',
];
const nodes = {
  a1: { label: 'A', what: 'account', rows: [] },
  b1: { label: 'B', what: 'account', rows: [] },
  a1_ev__G_: { label: 'Events', what: 'public stream', rows: [] },
  a1_help__A_: { label: 'Help', what: 'private service', rows: [] },
  a1__D_SYS_REQ_M_1: { label: '$SYS.REQ-1', what: 'public service', rows: [] },
  a1_nope: { label: ' ', what: 'not-found public service', rows: [] },
  ax_far: { label: ' ', what: 'not-found public stream', rows: [] },
};

describe('a component diagram', () => {
  it('has the accounts that share something, their exports, and who imports them', async () => {
    const drawing = await draw('');
    expect(drawing.title).toBe('Component Diagram of Accounts - Operator O');
    expect(drawing.nodes).toEqual(nodes);
    expect([...drawing.edges].sort()).toEqual([...edges].sort());
    expect([...drawing.notes].sort()).toEqual([...problems].sort());
  });

  it('has descriptions with --detail', async () => {
    const { notes } = await draw('--detail');
    expect([...notes].sort()).toEqual(
      [
        'a1: Where orders are | [[https://example.com/a info]]',
        'a1_ev__G_: end note | [[https://x.com info]]',
        ...problems,
      ].sort(),
    );
  });

  it('says the same in Mermaid', async () => {
    const drawing = await draw('--format mermaid --detail');
    expect(drawing.title).toBe('Component Diagram of Accounts - Operator O');
    const named = Object.entries(nodes).map(([id, { label, what }]) => {
      if (what === 'account') return [id, { label, what: '', rows: [] }];
      return [id, { label: label === ' ' ? (id.endsWith('far') ? 'far' : 'nope') : label, what, rows: [] }];
    });
    expect(drawing.nodes).toEqual(Object.fromEntries(named));
    // the account stands first, so that exports are drawn to the right of it
    const turned = edges.map((edge) =>
      edge.replace(/^(a1_\w+) -> a1:/, 'a1 -> $1:').replace('here events', 'here: events'),
    );
    expect([...drawing.edges].sort()).toEqual([...turned].sort());
    expect([...drawing.notes].sort()).toEqual(
      [
        'a1: Where orders are | info: https://example.com/a',
        'a1_ev__G_: end note | info: https://x.com',
        ...problems.map((note) => note.replace(': * ', ': ')),
      ].sort(),
    );
  });

  it('explains the sign of a renamed subject where there is one', async () => {
    expect((await textOf(command, given, '')).text).toContain('legend');
    const world = { operators: [{ operator: operator(), accounts: [account('A', 'a1')] }] };
    expect((await textOf(command, world, '')).text).not.toContain('legend');
  });

  it('shows accounts that cannot be read, and what breaks a rule', async () => {
    const exports = [{ subject: 'a..b', type: 'stream' as const }];
    const world: Given = {
      operators: [{ operator: operator(), accounts: [account('A', 'a1', { nats: { exports } }), account('B', 'b1')] }],
      unreadable: ['B'],
    };
    const { nodes, notes } = await draw('', world);
    expect(nodes).toMatchObject({ a1: { label: 'A' }, B: { label: 'B' } });
    expect(notes).toEqual([
      'a1: * export "a..b": subject has an empty token',
      'B: * it cannot be read: account "B" is broken',
    ]);
  });

  it('keeps names in their places', async () => {
    const name = 'x"]} end note\n@enduml\n<b> %getenv("HOME") [[x]] **';
    const exports = [{ name, subject: 'a', type: 'stream' as const, description: name, info_url: 'https://x]] y' }];
    const A = { ...account('A', 'a1', { nats: { exports, description: name } }), name };
    const world = { operators: [{ operator: { ...operator(), name }, accounts: [A] }] };
    const shown = name.replaceAll('\n', '\\u{a}');
    for (const line of ['--detail', '--detail --format mermaid']) {
      const { title, nodes } = await draw(line, world);
      expect(title).toBe(`Component Diagram of Accounts - Operator ${shown}`);
      expect(Object.values(nodes).map(({ label }) => label)).toEqual([shown, shown]);
    }
  });

  it('goes to a file, and says where it comes from', async () => {
    const { text, answer } = await textOf(command, given, '-o x.puml');
    expect(answer).toEqual({ kind: 'emitted', what: 'component diagram', file: 'x.puml', data: { operator: 'O' } });
    expect(text).toMatch(/\nfooter generated by nsc - store dir: \/stores - date: 2023-11-14 22:14:20 UTC\n@enduml\n$/);
    expect((await textOf(command, given, '--output-file --')).answer).not.toHaveProperty('file');
  });

  it('reads an account twice at most, however many imports there are', async () => {
    const { world } = await textOf(command, given, '');
    const read = vi.spyOn(world.workspace.tree('O'), 'findAccount');
    const { context, input } = await world.prepare(command, '');
    command.run(context, input as never);
    expect(new Set(read.mock.calls.flat())).toEqual(new Set(['A', 'B', 'Idle', 'SYS']));
    expect(read.mock.calls.length).toBeLessThanOrEqual(8);
  });

  itRefuses(command, given, {
    'in another language': ['--format svg', ['bad-value', '--format: "svg" is not one of plantuml, mermaid']],
    'with users': ['--users', ['unknown-option', '"nsc test" has no option --users']],
  });
});

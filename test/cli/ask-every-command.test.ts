import { describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/app/command.js';
import type { OptionSet } from '../../src/app/option.js';
import { askForMissing } from '../../src/cli/ask.js';
import type { Input } from '../../src/cli/input.js';
import { NscError } from '../../src/errors.js';
import { service, stream, streamFrom } from '../domain/sharing/accounts.js';
import { account, KEYS, operator, pub, scope, under, user } from '../domain/trust/hierarchy.js';
import { FakePrompter } from '../support/fake-prompter.js';
import { FakeWorld, type Given, NOW } from '../support/fake-world.js';
import { findLeaves } from '../support/leaves.js';

/** Every command with Enter for every answer: no question crashes, and none edits by itself. */

const A = account('A', 'a1', {
  nats: {
    signing_keys: [pub('a2'), scope('a4', 'reader')],
    exports: [stream('news.>'), service('pay', { service_latency: { sampling: 10, results: 'lat' } })],
    imports: [streamFrom('b1', 'x'), streamFrom('b1', 'y')],
    mappings: { from: [{ subject: 'to', weight: 50 }] },
    revocations: { [pub('u1')]: 1 },
    trace: { dest: 'traces', sampling: 5 },
    tags: ['t'],
  },
});
const users = [user('A/u', 'u1'), user('A/v', 'u2', { by: 'a4', nats: under('a1') }), user('B/w', 'u3', { by: 'b1' })];
const O = operator({ nats: { signing_keys: [pub('o2')], tags: ['t'], system_account: pub('b1') } });
const full: Given = { operators: [{ operator: O, accounts: [A, account('B', 'b1')], users }] };
const worlds: Record<string, Given> = {
  nothing: {},
  'an operator': { operators: [{ operator: operator() }] },
  'one of each': { operators: [{ operator: operator(), accounts: [account('A', 'a1')], users: [user('A/u', 'u1')] }] },
  'a lot': full,
};

const leaves = [...findLeaves()];

describe.each(leaves)('%s', (_path, leaf) => {
  it.each(Object.entries(worlds))('can be asked about where there is %s', async (_what, given) => {
    const { command } = await leaf.load();
    const world = new FakeWorld(given);
    const { workspace } = world;
    await tolerant(async () => {
      const input = await askAll(command, world);
      command.signers?.({ workspace, tree: workspace.tree(workspace.selected.operator), now: NOW }, input as never);
    });
  });
});

it.each(leaves.filter(([path]) => path.startsWith('edit ')))('%s edits nothing', async (_path, leaf) => {
  const command = (await leaf.load()).command as Mutation<OptionSet>;
  const world = new FakeWorld(full);
  const { workspace, ports } = world;
  const input = await askAll(command, world);
  const context = { workspace, ports, tree: workspace.tree('O'), now: NOW, newKey: () => KEYS.a3 };
  const refused = await tolerant(async () => void command.plan(context, input as never));
  expect(refused?.code).toMatch(/^(nothing-to-do|missing-option)$/);
});

const askAll = (command: Parameters<typeof askForMissing>[0], { workspace, ports }: FakeWorld): Promise<Input> =>
  askForMissing(command, {}, { workspace, ports, prompter: new FakePrompter() });

/** A refusal is fine, a crash is not. */
async function tolerant(action: () => Promise<void>): Promise<NscError | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof NscError && error.code !== 'bug') return error;
    throw error;
  }
}

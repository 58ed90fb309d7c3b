import { describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/app/command.js';
import type { OptionSet } from '../../src/app/option.js';
import { command as addExport } from '../../src/commands/add/export.js';
import { command as addImport } from '../../src/commands/add/import.js';
import { command as addMapping } from '../../src/commands/add/mapping.js';
import { command as addUser } from '../../src/commands/add/user.js';
import { command as deleteImport } from '../../src/commands/delete/import.js';
import { command as deleteUser } from '../../src/commands/delete/user.js';
import { command as editAccount } from '../../src/commands/edit/account.js';
import { command as editCallout } from '../../src/commands/edit/authcallout.js';
import { command as editExport } from '../../src/commands/edit/export.js';
import { command as editSigningKey } from '../../src/commands/edit/signing-key.js';
import { command as editUser } from '../../src/commands/edit/user.js';
import { command as exportKeys } from '../../src/commands/export/keys.js';
import { command as keysNote } from '../../src/commands/keys/note.js';
import { command as addActivation } from '../../src/commands/revocations/add_activation.js';
import { command as addRevocation } from '../../src/commands/revocations/add-user.js';
import { command as deleteRevocation } from '../../src/commands/revocations/delete-user.js';
import { applyChanges } from '../../src/domain/apply.js';
import type { UserScope } from '../../src/domain/claims/types.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { lostTrust } from '../../src/domain/trust/blast-radius.js';
import { checkOutcome } from '../../src/domain/trust/check-outcome.js';
import { service, stream, streamFrom } from '../domain/sharing/accounts.js';
import { account, operator, pub, user } from '../domain/trust/hierarchy.js';
import { FakeWorld, type Given, NOW } from '../support/fake-world.js';

/*
 * What is named is read, and nothing else: an edit costs the same under ten accounts and users as under a hundred
 * thousand.
 */

const SCANS = ['accountNames', 'findAccountByKey', 'userNames', 'findUserByKey', 'storedKeys'] as const;

const role: UserScope = { kind: 'user_scope', key: pub('a2'), role: 'reader', template: { sub: { allow: ['x'] } } };
const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [
        account('A', 'a1', {
          nats: {
            exports: [stream('news.>'), stream('pay.>', { token_req: true }), service('ask')],
            imports: [streamFrom('b1', 'weather')],
            signing_keys: [role],
            revocations: { [pub('u1')]: 1 },
          },
        }),
        account('B', 'b1', { nats: { exports: [stream('weather'), stream('radar')] } }),
      ],
      users: [user('A/u', 'u1')],
    },
  ],
};

/** A tree that remembers who scanned it. */
function watched(tree: Tree, scans: string[]): Tree {
  return new Proxy(tree, {
    get(target, name) {
      if ((SCANS as readonly unknown[]).includes(name)) scans.push(String(name));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** How a command line looks through the tree, from the plan to the last check before the commit. */
async function scansOf<Options extends OptionSet>(command: Mutation<Options>, line: string): Promise<string[]> {
  const { context, input } = await new FakeWorld(given).prepare(command, line);
  const scans: string[] = [];
  const before = watched(context.tree, scans);
  const workspace = { ...context.workspace, tree: () => before };
  const { changes } = command.plan({ ...context, tree: before, workspace } as typeof context, input as never);
  const after = applyChanges(before, changes);
  checkOutcome(before, after, changes, NOW);
  lostTrust(before, after, changes, NOW);
  return scans;
}

describe('an edit that names everything scans nothing', () => {
  it.each([
    ['add user', addUser, '-a A --name new'],
    ['add user', addUser, '-a A --name new --role reader'],
    ['edit user', editUser, '-a A --name u --tag t'],
    ['delete user', deleteUser, '-a A --name u --revoke'],
    ['edit account', editAccount, '--name A --conns 5'],
    ['edit signing-key', editSigningKey, '-a A reader --description d'],
    ['edit authcallout', editCallout, '-a A --auth-user u --allowed-account B'],
    ['add mapping', addMapping, '-a A --from x --to y'],
    ['add export', addExport, '-a A --subject other'],
    ['edit export', editExport, '-a A --subject news.> --name news'],
    ['add import', addImport, '-a A --src-account B --remote-subject radar'],
    ['delete import', deleteImport, '-a A --subject weather --src-account B'],
    ['delete import', deleteImport, '-a A --subject weather --src-account $b1'],
    ['keys note', keysNote, '$o1 mine'],
    ['keys note', keysNote, '-a A reader mine'],
    ['export keys', exportKeys, '--users --account A --user u --remove --dir /out'],
    ['revocations add-user', addRevocation, '-a A --name u'],
    ['revocations delete-user', deleteRevocation, '-a A --name u'],
    ['revocations add_activation', addActivation, '-a A --subject pay.> --target-account B'],
  ] as const)('%s', async (_name, command, line) => {
    expect(await scansOf(command as Mutation<OptionSet>, line)).toEqual([]);
  });
});

describe('a key that is given in place of a name is looked for once', () => {
  it.each([
    ['the exporter of an import', addImport, '-a A --src-account $b1 --remote-subject radar'],
    ['whoever has an activation', addActivation, '-a A --subject pay.> --target-account $b1'],
  ] as const)('%s', async (_what, command, line) => {
    expect(await scansOf(command as Mutation<OptionSet>, line)).toEqual(['findAccountByKey']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/app/command.js';
import { askForMissing } from '../../../src/cli/ask.js';
import { command as addImport } from '../../../src/commands/add/import.js';
import { command as deleteImport } from '../../../src/commands/delete/import.js';
import { activation, service, serviceFrom, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { type Answers, FakePrompter } from '../../support/fake-prompter.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';

/** What interactive mode asks about imports (nsc-core.md §9.6, §9.16), and what becomes of the answers. */

const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [
        account('A', 'a1', {
          nats: {
            exports: [
              stream('data.*.>', { account_token_position: 2, name: 'mine' }),
              service('pay.*', { token_req: true, name: 'payments' }),
            ],
          },
        }),
        account('B', 'b1', { nats: { imports: [streamFrom('a1', 'both'), streamFrom('ax', 'both')] } }),
        account('C', 'a3', { nats: { imports: [serviceFrom('a1', 'twin'), streamFrom('a1', 'twin')] } }),
      ],
    },
  ],
  files: { 'pay.jwt': activation('pay.card', { kind: 'service' }) },
};

async function ask(command: Command, input: Record<string, unknown>, answers: Answers) {
  const { workspace, ports, aliases } = new FakeWorld(given);
  const prompter = new FakePrompter(answers);
  const answered = await askForMissing(command, input, { workspace, ports, prompter });
  return { asked: prompter.asked.map(aliases.name), answered: aliases.plain(answered) };
}

const OFFER =
  'Import: "data.*.>": public stream of account "A" / "pay.*": private service of account "A" / something else';
const SUBJECT = 'Subject in the account that exports';

describe('add import -i', () => {
  it('fills in what an export wants and is called', async () => {
    const { asked, answered } = await ask(
      addImport,
      { account: 'B' },
      { Import: '"data.*.>": public stream of account "A"' },
    );
    expect(asked).toEqual([
      OFFER,
      `${SUBJECT} (data.b1.>)`,
      'Name of the import (mine)',
      'Local subject (data.>)',
      'Allow tracing? no',
    ]);
    expect(answered).toEqual({
      account: 'B',
      export: { account: 'A', type: 'stream', subject: 'data.*.>' },
      remoteSubject: 'data.b1.>',
      name: 'mine',
      localSubject: 'data.>',
    });
  });

  it('asks for a part of a wildcard, and of a service whether to share', async () => {
    const answers = {
      Import: '"pay.*": private service of account "A"',
      [SUBJECT]: 'pay.card',
      'Local subject': 'pay',
    };
    const { asked, answered } = await ask(addImport, { account: 'B', name: 'p' }, answers);
    expect(asked.slice(1)).toEqual([
      `${SUBJECT} (pay.*)`,
      'Local subject',
      'Share connection information with a service that measures latencies? no',
    ]);
    expect(answered).toMatchObject({ remoteSubject: 'pay.card', localSubject: 'pay' });
  });

  it('asks for an activation when it is something else, and then for nothing that it says', async () => {
    const token = 'File or URL of the activation (empty: the export is public)';
    const { asked, answered } = await ask(
      addImport,
      { account: 'B' },
      { Import: 'something else', [token]: 'pay.jwt' },
    );
    expect(asked).toEqual([OFFER, token, 'Name of the import', 'Local subject']);
    expect(answered).toMatchObject({ token: { given: 'pay.jwt' } });
  });

  it('asks for account, subject and type without an activation', async () => {
    const { asked, answered } = await ask(
      addImport,
      { account: 'B' },
      {
        Import: 'something else',
        'Account that exports, by name or public key': 'A',
        [SUBJECT]: 'time',
        'Is it a service (rather than a stream)?': false,
      },
    );
    expect(asked.slice(2)).toEqual([
      'Account that exports, by name or public key',
      SUBJECT,
      'Is it a service (rather than a stream)? yes',
      'Name of the import (time)',
      'Local subject',
      'Allow tracing? no',
    ]);
    expect(answered).toEqual({ account: 'B', srcAccount: 'A', remoteSubject: 'time', service: false, name: 'time' });
  });

  it('asks nothing that was given', async () => {
    const { asked } = await ask(
      addImport,
      { account: 'B', srcAccount: 'A', remoteSubject: 'x', service: true, name: 'x', localSubject: 'y', share: true },
      {},
    );
    expect(asked).toEqual([]);
  });

  it('asks for a subject again that is none', async () => {
    const { asked } = await ask(
      addImport,
      { account: 'B', srcAccount: 'A', service: true, name: 'x', localSubject: 'y', share: false },
      { [SUBJECT]: ['a..b', 'a.b'] },
    );
    expect(asked).toEqual([SUBJECT, '! subject "a..b" has an empty token']);
  });
});

describe('delete import -i', () => {
  it('offers each subject once, and the accounts it comes from', async () => {
    const { asked, answered } = await ask(deleteImport, { account: 'B' }, { 'From which account': `A [${pub('a1')}]` });
    expect(asked).toEqual(['From which account: A [a1] / ax']);
    expect(answered).toEqual({ account: 'B', subject: 'both', srcAccount: 'a1' });
  });

  it('asks for the type where a stream and a service have the same subject', async () => {
    const question = 'The service of that subject (rather than the stream)?';
    const { asked, answered } = await ask(deleteImport, { account: 'C' }, { [question]: true });
    expect(asked).toEqual([`${question} no`]);
    expect(answered).toEqual({ account: 'C', subject: 'twin', service: true });
  });
});

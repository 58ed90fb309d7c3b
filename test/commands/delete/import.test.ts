import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/delete/import.js';
import type { Import } from '../../../src/domain/claims/types.js';
import { serviceFrom, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, planRaw, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const importing = (...imports: Import[]): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1'), account('B', 'b1', { nats: { imports } })] }],
  selected: { account: 'B' },
});

const one = streamFrom('a1', 'one', { local_subject: 'here' });
const IMPORTS = {
  one,
  old: serviceFrom('a1', 'old', { to: 'remote', name: 'an old one' }),
  both: streamFrom('a1', 'both'),
  'both of ax': streamFrom('ax', 'both', { local_subject: 'x' }),
  twin: streamFrom('ax', 'twin'),
  'service twin': serviceFrom('ax', 'twin'),
} as const satisfies Record<string, Import>;
const many = importing(...Object.values(IMPORTS));

describe('what goes', () => {
  const cases: Record<string, readonly [line: string, gone: keyof typeof IMPORTS]> = {
    'the import of a subject': ['--subject one', 'one'],
    'the same in an account that is named': ['-a B -s one --src-account A', 'one'],
    'an old one by its remote subject': ['-s remote', 'old'],
    'an old one by what it is called here': ['-s old', 'old'],
    'one of several, by the name of its account': ['-s both --src-account A', 'both'],
    'one of several, by a key': ['-s both --src-account $ax', 'both of ax'],
    'the stream of two': ['-s twin --service=false', 'twin'],
    'the service of two': ['-s twin --service', 'service twin'],
  };
  it.each(Object.entries(cases))('%s', async (_what, [line, gone]) => {
    const { after } = await planRaw(command, many, line);
    const left = after.findAccount('B')?.claims.nats.imports ?? [];
    const { [gone]: _gone, ...others } = IMPORTS;
    expect(left).toHaveLength(5);
    expect(left).toEqual(expect.arrayContaining(Object.values(others)));
  });
});

describe('what was imported twice', () => {
  const [first, second] = [streamFrom('a1', 'dup'), streamFrom('a1', 'dup', { local_subject: 'elsewhere' })];
  const again = { ...first, name: 'again' };
  it.each([
    ['by its local subject', '-s elsewhere', [first, second], [first]],
    ['the later one of two on the same subject, which servers pass over', '-s dup', [first, again], [first]],
  ] as const)('%s', async (_what, line, imports, left) => {
    const { after } = await planRaw(command, importing(...imports), line);
    expect(after.findAccount('B')?.claims.nats.imports).toEqual(left);
  });

  itRefuses(command, importing(first, second), {
    'by the subject they share': ['-s dup', ['missing-option', 'account "B" imports "dup" more than once']],
  });
});

describe('the report', () => {
  itPlans(command, importing(one), {
    'names the only import, and what its users lose': [
      '-K $o2',
      {
        changes: ['put-account B by o2'],
        claims: { B: { iss: ['o1', 'o2'], ...removed('nats.imports', [one]) } },
        steps: ['deleted stream import "one" of account "B"'],
        warnings: ['users of account "B" receive nothing on "here" any more'],
      },
    ],
    'names a service': [
      '',
      {
        changes: ['put-account B by o1'],
        claims: { B: removed('nats.imports', [serviceFrom('a1', 's')]) },
        steps: ['deleted service import "s" of account "B"'],
        warnings: ['users of account "B" reach no service on "s" any more'],
      },
      importing(serviceFrom('a1', 's')),
    ],
  });
});

describe('refused', () => {
  itRefuses(command, many, {
    'one of several without a subject': ['', ['missing-option', 'account "B" has 6 imports']],
    'one of several accounts': ['-s both', ['missing-option', 'account "B" imports "both" from several accounts']],
    'a stream and a service': [
      '-s twin',
      ['missing-option', 'account "B" imports "twin" both as a stream and as a service'],
    ],
    'a subject that is not imported': ['-s ones', ['item-not-found', 'account "B" imports no "ones"']],
    'a subject that is not imported from there': [
      '-s one --src-account $ax',
      ['item-not-found', 'account "B" imports no "one" from ax'],
    ],
    'an account that nothing comes from': [
      '--src-account $b1',
      ['item-not-found', 'account "B" imports nothing from b1'],
    ],
    'an account that is not there': [
      '-s one --src-account Z',
      ['account-not-found', 'account "Z" does not exist under operator "O"'],
    ],
    'an account without imports': ['-a A', ['item-not-found', 'account "A" has no imports']],
  });
});

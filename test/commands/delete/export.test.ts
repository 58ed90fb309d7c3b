import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/delete/export.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { service, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, type Planned, planRaw, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const world = (a: AccountBody, b: AccountBody = {}): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats: a }), account('B', 'b1', { nats: b })] }],
});
const given = world({ exports: [stream('news.>', { name: 'news' }), service('pay')] });

const deleted = (what: string, claims: object, more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [`deleted ${what}`],
  ...more,
});
const without = (subject: string, members: object) => removed(`nats.exports[${subject}]`, members);

describe('an export is deleted', () => {
  itPlans(command, given, {
    'by its subject': [
      "--subject 'news.>'",
      deleted('stream export "news"', without('news.>', { name: 'news', subject: 'news.>', type: 'stream' })),
    ],
    'without a subject, when it is the only one': [
      '',
      deleted('service export "pay"', removed('nats.exports', [service('pay')])),
      world({ exports: [service('pay')] }),
    ],
    'of the account that is named, by the key that is named': [
      '--account A -s pay -K $o2',
      {
        ...deleted('service export "pay"', { iss: ['o1', 'o2'], ...without('pay', service('pay')) }),
        changes: ['put-account A by o2'],
      },
      { ...given, selected: { account: 'B' } },
    ],
  });

  const twins = world({ exports: [stream('a', { name: 'told' }), service('a', { name: 'asked' })] });
  it.each([
    ['-s a --service', 'told', 'deleted service export "asked"'],
    ['-s a --service=false', 'asked', 'deleted stream export "told"'],
  ])('of two of one subject the one that is meant: %s', async (line, kept, step) => {
    const { shown, after } = await planRaw(command, twins, line);
    expect(shown.steps).toEqual([step]);
    expect(after.findAccount('A')?.claims.nats.exports?.map((entry) => entry?.name)).toEqual([kept]);
  });

  it('and empty entries stay, which are not its business', async () => {
    const spoilt = world({ exports: [stream('a'), null] });
    const { after } = await planRaw(command, spoilt, '-s a');
    expect(after.findAccount('A')?.claims.nats.exports).toEqual([null]);
  });
});

describe('what is taken away is named first', () => {
  const imports = [streamFrom('a1', 'news.eu'), streamFrom('a1', 'pay')];
  const shared = world(
    { exports: [stream('news.>', { revocations: { [pub('b1')]: 5, '*': 3 } }), service('pay')] },
    { imports },
  );
  const warnings = [
    'account "B" imports "news.eu", and gets nothing from then on',
    '2 revocations of activations would be forgotten: they count again should "news.>" be exported anew',
  ];

  it('who imports it, and what is forgotten with it', async () => {
    const { shown, plan } = await planRaw(command, shared, "-s 'news.>'");
    expect(shown.warnings).toEqual(warnings);
    expect(command.confirm?.({} as never, {} as never, plan)).toBe('Delete it all the same?');
  });

  it('and nothing is asked where nobody loses anything', async () => {
    const { shown, plan } = await planRaw(command, shared, '-s pay');
    expect(shown.warnings).toBeUndefined();
    expect(command.confirm?.({} as never, {} as never, plan)).toBeUndefined();
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'none of several': [
      '',
      ['missing-option', 'account "A" has 2 exports to choose from: stream "news.>", service "pay"'],
    ],
    'a part of what is exported': ['-s news.eu', ['item-not-found', 'account "A" has no export "news.eu"']],
    'one of the other type': ['-s pay --service=false', ['item-not-found', 'account "A" has no stream export "pay"']],
    'an account without exports': ['-a B', ['item-not-found', 'account "B" has no exports']],
    'a key that signs no accounts': [
      '-s pay -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
  });

  itRefuses(command, world({ exports: [stream('a'), service('a')] }), {
    'a stream and a service of one subject': [
      '-s a',
      ['missing-option', 'account "A" exports "a" as a stream and as a service'],
    ],
  });
});

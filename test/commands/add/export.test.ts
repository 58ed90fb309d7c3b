import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/add/export.js';
import type { Export } from '../../../src/domain/claims/types.js';
import { service, stream } from '../../domain/sharing/accounts.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, type Planned } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const given: Given = { operators: [{ operator: O, accounts: [account('A', 'a1'), account('B', 'b1')] }] };
const withExports = (...exports: (Export | null)[]): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats: { exports } as never })] }],
});

const plans = (entry: Export, what: string, more: { account?: string; by?: string; at?: string } = {}): Planned => {
  const { account: name = 'A', by = 'o1', at } = more;
  const claims = at === undefined ? added('nats.exports', [entry]) : added(`nats.exports[${at}]`, entry);
  const signed = by === 'o1' ? {} : { iss: ['o1', by] };
  return {
    changes: [`put-account ${name} by ${by}`],
    claims: { [name]: { ...signed, ...claims } },
    steps: [`added ${what}`],
  };
};

describe('streams', () => {
  itPlans(command, given, {
    'public, called by their subject': [
      "--subject 'news.>'",
      plans({ name: 'news.>', subject: 'news.>', type: 'stream' }, 'public stream export "news.>"'),
    ],
    'private, with a name': [
      "--name orders -s 'orders.*' --private",
      plans({ name: 'orders', subject: 'orders.*', type: 'stream', token_req: true }, 'private stream export "orders"'),
    ],
    'with the importing account in the subject': [
      "-n mine -s 'data.*.>' --account-token-position 2",
      plans(
        { name: 'mine', subject: 'data.*.>', type: 'stream', account_token_position: 2 },
        'public stream export "mine"',
      ),
    ],
    'where nothing is said that only services have': [
      '-s a --service=false --private=false --allow-trace=false --response-threshold 0 --account-token-position 0',
      plans({ name: 'a', subject: 'a', type: 'stream' }, 'public stream export "a"'),
    ],
    'of another account': [
      '--account B --subject a',
      plans({ name: 'a', subject: 'a', type: 'stream' }, 'public stream export "a"', { account: 'B' }),
    ],
    'signed by the key that is named': [
      '-a A -s a -K $o2',
      plans({ name: 'a', subject: 'a', type: 'stream' }, 'public stream export "a"', { by: 'o2' }),
    ],
    'beside a service of the same subject': [
      '-s a',
      plans({ name: 'a', subject: 'a', type: 'stream' }, 'public stream export "a"', { at: 'a#2' }),
      withExports(service('a')),
    ],
  });
});

describe('services', () => {
  const entry: Export = { name: 'pay', subject: 'pay.*', type: 'service', response_type: 'Singleton' };
  itPlans(command, given, {
    'answer once unless said otherwise': ["-r -n pay -s 'pay.*'", plans(entry, 'public service export "pay"')],
    'with everything': [
      "--service -n pay -s 'pay.*' -p --response-type Chunked --response-threshold 2s --latency lat.pay --sampling 25 " +
        '--allow-trace --advertise',
      plans(
        {
          ...entry,
          token_req: true,
          response_type: 'Chunked',
          response_threshold: 2_000_000_000,
          service_latency: { sampling: 25, results: 'lat.pay' },
          advertise: true,
          allow_trace: true,
        },
        'private service export "pay"',
      ),
    ],
    'whose latencies are told where a request asks for it': [
      "-r -n pay -s 'pay.*' --latency lat.pay",
      plans({ ...entry, service_latency: { sampling: 'headers', results: 'lat.pay' } }, 'public service export "pay"'),
    ],
  });
});

describe('refused', () => {
  const services = 'only services have that, and the export is a stream';
  itRefuses(command, given, {
    'no subject': ['-n orders', ['missing-option', 'an export needs a subject']],
    'a subject that is none': ['-s a..b', ['bad-value', '--subject: subject "a..b" has an empty token']],
    'an account that is not there': [
      '-s a -a X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'an argument': ['news', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    'a private export with the importing account in it': [
      "-p -s 'a.*' --account-token-position 2",
      ['conflicting-options', '--private and --account-token-position exclude each other'],
    ],
    'a position that is no *': [
      "-s 'a.*' --account-token-position 1",
      [
        'invalid-claims',
        'account "A" would be invalid: export "a.*": account token position 1 points at "a" and not at a "*"',
      ],
    ],
    'what only services have': [
      '-s a --latency b --sampling 5 --response-type Stream --response-threshold 1s --allow-trace',
      [
        'conflicting-options',
        `--latency, --sampling, --response-type, --response-threshold, --allow-trace: ${services}`,
      ],
    ],
    'the default of it, too': [
      '-s a --response-type Singleton',
      ['conflicting-options', `--response-type: ${services}`],
    ],
    'sampling that is none (E-17)': [
      '-r -s a --latency b --sampling 0',
      ['bad-value', '--sampling: "0" is neither "header" nor a percentage from 1 to 100'],
    ],
    'sampling without a subject for it': [
      '-r -s a --sampling 5',
      ['missing-option', '--sampling needs a subject for the latencies'],
    ],
    'a negative threshold': [
      '-r -s a --response-threshold=-1s',
      ['bad-value', '--response-threshold: "-1s" is negative'],
    ],
    'a key that signs no accounts': [
      '-s a -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
  });

  itRefuses(command, withExports(stream('news.*', { name: 'news' }), null), {
    'the same subject again': [
      "-s 'news.*'",
      ['already-exists', 'stream export "news" of account "A" has the subject "news.*" already'],
    ],
    'a part of what is exported': [
      '-s news.eu',
      ['already-exists', '"news.eu" overlaps with "news.*", the stream export "news" of account "A"'],
    ],
    'more than what is exported': [
      "-s 'news.>'",
      ['already-exists', '"news.>" overlaps with "news.*", the stream export "news" of account "A"'],
    ],
  });

  const noWildcards = account('A', 'a1', { nats: { limits: { exports: 5, wildcards: false } } });
  itRefuses(
    command,
    { operators: [{ operator: O, accounts: [noWildcards] }] },
    {
      'a wildcard where the account may export none (E-34)': [
        "-s 'a.*'",
        ['invalid-claims', 'account "A" would be invalid: export "a.*": the limits allow no wildcards'],
      ],
    },
  );
});

it('may be signed by whom accounts are signed by', () => {
  expect(command.signers).toBeDefined();
});

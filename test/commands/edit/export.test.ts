import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/edit/export.js';
import type { Export } from '../../../src/domain/claims/types.js';
import { activation, service, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, type Planned, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const withExports = (...exports: Export[]): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats: { exports } }), account('B', 'b1')] }],
});

/** What nsc loses (E-18), and a member of servers to come. */
const rich = {
  name: 'pay',
  subject: 'pay.*',
  type: 'service',
  token_req: true,
  revocations: { [pub('b1')]: 5, '*': 3 },
  response_type: 'Stream',
  response_threshold: 1_000_000_000,
  service_latency: { sampling: 10, results: 'lat.pay', later: true },
  advertise: true,
  allow_trace: true,
  future: { a: [1] },
} as Export;
const given = withExports(rich);

const edited = (differences: object, steps: string[], more: Partial<Planned> & { name?: string } = {}): Planned => {
  const { name = 'service export "pay"', ...planned } = more;
  return {
    changes: ['put-account A by o1'],
    claims: { A: differences },
    steps: [...steps, `edited ${name}`],
    ...planned,
  };
};
const at = (member: string): string => `nats.exports[pay.*].${member}`;

describe('an export that has little', () => {
  const plain = 'service export "x"';
  itPlans(command, withExports(service('x', { name: 'x' })), {
    'becomes a stream without a word of loss': [
      '--service=false',
      edited({ 'nats.exports[x].type': ['service', 'stream'] }, ['changed export type to stream'], {
        name: 'stream export "x"',
      }),
    ],
    'becomes public, though accounts are named in its subject, which private ones may not': [
      '--private=false',
      edited({ 'nats.exports[x.*].token_req': { removed: true } }, ['changed export to be public'], { name: plain }),
      withExports(service('x.*', { name: 'x', token_req: true, account_token_position: 2 })),
    ],
    'keeps the share that is measured, which claims write in two ways': [
      '--sampling header --latency lat',
      edited({}, [], { name: plain }),
      withExports(service('x', { name: 'x', service_latency: { sampling: 0, results: 'lat' } })),
    ],
  });
});

describe('what is given changes, and nothing else (E-18)', () => {
  itPlans(command, given, {
    'the name': [
      '--name paying',
      edited({ [at('name')]: ['pay', 'paying'] }, ['changed export name to "paying"'], {
        name: 'service export "paying"',
      }),
    ],
    'the description': [
      "-s 'pay.*' --description 'takes money'",
      edited({ [at('description')]: { added: 'takes money' } }, ['changed description to "takes money"']),
    ],
    'where to read about it': [
      '--info-url https://example.com',
      edited({ [at('info_url')]: { added: 'https://example.com' } }, ['changed info url to "https://example.com"']),
    ],
    'how it answers': [
      '--response-type Singleton',
      edited({ [at('response_type')]: ['Stream', 'Singleton'] }, ['changed response type to Singleton']),
    ],
    'how long it may take, alone (E-46)': [
      '--response-threshold 2s',
      edited({ [at('response_threshold')]: [1_000_000_000, 2_000_000_000] }, ['changed response threshold to 2s']),
    ],
    'how long it may take, to what the importer waits': [
      '--response-threshold 0',
      edited({ [at('response_threshold')]: { removed: 1_000_000_000 } }, ['changed response threshold to 0s']),
    ],
    'latency tracking, taken away alone (E-46)': [
      '--rm-latency-sampling',
      edited(
        {
          [at('service_latency.sampling')]: { removed: 10 },
          [at('service_latency.results')]: { removed: 'lat.pay' },
          [at('service_latency.later')]: { removed: true },
        },
        ['removed latency tracking'],
      ),
    ],
    'the share of requests, on the same subject': [
      '--sampling header',
      edited({ [at('service_latency.sampling')]: [10, 'headers'] }, [
        'changed service latency to requests with a tracing header, on "lat.pay"',
      ]),
    ],
    'the subject for latencies, for the same share': [
      '--latency lat.other',
      edited({ [at('service_latency.results')]: ['lat.pay', 'lat.other'] }, [
        'changed service latency to 10% of requests, on "lat.other"',
      ]),
    ],
    tracing: [
      '--allow-trace=false',
      edited({ [at('allow_trace')]: { removed: true } }, ['changed allowed trace to false']),
    ],
    'who may import it (E-47)': [
      '--private=false',
      edited({ [at('token_req')]: { removed: true } }, [
        'changed export to be public',
        'warn: 2 revocations of activations will have no effect, because everybody may import it',
      ]),
    ],
    'nothing that is as it is given': [
      '--name pay --private --service --response-type Stream --response-threshold 1s --allow-trace --latency lat.pay ' +
        '--sampling 10',
      edited({}, []),
    ],
    'the account that is named, by the key that is named': [
      '-a A --name x -K $o2',
      {
        ...edited({ iss: ['o1', 'o2'], [at('name')]: ['pay', 'x'] }, ['changed export name to "x"'], {
          name: 'service export "x"',
        }),
        changes: ['put-account A by o2'],
      },
      { ...given, selected: { account: 'B' } },
    ],
  });

  it('keeps the place of the importing account in the subject (E-18)', async () => {
    const positioned = stream('data.*', { account_token_position: 2 });
    const { after } = await planRaw(command, withExports(positioned), '--description text');
    expect(after.findAccount('A')?.claims.nats.exports).toEqual([{ ...positioned, description: 'text' }]);
  });

  it('says so when there was nothing to take away (E-47)', async () => {
    const { shown } = await planRaw(command, withExports(service('a')), '--rm-latency-sampling');
    expect(shown.steps).toEqual(['warn: latencies were not tracked', 'edited service export "a"']);
  });
});

describe('the type', () => {
  itPlans(command, given, {
    'from service to stream: what only services have goes': [
      '--service=false',
      edited(
        {
          [at('type')]: ['service', 'stream'],
          [at('response_type')]: { removed: 'Stream' },
          [at('response_threshold')]: { removed: 1_000_000_000 },
          [at('service_latency.sampling')]: { removed: 10 },
          [at('service_latency.results')]: { removed: 'lat.pay' },
          [at('service_latency.later')]: { removed: true },
          [at('allow_trace')]: { removed: true },
        },
        [
          'changed export type to stream',
          'warn: a stream has no latency tracking, response type Stream, response threshold, tracing: removed',
        ],
        { name: 'stream export "pay"' },
      ),
    ],
    'from stream to service': [
      '-s a --service --latency lat --sampling 50',
      edited(
        {
          'nats.exports[a].type': ['stream', 'service'],
          'nats.exports[a].service_latency.sampling': { added: 50 },
          'nats.exports[a].service_latency.results': { added: 'lat' },
        },
        ['changed export type to service', 'changed service latency to 50% of requests, on "lat"'],
        { name: 'service export "a"' },
      ),
      withExports(stream('a'), stream('b')),
    ],
    'says which one is meant, where two have the subject': [
      '-s a --service --name asked',
      edited({ 'nats.exports[a#2].name': ['a', 'asked'] }, ['changed export name to "asked"'], {
        name: 'service export "asked"',
      }),
      withExports(stream('a'), service('a')),
    ],
    'of the other one': [
      '-s a --service=false --name told',
      edited({ 'nats.exports[a].name': ['a', 'told'] }, ['changed export name to "told"'], {
        name: 'stream export "told"',
      }),
      withExports(stream('a'), service('a')),
    ],
  });
});

describe('who imports it is told', () => {
  const imports = [
    streamFrom('a1', 'news.eu', { token: activation('news.eu') }),
    streamFrom('a1', 'news.us'),
    streamFrom('a1', 'other'),
  ];
  const shared: Given = {
    operators: [
      {
        operator: O,
        accounts: [
          account('A', 'a1', { nats: { exports: [stream('news.>'), stream('other')] } }),
          account('B', 'b1', { nats: { imports } }),
        ],
      },
    ],
  };
  const gone = 'and gets nothing from then on';
  itPlans(command, shared, {
    'who has no activation for what becomes private': [
      "-s 'news.>' --private",
      edited({ 'nats.exports[news.>].token_req': { added: true } }, ['changed export to be private'], {
        name: 'stream export "news.>"',
        warnings: [
          'account "B" imports "news.us" without an activation that counts, so it is shut out until it has one ' +
            '(nsc generate activation --account "A" --target-account "B" --subject "news.us" --output-file FILE)',
        ],
      }),
    ],
    'who imports a stream that becomes a service': [
      '-s other --service',
      edited({ 'nats.exports[other].type': ['stream', 'service'] }, ['changed export type to service'], {
        name: 'service export "other"',
        warnings: [`account "B" imports "other" as a stream, ${gone}`],
      }),
    ],
    'nobody, when nobody loses anything': [
      "-s 'news.>' --name n",
      edited({ 'nats.exports[news.>].name': ['news.>', 'n'] }, ['changed export name to "n"'], {
        name: 'stream export "n"',
      }),
    ],
  });

  it.each([
    ["-s 'news.>' --private", 'Shut them out?'],
    ["-s 'news.>' --name n", undefined],
  ])('and asked about on a terminal: %s', async (line, question) => {
    const { plan } = await planRaw(command, shared, line);
    expect(command.confirm?.({} as never, {} as never, plan)).toBe(question);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'nothing to edit': ['', ['nothing-to-do', 'edit export: nothing to edit was given']],
    'nothing but the export': ["-s 'pay.*' -a A", ['nothing-to-do', 'edit export: nothing to edit was given']],
    'an export that is not there': ['-s paying -n x', ['item-not-found', 'account "A" has no export "paying"']],
    'an account without exports': ['-a B -n x', ['item-not-found', 'account "B" has no exports']],
    'tracking and no tracking': [
      '--rm-latency-sampling --latency x',
      ['conflicting-options', '--rm-latency-sampling and --latency exclude each other'],
    ],
    'a share, and no tracking': [
      '--rm-latency-sampling --sampling 5',
      ['conflicting-options', '--rm-latency-sampling and --sampling exclude each other'],
    ],
    'a subject for latencies with wildcards': [
      "--latency 'lat.*' --sampling 10",
      ['bad-value', '--latency: latencies go to one subject, and "lat.*" has wildcards'],
    ],
    'a response type that is none': [
      '--response-type Wrong',
      ['bad-value', '--response-type: "Wrong" is not a response type'],
    ],
    'an info URL that is none': [
      "--info-url 'not a url'",
      ['bad-value', '--info-url: info URL "not a url" needs a scheme and a host'],
    ],
    'what only services have, for what becomes a stream': [
      '--service=false --allow-trace',
      ['conflicting-options', '--allow-trace: only services have that, and the export is a stream'],
    ],
  });

  itRefuses(command, withExports(stream('a'), service('a'), stream('b')), {
    'none of several exports': [
      '-n x',
      ['missing-option', 'account "A" has 3 exports to choose from: stream "a", service "a", stream "b"'],
    ],
    'a subject of a stream and a service': [
      '-s a -n x',
      ['missing-option', 'account "A" exports "a" as a stream and as a service'],
    ],
    'sampling without a subject for it': [
      '-s a --service --sampling 5',
      ['missing-option', '--sampling needs a subject for the latencies'],
    ],
  });

  itRefuses(command, withExports(stream('data.*', { account_token_position: 2 })), {
    'to be private with the importing account in the subject': [
      '--private',
      ['policy-refused', 'export "data.*" has the importing account in its subject, and is public for that'],
    ],
  });
});

it('revocations are still there afterwards (E-18)', async () => {
  const { after } = await planRaw(command, given, '--private=false --description x');
  const [entry] = after.findAccount('A')?.claims.nats.exports ?? [];
  expect(entry?.revocations).toEqual({ [pub('b1')]: 5, '*': 3 });
  expect(after.findAccount('A')?.claims.iat).toBe(NOW);
});

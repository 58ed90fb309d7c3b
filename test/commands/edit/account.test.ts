import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/edit/account.js';
import type { AccountBody, AccountClaims, AccountLimits } from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { account, KEYS, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, type Planned, plan, planRaw, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
const A = account('A', 'a1');
const unlimited = A.claims.nats.limits ?? {};
const given: Given = { operators: [{ operator: O, accounts: [A, account('B', 'b1')] }] };

/** The world with another account A. */
const withA = (nats: AccountBody, users: Parameters<typeof user>[] = []): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats })], users: users.map((entry) => user(...entry)) }],
});
const limited = (limits: AccountLimits): Given => withA({ limits: { ...unlimited, ...limits } });

const edited = (claims: object, steps: string[], more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [...steps, 'edited account "A"'],
  ...more,
});

describe('limits', () => {
  itPlans(command, given, {
    'what is given changes': [
      '--conns 5 --leaf-conns 0 --data 1.5k --exports 10 --imports 11 --payload 64KiB --subscriptions 1,000',
      edited(
        {
          'nats.limits.conn': [-1, 5],
          'nats.limits.leaf': { removed: -1 },
          'nats.limits.data': [-1, 1500],
          'nats.limits.exports': [-1, 10],
          'nats.limits.imports': [-1, 11],
          'nats.limits.payload': [-1, 65_536],
          'nats.limits.subs': [-1, 1000],
        },
        [
          'changed max connections to 5',
          'changed max leaf node connections to 0',
          'changed max data to 1500',
          'changed max exports to 10',
          'changed max imports to 11',
          'changed max payload to 65536',
          'changed max subscriptions to 1000',
        ],
      ),
    ],
    'beyond what a number holds exactly': [
      '--data 9223372036854775807',
      edited({ 'nats.limits.data': [-1, 9_223_372_036_854_775_807n] }, ['changed max data to 9223372036854775807']),
    ],
    'wildcard exports and bearer tokens are told to be allowed or not': [
      '--wildcard-exports=false --disallow-bearer',
      edited({ 'nats.limits.wildcards': { removed: true }, 'nats.limits.disallow_bearer': { added: true } }, [
        'changed wildcard exports to false',
        'changed disallow bearer to true',
      ]),
    ],
    'wildcard exports and bearer tokens stay as they are when not mentioned (E-14)': [
      '--conns 5',
      edited({ 'nats.limits.conn': [-1, 5] }, ['changed max connections to 5']),
      limited({ wildcards: false, disallow_bearer: true }),
    ],
    'bearer tokens are allowed again': [
      '--disallow-bearer=false',
      edited({ 'nats.limits.disallow_bearer': { removed: true } }, ['changed disallow bearer to false']),
      limited({ disallow_bearer: true }),
    ],
  });

  const bearers: Given = withA({}, [
    ['A/plain', 'u1'],
    ['A/free', 'u2', { nats: { pub: {}, sub: {}, bearer_token: true } }],
    ['A/loose', 'u3', { nats: { pub: {}, sub: {}, bearer_token: true } }],
  ]);
  itRefuses(command, given, {
    'a size that is none': ['--conns lots', ['bad-value', '--conns: "lots" is not a number or size']],
    'a size beyond 64 bits': [
      '--data 16eib',
      ['bad-value', '--data: "16eib" is too large: the most is 9223372036854775807'],
    ],
    'forbidding bearer tokens that are in use': [
      'A --disallow-bearer',
      ['policy-refused', 'users "free", "loose" of account "A" have a bearer token'],
      bearers,
    ],
  });

  const sharing = withA({ exports: [{ name: 'x', subject: 'x', type: 'stream' }] });
  itRefuses(command, sharing, {
    'fewer exports than there are (E-34)': [
      '--exports 0',
      ['invalid-claims', 'account "A" would be invalid: the limit of exports is 0, and there are 1'],
    ],
  });
});

describe('JetStream changes by its own options only (E-16)', () => {
  const first = { streams: -1, consumer: -1, max_ack_pending: -1, mem_max_stream_bytes: -1, disk_max_stream_bytes: -1 };
  const global: AccountLimits = { ...first, mem_storage: 1000, disk_storage: 2000 };
  const tiered: AccountLimits = {
    tiered_limits: { R1: { ...first, disk_storage: 1 }, R3: { ...first, disk_storage: 3 } },
  };

  itPlans(command, given, {
    'the first limit leaves the others unlimited': [
      '--js-disk-storage 1gib',
      edited(added('nats.limits', { ...first, disk_storage: 1_073_741_824 }), [
        'changed global max disk storage to 1073741824',
      ]),
    ],
    'all limits': [
      '--js-mem-storage 1 --js-disk-storage 2 --js-streams 3 --js-consumer 4 --js-max-mem-stream 5 ' +
        '--js-max-disk-stream 6 --js-max-ack-pending 7 --js-max-bytes-required',
      edited(
        added('nats.limits', {
          mem_storage: 1,
          disk_storage: 2,
          streams: 3,
          consumer: 4,
          mem_max_stream_bytes: 5,
          disk_max_stream_bytes: 6,
          max_ack_pending: 7,
          max_bytes_required: true,
        }),
        [
          'changed global max streams to 3',
          'changed global max consumers to 4',
          'changed global max memory storage to 1',
          'changed global max memory stream to 5',
          'changed global max disk storage to 2',
          'changed global max disk stream to 6',
          'changed global max ack pending to 7',
          'changed global max bytes required to true',
        ],
      ),
    ],
    'older names': [
      '--mem-storage 1 --disk-storage 2 --streams 3 --consumer 4',
      edited(added('nats.limits', { ...first, mem_storage: 1, disk_storage: 2, streams: 3, consumer: 4 }), [
        'changed global max streams to 3',
        'changed global max consumers to 4',
        'changed global max memory storage to 1',
        'changed global max disk storage to 2',
      ]),
    ],
    'another limit leaves the rest alone': [
      '--js-streams 7',
      edited({ 'nats.limits.streams': [-1, 7] }, ['changed global max streams to 7']),
      limited(global),
    ],
    'the size limit can be required of streams that are there (E-16)': [
      '--js-max-bytes-required',
      edited({ 'nats.limits.max_bytes_required': { added: true } }, ['changed global max bytes required to true']),
      limited(global),
    ],
    'and no longer be required': [
      '--js-max-bytes-required=false',
      edited({ 'nats.limits.max_bytes_required': { removed: true } }, ['changed global max bytes required to false']),
      limited({ ...global, max_bytes_required: true }),
    ],
    'an edit of something else writes none of its limits (E-16)': [
      '--conns 5',
      edited({ 'nats.limits.conn': [-1, 5] }, ['changed max connections to 5']),
    ],
    '--js-disable=false asks for nothing (E-16)': ['--js-disable=false', edited({}, [])],
    'a first tier': [
      '--js-tier 3 --js-disk-storage 10k',
      edited(added('nats.limits.tiered_limits.R3', { ...first, disk_storage: 10_000 }), [
        'changed R3 max disk storage to 10000',
      ]),
    ],
    'another tier': [
      '--js-tier 2 --js-mem-storage 5',
      edited(added('nats.limits.tiered_limits.R2', { ...first, mem_storage: 5 }), [
        'changed R2 max memory storage to 5',
      ]),
      limited(tiered),
    ],
    'a limit of a tier that is there': [
      '--js-tier 3 --js-streams 9',
      edited({ 'nats.limits.tiered_limits.R3.streams': [-1, 9] }, ['changed R3 max streams to 9']),
      limited(tiered),
    ],
    'a tier is removed': [
      '--rm-js-tier 1',
      edited(removed('nats.limits.tiered_limits.R1', { ...first, disk_storage: 1 }), ['deleted limits of tier R1']),
      limited(tiered),
    ],
    'the last tier is removed': [
      '--rm-js-tier 1',
      edited(removed('nats.limits.tiered_limits.R1', { disk_storage: 1 }), ['deleted limits of tier R1']),
      limited({ tiered_limits: { R1: { disk_storage: 1 } } }),
    ],
    'the global limits are removed': [
      '--rm-js-tier 0',
      edited(removed('nats.limits', global), ['deleted limits of tier global']),
      limited(global),
    ],
    'enabled without limits': [
      '--js-enable 0',
      edited(added('nats.limits', { mem_storage: -1, disk_storage: -1 }), ['enabled tier global']),
    ],
    'enabled after nsc had left its five members without storage (E-16)': [
      '--js-enable 0',
      edited(added('nats.limits', { mem_storage: -1, disk_storage: -1 }), ['enabled tier global']),
      limited(first),
    ],
    'a tier enabled after nsc had left its five members (E-16)': [
      '--js-enable 2',
      edited(
        {
          ...removed('nats.limits', first),
          ...added('nats.limits.tiered_limits.R2', { mem_storage: -1, disk_storage: -1 }),
        },
        ['enabled tier R2'],
      ),
      limited(first),
    ],
    'disabled as a whole': [
      '--js-disable',
      edited(removed('nats.limits.tiered_limits', tiered.tiered_limits), [
        'deleted limits of tier global',
        'deleted limits of tier R1',
        'deleted limits of tier R3',
      ]),
      limited(tiered),
    ],
  });

  itRefuses(command, given, {
    'global limits beside tiers': [
      '--js-disk-storage 1',
      ['policy-refused', 'the account has JetStream limits for tiers R1, R3, so it cannot have global ones'],
      limited(tiered),
    ],
    'tiers beside global limits': [
      '--js-tier 1 --js-disk-storage 1',
      ['policy-refused', 'the account has global JetStream limits, so it cannot have limits for tiers'],
      limited(global),
    ],
    'enabling twice': [
      '--js-enable 0',
      ['policy-refused', 'JetStream is enabled for tier global already'],
      limited(global),
    ],
    'a tier without a limit': ['--js-tier 3', ['missing-option', 'no limit for tier R3 was given']],
    'a tier below zero (E-16)': ['--js-tier -1', ['bad-value', '--js-tier: "-1" is not an integer from 0 to 1000000']],
    'enabling a tier below zero (E-16)': [
      '--js-enable -2',
      ['bad-value', '--js-enable: "-2" is not an integer from 0 to 1000000'],
    ],
    'a tier that is no number': ['--js-tier x', ['bad-value', '--js-tier: "x" is not an integer from 0 to 1000000']],
    'removing a tier that is not there': [
      '--rm-js-tier 2',
      ['item-not-found', 'the account has no limits for tier R2'],
      limited(tiered),
    ],
    'removing global limits that are not there': [
      '--rm-js-tier 0',
      ['item-not-found', 'the account has no limits for tier global'],
    ],
    'disabling with something else': [
      '--js-disable --js-streams 1',
      ['conflicting-options', '--js-disable stands alone, but --js-streams was given, too'],
    ],
    'enabling with something else': [
      '--js-enable 0 --js-tier 1',
      ['conflicting-options', '--js-enable stands alone, but --js-tier was given, too'],
    ],
    'removing a tier with an older name': [
      '--rm-js-tier 1 --mem-storage 1',
      ['conflicting-options', '--rm-js-tier stands alone, but --mem-storage was given, too'],
    ],
  });

  const SYS = operator({ nats: { system_account: pub('a1') } });
  const system = (limits: AccountLimits = {}): Given => ({
    operators: [{ operator: SYS, accounts: [account('A', 'a1', { nats: { limits: { ...unlimited, ...limits } } })] }],
  });
  itPlans(command, system(), {
    'a system account is edited like any other': [
      '--conns 5',
      edited({ 'nats.limits.conn': [-1, 5] }, ['changed max connections to 5']),
    ],
    'a system account may be told to have none': ['--js-disable', edited({}, ['removed all JetStream limits'])],
    'a system account loses what it should not have': [
      '--tag x',
      edited({ 'nats.limits.disk_storage': { removed: 5 }, 'nats.tags[x]': 'added' }, [
        'added tag "x"',
        'removed all JetStream limits',
      ]),
      system({ disk_storage: 5 }),
    ],
  });
  itRefuses(command, system(), {
    'limits of a system account': [
      '--js-disk-storage 1 --js-streams 2',
      ['policy-refused', 'account "A" is the system account, which cannot have JetStream'],
    ],
    'tiers of a system account': [
      '--js-enable 1',
      ['policy-refused', 'account "A" is the system account, which cannot have JetStream'],
    ],
  });
});

describe('signing keys', () => {
  const role = scope('a4', 'reader', { sub: { allow: ['x'] } });
  const wholeRole = {
    ...role,
    key: 'a4',
    description: '',
    template: { ...role.template, subs: -1, data: -1, payload: -1 },
  };
  const keyed = withA({ signing_keys: [pub('a2'), role] }, [['A/u', 'u1', { by: 'a2', nats: under('a1') }]]);
  itPlans(command, given, {
    'are generated and stored': [
      '--sk generate,GENERATE',
      edited(added('nats.signing_keys', ['new1', 'new2']), ['added signing key "new1"', 'added signing key "new2"'], {
        changes: ['put-seed new1', 'put-seed new2', 'put-account A by o1'],
      }),
    ],
    'are given as public key, seed and file; seeds are stored (E-13)': [
      '--sk $a2,$a3.seed --sk a4.nk',
      edited(
        added('nats.signing_keys', ['a2', 'a3', 'a4']),
        ['added signing key "a2"', 'added signing key "a3"', 'added signing key "a4"'],
        { changes: ['put-seed a3', 'put-seed a4', 'put-account A by o1'] },
      ),
      { ...given, stored: ['o1'], files: { 'a4.nk': '$a4.seed' } },
    ],
    'are given again': ['--sk $a2', edited({}, ['signing key is listed already: "a2"']), keyed],
    'are removed, and what they signed loses trust': [
      '--rm-sk $a2',
      edited({ 'nats.signing_keys[a2]': 'removed' }, ['removed signing key "a2"'], { lost: ['A/u'] }),
      keyed,
    ],
    'are removed though they have a scope': [
      '--rm-sk $a4',
      edited(removed('nats.signing_keys[a4]', wholeRole), ['removed signing key "a4"']),
      keyed,
    ],
    'are removed by seed, which is not shown': [
      '--rm-sk $a2.seed',
      edited({ 'nats.signing_keys[a2]': 'removed' }, ['removed signing key "a2"'], { lost: ['A/u'] }),
      keyed,
    ],
    'lose their scope when given again': [
      '--sk $a4',
      edited({ 'nats.signing_keys[a4]': [expect.objectContaining({ role: 'reader' }), 'a4'] }, [
        'signing key is listed already: "a4"',
        'warn: signing key "a4" has no scope any more: its users lose what the scope gave them',
      ]),
      keyed,
    ],
    'that are not there are removed with a warning (E-47)': [
      '--rm-sk $a3',
      edited({}, ['warn: signing key "a3" was not listed']),
      keyed,
    ],
    'that are added and removed at once are not added': [
      '--sk $a3 --rm-sk $a3',
      edited({}, ['added signing key "a3"', 'removed signing key "a3"']),
      keyed,
    ],
  });
  itRefuses(command, given, {
    'a key of another kind': ['--sk $o1', ['wrong-key-kind', 'o1 is a key of kind operator, not account']],
    'no key': ['--sk junk', ['bad-key', '"junk" is neither a key nor a key file']],
    'a short key (E-10)': ['--sk AAAAAAAA', ['bad-key', '"AAAAAAAA" is neither a key nor a key file']],
    'removing no key': ['--rm-sk junk', ['bad-key', '"junk" is neither a key nor a key file']],
    'removing a key of another kind': ['--rm-sk $u1', ['wrong-key-kind', 'u1 is a key of kind user, not account']],
    'a key whose file holds another one (E-09)': [
      '--sk $a2',
      ['key-mismatch', 'the seed stored for a2 is the one of a3'],
      { ...given, swapped: { a2: 'a3' } },
    ],
  });
});

describe('the rest of the claims', () => {
  itPlans(command, given, {
    'description and info url': [
      "--description 'for orders' --info-url https://example.com/x",
      edited({ 'nats.description': { added: 'for orders' }, 'nats.info_url': { added: 'https://example.com/x' } }, [
        'changed description to "for orders"',
        'changed info url to "https://example.com/x"',
      ]),
    ],
    'description and info url are cleared': [
      "--description '' --info-url ''",
      edited({ 'nats.description': { removed: 'd' }, 'nats.info_url': { removed: 'https://x.y' } }, [
        'changed description to ""',
        'changed info url to ""',
      ]),
      withA({ description: 'd', info_url: 'https://x.y' }),
    ],
    'cluster traffic': [
      '--host-cluster-traffic',
      edited({ 'nats.cluster_traffic': { added: 'owner' } }, ['cluster traffic goes through this account']),
    ],
    'cluster traffic, taken back': [
      '--host-cluster-traffic=false',
      edited({ 'nats.cluster_traffic': { removed: 'owner' } }, ['cluster traffic goes through the system account']),
      withA({ cluster_traffic: 'owner' }),
    ],
    tags: [
      "--tag 'Two,one' --rm-tag OLD,none",
      edited({ 'nats.tags[Old]': 'removed', 'nats.tags[two]': 'added', 'nats.tags[one]': 'added' }, [
        'added tag "two"',
        'added tag "one"',
        'removed tag "old"',
        'warn: tag "none" was not there',
      ]),
      withA({ tags: ['Old', 'kept'] }),
    ],
    validity: [
      "--start '2023-11-14 22:14:20 UTC' --expiry 1M",
      edited({ nbf: { added: NOW }, exp: { added: 1_702_592_060 } }, [
        'valid from 2023-11-14 22:14:20 UTC (now)',
        'expires 2023-12-14 22:14:20 UTC (in 1 month)',
      ]),
    ],
    'validity is taken back': [
      '--start 0 --expiry 0',
      edited({ nbf: { removed: 5 }, exp: { removed: 9_999_999_999 } }, ['valid at once', 'never expires']),
      {
        operators: [{ operator: O, accounts: [account('A', 'a1', { nbf: 5, exp: 9_999_999_999 })] }],
      },
    ],
    'an expiry in the past is told': [
      '--expiry -1d',
      edited({ exp: { added: NOW - 86_400 } }, ['expires 2023-11-13 22:14:20 UTC (1 day ago)'], {
        warnings: ['account "A": expired at 2023-11-13 22:14:20 UTC'],
      }),
    ],
    'default permissions': [
      "--allow-pub a --deny-sub b --allow-sub 'c q' --rm gone --rm absent",
      edited(
        {
          'nats.default_permissions.pub.allow[gone]': 'removed',
          'nats.default_permissions.pub.allow[a]': 'added',
          'nats.default_permissions.sub.allow[c q]': 'added',
          'nats.default_permissions.sub.deny[b]': 'added',
        },
        [
          'added pub "a"',
          'removed pub "gone"',
          'added sub "c q"',
          'added deny sub "b"',
          'warn: subject "absent" was in no list',
        ],
      ),
      withA({ default_permissions: { pub: { allow: ['gone', 'kept'] } } }),
    ],
    'the right to reply is removed and nothing else is forgotten (E-33)': [
      '--rm-response-perms --allow-pub a',
      edited(
        {
          ...removed('nats.default_permissions.resp', { max: 1, ttl: 0 }),
          'nats.default_permissions.pub.allow[a]': 'added',
        },
        ['removed response permissions', 'added pub "a"'],
      ),
      withA({ default_permissions: { resp: { max: 1, ttl: 0 } } }),
    ],
  });
  itRefuses(command, given, {
    'an info url that is none (E-34)': [
      '--info-url nowhere',
      ['invalid-claims', 'account "A" would be invalid: info URL "nowhere" needs a scheme and a host'],
    ],
    'a description that is too long (E-34)': [
      `--description ${'x'.repeat(8193)}`,
      ['invalid-claims', 'account "A" would be invalid: description is longer than 8192 bytes'],
    ],
  });
});

describe('message traces', () => {
  const traced = withA({ trace: { dest: 'old', sampling: 10 } });
  itPlans(command, given, {
    'get a subject': [
      '--trace-context-subject traces.here',
      edited(added('nats.trace', { dest: 'traces.here' }), ['changed trace context subject to "traces.here"']),
    ],
    'get a subject and sampling': [
      '--trace-context-subject here --trace-context-sampling 25',
      edited(added('nats.trace', { dest: 'here', sampling: 25 }), [
        'changed trace context subject to "here"',
        'changed trace context sampling to 25%',
      ]),
    ],
    'get another sampling': [
      '--trace-context-sampling 75',
      edited({ 'nats.trace.sampling': [10, 75] }, ['changed trace context sampling to 75%']),
      traced,
    ],
    'start without sampling when the subject changes': [
      '--trace-context-subject new',
      edited({ 'nats.trace.dest': ['old', 'new'], 'nats.trace.sampling': { removed: 10 } }, [
        'changed trace context subject to "new"',
      ]),
      traced,
    ],
    'are disabled': [
      "--trace-context-subject ''",
      edited(removed('nats.trace', { dest: 'old', sampling: 10 }), ['disabled the trace context']),
      traced,
    ],
  });
  itRefuses(command, given, {
    'a subject with wildcards': [
      "--trace-context-subject 'a.*'",
      ['bad-value', '--trace-context-subject: traces go to one subject, and "a.*" has wildcards'],
    ],
    'a subject that is none': [
      "--trace-context-subject 'a b'",
      ['bad-value', '--trace-context-subject: "a b" is not a subject'],
    ],
    'more than everything': [
      '--trace-context-sampling 101',
      ['bad-value', '--trace-context-sampling: "101" is not an integer from 0 to 100'],
    ],
    'sampling without a subject': [
      '--trace-context-sampling 5',
      ['policy-refused', 'sampling needs a subject to send traces to'],
    ],
    'sampling of traces that are switched off': [
      "--trace-context-subject '' --trace-context-sampling 5",
      ['policy-refused', 'sampling needs a subject to send traces to'],
      traced,
    ],
  });
});

describe('which account', () => {
  const other: Planned = {
    changes: ['put-account B by o1'],
    claims: { B: { 'nats.tags[x]': 'added' } },
    steps: ['added tag "x"', 'edited account "B"'],
  };
  itPlans(command, given, {
    'as argument': ['B --tag x', other],
    'as flag': ['-n B --tag x', other],
    'as both, when they agree': ['B --name B --tag x', other],
    'by public key': ['$b1 --tag x', other],
    'the selected one': ['--tag x', other, { ...given, selected: { account: 'B' } }],
  });
  itRefuses(command, given, {
    'argument and flag that differ (E-68)': [
      'A --name B --tag x',
      ['conflicting-options', '--name and the argument name different things'],
    ],
    'two arguments': ['A B --tag x', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'one that is not there': ['C --tag x', ['account-not-found', 'account "C" does not exist under operator "O"']],
    'a seed, which is not repeated': [
      '$a3.seed --tag x',
      ['account-not-found', 'account "SA…(seed)" does not exist under operator "O"'],
    ],
    'nothing to edit': ['A', ['nothing-to-do', 'edit account: nothing to edit was given']],
    'only a signer': ['A -K $o2', ['nothing-to-do', 'edit account: nothing to edit was given']],
  });
});

describe('who signs', () => {
  const by = (signer: string, claims: object = {}): Planned => ({
    changes: [`put-account A by ${signer}`],
    claims: { A: { ...claims, 'nats.tags[x]': 'added' } },
    steps: ['added tag "x"', 'edited account "A"'],
  });
  const signed: Given = { operators: [{ operator: O, accounts: [account('A', 'a1', { by: 'o2' })] }] };
  const underStrict: Given = { operators: [{ operator: strict, accounts: [account('A', 'a1', { by: 'o2' })] }] };
  const managed: Given = { operators: [{ operator: O, managed: true, accounts: [account('A', 'a1', { by: 'a1' })] }] };
  itPlans(command, given, {
    'the identity of the operator': ['--tag x', by('o1')],
    'the one who signed before': ['--tag x', by('o2'), signed],
    'the identity when the one who signed before is away': [
      '--tag x',
      by('o1', { iss: ['o2', 'o1'] }),
      { ...signed, stored: ['o1'] },
    ],
    'the one who is named': ['--tag x -K $o2', by('o2', { iss: ['o1', 'o2'] })],
    'a signing key of a strict operator': ['--tag x', by('o2'), underStrict],
    'the account itself under a managed operator': ['--tag x', by('a1'), { ...managed, stored: ['a1'] }],
    'an operator key under a managed operator, when one is at hand': [
      '--tag x -K $o1',
      by('o1', { iss: ['a1', 'o1'] }),
      managed,
    ],
  });
  itRefuses(command, given, {
    'a role of the account (E-08)': [
      '--tag x -K reader',
      ['wrong-key-kind', 'role "reader" signs users, not account "A"'],
      withA({ signing_keys: [scope('a4', 'reader')] }),
    ],
    'the account itself': [
      '--tag x -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
    'an operator key that the operator does not list (E-06)': [
      '--tag x -K $ox.seed',
      ['signer-not-allowed', 'ox may not sign account "A": it is not among the keys that may'],
    ],
    'a file that is not there (E-05)': [
      '--tag x -K typo.nk',
      ['key-not-found', '"typo.nk" is not a key or a key file'],
    ],
    'the identity of a strict operator': [
      '--tag x -K $o1',
      ['signer-not-allowed', 'o1 may not sign account "A": the operator requires signing keys'],
      underStrict,
    ],
  });
});

describe('the token', () => {
  it('is dated after the one it replaces, so that servers take it (E-52)', async () => {
    const ahead: AccountEntry = { name: 'A', ...issue('account', A.claims, KEYS.o1, { now: NOW + 5 }) };
    const { plan: made } = await planRaw(command, { operators: [{ operator: O, accounts: [ahead] }] }, '--tag x');
    expect(made.changes[0]).toMatchObject({ claims: { iat: NOW + 6 } });
  });

  it('has another id when it is edited again in the same second (E-52)', async () => {
    const first = (await planRaw(command, given, '--tag x')).after.findAccount('A');
    const again: Given = { operators: [{ operator: O, accounts: first ? [first] : [] }] };
    const second = (await planRaw(command, again, '--tag y')).after.findAccount('A');
    expect(second?.claims.jti).not.toBe(first?.claims.jti);
    expect([first?.claims.iat, second?.claims.iat]).toEqual([NOW, NOW + 1]);
  });

  it('keeps members it does not know (E-50)', async () => {
    const future = {
      ...A.claims,
      future: 1,
      nats: {
        ...A.claims.nats,
        future: { a: [1, null] },
        limits: { ...unlimited, future: 2, disk_storage: 1 },
        default_permissions: { pub: { allow: ['a'], future: 3 }, future: 4 },
        trace: { dest: 'old', future: 5 },
        signing_keys: [{ ...scope('a4', 'r'), future: 6 }],
      },
    } as unknown as AccountClaims;
    const entry: AccountEntry = { name: 'A', ...issue('account', future, KEYS.o1, { now: NOW - 60 }) };
    const world: Given = { operators: [{ operator: O, accounts: [entry] }] };
    const line =
      '--tag t --conns 5 --js-streams 5 --allow-pub b --trace-context-subject new --sk $a2 --description d --expiry 1d';
    expect((await plan(command, world, line)).claims).toEqual({
      A: {
        exp: { added: NOW + 86_400 },
        'nats.tags[t]': 'added',
        'nats.limits.conn': [-1, 5],
        'nats.limits.streams': { added: 5 },
        'nats.default_permissions.pub.allow[b]': 'added',
        'nats.trace.dest': ['old', 'new'],
        'nats.signing_keys[a2]': 'added',
        'nats.description': { added: 'd' },
      },
    });
  });

  it('keeps the members of a tier it does not know (E-50)', async () => {
    const world = limited({ tiered_limits: { R1: { future: 1 } as object } });
    expect((await plan(command, world, '--js-tier 1 --js-disk-storage 1')).claims?.A).not.toHaveProperty([
      'nats.limits.tiered_limits.R1.future',
    ]);
  });
});

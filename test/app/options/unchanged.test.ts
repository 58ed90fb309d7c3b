import { describe, expect, it } from 'vitest';
import { patchAccountLimits } from '../../../src/app/options/account-limits.js';
import { patchJetStream } from '../../../src/app/options/jetstream.js';
import { patchPermissions } from '../../../src/app/options/permissions.js';
import { takeSigningKeys } from '../../../src/app/options/signing-keys.js';
import { patchTags } from '../../../src/app/options/tags.js';
import { patchTrace } from '../../../src/app/options/trace.js';
import { patchUserLimits } from '../../../src/app/options/user-limits.js';
import { patchValidity } from '../../../src/app/options/validity.js';
import { FakeWorld } from '../../support/fake-world.js';

/** Whatever an option group edits, it leaves alone what was not mentioned (E-14, E-16), members it does not know too. */
const future = { future: { a: [1] } };
const limits = { conn: 5, wildcards: false, disallow_bearer: true, disk_storage: 1, ...future };
const userLimits = { src: ['10.0.0.0/8'], times: [{ start: '08:00:00' }], subs: 0, bearer_token: true, ...future };
const permissions = { pub: { allow: ['b', 'a', 'a'], ...future }, resp: { max: 1 }, ...future };
const body = { tags: ['b', 'A'], trace: { dest: 'x', sampling: 5 }, ...future };
const dated = { exp: 5, nbf: 3, nats: {}, ...future };
const absent = { start: undefined, expiry: undefined };

describe('an option group without options', () => {
  const groups: Record<string, [patched: unknown, before: unknown]> = {
    'account limits': [patchAccountLimits(limits, {}), { limits, steps: [] }],
    JetStream: [patchJetStream(limits, {}), { limits, steps: [] }],
    permissions: [patchPermissions(permissions, {}), { permissions, steps: [] }],
    tags: [patchTags(body, {}), { body, steps: [] }],
    trace: [patchTrace(body, {}), { body, steps: [] }],
    'user limits': [patchUserLimits(userLimits, {}), { limits: userLimits, steps: [] }],
    validity: [patchValidity(dated, absent, 100), { claims: dated, steps: [] }],
  };
  it.each(Object.entries(groups))('%s', (_what, [patched, before]) => {
    expect(patched).toEqual(before);
  });

  it('signing keys', () => {
    const { workspace } = new FakeWorld({});
    const newKey = () => expect.unreachable('no key is needed');
    expect(takeSigningKeys('account', {}, [], { workspace, newKey })).toEqual({
      add: [],
      remove: new Set(),
      pairs: [],
      changes: [],
      steps: [],
    });
  });
});

describe('an option group with one option', () => {
  const groups: Record<string, [patched: object, before: object, changed: string[]]> = {
    'account limits': [patchAccountLimits(limits, { data: 1 }).limits, limits, ['data']],
    JetStream: [patchJetStream(limits, { jsStreams: 1 }).limits, limits, ['streams']],
    permissions: [patchPermissions(permissions, { denySub: ['x'] }).permissions, permissions, ['sub']],
    tags: [patchTags(body, { tag: ['x'] }).body, body, ['tags']],
    trace: [patchTrace(body, { traceContextSampling: 1 }).body, body, ['trace']],
    'user limits': [patchUserLimits(userLimits, { payload: 1 }).limits, userLimits, ['payload']],
    validity: [patchValidity(dated, { ...absent, expiry: '0' }, 100).claims, dated, ['exp']],
  };
  it.each(Object.entries(groups))('%s', (_what, [patched, before, changed]) => {
    const members = [...new Set([...Object.keys(patched), ...Object.keys(before)])];
    const different = members.filter((name) => Reflect.get(patched, name) !== Reflect.get(before, name));
    expect(different).toEqual(changed);
  });
});

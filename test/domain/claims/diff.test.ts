import { describe, expect, it } from 'vitest';
import { diffClaims } from '../../../src/domain/claims/diff.js';

describe('diffClaims', () => {
  const cases: [what: string, before: object | undefined, after: object | undefined, expected: object[]][] = [
    ['nothing', { sub: 'A', nats: { tags: ['x'] } }, { sub: 'A', nats: { tags: ['x'] } }, []],
    ['what every signing changes', { iat: 1, jti: 'a', iss: 'O' }, { iat: 2, jti: 'b', iss: 'O' }, []],
    ['another signer', { iss: 'O1' }, { iss: 'O2' }, [{ path: 'iss', before: 'O1', after: 'O2' }]],
    [
      'members deep inside',
      { nats: { limits: { subs: -1, conn: -1 } } },
      { nats: { limits: { subs: 5, data: 10n } } },
      [
        { path: 'nats.limits.subs', before: -1, after: 5 },
        { path: 'nats.limits.conn', before: -1 },
        { path: 'nats.limits.data', after: 10n },
      ],
    ],
    [
      'elements that come and go, in any order',
      { nats: { tags: ['a', 'b', 'c'] } },
      { nats: { tags: ['c', 'd', 'a'] } },
      [
        { path: 'nats.tags[b]', before: 'b' },
        { path: 'nats.tags[d]', after: 'd' },
      ],
    ],
    [
      'an export by its subject',
      { nats: { exports: [{ subject: 'a.>', type: 'stream' }, { subject: 'b' }] } },
      { nats: { exports: [{ subject: 'b' }, { subject: 'a.>', type: 'stream', token_req: true }] } },
      [{ path: 'nats.exports[a.>].token_req', after: true }],
    ],
    [
      'a signing key that becomes scoped',
      { nats: { signing_keys: ['AK'] } },
      { nats: { signing_keys: [{ key: 'AK', role: 'r' }] } },
      [{ path: 'nats.signing_keys[AK]', before: 'AK', after: { key: 'AK', role: 'r' } }],
    ],
    [
      'a template',
      { nats: { signing_keys: [{ key: 'AK', template: { pub: { allow: ['x'] } } }] } },
      { nats: { signing_keys: [{ key: 'AK', template: { pub: { allow: ['x', 'y'] } } }] } },
      [{ path: 'nats.signing_keys[AK].template.pub.allow[y]', after: 'y' }],
    ],
    [
      'elements that look alike',
      { times: [{ start: '08', end: '09' }] },
      { times: [{ start: '08', end: '09' }, { start: '08', end: '10' }, {}] },
      [
        { path: 'times[08#2].start', after: '08' },
        { path: 'times[08#2].end', after: '10' },
      ],
    ],
    [
      'mappings of one subject for several clusters',
      { mappings: { a: [{ subject: 'b' }, { subject: 'b', cluster: 'east' }] } },
      { mappings: { a: [{ subject: 'b', cluster: 'east', weight: 5 }] } },
      [
        { path: 'mappings.a[b].subject', before: 'b' },
        { path: 'mappings.a[b@east].weight', after: 5 },
      ],
    ],
    [
      'names that are no words',
      { nats: { revocations: { '*': 1 } } },
      { nats: { revocations: { '*': 2, UK: 3 }, mappings: { 'a.b': [{ subject: 'c' }] } } },
      [
        { path: 'nats.revocations["*"]', before: 1, after: 2 },
        { path: 'nats.revocations.UK', after: 3 },
        { path: 'nats.mappings["a.b"][c].subject', after: 'c' },
      ],
    ],
    [
      'a new token',
      undefined,
      { sub: 'U', nats: { pub: {}, subs: -1 } },
      [
        { path: 'sub', after: 'U' },
        { path: 'nats.subs', after: -1 },
      ],
    ],
    [
      'a deleted token',
      { sub: 'U', nats: { tags: ['t'] } },
      undefined,
      [
        { path: 'sub', before: 'U' },
        { path: 'nats.tags[t]', before: 't' },
      ],
    ],
    ['empty and absent', { nats: { pub: { allow: [] } } }, { nats: {} }, []],
    ['another shape', { x: ['a'] }, { x: 'a' }, [{ path: 'x', before: ['a'], after: 'a' }]],
    [
      'names of prototypes',
      { nats: { mappings: {} } },
      { nats: { mappings: { constructor: ['x'] } } },
      [{ path: 'nats.mappings.constructor[x]', after: 'x' }],
    ],
  ];
  it.each(cases)('%s', (_what, before, after, expected) => {
    expect(diffClaims(before, after)).toEqual(expected);
  });
});

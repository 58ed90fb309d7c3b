import { describe, expect, it } from 'vitest';
import { checkTransforms, describeServers } from '../../../../src/domain/claims/check/server-mappings.js';
import type { WeightedMapping } from '../../../../src/domain/claims/types.js';

/** Read in the sources of nats-server 2.9.10 to 2.15.2, and tried on them. */
describe('old servers', () => {
  const ignore = 'ignore all mappings of';
  const halves: WeightedMapping[] = [
    { subject: 'b', weight: 60 },
    { subject: 'c', weight: 60, cluster: 'C1' },
  ];
  it.each<[what: string, source: string, destinations: WeightedMapping[], ...warnings: string[]]>([
    ['take what uses every wildcard', 'a.*.*', [{ subject: '{{partition(3,1,2)}}.$2' }]],
    ['take a wildcard that is used twice for two', 'a.*.*', [{ subject: 'b.$1.$1' }]],
    [
      'take none that leaves out a wildcard',
      'a.*',
      [{ subject: 'b' }],
      `servers before 2.10 ${ignore} "a.*": destination "b" does not use every "*"`,
    ],
    [
      'know no partition without tokens',
      'a',
      [{ subject: 'b.{{partition(3)}}' }],
      `servers before 2.12 ${ignore} "a": destination "b.{{partition(3)}}" has "{{partition(3)}}"`,
    ],
    [
      'know no random number',
      'a',
      [{ subject: '{{random(3)}}' }],
      `servers before 2.12 ${ignore} "a": destination "{{random(3)}}" has "{{random(3)}}"`,
    ],
    [
      'know no part of a token',
      'a.*',
      [{ subject: '{{left(1,2)}}' }],
      `servers before 2.14.7 ${ignore} "a.*": destination "{{left(1,2)}}" has "{{left(1,2)}}"`,
    ],
    [
      'add up the weights of all clusters',
      'a',
      halves,
      'servers before 2.10.18 refuse the whole account: the weights of "a" add up to 120 % over all clusters',
    ],
    [
      'take no wildcard at all',
      'a.>',
      [{ subject: 'b.>' }],
      'servers before 2.9.22 refuse the whole account: destination "b.>" has a wildcard',
    ],
  ])('%s', (_what, source, destinations, ...warnings) => {
    expect(describeServers(source, destinations)).toEqual(warnings);
  });
});

it('the mappings of an account are warned about source by source', () => {
  const twice = [
    { subject: 'c', weight: 5 },
    { subject: 'c', weight: 5, cluster: 'east' },
  ];
  expect(checkTransforms({ 'a.*': [{ subject: 'b.$2' }, { subject: 'b.$1' }], b: twice, c: null })).toEqual([
    {
      rule: 'mapping',
      level: 'warning',
      message:
        'servers ignore all mappings of "a.*": destination "b.$2": "$2" refers to a "*" that "a.*" does not have',
    },
    {
      rule: 'mapping',
      level: 'warning',
      message: 'servers ignore all mappings of "b": destination "c" occurs twice, be it for several clusters',
    },
  ]);
});

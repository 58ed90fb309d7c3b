import { describe, expect, it } from 'vitest';
import { findHarm, findTransformFault } from '../../../../src/domain/claims/check/transform.js';

/** What nats-server takes for a subject mapping, and what it silently does not. */

describe('a destination', () => {
  it.each([
    ['a', 'b'],
    ['a', 'a'],
    ['a.*', 'b'],
    ['a.*', 'b.$1'],
    ['a.*.*', 'b.$2.$1.$2'],
    ['a.*', 'b.{{wildcard(1)}}'],
    ['a.*', 'b.{{Wildcard( 1 )}}'],
    ['a.*.*', '{{partition(5,1,2)}}.{{wildcard(2)}}'],
    ['a', 'b.{{partition(5)}}'],
    ['a', 'b.{{random(10)}}'],
    ['a.*', 'b.{{SplitFromLeft(1,2)}}.{{sliceFromRight(1,3)}}.{{left(1,2)}}.{{Right(1,2)}}'],
    ['a.*', 'b.{{split(1,-)}}'],
    ['a.*', 'b.{{split(1,)}}'],
    ['a.>', 'b.>'],
    ['>', 'b.>'],
    ['a.*.>', '$1.a.>'],
    ['a', '$SYS.$JS.b'],
    ['a', 'b.{{}}'],
    ['a', 'b.{x}'],
    ['a', 'b*.c>'],
  ])('is taken: %s to %s', (source, destination) => {
    expect(findTransformFault(source, destination)).toBeUndefined();
  });

  const unknown = 'is no function of subject mappings, or has other arguments';
  it.each([
    ['a.*', 'b.*', 'destination "b.*" has a wildcard'],
    [
      'a.*',
      'b.{{partition(0,1)}}',
      'destination "b.{{partition(0,1)}}": "{{partition(0,1)}}" has nothing to choose from',
    ],
    ['a', 'b.>', 'destination "b.>" and "a" must both end in ">", or neither'],
    ['a.>', 'b', 'destination "b" and "a.>" must both end in ">", or neither'],
    ['a.>', '>.b', 'destination ">.b": ">" may only stand at the end'],
    ['a.>.b', 'b', 'destination "b": ">" may only stand at the end'],
    ['a', 'b.$1', 'destination "b.$1": "$1" refers to a "*" that "a" does not have'],
    ['a.*', 'b.$2', 'destination "b.$2": "$2" refers to a "*" that "a.*" does not have'],
    [
      'a.*',
      '{{wildcard(2)}}',
      'destination "{{wildcard(2)}}": "{{wildcard(2)}}" refers to a "*" that "a.*" does not have',
    ],
    [
      'a.*',
      '{{split(2,-)}}',
      'destination "{{split(2,-)}}": "{{split(2,-)}}" refers to a "*" that "a.*" does not have',
    ],
    [
      'a.*',
      '{{partition(3,2)}}',
      'destination "{{partition(3,2)}}": "{{partition(3,2)}}" refers to a "*" that "a.*" does not have',
    ],
    ['a.*', '{{wildcard()}}', `destination "{{wildcard()}}": "{{wildcard()}}" ${unknown}`],
    ['a.*', '{{wildcard(1,2)}}', `destination "{{wildcard(1,2)}}": "{{wildcard(1,2)}}" ${unknown}`],
    ['a.*', '{{wildcard(x)}}', `destination "{{wildcard(x)}}": "{{wildcard(x)}}" ${unknown}`],
    ['a.*', '{{wildcard}}', `destination "{{wildcard}}": "{{wildcard}}" ${unknown}`],
    ['a.*', '{{WILDCARD(1)}}', `destination "{{WILDCARD(1)}}": "{{WILDCARD(1)}}" ${unknown}`],
    ['a.*', '{{partition(x,1)}}', `destination "{{partition(x,1)}}": "{{partition(x,1)}}" ${unknown}`],
    ['a.*', '{{partition(3,x)}}', `destination "{{partition(3,x)}}": "{{partition(3,x)}}" ${unknown}`],
    ['a.*', '{{partition()}}', `destination "{{partition()}}": "{{partition()}}" ${unknown}`],
    ['a.*', '{{random(1,2)}}', `destination "{{random(1,2)}}": "{{random(1,2)}}" ${unknown}`],
    ['a', '{{random(2147483648)}}', `destination "{{random(2147483648)}}": "{{random(2147483648)}}" ${unknown}`],
    ['a.*', '{{left(1)}}', `destination "{{left(1)}}": "{{left(1)}}" ${unknown}`],
    ['a.*', '{{splitFromLeft(1,x)}}', `destination "{{splitFromLeft(1,x)}}": "{{splitFromLeft(1,x)}}" ${unknown}`],
    ['a.*', '{{split(1)}}', `destination "{{split(1)}}": "{{split(1)}}" ${unknown}`],
    ['a.*', '{{name()}}', `destination "{{name()}}": "{{name()}}" ${unknown}`],
  ])('is ignored: %s to %s', (source, destination, fault) => {
    expect(findTransformFault(source, destination)).toBe(fault);
  });
});

it('a destination that harms a server or a whole account is told apart', () => {
  const harmful = ['*', 'a.*.b', '{{partition(0,1)}}', '{{Partition(-2)}}', '{{random(0)}}'];
  expect(harmful.filter((destination) => findHarm(destination) === undefined)).toEqual([]);
  const harmless = ['a', '>', 'a*', '{{partition(1,1)}}', '{{random(1)}}', '{{partition(x)}}', '$9'];
  expect(harmless.filter((destination) => findHarm(destination) !== undefined)).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import type { AccountBody, Export, Import } from '../../../src/domain/claims/types.js';
import { checkImport } from '../../../src/domain/sharing/check-import.js';
import { NOW, service, serviceFrom, sharingTree, stream, streamFrom } from './accounts.js';

/** The verdict of nats-server's search on one import of account B, given what the others import. */
function isCycle(
  entry: Import,
  others: Readonly<Record<'A' | 'C' | 'D', AccountBody>>,
  own: AccountBody = {},
): boolean {
  const tree = sharingTree({ ...others, B: own });
  const importer = tree.findAccount('B');
  if (!importer) throw new Error('no account B');
  return checkImport(tree, importer, entry, { now: NOW }).some(({ code }) => code === 'cycle');
}

const everyStream: Export[] = [stream('>')];
const everyService: Export[] = [service('>')];
const streams = (...imports: Import[]): AccountBody => ({ exports: everyStream, imports });
const services = (...imports: Import[]): AccountBody => ({ exports: everyService, imports });
const nothing: AccountBody = {};

type Case = readonly [verdict: boolean, entry: Import, A: AccountBody, C?: AccountBody, D?: AccountBody];

describe('services', () => {
  const cases: Record<string, Case> = {
    'there and back': [true, serviceFrom('a1', 'x'), services(serviceFrom('b1', 'x'))],
    'back by way of a third account': [
      true,
      serviceFrom('a1', 'x'),
      services(serviceFrom('a3', 'x')),
      services(serviceFrom('b1', 'x')),
    ],
    'round a circle that the importer is not in': [
      true,
      serviceFrom('a1', 'x'),
      services(serviceFrom('a3', 'x')),
      services(serviceFrom('a1', 'x')),
    ],
    'back on another subject': [false, serviceFrom('a1', 'x'), services(serviceFrom('b1', 'y'))],
    'back on a wildcard': [true, serviceFrom('a1', 'x.y'), services(serviceFrom('b1', 'x.*'))],
    'forth on a wildcard': [true, serviceFrom('a1', 'x.>'), services(serviceFrom('b1', 'x.y'))],
    'back under another subject': [
      false,
      serviceFrom('a1', 'x', { local_subject: 'mine' }),
      services(serviceFrom('b1', 'x')),
    ],
    'back to the local subject': [
      true,
      serviceFrom('a1', 'x', { local_subject: 'mine' }),
      services(serviceFrom('b1', 'mine', { local_subject: 'x' })),
    ],
    'back as a stream': [false, serviceFrom('a1', 'x'), { exports: everyService, imports: [streamFrom('b1', 'x')] }],
    'further to an account that is not here': [false, serviceFrom('a1', 'x'), services(serviceFrom('ax', 'x'))],
    'on to two accounts that meet in a fourth, which goes no further': [
      false,
      serviceFrom('a1', 'x.>'),
      services(serviceFrom('a3', 'x.1'), serviceFrom('a4', 'x.2')),
      services(),
      services(),
    ],
    'on to an account in two ways, from which it goes on': [
      true,
      serviceFrom('a1', 'x.>'),
      services(serviceFrom('a3', 'x.1'), serviceFrom('a4', 'x.2')),
      services(serviceFrom('a4', 'x.1')),
      services(serviceFrom('ax', 'x.*')),
    ],
    'on to an account in two ways, from which only the second goes on: servers look in random order': [
      true,
      serviceFrom('a1', 'x.>'),
      services(serviceFrom('a3', 'x.1'), serviceFrom('a4', 'x.2')),
      services(serviceFrom('a4', 'x.1')),
      services(serviceFrom('ax', 'x.2')),
    ],
    'an old one, back on what it is called here': [
      true,
      serviceFrom('a1', 'mine', { to: 'x' }),
      services(serviceFrom('b1', 'x', { to: 'mine' })),
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [verdict, entry, A, C = nothing, D = nothing]) => {
    expect(isCycle(entry, { A, C, D })).toBe(verdict);
  });
});

describe('streams', () => {
  const cases: Record<string, Case> = {
    'there and back': [true, streamFrom('a1', 'x'), streams(streamFrom('b1', 'x'))],
    'back by way of a third account': [
      true,
      streamFrom('a1', 'x'),
      streams(streamFrom('a3', 'x')),
      streams(streamFrom('b1', 'x')),
    ],
    'back on another local subject': [
      false,
      streamFrom('a1', 'x'),
      streams(streamFrom('b1', 'x', { local_subject: 'y' })),
    ],
    'back on the local subject of the importer': [
      true,
      streamFrom('a1', 'x', { local_subject: 'y' }),
      streams(streamFrom('b1', 'z', { local_subject: 'y' })),
    ],
    'on a subject that the exporter does not export': [
      false,
      streamFrom('a1', 'x', { local_subject: 'y' }),
      { exports: [stream('x')], imports: [streamFrom('b1', 'z', { local_subject: 'y' })] },
    ],
    'back on the remote subject, which old servers do not follow': [
      true,
      streamFrom('a1', 'x', { local_subject: 'y' }),
      streams(streamFrom('b1', 'x')),
    ],
    'back on what the import before it leaves of the subject, as old servers see it': [
      true,
      streamFrom('a1', '>'),
      streams(streamFrom('a4', '*.y'), streamFrom('a3', 'x.*')),
      streams(streamFrom('b1', 'z.y')),
    ],
    'back on what the import before it takes from the subject, as new servers see it': [
      true,
      streamFrom('a1', 'x.>'),
      streams(streamFrom('a4', 'x.y'), streamFrom('a3', 'x.z')),
      streams(streamFrom('b1', 'x.z')),
    ],
    'with references for wildcards': [
      true,
      streamFrom('a1', 'x.*', { local_subject: 'y.$1' }),
      streams(streamFrom('b1', 'z.*', { local_subject: 'y.$1' })),
    ],
    'a prefix, as old imports have it': [
      true,
      streamFrom('a1', 'x', { to: 'p' }),
      streams(streamFrom('b1', 'x', { to: 'p' })),
    ],
  };
  it.each(Object.entries(cases))('%s', (_what, [verdict, entry, A, C = nothing, D = nothing]) => {
    expect(isCycle(entry, { A, C, D })).toBe(verdict);
  });
});

it('what servers drop for another reason is not said to lead back', () => {
  expect(isCycle(streamFrom('a1', 'x'), { A: { imports: [streamFrom('b1', 'x')] }, C: {}, D: {} })).toBe(false);
});

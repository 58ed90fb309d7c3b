import { describe, expect, it } from 'vitest';
import type { Export, Import } from '../../../src/domain/claims/types.js';
import { findShutOut } from '../../../src/domain/sharing/shut-out.js';
import { accounts, activation, NOW, operator, pub, service, sharingTree, stream, streamFrom } from './accounts.js';

const open = stream('news.>');
const closed = stream('news.>', { token_req: true });

function shutOut(before: Export, after: Export | undefined, imported: Import, others: Export[] = []): string[] {
  const shared = { A: { exports: [before, ...others] }, B: { imports: [imported] } };
  const tree = sharingTree(shared, operator());
  const [exporter] = accounts(shared);
  if (!exporter) throw new Error('there is no exporter');
  return findShutOut(tree, exporter, { before, after, now: NOW }).map(
    ({ account, reason }) => `${account.name}: ${reason}`,
  );
}

describe('shut out is who imports an export', () => {
  const plain = streamFrom('a1', 'news.eu');
  const activated = (token: string): Import => streamFrom('a1', 'news.eu', { token });
  const cases: [what: string, before: Export, after: Export | undefined, imported: Import, expected: string[]][] = [
    ['that is deleted', open, undefined, plain, ['B: deleted']],
    ['that becomes a service', open, service('news.>'), plain, ['B: other-type']],
    ['that becomes private', open, closed, plain, ['B: needs-activation']],
    ['that becomes private, with an activation for it', open, closed, activated(activation('news.>')), []],
    [
      'that becomes private, with an activation for another account',
      open,
      closed,
      activated(activation('news.>', { sub: 'a3' })),
      ['B: needs-activation'],
    ],
    [
      'that becomes private, with an activation for something else',
      open,
      closed,
      activated(activation('news.us')),
      ['B: needs-activation'],
    ],
    [
      'that becomes private, with an activation that expired',
      open,
      closed,
      activated(activation('news.>', { exp: NOW - 1 })),
      ['B: needs-activation'],
    ],
    [
      'that becomes private, with an activation that is revoked',
      open,
      { ...closed, revocations: { [pub('b1')]: NOW } },
      activated(activation('news.>')),
      ['B: needs-activation'],
    ],
    ['that was private before', closed, { ...closed, name: 'new' }, plain, []],
    ['that becomes public', closed, open, plain, []],
    ['that gets another name', open, { ...open, name: 'new' }, plain, []],
  ];
  it.each(cases)('%s', (_what, before, after, imported, expected) => {
    expect(shutOut(before, after, imported)).toEqual(expected);
  });
});

describe('another export that covers the import', () => {
  it.each([
    ['is enough', stream('*.eu'), []],
    ['is not, when it is of the other type', service('*.eu'), ['B: deleted']],
    ['is not, when it is private', stream('*.eu', { token_req: true }), ['B: deleted']],
    ['is not, when it covers something else', stream('*.us'), ['B: deleted']],
  ] as const)('%s', (_what, other, expected) => {
    expect(shutOut(stream('news.*'), undefined, streamFrom('a1', 'news.eu'), [other])).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import type { Export, Import } from '../../../src/domain/claims/types.js';
import { findShutOut } from '../../../src/domain/sharing/shut-out.js';
import { accounts, activation, NOW, operator, pub, service, sharingTree, stream, streamFrom } from './accounts.js';

const open = stream('news.>');
const closed = stream('news.>', { token_req: true });

function shutOut(before: Export, after: Export | undefined, imported: Import): string[] {
  const shared = { A: { exports: [before] }, B: { imports: [imported] } };
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

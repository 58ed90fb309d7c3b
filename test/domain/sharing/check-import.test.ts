import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Export, Import, OperatorBody } from '../../../src/domain/claims/types.js';
import { checkImport } from '../../../src/domain/sharing/check-import.js';
import { collide } from '../../../src/domain/sharing/collide.js';
import type { SharingProblem } from '../../../src/domain/sharing/problem.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { RUNS } from '../../lib/property.js';
import { NOW, operator, pub, service, serviceFrom, sharingTree, stream, streamFrom } from './accounts.js';

/** What is found about an import of account B. */
function check(tree: Tree, entry: Import): SharingProblem[] {
  const importer = tree.findAccount('B');
  if (!importer) throw new Error('no account B');
  return checkImport(tree, importer, entry, { now: NOW });
}

const codes = (found: readonly SharingProblem[]): string[] =>
  found.map(({ code, level }) => (level === 'error' ? code : `(${code})`));

const ME = pub('b1');

describe('what a server makes of an import of A by B', () => {
  /** Warnings in parentheses; nothing = servers carry the messages. */
  const cases: Record<string, readonly [exports: readonly (Export | null)[], entry: Import, ...found: string[]]> = {
    'the same stream': [[stream('news.>')], streamFrom('a1', 'news.>')],
    'the same service': [[service('time')], serviceFrom('a1', 'time')],
    'a part of a stream': [[stream('news.>')], streamFrom('a1', 'news.eu.*')],
    'one token of a stream': [[stream('news.*')], streamFrom('a1', 'news.eu')],
    'a wildcard in the place of the same wildcard': [[stream('a.*.c')], streamFrom('a1', 'a.*.c')],
    'beside others, and an empty entry': [[null, stream('x'), service('y')], serviceFrom('a1', 'y')],
    'more than the export': [[stream('news.*')], streamFrom('a1', 'news.>'), 'subject-not-covered'],
    'a wildcard of more tokens': [[stream('*')], streamFrom('a1', '>'), 'subject-not-covered'],
    'something that overlaps': [[stream('a.*')], streamFrom('a1', '*.b'), 'subject-not-covered'],
    'fewer tokens': [[stream('a.b')], streamFrom('a1', 'a'), 'export-missing'],
    'the word before a full wildcard': [[stream('a.>')], streamFrom('a1', 'a'), 'export-missing'],
    'a stream of an account that exports nothing': [[], streamFrom('a1', 'x'), 'export-missing'],
    'a service as a stream': [[service('x.>')], streamFrom('a1', 'x.y'), 'kind-differs'],
    'a stream as a service': [[stream('x')], serviceFrom('a1', 'x'), 'kind-differs'],
    'a service beside the stream': [[stream('x'), service('x')], serviceFrom('a1', 'x')],
    'its own export': [[], streamFrom('b1', 'x'), 'own-account'],
    'an account that is elsewhere': [[], streamFrom('ax', 'x'), '(unknown-exporter)'],
    'a text that is no account': [[], { ...streamFrom('ax', 'x'), account: 'me' }, '(unknown-exporter)'],
    'an import of no type': [[], { subject: 'x', account: pub('a1') }],
    'its own key in the subject': [[stream('d.*.>', { account_token_position: 2 })], streamFrom('a1', `d.${ME}.x`)],
    'another key in the subject': [
      [stream('d.*.>', { account_token_position: 2 })],
      streamFrom('a1', `d.${pub('a3')}.x`),
      'token-position',
    ],
    'a wildcard where its key belongs': [
      [service('d.*', { account_token_position: 2 })],
      serviceFrom('a1', 'd.*'),
      'token-position',
    ],
    'a position that the export has not': [
      [stream('d.*', { account_token_position: 9 })],
      streamFrom('a1', 'd.x'),
      'token-position',
    ],
    'a private export': [[stream('p', { token_req: true })], streamFrom('a1', 'p'), 'activation-missing'],
    'a private export that names accounts in its subject': [
      [stream('p.*', { token_req: true, account_token_position: 2 })],
      streamFrom('a1', `p.${ME}`),
    ],
    'what two exports cover, of which one is private: servers take any': [
      [stream('*.b'), stream('a.*', { token_req: true })],
      streamFrom('a1', 'a.b'),
      'activation-missing',
    ],
    'what two exports cover': [[stream('*.b'), stream('a.*')], streamFrom('a1', 'a.b')],
    'its wildcards in another order': [[service('c.>')], serviceFrom('a1', 'c.*.*', { local_subject: 'm.$2.$1' })],
    'a wildcard under its old prefix': [[stream('c.>')], streamFrom('a1', 'c.*.>', { to: 'p.q' })],
    'a prefix that is a wildcard': [[stream('c')], streamFrom('a1', 'c', { to: 'p.*' }), 'local-subject'],
    'a function in the local subject': [
      [stream('c.>')],
      streamFrom('a1', 'c.>', { local_subject: '{{random(3)}}.>' }),
      'local-subject',
    ],
    'a function for its wildcard, beside a reference': [
      [stream('c.*')],
      streamFrom('a1', 'c.*', { local_subject: '$1.{{wildcard(1)}}' }),
      'local-subject',
    ],
    'a reference that servers read otherwise': [
      [service('c.*')],
      serviceFrom('a1', 'c.*', { local_subject: 'm.$0' }),
      'local-subject',
    ],
    'one wildcard twice instead of two': [
      [service('c.>')],
      serviceFrom('a1', 'c.*.*', { local_subject: 'm.*.$1' }),
      '(local-subject)',
    ],
    'a local subject like a reference, where there is no wildcard': [
      [stream('c')],
      streamFrom('a1', 'c', { local_subject: '$JS.x' }),
    ],
    'the remote subject of a renamed service': [
      [service('remote')],
      serviceFrom('a1', 'remote', { local_subject: 'local' }),
    ],
    'the remote subject of an old service': [[service('remote')], serviceFrom('a1', 'local', { to: 'remote' })],
    'the remote subject of an old stream': [[stream('remote')], streamFrom('a1', 'remote', { to: 'prefix' })],
  };
  it.each(Object.entries(cases))('%s', (_what, [exports, entry, ...found]) => {
    const tree = sharingTree({ A: { exports: [...exports] }, B: {} });
    expect(codes(check(tree, entry))).toEqual(found);
  });
});

describe('what servers export by themselves', () => {
  const verdict = (subject: string, nats: OperatorBody): string[] =>
    codes(check(sharingTree({ A: {}, B: {} }, operator({ nats })), serviceFrom('a1', subject)));
  const system: OperatorBody = { system_account: pub('a1') };

  it.each(['$SYS.REQ.ACCOUNT.X.CONNZ', '$JS.API.>'])('%s of the system account may be there', (subject) => {
    expect(verdict(subject, system)).toEqual(['(export-missing)']);
  });
  it('not of another account', () => expect(verdict('$SYS.X', {})).toEqual(['export-missing']));
  it('not anything', () => expect(verdict('SYS.X', system)).toEqual(['export-missing']));
});

describe('messages name what is wrong, and hints what to type', () => {
  const tree = sharingTree({
    A: {
      exports: [
        stream('n.*'),
        service('s'),
        stream('d.*', { account_token_position: 2 }),
        stream('p', { token_req: true }),
      ],
    },
    B: {},
  });
  const cases: Record<string, readonly [entry: Import, message: string, hint?: string]> = {
    'export-missing': [
      serviceFrom('a1', 'x'),
      'import "x": account "A" has no service export of "x"',
      'nsc add export --account "A" --subject "x" --service',
    ],
    'subject-not-covered': [
      streamFrom('a1', 'n.>'),
      'import "n.>": account "A" exports "n.*", which does not cover "n.>"',
      'import "n.*", or a part of it',
    ],
    'kind-differs': [
      streamFrom('a1', 's'),
      'import "s": account "A" exports it as a service, not as a stream',
      'import it as a service, or export it as a stream: nsc add export --account "A" --subject "s"',
    ],
    'token-position': [
      streamFrom('a1', 'd.x'),
      'import "d.x": token 2 of the subject has to be the key of the importing account',
      `import "d.${ME}"`,
    ],
    'activation-missing': [
      streamFrom('a1', 'p'),
      'import "p": the export of account "A" is private, and there is no activation',
      `nsc generate activation --account "A" --target-account ${ME} --subject "p" --output-file FILE, then nsc add import --token FILE`,
    ],
    'unknown-exporter': [
      streamFrom('ax', 'x'),
      `import "x": account ${pub('ax')} is not in this store, so its export was not checked`,
    ],
    'own-account': [streamFrom('b1', 'x'), 'import "x": the account imports from itself'],
  };
  it.each(Object.entries(cases))('%s', (code, [entry, message, hint]) => {
    expect(check(tree, entry)).toEqual([expect.objectContaining({ code, message, ...(hint && { hint }) })]);
  });
});

describe('laws', () => {
  const aToken = fc.constantFrom('a', 'b', '*');
  const aSubject = fc
    .tuple(fc.array(aToken, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([tokens, isOpen]) => (isOpen ? [...tokens, '>'] : tokens).join('.'));
  const aType = fc.constantFrom('stream', 'service');
  const anExport = fc.record({ subject: aSubject, type: aType, token_req: fc.boolean() }) as fc.Arbitrary<Export>;

  it('a public export of the same subject and type mends every import without an activation', () => {
    fc.assert(
      fc.property(fc.array(anExport, { maxLength: 4 }), aSubject, aType, (exports, subject, type) => {
        const entry: Import = { subject, type: type as 'stream' | 'service', account: pub('a1') };
        const others = exports.filter((one) => one.subject !== subject || one.type !== type);
        const tree = sharingTree({ A: { exports: [...others, { subject, type: entry.type as 'stream' }] }, B: {} });
        expect(check(tree, entry)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('exports of the other type, and those that have no subject in common with it, change nothing but the words', () => {
    fc.assert(
      fc.property(fc.array(anExport, { maxLength: 4 }), anExport, aSubject, aType, (exports, extra, subject, type) => {
        const entry: Import = { subject, type: type as 'stream' | 'service', account: pub('a1') };
        if (extra.type === type && collide(extra.subject ?? '', subject)) return;
        const isSound = (shared: Export[]): boolean =>
          check(sharingTree({ A: { exports: shared }, B: {} }), entry).every(({ level }) => level !== 'error');
        expect(isSound([...exports, extra])).toBe(isSound(exports));
      }),
      { numRuns: RUNS },
    );
  });
});

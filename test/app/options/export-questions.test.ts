import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/app/command.js';
import { askForMissing } from '../../../src/cli/ask.js';
import { command as addExport } from '../../../src/commands/add/export.js';
import { command as deleteExport } from '../../../src/commands/delete/export.js';
import { command as editExport } from '../../../src/commands/edit/export.js';
import { command as generateActivation } from '../../../src/commands/generate/activation.js';
import { command as addActivation } from '../../../src/commands/revocations/add_activation.js';
import type { Export } from '../../../src/domain/claims/types.js';
import { service, stream } from '../../domain/sharing/accounts.js';
import { account, operator } from '../../domain/trust/hierarchy.js';
import { type Answers, FakePrompter } from '../../support/fake-prompter.js';
import { FakeWorld } from '../../support/fake-world.js';

/** What `-i` asks about exports, and what it makes of the answers. */
async function ask(command: Command, exports: Export[], answers: Answers = {}) {
  const A = account('A', 'a1', { nats: { exports } });
  const { workspace, ports } = new FakeWorld({ operators: [{ operator: operator(), accounts: [A] }] });
  const prompter = new FakePrompter(answers);
  const { account: _only, ...input } = await askForMissing(command, {}, { workspace, ports, prompter });
  return { asked: prompter.asked, input };
}

const IS_SERVICE = 'Is it a service (rather than a stream)?';
const PRIVATE = 'Private (importing takes an activation)?';
const LATENCY = 'Subject to publish its latencies on (empty: none)';

describe('add export', () => {
  it('asks little about a stream, and complains at once', async () => {
    const { asked, input } = await ask(addExport, [], { 'Subject to export': ['a..b', 'news.>'] });
    expect(asked).toEqual([
      `${IS_SERVICE} no`,
      'Subject to export',
      '! subject "a..b" has an empty token',
      'Name of the export (news.>)',
      `${PRIVATE} no`,
    ]);
    expect(input).toEqual({ subject: 'news.>' });
  });

  it('asks how a service answers and what is measured', async () => {
    const { asked, input } = await ask(addExport, [], {
      [IS_SERVICE]: true,
      'Subject to export': 'pay',
      'Name of the export': 'Pay',
      [PRIVATE]: true,
      [LATENCY]: 'lat.pay',
      'Share of requests to measure (1-100, or header)': '25',
      'Response type': 'Stream',
      'How long may it take (0 = no limit of its own)': '2s',
      'Allow tracing?': true,
    });
    expect(asked).toEqual([
      `${IS_SERVICE} no`,
      'Subject to export',
      'Name of the export (pay)',
      `${PRIVATE} no`,
      LATENCY,
      'Share of requests to measure (1-100, or header) (header)',
      'Response type: *Singleton / Stream / Chunked',
      'How long may it take (0 = no limit of its own) (0s)',
      'Allow tracing? no',
    ]);
    expect(input).toEqual({
      service: true,
      subject: 'pay',
      name: 'Pay',
      private: true,
      latency: 'lat.pay',
      sampling: 25,
      responseType: 'Stream',
      responseThreshold: 2_000_000_000,
      allowTrace: true,
    });
  });
});

describe('edit export', () => {
  const pay = service('pay', {
    name: 'Pay',
    token_req: true,
    response_type: 'Stream',
    response_threshold: 1_000_000_000,
    service_latency: { sampling: 10, results: 'lat' },
    allow_trace: true,
    description: 'takes money',
    info_url: 'https://example.com',
  });

  it('shows what the export has, and changes nothing that stays', async () => {
    const { asked, input } = await ask(editExport, [stream('news.>'), pay], { Export: 'pay (private service)' });
    expect(asked).toEqual([
      'Export: news.> (public stream) / pay (private service)',
      'Measure its latencies no longer? no',
      `${IS_SERVICE} yes`,
      'Name of the export (Pay)',
      `${PRIVATE} yes`,
      `${LATENCY} (lat)`,
      'Share of requests to measure (1-100, or header) (10)',
      'Response type: Singleton / *Stream / Chunked',
      'How long may it take (0 = no limit of its own) (1s)',
      'Allow tracing? yes',
      'Description (takes money)',
      'Info URL (https://example.com)',
    ]);
    expect(input).toEqual({ subject: 'pay' });
  });

  it('asks no more about latencies that are measured no longer', async () => {
    const { asked, input } = await ask(editExport, [pay], { 'Measure its latencies no longer?': true });
    expect(asked).not.toContain(`${LATENCY} (lat)`);
    expect(input).toEqual({ subject: 'pay', rmLatencySampling: true });
  });

  it('asks which one is meant where a stream and a service have the subject', async () => {
    const { asked, input } = await ask(editExport, [stream('a', { name: 'told' }), service('a', { name: 'asked' })], {
      [IS_SERVICE]: true,
    });
    expect(asked.slice(0, 2)).toEqual([`${IS_SERVICE} no`, 'Name of the export (asked)']);
    expect(input).toEqual({ subject: 'a', service: true });
  });
});

describe('delete export', () => {
  it('offers the exports', async () => {
    const { asked, input } = await ask(deleteExport, [stream('a'), service('b')], { Export: 'b (public service)' });
    expect(asked).toEqual(['Export: a (public stream) / b (public service)']);
    expect(input).toEqual({ subject: 'b' });
  });

  it('asks which one is meant where a stream and a service have the subject', async () => {
    const exports = [stream('a'), service('a'), stream('b')];
    const { asked, input } = await ask(deleteExport, exports, { Export: 'a (public stream, public service)' });
    expect(asked).toEqual([
      'Export: a (public stream, public service) / b (public stream)',
      'The service of that subject (rather than the stream)? no',
    ]);
    expect(input).toEqual({ subject: 'a', service: false });
  });
});

describe('activations', () => {
  it('are made for one of the private exports', async () => {
    const exports = [stream('a', { token_req: true }), stream('b'), service('c', { token_req: true })];
    const { asked, input } = await ask(generateActivation, exports, {
      Export: 'c (private service)',
      'For which account (name or public key)': 'B',
    });
    expect(asked).toEqual([
      'Export: a (private stream) / c (private service)',
      'For which account (name or public key)',
      'Valid from (0 = at once) (0)',
      'Valid until (0 = no end) (0)',
    ]);
    expect(input).toEqual({ subject: 'c', targetAccount: 'B' });
  });

  it('are made for one of two private exports of one subject', async () => {
    const exports = [stream('a', { token_req: true }), service('a', { token_req: true })];
    const { asked, input } = await ask(generateActivation, exports, {
      'For which account (name or public key)': 'B',
      'The service of that subject (rather than the stream)?': true,
    });
    expect(asked[0]).toBe('The service of that subject (rather than the stream)? no');
    expect(input).toEqual({ subject: 'a', service: true, targetAccount: 'B' });
  });

  it('are revoked for an export of the type that was chosen', async () => {
    const exports = [stream('a'), stream('b'), service('c')];
    const { asked, input } = await ask(addActivation, exports, { 'For which account (name or public key)': '*' });
    expect(asked).toEqual([
      'Is the export a service (rather than a stream)? no',
      'Export: a (public stream) / b (public stream)',
      'For which account (name or public key)',
      'Refuse what was issued up to (0 = now) (0)',
    ]);
    expect(input).toEqual({ service: false, subject: 'a', targetAccount: '*' });
  });
});

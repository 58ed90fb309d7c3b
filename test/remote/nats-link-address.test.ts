import { describe, expect, it } from 'vitest';
import { parseNatsUrl } from '../../src/remote/nats-link-address.js';
import { caught } from '../support/caught.js';

const PLAIN = { port: 4222, isWebSocket: false, isSecure: false, path: '', login: undefined };

describe('a URL of a server', () => {
  it.each([
    ['nats://host', { ...PLAIN, url: 'nats://host', host: 'host' }],
    ['NATS://host:1/', { ...PLAIN, url: 'nats://host:1', host: 'host', port: 1 }],
    ['nats://127.0.0.1:80', { ...PLAIN, url: 'nats://127.0.0.1:80', host: '127.0.0.1', port: 80 }],
    ['tls://host', { ...PLAIN, url: 'tls://host', host: 'host', isSecure: true }],
    ['nats://[::1]:4333', { ...PLAIN, url: 'nats://[::1]:4333', host: '::1', port: 4333 }],
    ['ws://host', { ...PLAIN, url: 'ws://host', host: 'host', port: 80, isWebSocket: true }],
    ['ws://host:80/a?b=c', { ...PLAIN, url: 'ws://host/a', host: 'host', port: 80, isWebSocket: true, path: '/a?b=c' }],
    ['wss://host', { ...PLAIN, url: 'wss://host', host: 'host', port: 443, isWebSocket: true, isSecure: true }],
    ['nats://me:pw@host', { ...PLAIN, url: 'nats://host', host: 'host', login: { user: 'me', pass: 'pw' } }],
    ['nats://me:@host', { ...PLAIN, url: 'nats://host', host: 'host', login: { user: 'me', pass: '' } }],
    ['nats://:pw@host', { ...PLAIN, url: 'nats://host', host: 'host', login: { user: '', pass: 'pw' } }],
    [
      'nats://m%40e:p%3Aw%@host',
      { ...PLAIN, url: 'nats://host', host: 'host', login: { user: 'm@e', pass: 'p%3Aw%' } },
    ],
    ['nats://t0ken@host', { ...PLAIN, url: 'nats://host', host: 'host', login: { auth_token: 't0ken' } }],
  ])('%s', (text, address) => {
    expect(parseNatsUrl(text, undefined)).toEqual(address);
  });

  it.each([
    [{ handshakeFirst: true }, true],
    [{ caFile: '' }, true],
    [{ certFile: 'c', keyFile: 'k' }, true],
    [{ curves: [] }, true],
    [{ handshakeFirst: false, caFile: undefined }, false],
  ])('with the options %j wants TLS: %s', (tls, isSecure) => {
    for (const scheme of ['nats', 'ws']) expect(parseNatsUrl(`${scheme}://host`, tls)).toMatchObject({ isSecure });
  });

  it.each([
    '',
    'host',
    'host:4222',
    'http://host',
    'nats://',
    'nats:host',
    'nats://h:99999',
    'nats://a b',
    'file:///x',
  ])('is not %j', (text) => {
    expect(caught(() => parseNatsUrl(text, undefined))).toMatchObject({
      code: 'bad-value',
      message: `"${text}" is no URL of a NATS server`,
    });
  });

  it.each([
    'http://me:s3cret@host',
    'nats://me:s3cret@',
    's3cret@host',
    'nats://h:x?token=s3cret',
    'nats://me:s3c/ret@h',
  ])('shows no password when it is wrong: %s', (text) => {
    expect(caught(() => parseNatsUrl(text, undefined)).message).not.toMatch(/s3c|ret/);
  });
});

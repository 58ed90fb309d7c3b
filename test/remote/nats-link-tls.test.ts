import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NatsTls } from '../../src/app/nats.js';
import { readTls } from '../../src/remote/nats-link-tls.js';
import { caught, caughtAsync } from '../support/caught.js';
import { FakeNatsServer } from '../support/fake-nats-server.js';
import { openLink } from '../support/nats-link.js';
import { type TestCertificates, writeTestCertificates } from '../support/test-certificates.js';

describe('files for TLS', () => {
  it('are read, and nothing is where none is named', () => {
    const { ca: caFile, clientCert: certFile, clientKey: keyFile } = writeTestCertificates();
    expect(readTls()).toEqual({});
    expect(readTls({ handshakeFirst: true, caFile: undefined })).toEqual({});
    expect(readTls({ caFile, certFile, keyFile, curves: ['X25519', 'secp521r1'] })).toEqual({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('BEGIN PRIVATE KEY'),
      ecdhCurve: 'X25519:secp521r1',
    });
  });

  const WRONG: [what: string, tls: (files: TestCertificates) => NatsTls, message: RegExp][] = [
    [
      'is not there',
      () => ({ caFile: '/nowhere/ca.pem' }),
      /^cannot read the file for TLS "\/nowhere\/ca.pem": there is no such file$/,
    ],
    ['has no name', () => ({ caFile: '' }), /^cannot read the file for TLS ""/],
    ['is a directory', () => ({ caFile: '/' }), /^cannot read the file for TLS "\/": EISDIR$/],
    [
      'holds something else',
      ({ ca, clientKey }) => ({ caFile: ca, certFile: clientKey, keyFile: clientKey }),
      /clientKey.pem" holds no certificate in PEM$/,
    ],
    [
      'holds no key',
      ({ clientCert }) => ({ certFile: clientCert, keyFile: clientCert }),
      /clientCert.pem" holds no private key in PEM$/,
    ],
    ['is damaged', ({ ca }) => ({ caFile: damage(ca) }), /^the certificate authorities in ".*" cannot be used: /],
    [
      'holds a damaged certificate',
      ({ clientCert, clientKey }) => ({ certFile: damage(clientCert), keyFile: clientKey }),
      /^the client certificate in ".*" cannot be used: /,
    ],
    [
      'belongs to another',
      ({ clientCert, serverKey }) => ({ certFile: clientCert, keyFile: serverKey }),
      /^the client key in ".*serverKey.pem" does not go with the certificate in /,
    ],
    [
      'is missing: the key',
      ({ clientCert }) => ({ certFile: clientCert }),
      /^a client certificate for TLS was given without its key$/,
    ],
    [
      'is missing: the certificate',
      ({ clientKey }) => ({ keyFile: clientKey }),
      /^a client key for TLS was given without its certificate$/,
    ],
    ['goes with an unknown curve', () => ({ curves: ['nonsense'] }), /^these TLS curves cannot be used: nonsense: /],
  ];
  it.each(WRONG)('one that %s is told of', (_what, tls, message) => {
    const error = caught(() => readTls(tls(writeTestCertificates())));
    expect(error.code).toBe('bad-value');
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/PRIVATE KEY-/);
  });
});

function damage(path: string): string {
  writeFileSync(path, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  return path;
}

describe('before TLS has begun', () => {
  it('nothing but the INFO is taken: anybody could have sent it', async () => {
    const server = await FakeNatsServer.start({
      onConnect: (peer) => peer.write(`${server.info({ tls_required: true })}-ERR 'all your base'\r\n`),
    });
    const error = await caughtAsync(() => openLink(server.url));
    expect(error.message).toBe(`cannot connect to ${server.url}: sent something more before TLS began`);
    expect(server.peers[0]?.login).toEqual({});
  });

  it('nothing is waited for longer than a connect may take', async () => {
    const server = await FakeNatsServer.start({ info: { tls_available: true } });
    const url = server.url.replace('nats', 'tls');
    const error = await caughtAsync(() => openLink(url, { timeoutMs: 300 }));
    expect(error.message).toBe(`cannot connect to ${url}: TLS was not agreed on within 0.3 s`);
    expect(server.peers[0]?.login).toEqual({});
    await expect.poll(() => server.peers[0]?.isConnected).toBe(false);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NatsTls } from '../../src/app/nats.js';
import { nodeFiles } from '../../src/cli/node-io-files.js';
import { readTls } from '../../src/remote/nats-link-tls.js';
import { caught, caughtAsync } from '../support/caught.js';
import { FakeNatsServer } from '../support/fake-nats-server.js';
import { openLink } from '../support/nats-link.js';
import { type TestCertificates, writeTestCertificates } from '../support/test-certificates.js';
import { ELSEWHERE, SELF_SIGNED } from './self-signed.js';

const files = nodeFiles({ cwd: process.cwd(), home: homedir() });

describe('files for TLS', () => {
  it('are read, and nothing is where none is named', () => {
    const { ca: caFile, clientCert: certFile, clientKey: keyFile } = writeTestCertificates();
    expect(readTls(files)).toEqual({});
    expect(readTls(files, { handshakeFirst: true, caFile: undefined })).toEqual({});
    expect(readTls(files, { caFile, certFile, keyFile, curves: ['X25519', 'secp521r1'] })).toEqual({
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
    ['is a directory', () => ({ caFile: '/' }), /^cannot read the file for TLS "\/": there is no such file$/],
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
    const error = caught(() => readTls(files, tls(writeTestCertificates())));
    expect(error.code).toBe('bad-value');
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/PRIVATE KEY-/);
  });
});

function damage(path: string): string {
  writeFileSync(path, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  return path;
}

describe.each(['0', '1'])('a certificate is verified, whatever the environment tells Node (%s):', (environment) => {
  it.each([
    ['has to be vouched for', SELF_SIGNED, undefined, /has a certificate that is not trusted/],
    ['has to be for the host that is named', ELSEWHERE, ELSEWHERE.cert, /has a certificate for another name/],
    ['is good when it is both', SELF_SIGNED, SELF_SIGNED.cert, /(said nothing|cannot be reached) within/],
  ])('it %s', async (_what, own, ca, message) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', environment);
    onTestFinished(() => void vi.unstubAllEnvs());
    const tls = { handshakeFirst: true, caFile: ca && writeCertificate(ca) };
    const port = await listen(own);
    for (const scheme of ['tls', 'wss']) {
      const error = await caughtAsync(() => openLink(`${scheme}://127.0.0.1:${port}`, { tls, timeoutMs: 500 }));
      expect(error.message).toMatch(message);
    }
  });
});

/** A server that agrees on TLS and says nothing more. */
async function listen(own: { readonly key: string; readonly cert: string }): Promise<number> {
  const server = createServer(own).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

function writeCertificate(pem: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'nsc-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'ca.pem'), `${pem}\n`);
  return join(directory, 'ca.pem');
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

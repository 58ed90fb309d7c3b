import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { standalone, whyNotStandalone } from '../support/programs.js';
import { writeTestCertificates } from '../support/test-certificates.js';
import { skipsServer } from './find-server.js';
import { NatsServer } from './nats-server.js';

/** The ways to a server, which are the runtime's, with the executable of `npm run build:standalone`. */

const skipped = whyNotStandalone();

function makeNsc() {
  const home = mkdtempSync(join(tmpdir(), 'nsc-standalone-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return (line: string) => {
    const [file] = standalone('nsc');
    const { status, stdout, stderr } = spawnSync(file, line.split(' '), { env: { HOME: home }, cwd: home });
    return { exit: status, stdout: stdout.toString(), stderr: stderr.toString() };
  };
}

async function startServer(nsc: ReturnType<typeof makeNsc>, tls: string): Promise<[nats: string, wss: string]> {
  for (const line of ['add operator O --sys', 'add account A', 'add user u'])
    expect(nsc(line)).toMatchObject({ exit: 0 });
  const { stdout } = nsc('generate config --nats-resolver');
  const server = await NatsServer.start(`${stdout}\ntls ${tls}\nwebsocket { listen: '127.0.0.1:-1', tls ${tls} }`);
  const [, webSocket = ''] = await server.waitFor(/Listening for websocket clients on (wss:\/\/\S+:\d+)/);
  return [server.url, webSocket];
}

describe.skipIf(skipsServer || skipped !== '')(`a standalone program${skipped && `: ${skipped}`}`, () => {
  it('pushes over TLS and web sockets, and trusts no other authority', async () => {
    const { ca, serverCert, serverKey, clientCert, clientKey } = writeTestCertificates();
    const files = `cert_file: '${serverCert}', key_file: '${serverKey}', ca_file: '${ca}'`;
    const nsc = makeNsc();
    const [nats, webSocket] = await startServer(nsc, `{ ${files} }`);
    const trusting = `--ca-cert ${ca} --client-cert ${clientCert} --client-key ${clientKey}`;

    const pushed = nsc(`push -A -u ${nats} ${trusting}`);
    expect(pushed).toMatchObject({ exit: 0, stdout: expect.stringContaining('[ OK ] pushed "A" to 1 server\n') });
    for (const url of [nats, webSocket]) {
      expect(nsc(`diff -u ${url} ${trusting} --exit-code`)).toMatchObject({ exit: 0 });
      expect(nsc(`tool rtt --nats ${url} --account A --user u ${trusting}`)).toMatchObject({ exit: 0 });
      expect(nsc(`diff -u ${url}`)).toMatchObject({ exit: 7, stderr: expect.stringMatching(/is not trusted/) });
    }
  });

  it('says that a server wants a client certificate, or speaks no TLS', async () => {
    const { ca, serverCert, serverKey } = writeTestCertificates();
    const nsc = makeNsc();
    const files = `cert_file: '${serverCert}', key_file: '${serverKey}', ca_file: '${ca}'`;
    const [nats] = await startServer(nsc, `{ ${files}, verify: true }`);
    expect(nsc(`diff -u ${nats} --ca-cert ${ca}`)).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('does it want a client certificate (--client-cert, --client-key)?'),
    });
    expect(nsc(`diff -u ${nats.replace('nats:', 'wss:')}`)).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('answers something that is not TLS'),
    });
  });
});

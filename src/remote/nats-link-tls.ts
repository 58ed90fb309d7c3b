import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { NatsTls } from '../app/nats.js';
import type { Files } from '../app/ports.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

/**
 * Reads the files of TLS and tries them, so that what is wrong is told by file and not by a failing handshake.
 *
 * @returns what Node's TLS takes; the only certificate authorities are those of the file, if there is one
 * @throws NscError `bad-value`, and `store-io` for a file that cannot be read
 */
export function readTls(
  files: Pick<Files, 'read'>,
  { caFile, certFile, keyFile, curves }: NatsTls = {},
): SecureContextOptions {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [given, missing] = keyFile === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    throw new NscError('bad-value', `a client ${given} for TLS was given without its ${missing}`, {
      hint: 'give --client-cert and --client-key (or NATS_CERT and NATS_KEY)',
    });
  }
  const options: SecureContextOptions = {};
  if (caFile !== undefined) options.ca = readPem(files, caFile, 'CERTIFICATE');
  if (certFile !== undefined) options.cert = readPem(files, certFile, 'CERTIFICATE');
  if (keyFile !== undefined) options.key = readPem(files, keyFile, 'PRIVATE KEY');
  if (curves !== undefined) options.ecdhCurve = curves.join(':');
  // of authorities that are damaged Node says nothing, of certificates it does
  check({ cert: options.ca }, `the certificate authorities in ${quote(caFile ?? '')} cannot be used`, [NO_CERTIFICATE]);
  check({ cert: options.cert }, `the client certificate in ${quote(certFile ?? '')} cannot be used`);
  check(
    { cert: options.cert, key: options.key },
    `the client key in ${quote(keyFile ?? '')} does not go with the certificate in ${quote(certFile ?? '')}`,
  );
  check({ ecdhCurve: options.ecdhCurve }, `these TLS curves cannot be used: ${curves?.join(', ')}`);
  return options;
}

function readPem(files: Pick<Files, 'read'>, path: string, kind: 'CERTIFICATE' | 'PRIVATE KEY'): string {
  const text = files.read(path);
  if (text === undefined) {
    throw new NscError('bad-value', `cannot read the file for TLS ${quote(path)}: there is no such file`, {
      details: { path },
    });
  }
  if (new RegExp(`^-----BEGIN [A-Z0-9 ]*${kind}-----`, 'm').test(text)) return text;
  throw new NscError('bad-value', `the file for TLS ${quote(path)} holds no ${kind.toLowerCase()} in PEM`, {
    details: { path },
  });
}

/** An authority that may sign certificates only, as it should be: BoringSSL minds that, OpenSSL does not. */
const NO_CERTIFICATE = 'ERR_SSL_KEY_USAGE_BIT_INCORRECT';

function check(
  part: { [option in keyof SecureContextOptions]: SecureContextOptions[option] | undefined },
  what: string,
  allowed: readonly string[] = [],
) {
  const given = Object.entries(part).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  try {
    createSecureContext(Object.fromEntries(given));
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!allowed.includes(code)) throw new NscError('bad-value', `${what}: ${message}`, { cause });
  }
}

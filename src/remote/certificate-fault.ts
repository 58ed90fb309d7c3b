/** What is wrong with the certificate of a server. */
export interface CertificateFault {
  readonly reason: string;
  readonly hint?: string;
}

const NOT_NOW = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/;
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_)/;

/**
 * Why a certificate is refused, by the code of Node's error; undefined for other errors.
 *
 * @param trustHint what helps where nobody vouches for it
 */
export function findCertificateFault(code: string, trustHint: string): CertificateFault | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { reason: 'has a certificate for another name' };
  if (NOT_NOW.test(code)) return { reason: 'has a certificate that is not valid now', hint: 'do the clocks agree?' };
  return UNTRUSTED.test(code) ? { reason: 'has a certificate that is not trusted', hint: trustHint } : undefined;
}

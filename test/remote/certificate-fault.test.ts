import { expect, it } from 'vitest';
import { findCertificateFault } from '../../src/remote/certificate-fault.js';

it.each([
  ['ERR_TLS_CERT_ALTNAME_INVALID', { reason: 'has a certificate for another name' }],
  ['CERT_HAS_EXPIRED', { reason: 'has a certificate that is not valid now', hint: 'do the clocks agree?' }],
  ['CERT_NOT_YET_VALID', { reason: 'has a certificate that is not valid now', hint: 'do the clocks agree?' }],
  ['CERT_SIGNATURE_FAILURE', { reason: 'has a certificate that is not trusted', hint: 'trust' }],
  ['UNABLE_TO_GET_ISSUER_CERT', { reason: 'has a certificate that is not trusted', hint: 'trust' }],
  ['ECONNRESET', undefined],
  ['', undefined],
])('%j is told as %j', (code, fault) => {
  expect(findCertificateFault(code, 'trust')).toEqual(fault);
});

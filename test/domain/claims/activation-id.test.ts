import { describe, expect, it } from 'vitest';
import { activationId } from '../../../src/domain/claims/activation-id.js';

const idFor = (subject: string) => activationId({ iss: 'AISSUER', sub: 'ASUBJECT', nats: { subject } });

describe('the id of an activation', () => {
  // base32 of the SHA-256 of "AISSUER.ASUBJECT." and the last column, made with another program
  it.each([
    ['orders.new', '7ZY4DHXMYAANWHYVP6VJY7QQOCNOQ6RSYZRT7VNBNDUFQKJFA2GQ====', 'orders.new'],
    ['orders.>', 'QNAACFXDTQCBGXLG3OCGDAD5Q23X3OYTIZFYL752MYXQSLFXZ3AA====', 'orders'],
    ['orders.*', 'QNAACFXDTQCBGXLG3OCGDAD5Q23X3OYTIZFYL752MYXQSLFXZ3AA====', 'orders'],
    ['orders.*.new', 'QNAACFXDTQCBGXLG3OCGDAD5Q23X3OYTIZFYL752MYXQSLFXZ3AA====', 'orders'],
    ['>', 'Y3VSF6ALWWXY5OPXD453IYWFZMIM2C3VLMV7G5BPOBQT7F5AEQ7Q====', '_'],
    ['*.new', 'Y3VSF6ALWWXY5OPXD453IYWFZMIM2C3VLMV7G5BPOBQT7F5AEQ7Q====', '_'],
  ])('for %s', (subject, expected) => {
    expect(idFor(subject)).toBe(expected);
  });

  it('takes issuer, subject and what may be imported', () => {
    expect(activationId({ sub: 'B', nats: { subject: 'a' } })).toBeUndefined();
    expect(activationId({ iss: 'A', nats: { subject: 'a' } })).toBeUndefined();
    expect(activationId({ iss: 'A', sub: 'B', nats: {} })).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  derLength,
  readDer,
  readDerInteger,
  readDerList,
  readDerOid,
  TAG,
  writeDer,
  writeDerInteger,
  writeDerOid,
} from '../../src/lib/der.js';
import { RUNS } from './property.js';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  it.each([
    ['2a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['2b6570', '1.3.101.112'],
    ['883703', '2.999.3'],
    ['608648016503040201', '2.16.840.1.101.3.4.2.1'],
    ['00', '0.0'],
  ])('object identifier %s is %s', (content, dotted) => {
    expect(readDerOid({ tag: TAG.oid, content: hex(content) })).toBe(dotted);
    expect(shown(writeDerOid(dotted).subarray(2))).toBe(content);
  });

  it.each(['', '86', `${'ff'.repeat(9)}01`])('%s is no object identifier', (content) => {
    expect(readDerOid({ tag: TAG.oid, content: hex(content) })).toBeUndefined();
  });

  it('whole numbers come back', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (value) => {
        const element = readDer(writeDerInteger(value));
        expect(element && readDerInteger(element)).toBe(value);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(['', '80', '0001', '0100000000', 'ff'])('%s is no whole number', (content) => {
    expect(readDerInteger({ tag: TAG.integer, content: hex(content) })).toBeUndefined();
  });

  it('contents of any length come back, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), (content) => {
        const bytes = writeDer(TAG.octetString, content);
        expect(derLength(bytes)).toBe(bytes.length);
        expect(shown(readDer(bytes)?.content ?? hex('00'))).toBe(shown(content));
        expect(readDer(bytes.subarray(0, -1))).toBeUndefined();
        expect(readDer(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['an indefinite length', '30800000'],
    ['a longer form than needed', '308100'],
    ['a longer form than needed, again', '30820001ff'],
    ['a length of five octets', '30850000000000'],
    ['a tag of several octets', '1f8100'],
    ['no length', '30'],
    ['a length beyond the end', '300100ff'.slice(0, 4)],
  ])('%s is malformed', (_what, text) => {
    expect(readDerList(hex(text))).toBeUndefined();
  });

  it('elements come one after another', () => {
    expect(readDerList(hex('0500020101'))?.map(({ tag }) => tag)).toEqual([TAG.null, TAG.integer]);
    expect(readDerList(hex(''))).toEqual([]);
    expect(readDer(hex('05000500'))).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import {
  readDescription,
  readInfoUrl,
  readResponseType,
  readResultsSubject,
  readSampling,
  readSubject,
  readThreshold,
} from '../../../src/domain/claims/export-grammar.js';
import { caught } from '../../support/caught.js';

type Read = (text: string) => unknown;

describe('read', () => {
  const cases: [read: Read, text: string, value: unknown][] = [
    [readSampling, 'header', 'headers'],
    [readSampling, 'HEADERS', 'headers'],
    [readSampling, '1', 1],
    [readSampling, '25%', 25],
    [readSampling, '100', 100],
    [readSubject, 'orders.*.>', 'orders.*.>'],
    [readResultsSubject, 'lat.pay', 'lat.pay'],
    [readResponseType, 'Chunked', 'Chunked'],
    [readThreshold, '0', 0],
    [readThreshold, '1.5s', 1_500_000_000],
    [readInfoUrl, '', ''],
    [readInfoUrl, 'https://example.com/x', 'https://example.com/x'],
    [readDescription, '', ''],
  ];
  it.each(cases)('%s "%s"', (read, text, value) => {
    expect(read(text)).toBe(value);
  });
});

describe('refuse, where nsc stores something else (E-17)', () => {
  const bad = 'is neither "header" nor a percentage from 1 to 100';
  it.each(['', '101', '-1', '1.5', 'often', '0x10', '1e1', 'head'])('sampling "%s"', (text) => {
    expect(caught(() => readSampling(text))).toMatchObject({ code: 'bad-value', message: `"${text}" ${bad}` });
  });

  it('sampling 0, and say how to measure nothing', () => {
    expect(caught(() => readSampling('0'))).toMatchObject({
      code: 'bad-value',
      message: `"0" ${bad}`,
      hint: 'to measure nothing: nsc edit export --rm-latency-sampling',
    });
  });
});

describe('refuse', () => {
  const cases: [read: Read, text: string, message: string][] = [
    [readSubject, '', 'subject "" is empty'],
    [readSubject, 'a..b', 'subject "a..b" has an empty token'],
    [readSubject, 'a.>.b', 'subject "a.>.b" has white space, or a ">" that is not at the end'],
    [readSubject, 'a.\tb', 'subject "a.\\tb" has white space, or a ">" that is not at the end'],
    [readResultsSubject, 'a.>.b', 'subject "a.>.b" has white space, or a ">" that is not at the end'],
    [readResultsSubject, 'lat.*', 'latencies go to one subject, and "lat.*" has wildcards'],
    [readResultsSubject, '', 'subject "" is empty'],
    [readResponseType, 'stream', '"stream" is not a response type'],
    [readThreshold, '-1s', '"-1s" is negative'],
    [readThreshold, '5', '"5" is not a duration'],
    [readInfoUrl, 'not a url', 'info URL "not a url" needs a scheme and a host'],
    [readDescription, 'x'.repeat(8193), 'description is longer than 8192 bytes'],
  ];
  it.each(cases)('%s "%s"', (read, text, message) => {
    expect(caught(() => read(text))).toMatchObject({ code: 'bad-value', message });
  });
});

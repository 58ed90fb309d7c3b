import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Certificates of tests, valid for 100 years: one of a server at localhost, 127.0.0.1 and ::1 and one of a client, both
 * by an authority that nobody else trusts. The keys protect nothing.
 */
const TEST_CERTIFICATES = {
  ca: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBnDCCAUGgAwIBAgIUYTGRLVOpbXXp4LsELI2aW0fjHLwwCgYIKoZIzj0EAwIw',
    'GjEYMBYGA1UEAwwPdGVzdCBmaXh0dXJlIENBMCAXDTI2MTEyMDE0MzYzM1oYDzIx',
    'MjYxMDI3MTQzNjMzWjAaMRgwFgYDVQQDDA90ZXN0IGZpeHR1cmUgQ0EwWTATBgcq',
    'hkjOPQIBBggqhkjOPQMBBwNCAAToqPOd1HkwJwSzFjM8C9IyAwa0GVOePTchkxxa',
    'WglfxwUfKGWjHOeZ3qTNY7x4acR+5+Rx8gos1wqQkBM+hrI3o2MwYTAdBgNVHQ4E',
    'FgQU3oLCdvjBSMH+a5yHGVrWqr+S9RUwHwYDVR0jBBgwFoAU3oLCdvjBSMH+a5yH',
    'GVrWqr+S9RUwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZI',
    'zj0EAwIDSQAwRgIhAIRHU3RUdsM2VtYksELsIwi71zSN5330A7DNXCTamY5eAiEA',
    'iJsT4+b1EKKjUPTvLPzRukd74CO5YJbpTcSSPae9Wq8=',
    '-----END CERTIFICATE-----',
  ].join('\n'),
  serverCert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBzzCCAXSgAwIBAgIUKOG0S+rTmSPyPIcqdLM1UFzmnn4wCgYIKoZIzj0EAwIw',
    'GjEYMBYGA1UEAwwPdGVzdCBmaXh0dXJlIENBMCAXDTI2MTEyMDE0MzYzM1oYDzIx',
    'MjYxMDI3MTQzNjMzWjAeMRwwGgYDVQQDDBN0ZXN0IGZpeHR1cmUgc2VydmVyMFkw',
    'EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEM06B6ggG5Va5c7c+IeGNPFeZJsMer5XD',
    'yj2WbQry+4fR/VmCL2wHvxPfBqjMt0mgwpu3GkAanv/ESL2tNUWHYqOBkTCBjjAs',
    'BgNVHREEJTAjgglsb2NhbGhvc3SHBH8AAAGHEAAAAAAAAAAAAAAAAAAAAAEwEwYD',
    'VR0lBAwwCgYIKwYBBQUHAwEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUWTN4f5/tYFZT',
    '4xD+AXecnLS9W8QwHwYDVR0jBBgwFoAU3oLCdvjBSMH+a5yHGVrWqr+S9RUwCgYI',
    'KoZIzj0EAwIDSQAwRgIhAIAXRHHLDpjsd+hMwfVGfDkv6lt0EaCsdcTev+/J/Us8',
    'AiEA+Q/abwVVb0ziTcdsciaRNQup+gQTTxrKgt6RDGNNrUk=',
    '-----END CERTIFICATE-----',
  ].join('\n'),
  serverKey: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNY1ApBdkytzdeqzK',
    'oqiVLnRcwdBLb0zLegZ9R9yRV1uhRANCAAQzToHqCAblVrlztz4h4Y08V5kmwx6v',
    'lcPKPZZtCvL7h9H9WYIvbAe/E98GqMy3SaDCm7caQBqe/8RIva01RYdi',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
  clientCert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBnjCCAUSgAwIBAgIUKOG0S+rTmSPyPIcqdLM1UFzmnn8wCgYIKoZIzj0EAwIw',
    'GjEYMBYGA1UEAwwPdGVzdCBmaXh0dXJlIENBMCAXDTI2MTEyMDE0MzYzM1oYDzIx',
    'MjYxMDI3MTQzNjMzWjAeMRwwGgYDVQQDDBN0ZXN0IGZpeHR1cmUgY2xpZW50MFkw',
    'EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ7ovJq0LYLAw/uGGrFnmKOkif5qVOFRY',
    'PKKQMhjGqzTUmpbsimQUT3VBrRhhwqWI0xdvcFWwrdkkPooXNAfg0qNiMGAwEwYD',
    'VR0lBAwwCgYIKwYBBQUHAwIwCQYDVR0TBAIwADAdBgNVHQ4EFgQUZNmoP9jhOQ5a',
    'mOgp/3rCkpmB0UEwHwYDVR0jBBgwFoAU3oLCdvjBSMH+a5yHGVrWqr+S9RUwCgYI',
    'KoZIzj0EAwIDSAAwRQIhAM5qiQWoFlGlkySVr1m2K5MB6/qXXVnXOPw0PJsgIZLD',
    'AiAi55t0U4ejcwy/PJOb/JSSNnOpdGI8tMDbd2ha+n3+6Q==',
    '-----END CERTIFICATE-----',
  ].join('\n'),
  clientKey: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRTCATHkl5nxAsSpG',
    '3FVO1TMBm1+peb+ernypxKMcCr+hRANCAARDui8mrQtgsDD+4YasWeYo6SJ/mpU4',
    'VFg8opAyGMarNNSaluyKZBRPdUGtGGHCpYjTF29wVbCt2SQ+ihc0B+DS',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
};

/** Paths of the files in PEM. */
export type TestCertificates = { readonly [name in keyof typeof TEST_CERTIFICATES]: string };

/** Writes them into a directory that is gone when the test ends. */
export function writeTestCertificates(): TestCertificates {
  const directory = mkdtempSync(join(tmpdir(), 'nsc-certificates-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const written = Object.entries(TEST_CERTIFICATES).map(([name, pem]) => {
    const path = join(directory, `${name}.pem`);
    writeFileSync(path, `${pem}\n`);
    return [name, path];
  });
  return Object.fromEntries(written);
}

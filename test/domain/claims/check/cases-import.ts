import { account, type Case, keys, serviceImport, streamImport, tokens, withImport } from './samples.js';

const pair = (issues: string[], broken: Case['broken'], fine: Case['fine']): Case => ({
  kind: 'account',
  issues,
  broken,
  fine,
});

/** jwt-nkeys.md §4.3, rules I and R */
export const importCases: readonly Case[] = [
  pair(['I1 the list of imports has an empty entry'], withImport(null, streamImport({})), withImport(streamImport({}))),
  pair(
    [
      'I2 service imports on "a.b" and "a.*" from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" overlap',
    ],
    withImport(serviceImport({ subject: 'a.*' }), serviceImport({ subject: 'a.b' })),
    withImport(serviceImport({ subject: 'a.*' }), serviceImport({ subject: 'a.b', account: keys.stranger })),
  ),
  pair(
    [
      'I2 service imports on ">" and "b" from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" overlap',
      'I2 service imports on ">" and "a" from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" overlap',
    ],
    withImport(serviceImport({ subject: 'a' }), serviceImport({ subject: 'b' }), serviceImport({ subject: '>' })),
    withImport(serviceImport({ subject: 'a' }), serviceImport({ subject: 'b' }), streamImport({ subject: '>' })),
  ),
  pair(
    [
      'I2 service imports on "a" and "a" from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" overlap',
      'I3 two service imports from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" are on "a"',
    ],
    withImport(serviceImport({ subject: 'a' }), serviceImport({ subject: 'b', local_subject: 'a' })),
    withImport(serviceImport({ subject: 'a' }), serviceImport({ subject: 'a', local_subject: 'b' })),
  ),
  pair(
    [
      'I2 service imports on "x.*" and "x.*" from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" overlap',
      'I3 two service imports from account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R" are on "x.*"',
    ],
    withImport(
      serviceImport({ subject: 'a.*', local_subject: 'x.$1' }),
      serviceImport({ subject: 'b.*', local_subject: 'x.*' }),
    ),
    withImport(
      serviceImport({ subject: 'a.*', local_subject: 'x.$1' }),
      serviceImport({ subject: 'b.*', local_subject: 'y.*' }),
    ),
  ),
  pair(
    ['I5 import "a": type is neither stream nor service'],
    withImport({ subject: 'a', account: keys.exporter }),
    withImport(streamImport({})),
  ),
  pair(
    ['I6 import "a": only a stream import can allow tracing'],
    withImport(serviceImport({ allow_trace: true })),
    withImport(streamImport({ allow_trace: true })),
  ),
  pair(
    ['I7 import "a.b": no account to import from'],
    withImport(streamImport({ account: '' })),
    withImport(streamImport({ account: 'x' })),
  ),
  pair(
    ['I8 import "a.b": the member "to" is deprecated in favour of "local_subject"'],
    withImport(streamImport({ to: 'c' })),
    withImport(streamImport({ to: '' })),
  ),
  pair(
    ['I9.S1 import "": subject is empty'],
    withImport(streamImport({ subject: '' })),
    withImport(streamImport({ subject: 'a>' })),
  ),
  pair(
    ['I9.S2 import "a b": subject has a space in it'],
    withImport(streamImport({ subject: 'a b' })),
    withImport(streamImport({ subject: 'a\tb' })),
  ),
  pair(
    [
      'I10.R1.S3 import "a.b": local subject ".x..y" starts with a dot',
      'I10.R1.S4 import "a.b": local subject ".x..y" has an empty token',
    ],
    withImport(streamImport({ local_subject: '.x..y' })),
    withImport(streamImport({ local_subject: 'x.y' })),
  ),
  pair(
    ['I9.S1 import "": subject is empty', 'I10.R2 import "": local subject "x" renames an empty subject'],
    withImport(streamImport({ subject: '', local_subject: 'x' })),
    withImport(streamImport({ local_subject: 'x' })),
  ),
  pair(
    [
      'I10.R1.S2 import "a.b": local subject "x y" has a space in it',
      'I10.R3 import "a.b": local subject "x y" has a space in it',
    ],
    withImport(streamImport({ local_subject: 'x y' })),
    withImport(streamImport({ local_subject: 'x_y' })),
  ),
  pair(
    ['I10.R4 import "a.>": local subject "b>" and subject "a.>" must both end in ">" or neither'],
    withImport(streamImport({ subject: 'a.>', local_subject: 'b>' })),
    withImport(streamImport({ subject: 'a.>', local_subject: '>' })),
  ),
  pair(
    [
      'I10.R5 import "a.*": local subject "$2.$3.$1": "$2" refers to a "*" that subject "a.*" does not have',
      'I10.R5 import "a.*": local subject "$2.$3.$1": "$3" refers to a "*" that subject "a.*" does not have',
    ],
    withImport(streamImport({ subject: 'a.*', local_subject: '$2.$3.$1' })),
    withImport(streamImport({ subject: 'a.*', local_subject: '$x.$.$99999999999999999999.$1' })),
  ),
  pair(
    ['I10.R6 import "a.*.*": local subject "b.$1" uses 1 of the 2 "*" in subject "a.*.*"; it must use each once'],
    withImport(streamImport({ subject: 'a.*.*', local_subject: 'b.$1' })),
    withImport(streamImport({ subject: 'a.*.*.*', local_subject: 'b.*.$-1.$+02' })),
  ),
  pair(
    [
      'I8 import "a.b": the member "to" is deprecated in favour of "local_subject"',
      'I11 import "a.b": has both "to" and "local_subject"',
    ],
    withImport(streamImport({ to: 'c', local_subject: 'd' })),
    withImport(streamImport({ local_subject: 'd' })),
  ),
  pair(
    ['I12 import "a.b": only a service import can share connection information'],
    withImport(streamImport({ share: true })),
    withImport(serviceImport({ share: true })),
  ),
  pair(
    ['I13 import "a.b": the activation token is not a valid activation'],
    withImport(streamImport({ token: tokens.forged })),
    withImport(streamImport({ token: tokens.stream })),
  ),
  pair(
    ['I13 import "a.b": the activation token is not a valid activation'],
    withImport(streamImport({ token: tokens.user })),
    withImport(streamImport({ token: tokens.expired })),
  ),
  pair(
    ['I13 import "a.b": the activation token is not a valid activation'],
    withImport(streamImport({ token: 'https://host/token' })),
    withImport(streamImport({ token: '' })),
  ),
  pair(
    [
      'I14 import "a.b": the activation token was not issued by account "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R"',
    ],
    withImport(streamImport({ token: tokens.byStranger })),
    withImport(streamImport({ token: tokens.bySigningKey })),
  ),
  pair(
    [
      'I15 import "a.b": the activation token is for account "ADWUSKGGFDI4FRXK5EBTRECZSVQSSWJHHJOGH6JWG3AUMFFMQ435D6HD", not for this one',
    ],
    withImport(streamImport({ token: tokens.forStranger })),
    account({ imports: [streamImport({ token: tokens.forStranger })] }, { sub: keys.stranger }),
  ),
  pair(
    ['I16 import "a.b": the activation token is of type service, the import of type stream'],
    withImport(streamImport({ token: tokens.service })),
    withImport(serviceImport({ subject: 'a.b', token: tokens.service })),
  ),
  pair(
    ['I17.A3 import "a.b": the activation token: issuer account "x" is not an account public key'],
    withImport(streamImport({ token: tokens.badIssuerAccount })),
    withImport(streamImport({ token: tokens.bySigningKey })),
  ),
  pair(
    ['I18 import "a.b.c": the activation token is for "a.*", which does not cover "a.b.c"'],
    withImport(streamImport({ subject: 'a.b.c', token: tokens.stream })),
    withImport(streamImport({ subject: 'a.*', token: tokens.stream })),
  ),
  pair(
    [
      'I8 import "a.b": the member "to" is deprecated in favour of "local_subject"',
      'I18 import "a.b": the activation token is for "a.*", which does not cover "b"',
    ],
    withImport(serviceImport({ subject: 'a.b', to: 'b', token: tokens.service })),
    withImport(serviceImport({ subject: 'a.b', local_subject: 'b', token: tokens.service })),
  ),
];

import { type Case, service, stream, withExport } from './samples.js';

const pair = (issues: string[], broken: Case['broken'], fine: Case['fine']): Case => ({
  kind: 'account',
  issues,
  broken,
  fine,
});

const latency = (sampling: number | string, results: string) => service({ service_latency: { sampling, results } });

/** jwt-nkeys.md §4.3, rules X, with S and N inside them */
export const exportCases: readonly Case[] = [
  pair(['X1 the list of exports has an empty entry'], withExport(null, stream({})), withExport(stream({}))),
  pair(
    ['X2 stream export "a.*" covers the stream export "a.b"'],
    withExport(stream({ subject: 'a.*' }), stream({ subject: 'a.b' })),
    withExport(stream({ subject: 'a.*' }), service({ subject: 'a.b' })),
  ),
  pair(
    ['X2 service export "a" is listed more than once', 'X2 service export ">" covers the service export "a"'],
    withExport(service({ subject: 'a' }), service({ subject: 'a' }), service({ subject: '>' })),
    withExport(service({ subject: 'a' }), service({ subject: 'a.a' })),
  ),
  pair(
    ['X2 stream export "*.>" covers the stream export "a.>"'],
    withExport(stream({ subject: '*.>' }), stream({ subject: 'a.>' }), stream({ subject: 'a' })),
    withExport(stream({ subject: '*.b' }), stream({ subject: 'b.*' })),
  ),
  pair(['X4 export "a": type is neither stream nor service'], withExport({ subject: 'a' }), withExport(stream({}))),
  pair(
    ['X5 export "a": response type "chunked" is not one of Singleton, Stream, Chunked'],
    withExport(service({ response_type: 'chunked' })),
    withExport(service({ response_type: 'Chunked' })),
  ),
  pair(
    ['X6 export "a": a stream has no response type, but this says "Stream"'],
    withExport(stream({ response_type: 'Stream' })),
    withExport(stream({ response_type: '' })),
  ),
  pair(
    ['X7 export "a": only a service export can allow tracing'],
    withExport(stream({ allow_trace: true })),
    withExport(service({ allow_trace: true })),
  ),
  pair(
    ['X8 export "a": only the latency of a service can be measured'],
    withExport(stream({ service_latency: { sampling: 1, results: 'l' } })),
    withExport(service({ service_latency: { sampling: 1, results: 'l' } })),
  ),
  pair(
    ['X9 export "a": latency sampling 101 is not from 1 to 100'],
    withExport(latency(101, 'l')),
    withExport(latency(100, 'l')),
  ),
  pair(
    ['X9 export "a": latency sampling -1 is not from 1 to 100'],
    withExport(latency(-1, 'l')),
    withExport(latency('Headers', 'l')),
  ),
  pair(
    ['X10.S1 export "a": latency results subject "" is empty'],
    withExport(latency(0, '')),
    withExport(latency(0, 'a.b')),
  ),
  pair(
    ['X11 export "a": latency results subject "l.*" has wildcards'],
    withExport(latency(0, 'l.*')),
    withExport(latency(0, 'l*')),
  ),
  pair(
    ['X12 export "a": response threshold is negative'],
    withExport(service({ response_threshold: -1 })),
    withExport(service({ response_threshold: 1 })),
  ),
  pair(
    ['X13 export "a": only a service can have a response threshold'],
    withExport(stream({ response_threshold: 1 })),
    withExport(stream({ response_threshold: 0 })),
  ),
  pair(
    ['X14.S1 export "": subject is empty'],
    withExport(stream({ subject: '' })),
    withExport(stream({ subject: '*' })),
  ),
  pair(
    ['X14.S2 export "a b": subject has a space in it'],
    withExport(stream({ subject: 'a b' })),
    withExport(stream({ subject: 'a\tb' })),
  ),
  pair(
    ['X14.S3 export ".a": subject starts with a dot'],
    withExport(stream({ subject: '.a' })),
    withExport(stream({ subject: 'a.b' })),
  ),
  pair(
    ['X14.S3 export "a.": subject ends with a dot'],
    withExport(stream({ subject: 'a.' })),
    withExport(stream({ subject: 'a.>' })),
  ),
  pair(
    ['X14.S4 export "a..b": subject has an empty token'],
    withExport(stream({ subject: 'a..b' })),
    withExport(stream({ subject: 'a.*.b' })),
  ),
  pair(
    ['X14.S3 export "..": subject starts with a dot', 'X14.S4 export "..": subject has an empty token'],
    withExport(stream({ subject: '..' })),
    withExport(stream({ subject: '>.a' })),
  ),
  pair(
    ['X15 export "a.b": account token position 2 needs a subject with wildcards'],
    withExport(stream({ subject: 'a.b', account_token_position: 2 })),
    withExport(stream({ subject: 'a.*', account_token_position: 2 })),
  ),
  pair(
    ['X16 export "a.*": account token position 3 is beyond the 2 tokens of the subject'],
    withExport(stream({ subject: 'a.*', account_token_position: 3 })),
    withExport(stream({ subject: 'a.*.*', account_token_position: 3 })),
  ),
  pair(
    ['X16 export "a.*": account token position 9223372036854775808 is beyond the 2 tokens of the subject'],
    withExport(stream({ subject: 'a.*', account_token_position: 2n ** 63n })),
    withExport(stream({ subject: 'a.*', account_token_position: 0 })),
  ),
  pair(
    ['X17 export "*.>": account token position 2 points at ">" and not at a "*"'],
    withExport(stream({ subject: '*.>', account_token_position: 2 })),
    withExport(stream({ subject: '*.>', account_token_position: 1 })),
  ),
  pair(
    ['X18.N1 export "a": description is longer than 8192 bytes'],
    withExport(stream({ description: `${'é'.repeat(4096)}.` })),
    withExport(stream({ description: 'é'.repeat(4096) })),
  ),
  pair(
    ['X18.N2 export "a": info URL is longer than 8192 bytes'],
    withExport(stream({ info_url: `http://${'h'.repeat(8186)}` })),
    withExport(stream({ info_url: `http://${'h'.repeat(8185)}` })),
  ),
  pair(
    ['X18.N3 export "a": info URL "http://h/%zz" is not a URL'],
    withExport(stream({ info_url: 'http://h/%zz' })),
    withExport(stream({ info_url: 'http://h/%aa' })),
  ),
  pair(
    ['X18.N4 export "a": info URL "http://:80" needs a scheme and a host'],
    withExport(stream({ info_url: 'http://:80' })),
    withExport(stream({ info_url: 'x://[::1]:80' })),
  ),
];

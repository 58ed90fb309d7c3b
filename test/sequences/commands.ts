import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { signingKeysOf } from '../../src/domain/claims/scope.js';
import { decodeKind } from '../../src/domain/token/decode.js';
import type { Session } from '../support/session.js';

/** A command line; `sk:0` stands for the first signing key of its account (`sk:0:O` of the operator) at that moment. */
export type Words = readonly string[];

const account = fc.constantFrom('A', 'A', 'B', 'B', 'C');
const user = fc.constantFrom('u', 'v');
const shared = fc.constantFrom('news', 'news.eu', 'news.>', 'time');
const role = fc.constantFrom('reader', 'writer');
const subject = fc.constantFrom('news', 'news.eu', 'news.>', 'orders.*', 'orders.*.get', 'time', 'data.*.>');
const key = fc.nat(2).map((at) => `sk:${at}`);
const operatorKey = fc.nat(2).map((at) => `sk:${at}:O`);

/** Words and what is drawn for them, one after the other. */
const line = (...parts: (string | fc.Arbitrary<string | Words>)[]): fc.Arbitrary<Words> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part.split(' ')) : part)))
    .map((drawn) => drawn.flat());

/** Words that may be there or not. */
const maybe = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<Words> =>
  fc.option(line(...parts), { nil: [], freq: 2 });

const permissions = line(
  maybe('--allow-pub', subject),
  maybe('--deny-sub', subject),
  maybe('--allow-pub-response --response-ttl 5s'),
);

const users = fc.oneof(
  line('add user -a', account, user, permissions, maybe('-K', key), maybe('--bearer'), maybe('--tag x')),
  line('add user -a', account, user, '--role', role),
  line('edit user -a', account, user, maybe('--tag y'), permissions, maybe('-K', key)),
  line('edit user -a', account, user, '--subs 7', maybe('--conn-type MQTT')),
  line('delete user -a', account, user, maybe('--revoke'), maybe('--rm-nkey'), maybe('--rm-creds')),
  line('revocations add-user -a', account, user),
  line('revocations', fc.constantFrom('add-user', 'delete-user'), '-a', account, '-u *'),
  line('revocations compact -a', account),
);

const accounts = fc.oneof(
  line('add account', account),
  line('edit account', account, '--sk generate'),
  line('edit account', account, fc.constantFrom('--sk', '--rm-sk'), key),
  line('edit account', account, permissions, maybe('--conns 5'), maybe('--exports 1'), maybe('--imports 1')),
  line('edit account', account, fc.constantFrom('--wildcard-exports=false', '--disallow-bearer', '--js-disable')),
  line('edit account', account, maybe('--js-disk-storage 1g'), maybe('--js-tier 1'), maybe('--tag z')),
  line('edit signing-key -a', account, '--sk generate --role', role, permissions),
  line('edit signing-key -a', account, '--sk', key, '--role', role, maybe('--subs 0')),
  line('edit signing-key -a', account, '--role', role, permissions, maybe('--data 10')),
  line('add mapping -a', account, '--from', subject, '--to', subject, maybe('--weight 40'), maybe('--cluster c')),
  line('delete mapping -a', account, '--from', subject, maybe('--to', subject)),
  line('edit authcallout -a', account, '--auth-user', user, '--allowed-account *'),
  line(
    'edit authcallout -a',
    account,
    fc.constantFrom('--curve generate', '--disable').map((words) => words.split(' ')),
  ),
);

/** Mostly from A to B, so that exports, activations and imports meet. */
const sharing = fc.oneof(
  line('add export -a A -s', shared, maybe('--service'), maybe('--private')),
  line('add export -a', account, '-s', subject, maybe('--service'), maybe('--account-token-position 2')),
  line('edit export -a A -s', shared, maybe('--private'), maybe('--service'), maybe('--name n')),
  line('edit export -a', account, '-s', subject, '--sampling 50 --latency lat'),
  line('delete export -a A -s', shared),
  line('add import -a B --src-account A --remote-subject', shared, maybe('--service')),
  line('add import -a', account, '--src-account', account, '--remote-subject', shared, '--local-subject x'),
  line('delete import -a B', maybe('-s', shared)),
  line('generate activation -a A -t B -o activation.jwt -s', shared),
  line('add import -a B --token activation.jwt'),
  line('revocations add_activation -a A -t B -s', shared, maybe('--service')),
  line('revocations delete_activation -a A -t B -s', shared, maybe('--service')),
);

const upheavals = fc.oneof(
  line('rename account', account, account, '--OK'),
  line('delete account', account),
  line('edit operator --sk generate'),
  line('edit operator --rm-sk', operatorKey),
  line('edit operator', fc.constantFrom('--require-signing-keys', '--require-signing-keys=false')),
  line('edit operator --tag o', maybe('-K', operatorKey)),
  line('edit operator --system-account', account),
  line('reissue operator', maybe('--convert-to-signing-key')),
);

/** Every kind of change to a store, with arguments that may or may not fit what is there. */
export const mutations: fc.Arbitrary<Words> = fc.oneof(
  { arbitrary: users, weight: 4 },
  { arbitrary: accounts, weight: 4 },
  { arbitrary: sharing, weight: 4 },
  { arbitrary: upheavals, weight: 1 },
);

/** The words with keys in the place of their stand-ins; undefined when there is no such key. */
export function fillIn(session: Session, words: Words): Words | undefined {
  const at = words.indexOf('-a');
  const named = at >= 0 ? words[at + 1] : words[2];
  const filled = words.map((word) => {
    const [, index, ofOperator] = /^sk:(\d)(:O)?$/.exec(word) ?? [];
    if (index === undefined) return word;
    const keys = ofOperator ? operatorSigningKeys(session) : accountSigningKeys(session, named ?? '');
    return keys[Number(index)];
  });
  return filled.every((word) => word !== undefined) ? filled : undefined;
}

const store = (session: Session): string => join(session.home, '.local/share/nats/nsc/stores/O');

function operatorSigningKeys(session: Session): string[] {
  const token = readFileSync(join(store(session), 'O.jwt'), 'utf8');
  return decodeKind(token, 'operator').claims.nats.signing_keys ?? [];
}

function accountSigningKeys(session: Session, name: string): string[] {
  try {
    const token = readFileSync(join(store(session), 'accounts', name, `${name}.jwt`), 'utf8');
    return signingKeysOf(decodeKind(token, 'account').claims);
  } catch {
    return [];
  }
}

/** Every token of the store. */
export function storedTokens(session: Session): string[] {
  return readdirSync(store(session), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jwt'))
    .map((path) => readFileSync(join(store(session), path), 'utf8'));
}

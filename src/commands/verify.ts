import { type TaskContext, task } from '../app/command.js';
import { shownUrl } from '../app/distribution/shown-url.js';
import { getOperator } from '../app/operator-lookup.js';
import { type InputOf, text, value } from '../app/option.js';
import { keyOption } from '../app/options/key.js';
import { operatorOption } from '../app/options/operator.js';
import { isUrl } from '../app/options/token-file.js';
import type { Checked, Finding } from '../app/result.js';
import { checkInStore, isSuperseded } from '../app/verify/in-store.js';
import { fetchOptions, loadKeySet, refuseFetching } from '../app/verify/load-set.js';
import { checkSeed, findAuthentic, readGiven, readToken } from '../app/verify/read-token.js';
import type { Failure } from '../app/verify/rules.js';
import { checkTimes } from '../app/verify/times.js';
import type { ClaimKind } from '../domain/claims/types.js';
import { findKey, type KeySet } from '../domain/jwks/key-set.js';
import type { KeyInput } from '../domain/key-input.js';
import type { Token } from '../domain/token/token.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { checkMoment, parseMoment } from '../lib/moment.js';
import { plural } from '../lib/plural.js';

const KINDS: readonly string[] = [
  'operator',
  'account',
  'user',
  'activation',
  'authorization_request',
  'authorization_response',
  'generic',
] satisfies ClaimKind[];

const options = {
  file: text('file', {
    short: 'f',
    placeholder: 'FILE',
    help: 'JWT or creds: a file, - for standard input, or the JWT itself',
    complete: 'file',
    ask: { message: 'File of the JWT or creds', type: 'input', required: true },
  }),
  operator: { ...operatorOption, help: 'operator of the store to trust, by name or public key' },
  jwks: text('jwks', {
    placeholder: 'FILE',
    help: 'trust the keys in this file, or at this http(s) URL, in place of the store',
    complete: 'file',
  }),
  kind: value(
    'kind',
    { placeholder: 'KIND', help: `it has to be of this kind: ${KINDS.slice(0, 4).join(', ')}, …`, complete: KINDS },
    readKind,
  ),
  issuer: keyOption('issuer', { help: 'it has to be signed by this very key' }),
  at: value(
    'at',
    { placeholder: 'WHEN', help: 'when it has to be valid: a date, or 3h, -2d from now', defaultText: 'now' },
    checkMoment,
  ),
  ...fetchOptions,
};

export const command = task({
  summary: 'Check whether a JWT or creds file is to be trusted',
  description:
    'Looks for the key that the JWT names as its issuer, and no other: among those the store trusts, or with --jwks in ' +
    'a JSON Web Key Set. Against the store it goes up the whole chain of trust: every key is listed by its parent, ' +
    'signing keys are used where the operator requires them, users of a role have nothing of their own, nothing is ' +
    'revoked, expired, signed by a key that is marked as compromised, or against the rules for claims. A key set only tells who signed: it knows of ' +
    'no revocation. A key set at a URL has to come from the host of the URL or one that --allow-host names, over TLS ' +
    'unless that is this machine. With creds, the seed has to belong to the JWT. The answer names the first rule that ' +
    'is broken; the exit code is 1 then.',
  options,
  positional: { option: 'file', max: 1, placeholder: 'FILE' },
  conflicts: [['operator', 'jwks']],
  examples: [
    { command: 'nsc verify alice.creds', what: 'against the selected operator' },
    { command: 'nsc verify alice.creds --jwks jwks.json --kind user', what: 'with nothing but public keys' },
    {
      command: 'nsc verify alice.creds --jwks https://auth.example.com/.well-known/jwks.json',
      what: 'with those that nsc serve publishes',
    },
  ],

  async run(context, input) {
    const { now, ports } = context;
    const given = readGiven(getFile(input.file), ports.files);
    const at = input.at === undefined ? now : getMoment(input.at, now);
    const trust = await loadTrust(context, input);
    const token = readToken(given.token);
    if ('rule' in token) return answer({ failure: token, trust, at });
    const failure = checkWishes(token, input) ?? checkTrust(token, trust, at) ?? checkSeed(given, token);
    return answer({ token, failure, trust, at });
  },
});

type Input = InputOf<typeof options>;

/** What vouches for the token. */
type Trust = { readonly what: string } & ({ readonly tree: Tree } | { readonly set: KeySet });

async function loadTrust(context: TaskContext, input: Input): Promise<Trust> {
  const { jwks, operator } = input;
  if (jwks !== undefined) {
    const what = `key set ${quote(isUrl(jwks) ? shownUrl(jwks) : jwks)}`;
    return { what, set: await loadKeySet(jwks, input, context.ports) };
  }
  refuseFetching(input);
  const tree = operator === undefined ? context.tree : getOperator(context.workspace, operator);
  return { what: `operator ${quote(tree.operator.name)}`, tree };
}

/** What was asked of the token itself. */
function checkWishes({ kind, claims: { iss = '' } }: Token, wishes: Input): Failure | undefined {
  const issuer = wishes.issuer && getKey(wishes.issuer);
  if (wishes.kind !== undefined && kind !== wishes.kind) {
    return { rule: 'wrong-kind', message: `the JWT is of kind ${kind}, not ${wishes.kind}` };
  }
  if (issuer === undefined || issuer === iss) return undefined;
  return { rule: 'wrong-issuer', message: `the JWT is signed by ${iss || 'nobody'}, not by ${issuer}` };
}

/** The key is found by its id first; the signature is verified with that key alone, which is the one its id spells. */
function checkTrust(token: Token, trust: Trust, at: number): Failure | undefined {
  const { iss = '' } = token.claims;
  const found = 'set' in trust ? findKey(trust.set, iss) : undefined;
  if (found && 'fault' in found) return { rule: found.fault, message: `key ${quote(iss)} ${found.what}` };
  const authentic = findAuthentic(token);
  if (!authentic) return { rule: 'bad-signature', message: 'the JWT does not hold what its issuer signed' };
  return 'set' in trust ? checkTimes(token.claims, at) : checkInStore(authentic, { tree: trust.tree, now: at });
}

interface Verdict {
  /** Absent for what is none. */
  readonly token?: Token;
  readonly failure: Failure | undefined;
  readonly trust: Trust;
  readonly at: number;
}

function answer({ token, failure, trust, at }: Verdict): Checked {
  const findings: Finding[] = [
    ...(failure ? [{ ...failure, level: 'error' as const }] : []),
    ...warningsOf(token, trust, failure === undefined),
  ];
  const { sub, iss, name } = token?.claims ?? {};
  const what = token
    ? `${token.kind} JWT of ${quote(name || (sub ?? ''))}, signed by ${quote(iss ?? '')},`
    : 'what was given';
  return {
    kind: 'checked',
    ok: failure === undefined,
    sections: [{ title: `${what} against ${trust.what}`, findings }],
    data: {
      ...failure,
      ...(token && { kind: token.kind, name: name ?? '', subject: sub ?? '', issuer: iss ?? '' }),
      against: trust.what,
      at,
    },
  };
}

function warningsOf(token: Token | undefined, trust: Trust, isTrusted: boolean): Finding[] {
  const warning = (rule: string, message: string): Finding => ({ rule, level: 'warning', message });
  if ('set' in trust) {
    const { privateKeys } = trust.set;
    if (privateKeys === 0) return [];
    return [
      warning('private-keys', `the key set holds ${plural(privateKeys, 'private key')}: tell whoever publishes it`),
    ];
  }
  if (!token || !isTrusted || !isSuperseded(token, trust.tree)) return [];
  return [warning('superseded', 'the store has a JWT of it that was issued later')];
}

/** @throws NscError `missing-option`, also for an empty name, which an unset variable of a script gives */
function getFile(given: string | undefined): string {
  if (given !== undefined && given !== '') return given;
  throw new NscError('missing-option', 'no JWT to verify was given', {
    hint: 'name its file, or - for standard input: nsc verify FILE',
  });
}

/** @throws NscError `bad-key` */
function getKey({ publicKey, text: given }: KeyInput): string {
  if (publicKey !== undefined) return publicKey;
  throw new NscError('bad-key', `--issuer: ${quote(given)} is neither a key nor a file with one`);
}

/** @throws NscError `bad-value` */
function getMoment(given: string, now: number): number {
  const moment = parseMoment(given, now);
  if (moment > 0) return moment;
  throw new NscError('bad-value', `--at: ${quote(given)} is no moment`, {
    hint: 'give a date, or a span from now such as 3h',
  });
}

function readKind(given: string): string {
  if (KINDS.includes(given)) return given;
  throw new NscError('bad-value', `${quote(given)} is not one of ${KINDS.join(', ')}`);
}

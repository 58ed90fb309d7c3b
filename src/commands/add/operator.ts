import { mutation, type Plan, type PlanContext } from '../../app/command.js';
import { newName } from '../../app/new-name.js';
import { readOperatorToken } from '../../app/operator-token.js';
import { flag, type InputOf } from '../../app/option.js';
import { askForIdentity } from '../../app/options/key.js';
import { newNameOption } from '../../app/options/name.js';
import { type OperatorSource, operatorSourceOption } from '../../app/options/operator-source.js';
import { patchValidity, validityOptions } from '../../app/options/validity.js';
import { changed, ok, type Step } from '../../app/result.js';
import { makeSystemAccount } from '../../app/system-account.js';
import { putSeed, takeKey } from '../../app/take-key.js';
import { isTakenOperator, refuseTakenOperator } from '../../app/taken-name.js';
import type { Change } from '../../domain/change.js';
import { newOperator } from '../../domain/claims/new.js';
import { draftOperator } from '../../domain/draft.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { verifyOperator } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

const options = {
  url: operatorSourceOption('url', {
    short: 'u',
    placeholder: 'SOURCE',
    help: 'import the operator JWT from a file, a URL or a well-known operator',
    ask: { message: 'JWT to import: file, URL or well-known operator (empty = make an operator)', type: 'input' },
  }),
  name: newNameOption('operator', { when: (_workspace, { url }) => url === undefined }),
  generateSigningKey: flag('generate-signing-key', {
    help: 'add a signing key, so that the identity key can be locked away',
    ask: {
      message: 'Add a signing key?',
      type: 'confirm',
      default: () => 'true',
      takesDefault: true,
      when: (_workspace, { privateKey }) => privateKey === undefined,
    },
  }),
  sys: flag('sys', {
    short: 's',
    help: 'add a system account SYS with a user sys',
    ask: { message: 'Add a system account?', type: 'confirm', default: () => 'true', takesDefault: true },
  }),
  force: flag('force', {
    help: 'with --url: replace the operator JWT that is there, and take one that another key signed',
  }),
  ...validityOptions,
};

export const command = mutation({
  summary: 'Add an operator: made here or imported',
  description:
    'Makes an operator with a store of its own and selects it. -K gives it an identity key you have already (seed, ' +
    'key file, or public key of a seed in the keystore). With --url the operator is imported and managed elsewhere: ' +
    'accounts are then signed with their own keys until the operator signs them.',
  options,
  positional: { option: 'name', max: 1, placeholder: 'NAME' },
  conflicts: [
    ['url', 'sys'],
    ['url', 'generateSigningKey'],
    ['url', 'start'],
    ['url', 'expiry'],
  ],
  examples: [
    { command: 'nsc add operator Acme --generate-signing-key --sys', what: 'ready for a server' },
    { command: 'nsc add operator --url operator.jwt', what: 'work under an operator of somebody else' },
  ],

  keyQuestion: { ...askForIdentity('operator'), when: (_workspace, input) => !input.url && !input.generateSigningKey },

  plan(context, input) {
    if (input.url) return importOperator(context, input.url, input);
    if (input.force) {
      throw new NscError('conflicting-options', '--force replaces an imported operator, so it needs --url');
    }
    return makeOperator(context, input);
  },
});

type Input = InputOf<typeof options>;

function makeOperator(context: PlanContext, input: Input): Plan {
  const { workspace, now, newKey, signer: given } = context;
  const name = newName('operator', input.name, newKey, (made) => isTakenOperator(workspace, made));
  refuseTakenOperator(workspace, name);
  if (given && input.generateSigningKey) {
    throw new NscError('conflicting-options', '--generate-signing-key cannot go with an identity key given by -K', {
      hint: 'add the signing key afterwards: nsc edit operator --sk generate',
    });
  }
  const { pair: identity, ...key } = takeKey('operator', given, context);
  if (identity === undefined) {
    throw new NscError('key-not-found', `the seed of ${key.publicKey} is not in the keystore`, {
      hint: 'give the seed or a file with it to -K',
    });
  }
  const changes: Change[] = [...key.changes];
  const steps: Step[] = [...key.steps, ok(`added operator ${quote(name)}`)];

  const { claims: dated, steps: validitySteps } = patchValidity(newOperator(identity.publicKey, name), input, now);
  const signingKey = input.generateSigningKey ? newKey('operator') : undefined;
  if (signingKey) {
    changes.push(putSeed(signingKey));
    steps.push(ok(`created operator signing key ${quote(signingKey.publicKey)}`));
  }
  const system = input.sys ? makeSystemAccount(name, signingKey ?? identity, context) : undefined;
  const nats = {
    ...dated.nats,
    ...(signingKey && { signing_keys: [signingKey.publicKey] }),
    ...(system && { system_account: system.publicKey }),
  };
  changes.push({ ...draftOperator(name, { ...dated, nats }, { signer: identity, now }), managed: false });
  if (system) {
    changes.push(...system.changes);
    steps.push(...system.steps);
  }
  changes.push({ type: 'select', operator: name, account: system ? 'SYS' : '' });
  return { operator: name, changes, result: changed(...validitySteps, ...steps) };
}

function importOperator({ workspace, newKey }: PlanContext, source: OperatorSource, input: Input): Plan {
  const { token, claims } = readOperatorToken(source);
  const given = input.name || source.knownAs || claims.name || '';
  const name = newName('operator', given, newKey, (made) => isTakenOperator(workspace, made));
  const untrusted = verifyOperator({ name, token, claims });
  if (untrusted && !input.force) throw notItsOwn(untrusted);
  const exists = workspace.operatorNames().includes(name);
  if (!exists || !input.force) refuseTakenOperator(workspace, name, exists ? '--force replaces its JWT' : undefined);
  const before = exists ? workspace.tree(name).operator.claims.sub : claims.sub;
  const isOther = before !== claims.sub;
  return {
    operator: name,
    changes: [
      { type: 'put-operator', name, token, claims, ...(!exists && { managed: true }) },
      { type: 'select', operator: name },
    ],
    ...(isOther && {
      warnings: [
        `operator ${quote(name)} was ${before} and is ${claims.sub} now: its accounts have to be signed again`,
      ],
    }),
    force: true,
    result: changed(ok(`imported operator ${quote(name)}`)),
  };
}

/** Anybody could have made it. */
const notItsOwn = ({ message, code }: Refusal): NscError =>
  new NscError('broken-chain', message, {
    hint: 'get the JWT from the operator again, or take it all the same with --force',
    details: { refusal: code },
  });

import { mutation, type PlanContext } from '../../app/command.js';
import { getOperator } from '../../app/operator-lookup.js';
import { flag } from '../../app/option.js';
import { operatorNameOption } from '../../app/options/operator.js';
import { changed, ok, type Step } from '../../app/result.js';
import { takeKey } from '../../app/take-key.js';
import { applyChanges } from '../../domain/apply.js';
import type { Change } from '../../domain/change.js';
import type { OperatorBody } from '../../domain/claims/types.js';
import { draftAccount, draftOperator } from '../../domain/draft.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { checkAccounts } from '../../domain/trust/check-accounts.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Give an operator a new identity key',
  description:
    'Makes a new identity for the operator, or takes the one that -K names (seed, key file, or public key of a seed in ' +
    'the keystore), and signs every account anew that the old identity signed. Accounts signed by signing keys stay as ' +
    'they are, and so do all users. With --convert-to-signing-key the old identity becomes a signing key, and no ' +
    'account changes. The seed of the old identity stays in the keystore.\n\n' +
    'Servers know an operator by its JWT, so the one in the configuration of every server has to be replaced.',
  options: {
    name: operatorNameOption,
    convert: flag('convert-to-signing-key', {
      help: 'keep the old identity as a signing key, so that what it signed stays valid',
      ask: { message: 'Keep the old identity as a signing key', type: 'confirm' },
    }),
  },
  examples: [
    { command: 'nsc reissue operator --convert-to-signing-key', what: 'a new identity, and no account changes' },
    { command: 'nsc reissue operator -K new.nk', what: 'an identity that was made elsewhere' },
  ],

  plan(context, { name, convert = false }) {
    const tree = name === undefined ? context.tree : getOperator(context.workspace, name);
    const { operator } = tree;
    const { sub: oldKey = '', nats } = operator.claims;
    refuseReissue(tree, convert);
    const identity = takeIdentity(tree, context);
    const body: OperatorBody = convert ? { ...nats, signing_keys: addKey(nats.signing_keys, oldKey) } : nats;
    const claims = { ...operator.claims, sub: identity.pair.publicKey, nats: body };
    const accounts = convert ? [] : signAccounts(tree, identity.pair, context);
    const changes = [
      ...identity.changes,
      draftOperator(operator.name, claims, { signer: identity.pair, now: context.now, previous: operator }),
      ...accounts.flatMap(({ changes }) => changes),
    ];
    return {
      operator: operator.name,
      changes,
      warnings: [
        ...checkAccounts(tree, applyChanges(tree, changes)),
        `the operator JWT in the configuration of every server has to be replaced: ${whatServersRefuse(accounts)}`,
      ],
      result: changed(
        ...identity.steps,
        ok(`operator ${quote(operator.name)} is ${identity.pair.publicKey} now; it was ${oldKey}`),
        ...(convert ? [ok('made the old identity a signing key')] : []),
        ...accounts.map(({ step }) => step),
      ),
    };
  },

  confirm: (_context, _input, { operator = '', changes }) => {
    const signed = changes.filter(({ type }) => type === 'put-account').length;
    const more = signed === 0 ? '' : ` and sign ${signed === 1 ? 'an account' : `${signed} accounts`} anew`;
    return `Give operator ${quote(operator)} a new identity${more}?`;
  },
});

function refuseReissue({ operator, managed }: Tree, convert: boolean): void {
  const { signing_keys: signingKeys = [], strict_signing_key_usage: strict } = operator.claims.nats;
  if (managed) {
    throw new NscError(
      'managed-operator',
      `operator ${quote(operator.name)} is managed elsewhere, and only there it gets a new identity`,
      { hint: 'import the JWT it has then with: nsc add operator --url FILE --force' },
    );
  }
  if (strict && signingKeys.length === 0 && !convert) {
    throw new NscError(
      'policy-refused',
      `operator ${quote(operator.name)} requires signing keys and has none that could sign its accounts`,
      { hint: 'add one with: nsc edit operator --sk generate, or use --convert-to-signing-key' },
    );
  }
}

/** What `-K` names is the identity or nothing is done: a typing error must not make a new one (E-23). */
function takeIdentity({ operator }: Tree, context: PlanContext) {
  const { pair, ...taken } = takeKey('operator', context.signer, context);
  if (taken.publicKey === operator.claims.sub) {
    throw new NscError(
      'nothing-to-do',
      `${taken.publicKey} is the identity of operator ${quote(operator.name)} already`,
      {
        hint: 'leave -K out for a new key, or name another one',
      },
    );
  }
  if (pair === undefined) {
    throw new NscError('key-not-found', `the seed of ${taken.publicKey} is not in the keystore`, {
      hint: 'import it with: nsc import keys --dir DIR, or give the seed or its file with -K',
      details: { publicKey: taken.publicKey },
    });
  }
  return { ...taken, pair };
}

const addKey = (keys: readonly string[] = [], key: string): string[] => [...keys.filter((known) => known !== key), key];

interface Signed {
  readonly changes: readonly Change[];
  readonly step: Step;
}

/** Accounts of the old identity get a new signature: a strict operator's from a signing key, others' from the new identity. */
function signAccounts(tree: Tree, identity: KeyPair, { now }: PlanContext): Signed[] {
  const { sub: oldKey, nats } = tree.operator.claims;
  const isStrict = nats.strict_signing_key_usage === true;
  return soundAccounts(tree).flatMap((account): Signed[] => {
    const { iss = '' } = account.claims;
    if (nats.signing_keys?.includes(iss)) {
      return [{ changes: [], step: ok(`account ${quote(account.name)} is signed by a signing key and stays`) }];
    }
    if (iss !== oldKey) return [];
    const signer = isStrict ? chooseSigner({ tree, kind: 'account', account }).signer : identity;
    return [
      {
        changes: [draftAccount(account.name, account.claims, { signer, now, previous: account })],
        step: ok(`signed account ${quote(account.name)} anew`),
      },
    ];
  });
}

/** Accounts that can be read and hold what their issuer signed; a new signature would make the others look sound. */
function soundAccounts(tree: Tree): AccountEntry[] {
  return tree.accountNames().flatMap((name) => {
    const account = findReadable(() => tree.findAccount(name));
    return account && verifyAccount(account, tree.operator)?.code !== 'bad-signature' ? [account] : [];
  });
}

function whatServersRefuse(accounts: readonly Signed[]): string {
  if (accounts.every(({ changes }) => changes.length === 0))
    return 'before that they refuse what the new identity signs';
  return 'before that they refuse the accounts signed anew, and after it the JWTs these had until now';
}

import { mutation, type PlanContext } from '../app/command.js';
import { text } from '../app/option.js';
import { changed, ok, type Step } from '../app/result.js';
import { requireKey } from '../app/take-key.js';
import { draftOperator } from '../domain/draft.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

export const command = mutation({
  summary: 'Bring the JWT of an old operator up to date',
  description:
    'Signs an operator whose JWT is of version 1, as nsc wrote before 2.0, anew as version 2, with its identity key. ' +
    'The old JWT is kept in a file. Accounts and users are not touched; servers accept their old JWTs, and each becomes ' +
    'version 2 when it is edited.',
  options: {
    backup: text('backup', {
      placeholder: 'FILE',
      help: 'where the old JWT of the operator is kept',
      defaultText: 'OPERATOR-jwtV1-upgrade-backup.jwt',
      complete: 'file',
    }),
  },
  upgrades: true,
  examples: [{ command: 'nsc upgrade-jwt', what: 'once for each operator of an old store' }],

  plan(context, { backup }) {
    const { tree, now } = context;
    const { operator } = tree;
    if (operator.claims.nats.version !== 1) {
      return {
        changes: [],
        result: changed(ok(`the JWT of operator ${quote(operator.name)} is of version 2 already`)),
      };
    }
    const signer = getIdentity(context);
    const path = backup ?? `${operator.name}-jwtV1-upgrade-backup.jwt`;
    return {
      changes: [draftOperator(operator.name, operator.claims, { signer, now, previous: operator })],
      files: [{ path, content: operator.token, replace: false, replaceHint: 'name another file with --backup FILE' }],
      warnings: [
        `the operator JWT in the configuration of every server has to be replaced, and servers need to be 2.2.0 or newer`,
      ],
      result: changed(
        ok(`kept the old JWT in ${quote(path)}`),
        ok(`operator ${quote(operator.name)} has a JWT of version 2`),
        ...reportOldAccounts(tree),
      ),
    };
  },

  confirm: ({ tree }, _input, { changes }) =>
    changes.length === 0 ? undefined : `Sign operator ${quote(tree.operator.name)} anew as version 2?`,
});

/** The identity itself signs the upgrade, as in nsc (nsc-core.md §9.24). */
function getIdentity({ tree, signer: given }: PlanContext): KeyPair {
  const { name, claims } = tree.operator;
  const { sub: key = '' } = claims;
  if (tree.managed) {
    throw new NscError(
      'managed-operator',
      `operator ${quote(name)} is managed elsewhere, and has to be upgraded there`,
      {
        hint: 'import its new JWT then with: nsc add operator --url FILE --force',
      },
    );
  }
  if (given && requireKey('operator', given) !== key) {
    throw new NscError('signer-not-allowed', `only the identity ${key} can sign operator ${quote(name)} anew`, {
      details: { publicKey: given.publicKey, expected: key },
    });
  }
  const pair = given?.pair ?? tree.findKeyPair(key);
  if (pair) return pair;
  throw new NscError(
    'key-not-found',
    `the seed of ${key}, the identity of operator ${quote(name)}, is not in the keystore`,
    {
      hint: 'import it with: nsc import keys --dir DIR, or give the seed or its file with -K',
      details: { publicKey: key },
    },
  );
}

function reportOldAccounts(tree: Tree): Step[] {
  const old = tree.accountNames().filter((name) => isOld(tree, name)).length;
  if (old === 0) return [];
  const stays = old === 1 ? 'an account of version 1 stays as it is' : `${old} accounts of version 1 stay as they are`;
  return [ok(`${stays}, until the next edit`)];
}

/** An account that cannot be read is not this command's business. */
function isOld(tree: Tree, name: string): boolean {
  try {
    return tree.findAccount(name)?.claims.nats.version === 1;
  } catch (error) {
    if (error instanceof NscError) return false;
    throw error;
  }
}

import { query } from '../../app/command.js';
import { flag, text } from '../../app/option.js';
import { outputFile, outputFileOption } from '../../app/options/output-file.js';
import { encodeKeySet, type Jwk } from '../../domain/jwks/jwk.js';
import { accountJwks, operatorJwks } from '../../domain/jwks/trusted-keys.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { brokenChain } from '../../domain/trust/broken-chain.js';
import { accountEnd, operatorEnd } from '../../domain/trust/refusal.js';
import { verifyAccount, verifyOperator } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';

export const command = query({
  summary: 'Write the public keys that verify JWTs, as a JSON Web Key Set',
  description:
    'A key set (RFC 7517) for programs that verify JWTs: the id of a key is the nkey that JWTs have as issuer. It has ' +
    'every key that is trusted to sign for the operator, for one account, or for all: the one that signs now first, ' +
    'then those that rotation announced, then those that retire; scoped keys too. Removed and compromised keys are ' +
    'not in it, nor is an identity key that a strict operator forbids to sign. There is nothing private in it. nsc ' +
    'serve publishes the same set, always up to date, as /.well-known/jwks.json; nsc verify --jwks reads it.',
  options: {
    operator: flag('operator', { help: 'keys that sign accounts (the default)' }),
    account: text('account', {
      short: 'a',
      placeholder: 'ACCOUNT',
      help: 'keys that sign users and activations of this account, by name or public key',
      complete: 'account',
    }),
    all: flag('all', { short: 'A', help: 'keys of the operator and of every account it signed' }),
    outputFile: outputFileOption,
  },
  conflicts: [
    ['all', 'operator'],
    ['all', 'account'],
  ],
  examples: [
    { command: 'nsc generate jwks --all -o jwks.json', what: 'for whoever verifies JWTs of accounts and users' },
    { command: 'nsc generate jwks --account Orders', what: 'to tell users of one account from all others' },
  ],

  run({ tree }, { operator, account, all, outputFile: file }) {
    const { operator: entry } = tree;
    requireAuthentic('operator', entry);
    const refusal = verifyOperator(entry, { signatures: false });
    if (refusal) throw brokenChain(operatorEnd(entry), refusal);
    const warnings: string[] = [];
    const keys: Jwk[] = [];
    if (operator || all || account === undefined) keys.push(...operatorJwks(tree));
    if (account !== undefined) keys.push(...accountJwks(tree, requireTrusted(tree, getAccount(tree, account, ''))));
    if (all) keys.push(...keysOfAccounts(tree, warnings));
    return {
      kind: 'emitted',
      what: 'key set',
      content: encodeKeySet(keys),
      ...outputFile(file),
      ...(warnings.length > 0 && { warnings }),
      data: { operator: entry.name },
    };
  },
});

/** @throws NscError `bad-token`, `broken-chain` */
function requireTrusted(tree: Tree, account: AccountEntry): AccountEntry {
  requireAuthentic('account', account);
  const refusal = verifyAccount(account, tree.operator, { signatures: false, managed: tree.managed });
  if (refusal) throw brokenChain(accountEnd(account), refusal);
  return account;
}

/** One account that nobody trusts must not keep the others from being published. */
function keysOfAccounts(tree: Tree, warnings: string[]): Jwk[] {
  return tree.accountNames().flatMap((name) => {
    try {
      const account = tree.findAccount(name);
      return account ? accountJwks(tree, requireTrusted(tree, account)) : [];
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      warnings.push(`left out: ${error.message}`);
      return [];
    }
  });
}

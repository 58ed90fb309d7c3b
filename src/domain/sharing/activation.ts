import { quote, quoteWord } from '../../lib/display.js';
import { checkImportToken } from '../claims/check/import-token.js';
import { checkValidity } from '../claims/check/validity.js';
import { isRevokedBy } from '../claims/revocation.js';
import type { ActivationClaims, Export, Import } from '../claims/types.js';
import { decodeKind } from '../token/decode.js';
import type { AccountEntry, OperatorEntry } from '../tree/tree.js';
import { accountAuthority } from '../trust/authority.js';
import { needsActivation } from './access.js';
import { activationCommand } from './activation-command.js';
import type { Exporter } from './exporters.js';
import type { Found, SharingCode } from './problem.js';

/** What an activation is held against. */
export interface Activating {
  readonly operator: OperatorEntry;
  readonly importer: AccountEntry;
  /** Absent when the account is not in this store. */
  readonly exporter: Exporter | undefined;
  /** The export that is imported, where it is known. */
  readonly shared: Export | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** Which of the rules I13–I18 says what; the others are about the activation itself. */
const CODES: Readonly<Record<string, SharingCode>> = {
  I13: 'activation-altered',
  I14: 'activation-wrong-signer',
  I15: 'activation-wrong-account',
  I16: 'activation-wrong-kind',
  I18: 'activation-wrong-subject',
};

/**
 * What keeps servers from accepting the activation of an import (jwt-nkeys.md §5.3, nsc-distribution.md §5.6): the rules
 * I13–I18, a signer that the exporter does not list, its times, and its revocation. The rules count in any case, the rest
 * where an activation is wanted.
 */
export function checkActivation(entry: Import, token: string, context: Activating): Found[] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(token)) {
    return [
      {
        code: 'unchecked-token-url',
        level: 'warning',
        what: `the activation is at a URL, ${quote(token)}, and was not fetched`,
        hint: `delete it, and import it anew with: nsc add import --token ${quoteWord(token)}`,
      },
    ];
  }
  const broken = checkImportToken(entry, token, context.importer.claims.sub ?? '');
  if (broken.length > 0) {
    return broken.map(({ rule, message }) => ({
      code: CODES[rule] ?? 'activation-altered',
      level: 'error',
      what: message,
      rule,
    }));
  }
  if (context.shared && !needsActivation(context.shared)) return [];
  const { claims } = decodeKind(token, 'activation');
  return [...checkSigner(claims, context), ...checkTimes(claims, context), ...checkRevoked(claims, context)];
}

/** Without `issuer_account` it is the exporter's identity key, strict or not (I14). */
function checkSigner(claims: ActivationClaims, context: Activating): Found[] {
  const { iss = '', nats } = claims;
  const { exporter, operator } = context;
  if (!exporter || !nats.issuer_account) return [];
  const { identity, signingKeys, strict } = accountAuthority(exporter.claims, operator.claims);
  if (signingKeys.includes(iss) || (iss === identity && !strict)) return [];
  const who = `is signed by ${iss}, which account ${quote(exporter.name)} does not list`;
  const strictly = 'is signed by the identity key of its account as if by a signing key, which the operator forbids';
  return [
    {
      code: 'activation-wrong-signer',
      level: 'error',
      what: `the activation ${iss === identity ? strictly : who}`,
      hint: renewal(claims, context),
    },
  ];
}

/** One that will be valid is no error, although servers look at it again only when the account is updated. */
function checkTimes(claims: ActivationClaims, context: Activating): Found[] {
  const { exp = 0 } = claims;
  const { now } = context;
  if (exp > 0 && exp <= now) {
    return [
      {
        code: 'activation-expired',
        level: 'error',
        what: 'the activation has expired',
        hint: renewal(claims, context),
      },
    ];
  }
  return checkValidity(claims, now).map(({ message }) => ({
    code: 'activation-not-yet-valid',
    level: 'warning',
    what: `the activation is ${message}`,
    hint: 'push the account to servers again at that time',
  }));
}

function checkRevoked(claims: ActivationClaims, context: Activating): Found[] {
  const { exporter, shared } = context;
  if (!exporter || !isRevokedBy(shared?.revocations, claims)) return [];
  return [
    {
      code: 'activation-revoked',
      level: 'error',
      what: `account ${quote(exporter.name)} revoked the activation`,
      hint: renewal(claims, context),
    },
  ];
}

const renewal = ({ nats: { subject = '' } }: ActivationClaims, { exporter, importer }: Activating): string =>
  `have a new one made with: ${activationCommand(exporter, importer.claims.sub ?? '', subject)}, and delete and add the import`;

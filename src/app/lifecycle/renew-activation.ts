import { isRevokedBy, issueTime } from '../../domain/claims/revocation.js';
import type { ActivationClaims, Export, Import } from '../../domain/claims/types.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { findExport } from '../../domain/sharing/find-export.js';
import { decodeKind } from '../../domain/token/decode.js';
import { issue } from '../../domain/token/issue.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Entry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { LeftToken, ResignedActivation, Resigning } from './resign-types.js';

type Imports = AccountEntry['claims']['nats']['imports'];

/** What became of the activations of one account. */
export interface RenewedImports {
  /** The same list unless an activation is another one. */
  readonly imports: Imports;
  readonly renewed: readonly ResignedActivation[];
  readonly left: readonly LeftToken[];
}

/**
 * Signs activations anew that accounts import with. They come with the token of whoever imports, which may be a stranger,
 * so each has to hold what its issuer signed.
 */
export class ActivationRenewal {
  readonly #request: Resigning;
  readonly #isAuthentic: (entry: Entry<ActivationClaims>) => boolean;
  readonly #exporters = new Map<string, AccountEntry | undefined>();

  constructor(request: Resigning, isAuthentic: (entry: Entry<ActivationClaims>) => boolean) {
    this.#request = request;
    this.#isAuthentic = isAuthentic;
  }

  /** The imports of an account with activations that were signed anew. Tokens that are no activations stay. */
  renewImports(importer: AccountEntry): RenewedImports {
    const { imports } = importer.claims.nats;
    const renewed: ResignedActivation[] = [];
    const left: LeftToken[] = [];
    const next = imports?.map((entry) => {
      const found = entry && this.#renew(importer, entry);
      if (!found) return entry;
      if ('reason' in found) {
        left.push(found);
        return entry;
      }
      renewed.push(found.activation);
      return found.entry;
    });
    return { imports: renewed.length > 0 ? next : imports, renewed, left };
  }

  #renew(
    { name: importer }: AccountEntry,
    entry: Import,
  ): { entry: Import; activation: ResignedActivation } | LeftToken | undefined {
    const { token = '', account = '', type = 'stream' } = entry;
    const claims = token === '' ? undefined : findReadable(() => decodeKind(token, 'activation').claims);
    const exporter = claims && this.#findExporter(account);
    if (!claims || !exporter) return undefined;
    const { iss = '', nats } = claims;
    const signer = this.#request.signerFor({
      kind: 'activation',
      issuer: iss,
      account: exporter,
      name: importer,
      claims,
    });
    if (!signer) return undefined;

    const leave = (reason: LeftToken['reason'], error?: NscError): LeftToken => ({
      kind: 'activation',
      account: exporter.name,
      name: importer,
      reason,
      ...(error && { message: error.message, error }),
    });
    const { subject = '' } = nats;
    const shared = findExport(exporter.claims, type, subject);
    const wasRevoked = isRevokedBy(shared?.revocations, claims);
    if (wasRevoked && !this.#request.revives) return leave('revoked');
    if (signer instanceof NscError) return leave('refused', signer);
    if (!this.#isAuthentic({ name: subject, token, claims })) {
      return leave('altered', altered(importer, exporter.name, subject));
    }
    const renewed = this.#sign(claims, { signer, exporter, shared });
    return {
      entry: { ...entry, token: renewed },
      activation: { importer, exporter: exporter.name, subject, ...(wasRevoked && { wasRevoked }) },
    };
  }

  #sign(
    claims: ActivationClaims,
    { signer, exporter, shared }: { signer: KeyPair; exporter: AccountEntry; shared: Export | undefined },
  ): string {
    const { sub: account = '' } = exporter.claims;
    const { issuer_account: _stale, ...body } = claims.nats;
    const nats = signer.publicKey === account ? body : { ...body, issuer_account: account };
    const follows = Number(claims.iat ?? 0) + 1;
    const after = Number.isSafeInteger(follows) ? Math.max(this.#request.now, follows) : this.#request.now;
    const now = issueTime(shared?.revocations, claims.sub ?? '', after);
    return issue('activation', { ...claims, nats }, signer, { now }).token;
  }

  #findExporter(publicKey: string): AccountEntry | undefined {
    if (!this.#exporters.has(publicKey)) {
      this.#exporters.set(publicKey, this.#request.tree.findAccountByKey(publicKey));
    }
    return this.#exporters.get(publicKey);
  }
}

const altered = (importer: string, exporter: string, subject: string): NscError =>
  new NscError(
    'bad-token',
    `the activation for ${quote(subject)} of account ${quote(exporter)}, with which account ${quote(importer)} imports, does not hold what its issuer signed`,
    { details: { importer, exporter, subject } },
  );

import { checkClaims } from '../../domain/claims/check/claims.js';
import { findScope } from '../../domain/claims/scope.js';
import { keyOf, type SigningKey } from '../../domain/claims/signing-key.js';
import type { ClaimsByKind, Permissions, RegisteredClaims, UserScope } from '../../domain/claims/types.js';
import { isSystemAccount } from '../../domain/tree/system-account.js';
import type { AccountEntry, Entry, Tree } from '../../domain/tree/tree.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { verifyAccount, verifyOperator, verifyUser } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { Identifiers } from './identifiers.js';
import {
  accountLimitBlocks,
  type Block,
  permissionRows,
  type Row,
  text,
  tokenRows,
  userLimitBlocks,
} from './object-rows.js';

/** Who signed whom, as nodes and edges. Texts are as in the tokens: who writes them out escapes them. */
export interface ObjectDiagram {
  readonly objects: readonly ObjectNode[];
  readonly edges: readonly Edge[];
}

export interface ObjectNode {
  readonly id: string;
  readonly name: string;
  /** `account`, `account signing keys`, `user permissions` … */
  readonly what: string;
  /** True for a table from public key to what is known of it. */
  readonly isMap?: boolean;
  readonly blocks: readonly Block[];
  readonly problems: readonly string[];
}

export interface Edge {
  readonly from: string;
  /** The row of a map where the edge begins: a public key. */
  readonly row?: string;
  readonly to: string;
  readonly what: 'signed' | 'self signed' | 'API restricted by';
}

export interface ObjectOptions {
  /** Unix seconds. */
  readonly now: number;
  readonly users: boolean;
  readonly showKeys: boolean;
  /** Whether times, limits and permissions are wanted. */
  readonly detail: boolean;
}

/** The operator, its accounts and, if wanted, their users, with what is wrong with each. */
export function readObjects(tree: Tree, options: ObjectOptions): ObjectDiagram {
  const builder = new Builder(tree, options);
  builder.addOperator();
  for (const name of tree.accountNames()) builder.addAccount(name);
  return builder;
}

type Kind = 'operator' | 'account' | 'user';

/** Who may have signed something: its node, its identity key and its signing keys. */
interface Signer {
  readonly id: string;
  readonly identity: string;
  readonly signingKeys: readonly string[];
}

/** What is known of an entity beside its claims. */
interface Facts {
  readonly what: string;
  readonly refusal: Refusal | undefined;
  readonly details?: readonly Row[];
  readonly blocks?: readonly Block[];
}

class Builder implements ObjectDiagram {
  readonly objects: ObjectNode[] = [];
  readonly edges: Edge[] = [];
  readonly #tree: Tree;
  readonly #options: ObjectOptions;
  readonly #ids = new Identifiers();

  constructor(tree: Tree, options: ObjectOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  addOperator(): void {
    const { operator } = this.#tree;
    const body = operator.claims.nats;
    const signer = this.#signer('operator', operator, body.signing_keys);
    this.#addEntity(signer.id, 'operator', operator, {
      what: 'operator',
      refusal: verifyOperator(operator),
      details: [
        ...text('account server', body.account_server_url),
        ['Strict signing key usage', String(body.strict_signing_key_usage ?? false)],
      ],
    });
    this.#addKeys(signer, 'operator', operator.name, body.signing_keys ?? []);
    this.#addSignature(signer.id, operator.claims, signer);
  }

  addAccount(name: string): void {
    const { operator, managed } = this.#tree;
    const account = this.#read(`account ${name}`, name, 'account', () => this.#tree.findAccount(name));
    if (account === undefined) return;
    const body = account.claims.nats;
    const signer = this.#signer('account', account, body.signing_keys);
    this.#addEntity(signer.id, 'account', account, {
      what: isSystemAccount(this.#tree, account.claims) ? 'system account' : 'account',
      refusal: verifyAccount(account, operator, { managed }),
      blocks: accountLimitBlocks(body.limits ?? {}),
    });
    this.#addKeys(signer, 'account', name, body.signing_keys ?? []);
    const parent = this.#signer('operator', operator, operator.claims.nats.signing_keys);
    this.#addSignature(signer.id, account.claims, parent);
    this.#addPermissions(signer.id, name, 'default', body.default_permissions ?? {});
    if (this.#options.users) for (const user of this.#tree.userNames(name)) this.#addUser(account, signer, user);
  }

  #addUser(account: AccountEntry, signer: Signer, name: string): void {
    const place = `user ${account.name}/${name}`;
    const user = this.#read(place, name, 'user', () => this.#tree.findUser(account.name, name));
    if (user === undefined) return;
    const scope = findScope(account.claims, user.claims.iss ?? '');
    const { id } = this.#signer('user', user);
    this.#addEntity(id, 'user', user, {
      what: 'user',
      refusal: verifyUser(user, account, this.#tree.operator, { revocations: true }),
      details: text('Role', scope?.role),
      blocks: scope ? [] : userLimitBlocks(user.claims.nats),
    });
    this.#addSignature(id, user.claims, signer);
    if (!scope) this.#addPermissions(id, name, 'user', user.claims.nats);
    else if (this.#options.detail) this.edges.push({ from: id, to: this.#roleId(scope), what: 'API restricted by' });
  }

  #addEntity<EntityKind extends Kind>(
    id: string,
    kind: EntityKind,
    { name, claims }: Entry<ClaimsByKind[EntityKind]>,
    { what, refusal, details = [], blocks = [] }: Facts,
  ): void {
    const { now, detail, showKeys } = this.#options;
    const { sub = '', nats } = claims;
    const rows: Row[] = showKeys ? text('Identity Key', sub) : [];
    if (detail) {
      rows.push(['Identity Key Present', String(this.#tree.hasSeed(sub))], ...tokenRows(claims, nats), ...details);
    }
    const issues = checkClaims(kind, claims, now);
    const problems = [...(refusal ? [refusal.message] : []), ...issues.map(({ message }) => message)];
    this.objects.push({ id, name, what, blocks: [{ rows }, ...(detail ? blocks : [])], problems });
  }

  #signer(kind: Kind, { name, claims }: Entry<{ sub?: string }>, keys: readonly SigningKey[] = []): Signer {
    const identity = claims.sub ?? '';
    return {
      id: this.#ids.of(`${kind} ${identity || name}`, identity || name),
      identity,
      signingKeys: keys.map(keyOf),
    };
  }

  /** The signing keys as a map, and what their roles allow. */
  #addKeys(signer: Signer, kind: Kind, name: string, keys: readonly SigningKey[]): void {
    if (this.#options.showKeys && keys.length > 0) {
      const rows = keys.map((key): Row => {
        const role = typeof key === 'string' || !key.role ? '' : ` (role ${key.role})`;
        return [keyOf(key), `${this.#tree.hasSeed(keyOf(key))}${role}`];
      });
      const blocks = [{ rows: [['key', 'stored'] as const, ...rows] }];
      const what = `${kind} signing keys`;
      this.objects.push({ id: this.#keysId(signer), name, what, isMap: true, blocks, problems: [] });
    }
    if (!this.#options.detail) return;
    for (const key of keys) {
      if (typeof key === 'string') continue;
      const { role = '', template = {} } = key;
      const blocks = [{ rows: permissionRows(template) }, ...userLimitBlocks(template)];
      const what = 'role permissions';
      this.objects.push({ id: this.#roleId(key), name: role || key.key, what, blocks, problems: [] });
    }
  }

  #addPermissions(owner: string, name: string, what: 'default' | 'user', permissions: Permissions): void {
    const rows = permissionRows(permissions);
    if (!this.#options.detail || rows.length === 0) return;
    const id = this.#ids.of(`permissions of ${owner}`, `${owner}_permissions`);
    this.objects.push({ id, name, what: `${what} permissions`, blocks: [{ rows }], problems: [] });
    this.edges.push({ from: owner, to: id, what: 'API restricted by' });
  }

  /** Nothing is drawn for an issuer that the parent does not list: the problems tell. */
  #addSignature(to: string, { iss = '', sub = '' }: RegisteredClaims, parent: Signer): void {
    const isListed = parent.signingKeys.includes(iss);
    if (iss === sub) this.edges.push({ from: to, to, what: 'self signed' });
    else if (isListed && this.#options.showKeys) {
      this.edges.push({ from: this.#keysId(parent), row: iss, to, what: 'signed' });
    } else if (isListed || iss === parent.identity) this.edges.push({ from: parent.id, to, what: 'signed' });
  }

  #keysId({ id }: Signer): string {
    return this.#ids.of(`keys of ${id}`, `${id}_sk`);
  }

  #roleId({ key }: UserScope): string {
    return this.#ids.of(`role ${key}`, `${key}_permissions`);
  }

  /** What cannot be read is an object with a problem. */
  #read<Found>(place: string, name: string, what: Kind, read: () => Found | undefined): Found | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      const id = this.#ids.of(`unreadable ${place}`, name);
      this.objects.push({ id, name, what, blocks: [], problems: [`it cannot be read: ${error.message}`] });
      return undefined;
    }
  }
}

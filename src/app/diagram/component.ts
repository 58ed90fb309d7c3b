import { checkClaims } from '../../domain/claims/check/claims.js';
import type { Export, Import, ShareType } from '../../domain/claims/types.js';
import { checkImport } from '../../domain/sharing/check-import.js';
import { type FindExporter, indexExporters } from '../../domain/sharing/exporters.js';
import { exportsOf, findExport } from '../../domain/sharing/find-export.js';
import { importsOf } from '../../domain/sharing/imports.js';
import { localSubject } from '../../domain/sharing/local-subject.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { Identifiers } from './identifiers.js';

/** What accounts share, as nodes and edges. Texts are as in the tokens: who writes them out escapes them. */
export interface ComponentDiagram {
  readonly operator: string;
  readonly accounts: readonly AccountNode[];
  readonly exports: readonly ExportNode[];
  readonly imports: readonly ImportEdge[];
}

/** What may be read about an account or an export. */
export interface Description {
  readonly text?: string;
  readonly url?: string;
}

export interface AccountNode {
  readonly id: string;
  readonly name: string;
  readonly description?: Description;
  readonly problems: readonly string[];
}

export interface ExportNode {
  readonly id: string;
  /** Absent when the store has no such export. */
  readonly account?: string;
  /** `''` for an export that is not there. */
  readonly name: string;
  readonly subject: string;
  readonly type: ShareType;
  readonly isPrivate: boolean;
  readonly description?: Description;
  readonly problems: string[];
}

export interface ImportEdge {
  /** Identifiers of the importing account and of the export. */
  readonly from: string;
  readonly to: string;
  readonly remote: string;
  /** The subject in the importing account, where it is another one. */
  readonly local?: string;
}

export interface ReadOptions {
  /** Unix seconds. */
  readonly now: number;
  /** Whether descriptions are wanted. */
  readonly detail: boolean;
}

/** The accounts of an operator that export or import, or cannot be read, and what is wrong with what they share. */
export function readComponents(tree: Tree, options: ReadOptions): ComponentDiagram {
  const builder = new Builder(tree, options);
  for (const name of tree.accountNames()) builder.add(name);
  return builder.finish();
}

class Builder {
  readonly #tree: Tree;
  readonly #options: ReadOptions;
  readonly #ids = new Identifiers();
  readonly #accounts: AccountNode[] = [];
  /** By {@link exportKey}. */
  readonly #exports = new Map<string, ExportNode>();
  readonly #sharing: AccountEntry[] = [];

  constructor(tree: Tree, options: ReadOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  add(name: string): void {
    let account: AccountEntry | undefined;
    try {
      account = this.#tree.findAccount(name);
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      const id = this.#ids.of(`unreadable ${name}`, name);
      this.#accounts.push({ id, name, problems: [`it cannot be read: ${error.message}`] });
    }
    if (account === undefined || (exportsOf(account.claims).length === 0 && importsOf(account.claims).length === 0))
      return;
    this.#sharing.push(account);
    const issues = checkClaims('account', account.claims, this.#options.now);
    this.#accounts.push({
      id: this.#accountId(account.claims.sub),
      name,
      ...this.#describe(account.claims.nats.description, account.claims.nats.info_url),
      problems: issues.map(({ message }) => message),
    });
    for (const entry of exportsOf(account.claims)) this.#addExport(account, entry);
  }

  finish(): ComponentDiagram {
    const findExporter = indexExporters(this.#tree, this.#sharing);
    const imports = this.#sharing.flatMap((account) =>
      importsOf(account.claims).map((entry) => this.#import(account, entry, findExporter)),
    );
    const operator = this.#tree.operator.name;
    return { operator, accounts: this.#accounts, exports: [...this.#exports.values()], imports };
  }

  #addExport({ claims }: AccountEntry, entry: Export): void {
    const { type = 'stream', subject = '', name = '', token_req: isPrivate = false } = entry;
    const key = claims.sub ?? '';
    this.#exports.set(exportKey(key, type, subject), {
      id: this.#exportId(key, type, subject),
      account: this.#accountId(key),
      name: name || subject,
      subject,
      type,
      isPrivate,
      ...this.#describe(entry.description, entry.info_url),
      problems: [],
    });
  }

  #import(importer: AccountEntry, entry: Import, findExporter: FindExporter): ImportEdge {
    const [remote, local] = [remoteSubject(entry), localSubject(entry)];
    const node = this.#exportOf(entry, remote, findExporter);
    for (const { message, rule } of checkImport(this.#tree, importer, entry, {
      now: this.#options.now,
      findExporter,
    })) {
      // the account has said what breaks a rule
      if (rule === undefined) node.problems.push(`account ${quote(importer.name)}, ${message}`);
    }
    return {
      from: this.#accountId(importer.claims.sub),
      to: node.id,
      remote,
      ...(local !== remote && { local }),
    };
  }

  /** The export behind an import, or one that stands for what is not there. */
  #exportOf({ type = 'stream', account = '', token }: Import, remote: string, find: FindExporter): ExportNode {
    const exporter = find(account);
    const shared = exporter && findExport(exporter.claims, type, remote);
    const key = exportKey(account, type, shared?.subject ?? remote);
    const known = this.#exports.get(key);
    if (known) return known;
    const id = this.#exportId(account, type, remote);
    const missing = {
      id,
      name: '',
      subject: remote,
      type,
      isPrivate: token !== undefined && token !== '',
      problems: [],
    };
    this.#exports.set(key, missing);
    return missing;
  }

  #describe(text: string | undefined, url: string | undefined): { description?: Description } {
    if (!this.#options.detail || !(text || url)) return {};
    return { description: { ...(text && { text }), ...(url && { url }) } };
  }

  #accountId(key = ''): string {
    return this.#ids.of(`account ${key}`, key);
  }

  #exportId(key: string, type: ShareType, subject: string): string {
    return this.#ids.of(exportKey(key, type, subject), `${key}_${subject}`);
  }
}

const exportKey = (account: string, type: ShareType, subject: string): string => `${account} ${type} ${subject}`;

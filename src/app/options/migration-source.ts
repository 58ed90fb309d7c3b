import { parseDecorated } from '../../domain/creds/creds.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Option } from '../option.js';
import type { Files } from '../ports.js';
import { isUrl, readText } from './token-file.js';

/** A JWT and where it was read. It is not looked into. */
export interface FoundToken {
  readonly source: string;
  readonly token: string;
}

/** An account of another operator, and its users where they lie beside it. */
export interface FoundAccount extends FoundToken {
  readonly users: readonly FoundToken[];
}

/** What is to be migrated; `accounts` are there once they were read. */
export interface MigrationSource {
  readonly given: string;
  /** JWTs at the top of an operator's directory: the operator's own is among them. */
  readonly operators?: readonly FoundToken[];
  readonly accounts?: readonly FoundAccount[];
}

type Spec = Omit<Option<MigrationSource>, 'long' | 'read' | 'resolve'>;

/** An option that names the JWT of an account by file or URL. Users are found beside a file, as stores have them. */
export function accountSourceOption(long: string, spec: Spec): Option<MigrationSource> {
  return {
    long,
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: async ({ given }, ports) => {
      const token = tokenOf(await readText(given, ports));
      const users = isUrl(given) ? [] : listTokens(ports.files, `${directoryOf(given)}users`);
      return { given, accounts: [{ source: given, token, users }] };
    },
  };
}

/** An option that names the directory of an operator in a store. */
export function operatorDirOption(long: string, spec: Spec): Option<MigrationSource> {
  return {
    long,
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: ({ given }, { files }) => {
      const operators = files
        .list(given, false)
        .filter(isToken)
        .map((path) => readToken(files, path));
      return { given, operators, accounts: readAccounts(files, `${given}/accounts`) };
    },
  };
}

/** `accounts/A/A.jwt` and `accounts/A/users/*.jwt` (nsc-core.md §3.1). */
function readAccounts(files: Files, directory: string): FoundAccount[] {
  const users = new Map<string, string[]>();
  const accounts: { readonly name: string; readonly path: string }[] = [];
  for (const path of listOrNone(files, directory, true).filter(isToken)) {
    const [file = '', parent = '', above = ''] = path.split(/[/\\]/).reverse();
    if (above === 'accounts' && file === `${parent}${TOKEN}`) accounts.push({ name: parent, path });
    else if (parent === 'users') {
      const known = users.get(above);
      if (known) known.push(path);
      else users.set(above, [path]);
    }
  }
  return accounts.map(({ name, path }) => ({
    ...readToken(files, path),
    users: (users.get(name) ?? []).map((user) => readToken(files, user)),
  }));
}

const TOKEN = '.jwt';
const isToken = (path: string): boolean => path.endsWith(TOKEN);

const listTokens = (files: Files, directory: string): FoundToken[] =>
  listOrNone(files, directory, false)
    .filter(isToken)
    .map((path) => readToken(files, path));

function readToken(files: Files, path: string): FoundToken {
  const content = files.read(path);
  if (content === undefined) throw new NscError('file-not-found', `${quote(path)} went away`);
  return { source: path, token: tokenOf(content) };
}

function listOrNone(files: Files, directory: string, recursive: boolean): string[] {
  try {
    return files.list(directory, recursive);
  } catch (error) {
    if (error instanceof NscError && error.code === 'file-not-found') return [];
    throw error;
  }
}

const tokenOf = (content: string): string => parseDecorated(content).token.trim();

/** With the separator at its end; empty for a bare file name. */
const directoryOf = (path: string): string => path.replace(/[^/\\]*$/, '');

import type { Files } from '../ports.js';

/** How the program came to where it is. */
export type Installation =
  | { readonly kind: 'global' | 'project'; readonly manager: Manager; readonly directory: string }
  /** Fetched for one run. */
  | { readonly kind: 'npx'; readonly directory: string }
  /** A clone of the source. */
  | { readonly kind: 'checkout'; readonly directory: string }
  /** One executable file that holds everything. */
  | { readonly kind: 'standalone'; readonly directory: string; readonly file: string }
  /** Something else, such as an unpacked archive. */
  | { readonly kind: 'copy'; readonly directory: string };

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** What the package says of itself. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
  /** False for a package that is in no registry: the name may be that of somebody else's package there. */
  readonly isPublished: boolean;
}

/** Tells from the path of the program, links followed, and from a few files around it. */
export function findInstallation(program: string, files: Pick<Files, 'exists'>): Installation {
  if (isStandalone(program)) return { kind: 'standalone', directory: directoryOf(program) || '/', file: program };
  const directory = packageRoot(program);
  const [above] = directory.split(/[/\\]node_modules[/\\]/);
  if (above === undefined || above === directory) {
    return { kind: files.exists(`${directory}/.git/HEAD`) ? 'checkout' : 'copy', directory };
  }
  if (/[/\\]_npx[/\\]/.test(program)) return { kind: 'npx', directory };
  const manager = managerOf(program);
  const isGlobal = /[/\\]global([/\\]|$)/.test(above) || !files.exists(`${above}/package.json`);
  return isGlobal ? { kind: 'global', manager, directory } : { kind: 'project', manager, directory: above };
}

/** What `package.json` says; undefined where there is none that can be read. */
export function readPackage(program: string, files: Pick<Files, 'read'>): PackageInfo | undefined {
  try {
    const text = files.read(`${packageRoot(program)}/package.json`);
    const { name, version, private: isPrivate } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (typeof name !== 'string' || typeof version !== 'string') return undefined;
    return { name, version, isPublished: isPrivate !== true };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Otherwise the program is a script, even where it cannot be told which one Node runs. */
export const isStandalone = (program: string): boolean => !/(\.js|[/\\]node(\.exe)?)$/.test(program);

/** The program is `bin/nsc.js` of its package. */
const packageRoot = (program: string): string => directoryOf(directoryOf(program));

const directoryOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '');

function managerOf(program: string): Manager {
  if (/[/\\]\.?pnpm[/\\]/.test(program)) return 'pnpm';
  if (/[/\\]\.bun[/\\]/.test(program)) return 'bun';
  return /[/\\]\.?yarn[/\\]/.test(program) ? 'yarn' : 'npm';
}

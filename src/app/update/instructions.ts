import { quoteWord } from '../../lib/display.js';
import type { Installation, Manager, PackageInfo } from './installation.js';

const ADD: Readonly<Record<Manager, { readonly global: string; readonly project: string }>> = {
  npm: { global: 'npm install --global', project: 'npm install' },
  pnpm: { global: 'pnpm add --global', project: 'pnpm add' },
  yarn: { global: 'yarn global add', project: 'yarn add' },
  bun: { global: 'bun add --global', project: 'bun add' },
};

/** How an installation is brought to another version. */
export interface Instructions {
  /** What there is: a sentence. */
  readonly state: string;
  /** What to type, a command each. */
  readonly commands: readonly string[];
  /** What the commands leave open. */
  readonly note?: string;
}

/**
 * What to do by hand; nothing is looked up.
 *
 * @param wanted a version, or `latest`
 */
export function updateInstructions(installation: Installation, info: PackageInfo, wanted: string): Instructions {
  const { directory } = installation;
  const where = quoteWord(directory);
  const self = `${info.name} ${info.version}`;
  switch (installation.kind) {
    case 'checkout':
      return {
        state: `${self} runs from its source in ${where}.`,
        commands: [
          ...(wanted === 'latest'
            ? [`git -C ${where} pull --ff-only`]
            : [`git -C ${where} fetch --tags`, `git -C ${where} checkout v${wanted}`]),
          `npm --prefix ${where} ci`,
          `npm --prefix ${where} run build`,
        ],
      };
    case 'standalone':
      return {
        state: `${self} is one executable file, ${quoteWord(installation.file)}, that no package manager knows of.`,
        commands: [],
        note: `Replace that file with one of ${versionOf(wanted)}: "npm run build:standalone" in its source makes one.`,
      };
    case 'copy':
      return {
        state: `${self} is a copy in ${where} that no package manager knows of.`,
        commands: [],
        note: `Replace that directory with one of ${versionOf(wanted)}.`,
      };
    case 'npx':
      return {
        state: `${self} was fetched for this run and is not installed.`,
        commands: [`npx --package=${specOf(info, wanted)} nsc`],
        ...noteOn(info, wanted),
      };
    default: {
      const { kind, manager } = installation;
      const command = `${ADD[manager][kind]} ${specOf(info, wanted)}`;
      return {
        state: `${self} is installed by ${manager} ${kind === 'global' ? 'for every project' : `for the project in ${where}`}.`,
        commands: [kind === 'global' ? command : `cd ${where} && ${command}`],
        ...noteOn(info, wanted),
      };
    }
  }
}

/** A name that is in no registry of ours must not be asked for there: somebody else may have it. */
const specOf = ({ name, isPublished }: PackageInfo, wanted: string): string =>
  isPublished ? `${name}@${wanted}` : `./${name}-${wanted === 'latest' ? 'VERSION' : wanted}.tgz`;

const noteOn = ({ isPublished }: PackageInfo, wanted: string): { note?: string } =>
  isPublished
    ? {}
    : { note: `The package is in no registry: "npm pack" in the source of ${versionOf(wanted)} makes that file.` };

const versionOf = (wanted: string): string => (wanted === 'latest' ? 'the latest version' : `version ${wanted}`);

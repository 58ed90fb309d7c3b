import { task } from '../app/command.js';
import { value } from '../app/option.js';
import type { Emitted } from '../app/result.js';
import { findInstallation, isStandalone, readPackage } from '../app/update/installation.js';
import { updateInstructions } from '../app/update/instructions.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

export const command = task({
  summary: 'Say how this installation is updated',
  description:
    'Tells from where the program is how it was installed, and prints the commands that bring it to another version. ' +
    'It runs none of them, looks for no version, and contacts nobody: what installs programs also checks where they ' +
    'come from.',
  options: {
    version: value(
      'version',
      { placeholder: 'VERSION', help: 'the version to go to', defaultText: 'latest', complete: ['latest'] },
      readVersion,
    ),
  },
  examples: [{ command: 'nsc update --version 0.2.0', what: 'how to get this version' }],

  async run({ ports }, { version: wanted = 'latest' }): Promise<Emitted> {
    const { files, program, version } = ports;
    const info = isStandalone(program) ? { name: 'nsc', version, isPublished: false } : readPackage(program, files);
    if (info === undefined) {
      throw new NscError('file-not-found', `there is no package around ${quote(program)}`, {
        hint: 'update it the way it was installed',
      });
    }
    const installation = findInstallation(program, files);
    const { state, commands, note } = updateInstructions(installation, info, wanted);
    const steps = commands.length === 0 ? [] : ['To update it:', ...commands.map((line) => `  ${line}`)];
    return {
      kind: 'emitted',
      what: 'how to update',
      content: [state, ...steps, ...(note === undefined ? [] : [note])].join('\n'),
      data: {
        version: info.version,
        wanted,
        installation: installation.kind,
        directory: installation.directory,
        commands,
      },
    };
  },
});

/** Not everything that a package manager takes: what is shown here is pasted into a shell. */
function readVersion(given: string): string {
  const version = given.trim().replace(/^v(?=\d)/, '');
  if (version === 'latest' || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$/.test(version)) return version;
  throw new NscError('bad-value', `${quote(given)} is not a version`, { hint: 'write 1.2.3, or latest' });
}

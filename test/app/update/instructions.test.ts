import { describe, expect, it } from 'vitest';
import { findInstallation, type Installation, readPackage } from '../../../src/app/update/installation.js';
import { updateInstructions } from '../../../src/app/update/instructions.js';

const only = (...paths: string[]) => ({ exists: (path: string) => paths.includes(path) });

describe('how a program came to where it is', () => {
  it.each<[program: string, found: Installation, ...there: string[]]>([
    [
      '/usr/lib/node_modules/nsc/bin/nsc.js',
      { kind: 'global', manager: 'npm', directory: '/usr/lib/node_modules/nsc' },
    ],
    [
      'C:\\npm\\node_modules\\nsc\\bin\\nsc.js',
      { kind: 'global', manager: 'npm', directory: 'C:\\npm\\node_modules\\nsc' },
    ],
    [
      '/srv/app/node_modules/nsc/bin/nsc.js',
      { kind: 'project', manager: 'npm', directory: '/srv/app' },
      '/srv/app/package.json',
    ],
    [
      '/srv/app/node_modules/@scope/nsc/bin/nsc.js',
      { kind: 'project', manager: 'npm', directory: '/srv/app' },
      '/srv/app/package.json',
    ],
    [
      '/srv/app/node_modules/.pnpm/nsc@0.1.0/node_modules/nsc/bin/nsc.js',
      { kind: 'project', manager: 'pnpm', directory: '/srv/app' },
      '/srv/app/package.json',
    ],
    [
      '/h/.local/share/pnpm/global/5/node_modules/nsc/bin/nsc.js',
      { kind: 'global', manager: 'pnpm', directory: '/h/.local/share/pnpm/global/5/node_modules/nsc' },
      '/h/.local/share/pnpm/global/5/package.json',
    ],
    [
      '/h/.bun/install/global/node_modules/nsc/bin/nsc.js',
      { kind: 'global', manager: 'bun', directory: '/h/.bun/install/global/node_modules/nsc' },
      '/h/.bun/install/global/package.json',
    ],
    [
      '/h/.config/yarn/global/node_modules/nsc/bin/nsc.js',
      { kind: 'global', manager: 'yarn', directory: '/h/.config/yarn/global/node_modules/nsc' },
      '/h/.config/yarn/global/package.json',
    ],
    [
      '/h/.npm/_npx/0123/node_modules/nsc/bin/nsc.js',
      { kind: 'npx', directory: '/h/.npm/_npx/0123/node_modules/nsc' },
      '/h/.npm/_npx/0123/package.json',
    ],
    ['/srv/nsc/bin/nsc.js', { kind: 'checkout', directory: '/srv/nsc' }, '/srv/nsc/.git/HEAD'],
    ['/opt/nsc/bin/nsc.js', { kind: 'copy', directory: '/opt/nsc' }],
    ['/usr/bin/node', { kind: 'copy', directory: '/usr' }],
    ['/opt/bin/nsc', { kind: 'standalone', directory: '/opt/bin', file: '/opt/bin/nsc' }],
    ['/nsc', { kind: 'standalone', directory: '/', file: '/nsc' }],
    ['C:\\tools\\nsc.exe', { kind: 'standalone', directory: 'C:\\tools', file: 'C:\\tools\\nsc.exe' }],
  ])('%s', (program, found, ...there) => {
    expect(findInstallation(program, only(...there))).toEqual(found);
  });
});

describe('what the package says of itself', () => {
  const read = (text: string | undefined) =>
    readPackage('/opt/nsc/bin/nsc.js', { read: (path) => (path === '/opt/nsc/package.json' ? text : undefined) });

  it.each<[string | undefined, ReturnType<typeof readPackage>]>([
    ['{"name":"nsc","version":"1.2.3"}', { name: 'nsc', version: '1.2.3', isPublished: true }],
    ['{"name":"nsc","version":"1.2.3","private":true}', { name: 'nsc', version: '1.2.3', isPublished: false }],
    ['{"name":"nsc"}', undefined],
    ['{', undefined],
    [undefined, undefined],
  ])('%s', (text, info) => {
    expect(read(text)).toEqual(info);
  });
});

describe('what to do', () => {
  const published = { name: 'nsc', version: '0.1.0', isPublished: true };
  const unpublished = { ...published, isPublished: false };
  const global: Installation = { kind: 'global', manager: 'npm', directory: '/usr/lib/node_modules/nsc' };
  const inProject: Installation = { kind: 'project', manager: 'pnpm', directory: '/my work' };

  it.each<[string, Installation, string, string[]]>([
    ['globally', global, 'latest', ['npm install --global nsc@latest']],
    ['globally, to a version', global, '0.2.0', ['npm install --global nsc@0.2.0']],
    ['in a project', inProject, 'latest', ['cd "/my work" && pnpm add nsc@latest']],
    ['for one run', { kind: 'npx', directory: '/n' }, '0.2.0', ['npx --package=nsc@0.2.0 nsc']],
    ['as an executable', { kind: 'standalone', directory: '/opt', file: '/opt/nsc' }, 'latest', []],
    ['by hand', { kind: 'copy', directory: '/opt/nsc' }, 'latest', []],
    [
      'as source',
      { kind: 'checkout', directory: '/src' },
      'latest',
      ['git -C "/src" pull --ff-only', 'npm --prefix "/src" ci', 'npm --prefix "/src" run build'],
    ],
    [
      'as source, to a version',
      { kind: 'checkout', directory: '/src' },
      '0.2.0',
      [
        'git -C "/src" fetch --tags',
        'git -C "/src" checkout v0.2.0',
        'npm --prefix "/src" ci',
        'npm --prefix "/src" run build',
      ],
    ],
  ])('installed %s', (_how, installation, wanted, commands) => {
    expect(updateInstructions(installation, published, wanted).commands).toEqual(commands);
  });

  it('never asks a registry for a package that is in none: somebody else may have its name there', () => {
    for (const installation of [global, inProject, { kind: 'npx', directory: '/n' } as const]) {
      const { commands, note } = updateInstructions(installation, unpublished, '0.2.0');
      expect(commands.join()).toContain('./nsc-0.2.0.tgz');
      expect(commands.join()).not.toContain('@');
      expect(note).toBe('The package is in no registry: "npm pack" in the source of version 0.2.0 makes that file.');
    }
    expect(updateInstructions(global, unpublished, 'latest').commands).toEqual([
      'npm install --global ./nsc-VERSION.tgz',
    ]);
  });
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What is published: CommonJS with every library bundled in.
 *
 * `nsc` is split, so that a run loads only what it needs: the way to a command, what all commands share, what only
 * changes need, and one chunk per command and heavy library. `nk` and the library are one file each.
 *
 * Smaller code compiles faster, so it is minified; `node --enable-source-maps bin/nsc.js` shows where in `src` a stack leads.
 */
const bundle = (name, entry, output) => ({
  input: { [name]: here(entry) },
  platform: 'node',
  tsconfig: here('tsconfig.json'),
  output: {
    dir: here('dist'),
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].cjs',
    dynamicImportInCjs: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    minify: true,
    charset: 'ascii', // a text with one character beyond Latin 1 takes twice the memory, and time
    sourcemap: true,
    ...output,
  },
});

/** `commands/add/account.ts` becomes `add-account.cjs`. */
const chunkName = ({ name, facadeModuleId }) => {
  const command = /[\\/]src[\\/]commands[\\/](.+)\.ts$/.exec(facadeModuleId ?? '')?.[1];
  return `nsc/${command?.replace(/[\\/]/g, '-') ?? name}.cjs`;
};

const sources = (...paths) => new RegExp(`[\\\\/]src[\\\\/](${paths.join('|').replaceAll('/', '[\\\\/]')})`);

/** All that the entry needs to tell its version, or to fail. */
const forEntry = /[\\/](src[\\/]errors\.ts|package\.json)$/;

/** The way from a command line to its command. */
const forDispatch = sources('cli/(dispatch|flags|manifest|route)', 'app/option.ts');

/** What every command needs, and small things that most use. */
const forRun = sources(
  'cli/run',
  'lib/(amount|moment)',
  'domain/(claims/(activation-id|jetstream|scope|template-expansion)|creds/|sharing/(local|remote)-subject)',
  'domain/(tree/(keys|lookup|names|system-account)|trust/(authentic|authority|refusal))',
  'app/(command|list-entry|operator-lookup|result|options/(account|describe|list|listed-account|operator|output-file|user)).ts',
);

/** What only changes need, commands that check included. */
const forChanges = sources(
  'cli/mutate',
  'domain/(draft|claims/(check/|grammar|new)|tree/roles|trust/(signer|user-policy))',
  'app/(creds-report|new-name|sign-account|take-key|taken-name|options/(key|name|permissions|role|signing-keys|tags|user-limits|validity))',
);

/** What talks to servers, which local commands do without; commands that may talk to them start with how to reach them. */
const forReach = sources('app/(options/(push-first|reach)|distribution/refuse-unsigned).ts');
const forServers = sources('app/(distribution|tool)/');

/** What encrypts and opens a locked keystore, and the library of age with it. */
const forSeals = sources('store/seal/(?!opened-files|seal\\.ts)');

/**
 * Each group takes along what it imports, unless a group above has it, so there are no cycles between chunks. A chunk
 * more costs a start 0.2 ms, a kilobyte more 0.03 ms without a code cache.
 */
const groups = [
  { name: 'errors', test: forEntry, priority: 8 },
  { name: 'dispatch', test: forDispatch, priority: 7 },
  { name: 'run', test: forRun, priority: 6 },
  { name: 'json', test: sources('render/(json|describe/(views|field-path|payload))'), priority: 5 },
  { name: 'tables', test: sources('render/describe/'), priority: 4 },
  { name: 'change', test: forChanges, priority: 3 },
  { name: 'reach', test: forReach, priority: 2 },
  {
    name: 'shared',
    test: sources('(lib|domain|render)/', 'app/(?!distribution|tool)'),
    minShareCount: 3,
    priority: 1,
  },
  { name: 'age', test: forSeals, priority: 0 },
  { name: 'servers', test: forServers, minShareCount: 2, priority: 0 },
];

export default defineConfig([
  bundle('nsc', 'src/cli/main.ts', { chunkFileNames: chunkName, codeSplitting: { groups } }),
  bundle('nk', 'src/cli/nk-main.ts', { codeSplitting: false }),
  bundle('index', 'src/index.ts', { codeSplitting: false }),
]);

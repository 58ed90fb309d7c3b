import type { GlobalInput } from '../app/options/global.js';
import type { Ports } from '../app/ports.js';
import { nodeFiles } from './node-io-files.js';
import type { Unsealing } from './unseal.js';
import { version } from './version.js';
import { directoriesOf, openWorkspaceOf } from './workspace.js';
import type { World } from './world.js';

/** What commands may ask of the world. Everything but files is loaded when it is asked for. */
export const portsOf = ({ world, globals, opened }: Unsealing): Ports => ({
  files: nodeFiles(world),
  remote: world.remote ?? httpOnDemand,
  documents: {
    fetch: async (url, rules) => (await import('../remote/documents.js')).documentsOf(world).fetch(url, rules),
  },
  nats: natsPort(world),
  resolvers: world.resolvers ?? {
    async open(target) {
      const { resolversOf } = await import('../remote/resolvers.js');
      return resolversOf({ nats: natsPort(world) }).open(target);
    },
  },
  httpServers: {
    listen: async (options, answer) => (await import('../remote/http-server.js')).httpServers.listen(options, answer),
  },
  oldKeystore: oldKeystoreOf(world, globals),
  newStores: newStoresOf(world, globals),
  keystoreSeal: sealOf({ world, globals, opened }),
  get program() {
    return world.program;
  },
  version,
  env: world.env,
});

const httpOnDemand: Ports['remote'] = {
  get: async (url, limits) => (await import('../remote/http.js')).httpRemote.get(url, limits),
  post: async (url, body, options) => (await import('../remote/http.js')).httpRemote.post(url, body, options),
};

const natsPort = (world: World): Ports['nats'] =>
  world.nats ?? {
    connect: async (target) => (await import('../remote/nats-link.js')).natsOf(nodeFiles(world)).connect(target),
  };

const oldKeystoreOf = (world: World, globals: Partial<GlobalInput>): Ports['oldKeystore'] => ({
  async migrate({ rehearse }) {
    const { migrateKeystore } = await import('../store/migrate-keystore.js');
    const { keystoreDir, storeRoot } = openWorkspaceOf(world, globals, { allowOldKeystore: true });
    if (rehearse) return migrateKeystore(keystoreDir, { rehearse });
    const { lockStore } = await import('./lock-store.js');
    const release = await lockStore(storeRoot, 'keys migrate', world, globals);
    try {
      return migrateKeystore(keystoreDir);
    } finally {
      release();
    }
  },
});

const sealOf = (unsealing: Unsealing): Ports['keystoreSeal'] => ({
  lock: async (options) => (await import('./keystore-seal.js')).lockKeystore(unsealing, options),
  unlock: async (options) => (await import('./keystore-seal.js')).unlockKeystore(unsealing, options),
  change: async (options) => (await import('./keystore-seal.js')).changeSeal(unsealing, options),
});

const newStoresOf = (world: World, globals: Partial<GlobalInput>): Ports['newStores'] => ({
  async make(directory, stores, options) {
    const { makeStores } = await import('../store/new-stores.js');
    const { absolutePath } = await import('../store/directories.js');
    const { checkPlace } = await import('./outside-files.js');
    checkPlace(directory, world, directoriesOf(world, globals));
    const writesGitIgnore = world.env.NSC_NO_GIT_IGNORE === undefined;
    return makeStores(absolutePath(directory, world.home, world.cwd), stores, { ...options, writesGitIgnore });
  },
});
